"""Match, share and fit on worlds of a handful of rows."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from integralie.pipeline import take, verbs
from integralie.study import Study
from integralie.verbs.forecast import forecast
from integralie.verbs.match import match
from integralie.verbs.share import cents, layers, share, split_key


def forecasted(study: Study) -> Study:
    out = forecast(study.areas, study.streets, study.assets, study.plans, study.figures, study.settings)
    return study | {"works": out["works"], "members": out["members"].assign(verb="forecast")}


def matched(study: Study) -> dict[str, pd.DataFrame]:
    names = verbs()["match"].reads
    return match(**{t: study[t] for t in names}, figures=study.figures, settings=study.settings)


def test_sewer_and_water_of_one_age_are_an_opportunity(world):
    out = matched(forecasted(world))["opportunities"]
    out = out[out["kind"] == "joint"]
    assert set(out["street"]) == {"street:1", "street:2"}
    assert (out["net_saving"] > 0).all() and (out["works"] == 2).all()
    assert (out["saving"] - out["moving_cost"]).round(2).equals(out["net_saving"].round(2))


def test_paving_just_before_the_sewer_is_a_clash_of_order(world):
    study = forecasted(world)
    assert set(matched(study)["clashes"]["rule"]) == {"order"}
    late = study | {"works": study.works.assign(earliest=study.works["earliest"].clip(upper=2030))}
    assert matched(late)["clashes"].empty


def test_a_work_within_the_rest_period_is_a_clash(world):
    study = forecasted(world | {"streets": world.streets.assign(last_opened=2031)})
    assert "rest_period" in set(matched(study)["clashes"]["rule"])


def test_a_strict_agreement_lengthens_the_rest_period(world):
    study = forecasted(world | {"streets": world.streets.assign(last_opened=2026)})
    assert "rest_period" not in set(matched(study)["clashes"]["rule"])
    rule = pd.DataFrame(
        {"id": ["a"], "rule": ["rest_period"], "value": [10.0], "applies_to": ["road_class=residential"]}
    )
    assert "rest_period" in set(matched(study | {"agreements": rule})["clashes"]["rule"])


def test_every_opportunity_and_clash_has_a_reason_and_members(world):
    out = matched(forecasted(world))
    ids = set(out["opportunities"].index) | set(out["clashes"].index)
    assert ids == set(out["reasons"]["row"]) == set(out["members"]["set"])


def opened(study: Study, **works: object) -> Study:
    """The study with one opening in street 1 in 2043 in which sewer and water lie."""
    pair = study.works[
        study.works["street"].eq("street:1") & study.works["kind"].isin(["gravity_sewer", "water_main"])
    ].assign(**works)
    opening = pd.DataFrame(
        {
            "id": ["opening:1"],
            "block": ["block:1"],
            "street": ["street:1"],
            "period": [2043],
            "works": [2],
            "cost": [30000.0],
            "days": [12.0],
        }
    )
    members = pd.DataFrame(
        {
            "id": [f"opening:1|{w}" for w in pair.index],
            "set": "opening:1",
            "member": pair.index,
            "role": "work",
            "verb": "programme",
        }
    )
    return study | {"works": pair, "openings": opening, "members": members}


def shared(study: Study) -> pd.DataFrame:
    return share(
        study.streets,
        study.agreements,
        study.works,
        study.members,
        study.programme,
        study.openings,
        study.figures,
        study.settings,
    )["shares"]


def test_shares_add_up_to_the_cent(world):
    study = opened(forecasted(world))
    rows = shared(study)
    own = (study.works["cost"] - study.works["surface_cost"]).sum()
    assert round(rows["amount"].sum() - rows["forward"].sum(), 2) == round(own + 30000, 2)


def test_bringing_forward_is_paid_by_who_sets_the_year(world):
    rows = shared(opened(forecasted(world)))
    assert rows.loc["opening:1|party:sewer", "forward"] > 0
    assert rows.loc["opening:1|party:water", "forward"] == 0


def test_an_agreed_key_splits_pro_rata(world):
    study = opened(forecasted(world), preferred=2043)
    rule = pd.DataFrame({"id": ["a"], "rule": ["split_key"], "unit": ["pro_rata"]})
    rows = shared(study | {"agreements": rule})
    ratio = rows["amount"] / rows["alone"]
    assert ratio.max() - ratio.min() < 1e-6
    assert split_key(study.agreements) == "equal"


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=8))
def test_layers_add_up_to_the_largest_need_and_nobody_pays_more_than_its_own(needs):
    need = pd.Series(needs)
    paid = layers(need, pd.Series(["a"] * len(needs)))
    assert paid.sum() == pytest.approx(need.max())
    assert (paid <= need + 1e-6).all()


@given(st.lists(st.floats(0, 1e5), min_size=1, max_size=9))
def test_cents_add_up(values):
    series = pd.Series(values)
    by = pd.Series(["a"] * len(values))
    total = pd.Series(round(series.sum(), 2), index=series.index)
    assert round(cents(series, total, by).sum(), 2) == total[0]


def test_fit_counts_what_lies_in_a_street_and_leaves_the_unknown_unknown(world):
    out = take(world, "fit").room
    assert out["networks"].tolist() == [3, 2]
    assert out["free_width"].isna().all() and set(out["missing"]) == {"street_width"}
    assert set(out["crowding"]) == {"unknown"} and out["trees_2"].isna().all()


def test_a_claim_fits_or_does_not_and_without_a_width_or_kind_it_is_unknown(world):
    claims = pd.DataFrame(
        {
            "id": ["c1", "c2", "c3", "c4"],
            "name": "warmte",
            "party": "party:green",
            "kind": ["heat", "heat", "heat", None],
            "street": "street:2",
            "width": [1.0, 3.0, 60.0, None],
        }
    )
    study = world | {"streets": world.streets.assign(width=12.0), "claims": claims}
    out = take(study, "fit").room
    assert out.loc[[f"street:2|c{i}" for i in (1, 2, 3, 4)], "verdict"].tolist() == [
        "fits",
        "fits",
        "does_not_fit",
        "unknown",
    ]
