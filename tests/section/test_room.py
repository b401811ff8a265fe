"""Fit on streets of which everything is known: verdicts, reservations, sets, trees, siting, bundling."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import box
from streets import LONG, X, Y, claim, street

import integralie as itg
from integralie.figures import COLUMNS
from integralie.pipeline import take
from integralie.schema.clearance import rules_of

FULL = [(k, -5.0 + i * 0.9, 1.0, 160, 0.05) for i, k in enumerate(["gas_low", "water_main"] * 6)]


def fitted(study) -> pd.DataFrame:
    return take(study, "fit").room


def tried(study, want: pd.DataFrame) -> pd.Series:
    return fitted(study | {"claims": want}).loc["street:1|c1"]


def test_a_pair_fits_in_an_empty_street_and_not_in_a_full_one():
    assert tried(street(), claim("heat"))["verdict"] == "fits"
    full = tried(street(lines=FULL), claim("heat"))
    assert full["verdict"] == "does_not_fit" and full["margin"] < 0


def test_the_shortest_list_names_what_is_in_the_way_with_rule_cost_and_year():
    study = street(width=6.0, footway=0, facade=False, lines=[("gravity_sewer", 0.0, 1.0, 2200, 0.05)])
    works = pd.DataFrame(
        {
            "id": ["work:s"],
            "name": ["riool"],
            "party": ["party:a"],
            "kind": ["gravity_sewer"],
            "action": ["renew"],
            "street": ["street:1"],
            "depth": ["deep"],
            "earliest": [2030],
            "preferred": [2033],
            "latest": [2036],
        }
    )
    members = pd.DataFrame(
        {"id": ["m"], "set": ["work:s"], "member": ["asset:line:0"], "role": ["asset"], "verb": ["forecast"]}
    )
    done = take(study | {"claims": claim("gravity_sewer", width=2.0), "works": works, "members": members}, "fit")
    row = done.room.loc["street:1|c1"]
    assert row["verdict"] == "does_not_fit" and row["rule"] and row["move_cost"] > 0 and row["free_year"] == 2033
    mine = done.members[done.members["set"] == "street:1|c1"]
    assert dict(zip(mine["role"], mine["member"])) == {"blocks": "asset:line:0", "frees": "work:s"}
    assert {"fit.blocked", "fit.free_year"} <= set(done.reasons.loc[done.reasons["row"] == "street:1|c1", "code"])


def test_a_street_of_which_nobody_read_the_networks_is_unknown():
    study = street(known=False)
    assert tried(study, claim("heat"))[["verdict", "missing"]].tolist() == ["unknown", "no_networks"]
    svg = itg.draw_section(study, "street:1")
    assert "geen kabels of leidingen ingelezen" in svg and 'class="free"' not in svg


def test_vague_neighbours_make_it_unknown_and_a_trench_would_settle_it():
    lines = [("gas_low", -2.0, 1.0, 110, 1.0), ("water_main", 1.2, 1.0, 110, 1.0)]
    study = street(
        width=6.0,
        footway=0,
        facade=False,
        lines=[*lines, ("gravity_sewer", -2.4, 1.0, 200, 0.05), ("gravity_sewer", 2.2, 1.0, 200, 0.05)],
    )
    row = tried(study, claim("gravity_sewer", width=1.6, depth_from=1.2, depth_to=1.8))
    assert row["verdict"] == "unknown" and row["margin_low"] < 0 <= row["margin_high"]
    assert row["missing"] == "trial_trench" and row["trench_to"] - row["trench_from"] <= 1.2 + 1e-9


def test_a_line_without_depth_makes_its_column_unknown():
    study = street(width=3.0, footway=0, facade=False, lines=[("gas_low", 0.0, None, 110, 0.05)])
    row = tried(study, claim("heat"))
    assert row["verdict"] == "unknown" and row["margin_low"] < 0 <= row["margin_high"]


def test_without_edge_kind_or_width_nothing_is_said():
    assert tried(street(width=None), claim("heat"))[["verdict", "missing"]].tolist() == ["unknown", "street_width"]
    assert tried(street(), claim(None))[["verdict", "missing"]].tolist() == ["unknown", "claim_size"]
    assert pd.isna(tried(street(width=None), claim("heat"))["x"])


@given(
    st.lists(
        st.tuples(st.sampled_from(["gas_low", "water_main", "cable_low"]), st.floats(-5, 5).map(lambda v: round(v, 1))),
        max_size=6,
    )
)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_mirrored_street_has_the_same_room(found):
    lines = [(k, x, 1.0, 110, 0.3) for k, x in found]
    columns = ["verdict", "margin_low", "margin", "margin_high"]
    one, two = (tried(street(lines=lines, mirror=m), claim("heat"))[columns].tolist() for m in (False, True))
    assert one[0] == two[0] and one[1:] == pytest.approx(two[1:], abs=0.011)


@pytest.mark.parametrize("more", [0.2, 0.5, 1.0])
def test_a_stricter_rule_never_gives_more_room(more):
    study = street(lines=[("water_main", -2.0, 1.0, 160, 0.3), ("gas_low", 2.0, 1.0, 110, 0.3)])
    row = dict.fromkeys(COLUMNS, "") | {
        "id": "OWN",
        "figure": "clearance",
        "where": "a=heat measure=edge set=eigen rank=own",
        "value": str(more),
        "unit": "m",
        "status": "firm",
        "source": "eigen",
    }
    strict = replace(study, own_figures=pd.DataFrame([row]))
    plain, tight = tried(study, claim("heat")), tried(strict, claim("heat"))
    if plain["top"] == tight["top"]:
        assert tight["margin"] <= plain["margin"] + 0.011
    assert tight["margin_low"] <= plain["margin_low"] + 0.011 or tight["verdict"] == "fits"


def test_a_reservation_is_kept_free_and_who_breaks_it_is_told():
    kept = claim(
        "heat",
        "kept",
        width=3.4,
        status="reserved",
        offset=0.0,
        basis="omgevingsplan",
        review="2030-01-01",
        depth_from=0.9,
        depth_to=1.6,
    )
    both = pd.concat([claim("gravity_sewer", width=1.2, depth_from=1.2, depth_to=2.4), kept])
    study = street(width=6.0, footway=0, facade=False) | {"claims": both}
    done = take(study, "fit")
    row = done.room.loc["street:1|c1"]
    assert row["verdict"] == "does_not_fit" and bool(row["breaks"])
    assert "fit.breaks" in set(done.reasons.loc[done.reasons["row"] == "street:1|c1", "code"])
    later = both.assign(period_from=[2060, None], period_to=[None, 2050])
    assert fitted(study | {"claims": later}).loc["street:1|c1", "verdict"] == "fits"
    lapsed = both.assign(status=[None, "lapsed"])
    assert "street:1|kept" not in fitted(study | {"claims": lapsed}).index


def test_a_reservation_past_its_review_or_without_a_basis_is_a_finding():
    kept = claim("heat", status="reserved", review="2020-01-01")
    found = take(street() | {"claims": kept}, "fit").findings
    assert {"reservation_review", "reservation_basis"} <= set(found["rule"])


def test_two_that_fit_alone_and_not_together_are_one_row_with_both_as_members():
    wants = pd.concat([claim("gravity_sewer", n, width=1.6, depth_from=1.2, depth_to=2.6) for n in ("c1", "c2")])
    study = street(width=5.0, footway=0, facade=False) | {"claims": wants}
    done = take(study, "fit")
    assert done.room.loc[["street:1|c1", "street:1|c2"], "verdict"].isin(["fits", "tight"]).all()
    row = done.room.loc["street:1|c1+c2"]
    assert row["verdict"] == "does_not_fit"
    mine = done.members[done.members["set"] == "street:1|c1+c2"]
    assert set(mine["member"]) == {"c1", "c2"}
    wider = street(width=9.0, footway=0, facade=False) | {"claims": wants}
    assert "street:1|c1+c2" not in fitted(wider).index


def test_a_line_may_shift_along_the_street_as_far_as_its_bend_allows():
    study = street(width=8.0, footway=0, facade=False, points=[("manhole", -2.4, 10.0), ("manhole", 2.4, 52.0)])
    cable = tried(study, claim("cable_low", width=3.6, depth_from=0.6, depth_to=0.9))
    assert cable["verdict"] == "fits" and bool(cable["bent"])
    sewer = tried(study, claim("gravity_sewer", width=3.6, depth_from=1.2, depth_to=2.0))
    assert sewer["verdict"] != "fits" and sewer["margin_low"] < cable["margin_low"]


def test_trees_need_distance_and_ground_and_a_move_gives_more():
    bare = fitted(street(width=16.0, footway=5.0)).loc["street:1|"]
    assert bare["trees_2"] > 0 and bare["trees_1"] <= bare["trees_3"]
    lines = [("cable_medium", x, 0.8, 110, 0.05) for x in (-5.0, 5.0)]
    held = fitted(street(width=16.0, footway=5.0, lines=lines)).loc["street:1|"]
    assert held["trees_2"] == 0 and held["trees_short"] == "clearance"
    assert held["trees_move"] == "cable_medium" and held["trees_gain"] == bare["trees_2"]


def test_crowding_counts_certain_and_possible():
    empty, full = (fitted(street(lines=lines)).loc["street:1|"] for lines in ([], FULL))
    assert empty["occupancy_high"] == 0 and empty["crowding"] == "low"
    assert 0 < full["occupancy_low"] <= full["occupancy_high"] <= 1
    assert empty["sealed"] == 1.0 and empty["opened"] == 0


def test_a_transformer_house_may_not_stand_on_networks_and_each_no_has_a_reason():
    study = street(width=30.0, footway=12.0, facade=False, lines=[("cable_medium", -6.0, 0.8, 110, 0.05)])
    spots = itg.siting(study)
    assert spots["possible"].any() and spots["says"][spots["possible"]].eq("").all()
    assert spots["no"][~spots["possible"]].notna().all()
    over = street(
        width=30.0, footway=12.0, facade=False, lines=[("water_main", x, 1.0, 110, 0.05) for x in (-13.5, 13.5)]
    )
    assert (itg.siting(over)["no"] == "networks").all()
    assert itg.siting(street(width=None))[["possible", "no"]].values.tolist() == [[False, "width"]]
    assert (itg.siting(street(width=30.0, known=False))["no"] == "read").all()


def placed(kind: str, offset: float, at: float, size: float = 2.0) -> pd.DataFrame:
    """One square thing in the street."""
    spot = box(X + at - size / 2, Y - offset - size / 2, X + at + size / 2, Y - offset + size / 2)
    return pd.DataFrame({"id": [f"asset:{kind}"], "kind": [kind], "geometry": [spot]})


@pytest.mark.parametrize(
    ("kind", "test"), [("playground", "play"), ("building", "dwellings"), ("tree", "tree"), ("water_main", "networks")]
)
def test_a_transformer_house_keeps_clear_of_what_is_there(kind, test):
    study = street(width=30.0, footway=12.0, facade=False, lines=[("cable_medium", -6.0, 0.8, 110, 0.05)])
    more = pd.concat([study.assets.reset_index(), placed(kind, 13.0, 25.0)])
    near = study | {"assets": more.set_geometry("geometry", crs=study.assets.crs)}
    before, after = (itg.siting(s, language="en").set_index(["along", "side"]) for s in (study, near))
    hit = after.index[~after[test]]
    assert before.loc[hit, test].all() and 0 < len(hit) < len(after)
    assert after.loc[hit, "says"].str.len().gt(0).all() and not after.loc[hit, "possible"].any()


def test_bundles_are_narrower_than_separate_trenches():
    wants = pd.concat(
        [claim(k, n) for k, n in (("cable_medium", "c1"), ("cable_low", "c2"), ("telecom", "c3"), ("heat", "c4"))]
    )
    found = itg.bundling(street() | {"claims": wants}, "street:1")
    assert found.loc["shared_trench", "width"] < found.loc["separate", "width"]
    assert found.loc["duct_bank", "width"] <= found.loc["shared_trench", "width"]
    assert found.loc["gutter", "cost"] > found.loc["shared_trench", "cost"]
    assert set(found["verdict"]) <= {"fits", "tight", "does_not_fit", "unknown"}
    assert itg.bundling(street(), "street:1").empty


def test_lines_in_one_another_are_a_finding_and_nothing_moves():
    study = street(lines=[("gas_low", 1.0, 0.8, 110, 0.3), ("water_main", 1.01, 0.8, 110, 0.3)])
    done = take(study, "fit")
    assert "same_place" in set(done.findings["rule"])
    assert itg.section(study, "street:1").query("kind == 'gas_low'")["x"].iloc[0] == pytest.approx(7.0)


def test_every_row_of_room_has_a_reason():
    done = take(
        street(lines=FULL) | {"claims": pd.concat([claim("heat"), claim("tree", "c2", size="2"), claim(None, "c3")])},
        "fit",
    )
    assert set(done.room.index) <= set(done.reasons["row"])


def test_a_street_longer_than_one_cut_is_looked_at_everywhere():
    mast = tried(street(width=2.0, footway=0, facade=False, points=[("manhole", 0.0, LONG - 15)]), claim("heat"))
    assert mast["verdict"] == "does_not_fit"


def renewal(kind: str = "gravity_sewer", **more) -> pd.DataFrame:
    """One work that renews the line of that kind in the street."""
    told = {
        "kind": kind,
        "action": "renew",
        "street": "street:1",
        "depth": "deep",
        "earliest": 2030,
        "preferred": 2031,
        "latest": 2034,
    }
    return pd.DataFrame([{"id": "work:r", "name": "riool groter", "party": "party:a"} | told | more])  # fmt: skip


def renewed(study, **more) -> pd.Series | None:
    done = take(study | {"works": renewal(**more)}, "fit")
    return done.room.loc["street:1|work:r"] if "street:1|work:r" in done.room.index else None


OLD = ("water_main", 0.0, 1.0, 400, 0.05)


def test_a_wider_renewal_is_tested_with_the_old_line_gone():
    narrow = street(width=2.6, footway=0, facade=False, lines=[OLD])
    assert renewed(narrow, kind="water_main") is None  # as wide as it was: it takes the old place
    row = renewed(narrow, kind="water_main", width=0.8)
    assert row["verdict"] == "fits" and not row["beside"] and abs(row["x"]) < 0.3
    assert renewed(narrow, kind="water_main", width=2.5)["verdict"] == "does_not_fit"
    row = renewed(street(width=16.0, footway=0, facade=False, lines=[OLD]), kind="water_main", width=0.8)
    assert row["verdict"] == "fits" and row["beside"]


def test_a_renewal_elsewhere_is_tested_at_its_new_place_and_takes_only_its_own_lines_away():
    lines = [("water_main", x, 1.0, 900, 0.05) for x in (-2.0, 2.0)]
    study = street(width=9.0, footway=0, facade=False, lines=lines)
    held = pd.DataFrame({"id": ["m"], "set": ["work:r"], "member": ["asset:line:0"], "role": ["asset"], "verb": ["forecast"]})  # fmt: skip
    row = renewed(study | {"members": held}, kind="water_main", offset=2.0)
    assert row["verdict"] == "does_not_fit"  # the other main is not its own: it stays
    assert renewed(study, kind="water_main", offset=2.0)["verdict"] == "fits"  # none named: all mains are replaced


def test_the_reason_of_a_renewal_says_whether_the_old_line_can_stay_in_use():
    study = street(width=16.0, footway=0, facade=False, lines=[("gravity_sewer", 0.0, 1.4, 400, 0.05)])
    done = take(study | {"works": renewal(width=0.8)}, "fit")
    assert "fit.beside" in set(done.reasons.loc[done.reasons["row"] == "street:1|work:r", "code"])


def test_a_claim_takes_its_place_in_the_order_from_facade_to_road_and_a_broken_order_costs():
    lines = [("cable_low", -5.3, 0.6, 50, 0.05), ("water_main", -3.6, 1.0, 110, 0.05)]
    row = tried(street(width=16.0, footway=6.0, facade=False, lines=lines), claim("cable_medium"))
    assert -5.3 < row["x"] < -3.6 or row["x"] > 0
    assert row["order_broken"] == 0 and row["order_cost"] == 0
    forced = claim("heat", offset=-6.6)
    done = take(street(width=16.0, footway=6.0, facade=False, lines=lines) | {"claims": forced}, "fit")
    row = done.room.loc["street:1|c1"]
    assert row["order_broken"] == 2 and row["order_cost"] > 0
    assert "fit.order" in set(done.reasons.loc[done.reasons["row"] == "street:1|c1", "code"])


def test_single_things_stand_at_different_cuts_and_so_go_together():
    wants = pd.concat([claim("container", n, width=3.0) for n in ("c1", "c2")])
    short = street(width=4.4, footway=0, facade=False, points=[("manhole", 0.0, 3.0)]) | {"claims": wants}
    room = fitted(short)
    alone = room.loc[["street:1|c1", "street:1|c2"], "verdict"].isin(["fits", "tight"]).all()
    assert not alone or "street:1|c1+c2" not in room.index


def test_a_set_that_would_go_together_if_a_vague_neighbour_lies_well_is_unknown_and_limits_nothing():
    wants = pd.concat([claim("gravity_sewer", n, width=1.6, depth_from=1.2, depth_to=2.6) for n in ("c1", "c2")])
    for accuracy, verdict in ((0.05, "does_not_fit"), (0.5, "unknown")):
        study = street(width=7.0, footway=0, facade=False, lines=[("gravity_sewer", -0.9, 1.2, 500, accuracy)])
        done = take(study | {"claims": wants}, "fit")
        row = done.room.loc["street:1|c1+c2"]
        assert done.room.loc[["street:1|c1", "street:1|c2"], "verdict"].eq("fits").all()
        assert row["verdict"] == verdict and (row["missing"] == "trial_trench") == (verdict == "unknown")


def test_six_wants_that_do_not_go_together_are_named_not_dropped():
    wants = pd.concat([claim("gravity_sewer", f"c{i}", width=1.0, depth_from=1.2, depth_to=2.2) for i in range(6)])
    study = street(width=8.0, footway=0, facade=False) | {"claims": wants}
    done = take(study, "fit")
    sets = done.members[done.members["set"].str.contains(r"\+", regex=True)]
    assert set(sets["member"]) == {f"c{i}" for i in range(6)}


@given(st.lists(st.sampled_from(["heat", "cable_medium", "gravity_sewer", "infiltration", "cable_low"]), min_size=2, max_size=4))  # fmt: skip
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_wants_of_one_street_get_places_beside_each_other(kinds_):
    wants = pd.concat([claim(k, f"c{i}") for i, k in enumerate(kinds_)])
    study = street(width=16.0, footway=4.0, lines=[("gas_low", -5.0, 0.8, 110, 0.1)]) | {"claims": wants}
    rows = fitted(study).loc[[f"street:1|c{i}" for i in range(len(kinds_))]]
    rules, beside = rules_of(study.figures), study.figures.value("beside")
    for one, two in combinations(rows.itertuples(), 2):
        near = one.top < two.bottom + beside and two.top < one.bottom + beside
        keep = rules.between(one.kind, two.kind).hearts(one.width / 2, two.width / 2)
        assert not near or abs(one.x - two.x) >= keep - 0.006  # places are told to the centimetre


def test_a_reservation_is_kept_free_at_every_cut_also_by_a_line_that_bends():
    kept = claim("heat", "kept", width=4.0, status="reserved", offset=0.0, basis="omgevingsplan", review="2030-01-01")
    both = pd.concat([claim("cable_low", width=3.6, depth_from=0.6, depth_to=0.9), kept])
    study = street(width=8.0, footway=0, facade=False, points=[("manhole", -2.4, 10.0), ("manhole", 2.4, 52.0)])
    row = fitted(study | {"claims": both}).loc["street:1|c1"]
    assert row["verdict"] == "does_not_fit"


def test_what_is_short_for_trees_is_told_apart():
    def short(study):
        return fitted(study).loc["street:1|", "trees_short"]

    assert (
        short(street(width=9.0, footway=2.0)) == "facade"
    )  # a footway bears trees, but all of it is too near to a facade
    assert short(street(width=9.0, footway=0, facade=False)) != "clearance"
    lines = [("cable_medium", x, 0.8, 110, 0.05) for x in (-5.0, 5.0)]
    assert short(street(width=16.0, footway=5.0, lines=lines)) == "clearance"


def test_heat_beside_water_names_its_inputs():
    hot = dict.fromkeys(COLUMNS, "") | {"id": "OWN", "figure": "soil_temperature", "value": "24.5", "unit": "C", "status": "firm", "source": "eigen"}  # fmt: skip
    study = street(width=2.4, footway=0, facade=False, lines=[("water_main", 0.0, 1.0, 110, 0.05)])
    done = take(replace(study, own_figures=pd.DataFrame([hot])) | {"claims": claim("heat")}, "fit")
    said = itg.explain(done, "street:1|c1")
    assert "aanvoer 70 C*" in said and "grond zonder warmtenet 24,5 C;" in said
