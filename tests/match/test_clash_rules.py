"""Clash rules as data: each shipped set does what its public text says."""

from __future__ import annotations

import pandas as pd
import pytest
from meeting_world import agreement, rules, streets, study, work
from shapely.geometry import LineString, Point, box

from integralie.errors import DataError
from integralie.figures import shipped
from integralie.schema.agreed import presets, rest
from integralie.sharing import view

Y = (2030, 2030, 2030)


def strip(x: float, width: float = 20.0) -> object:
    return box(150_000 + x, 449_995, 150_000 + x + width, 450_005)


def two(gap: float, name: str, *, kinds: tuple[str, str] = ("cable_low", "telecom"), years: tuple = (Y, Y), fixed: tuple = (2030, 2030)) -> pd.DataFrame:  # fmt: skip
    """Two works of two parties in two sections, so many metres apart, under a set of rules."""
    lines = streets(2)
    made = study(
        work("a", "grid", kinds[0], years[0], geometry=strip(0), fixed=fixed[0]),
        work("b", "water", kinds[1], years[1], geometry=strip(20 + gap), street="street:2", fixed=fixed[1]),
        lines=lines,
        agreements=agreement("rule_set", unit=name),
    )
    return made.clashes[made.clashes["rule"] == "nearby"]


@pytest.mark.parametrize(
    ("kinds", "gap", "severity"),
    [
        (("cable_low", "telecom"), 0.0, "high"),  # the bare zones touch: heavy
        (("cable_low", "telecom"), 9.9, "low"),  # 5 m round each
        (("cable_low", "telecom"), 10.1, None),
        (("gravity_sewer", "telecom"), 14.9, "low"),  # important hindrance: 10 m and 5 m
        (("gravity_sewer", "telecom"), 15.1, None),
        (("gravity_sewer", "gravity_sewer"), 19.9, "low"),
        (("gravity_sewer", "gravity_sewer"), 20.1, None),
    ],
)
def test_flanders_widens_works_by_5_or_10_metres(kinds, gap, severity):
    found = two(gap, "flanders", kinds=kinds)
    assert found["severity"].tolist() == ([severity] if severity else [])


def test_flanders_keeps_what_is_not_concrete_light_and_needs_the_same_period():
    window = (2029, 2030, 2031)
    assert two(0.0, "flanders", years=(window, Y), fixed=(None, 2030))["severity"].tolist() == ["low"]
    assert two(0.0, "flanders", years=(Y, (2031, 2031, 2031)), fixed=(2030, 2031)).empty


def other(kind: str, geometry: object, hard: bool | None = True) -> pd.DataFrame:
    row = {"id": ["claim:1"], "name": ["Kermis"], "party": ["party:roads"], "kind": [kind], "period_from": [2030], "period_to": [2030], "hard": [hard], "sharing": [3], "geometry": [geometry]}  # fmt: skip
    return pd.DataFrame(row)


def with_(
    gap: float, claims: pd.DataFrame | None = None, assets: pd.DataFrame | None = None, kind: str = "gravity_sewer"
):
    tables = {k: v for k, v in (("claims", claims), ("assets", assets)) if v is not None}
    made = study(
        work("a", "sewer", kind, Y, geometry=strip(-gap - 20), fixed=2030),
        agreements=agreement("rule_set", unit="flanders"),
        **tables,
    )
    return made.clashes[made.clashes["rule"].isin(["event", "bus"])]


@pytest.mark.parametrize(("kind", "reach"), [("event", 15.0), ("detour", 15.0)])
def test_flanders_events_and_detours_clash_within_5_metres_of_the_buffer(kind, reach):
    place = strip(0) if kind == "event" else LineString([(150_000, 449_995), (150_000, 450_005)])
    assert with_(reach - 0.1, other(kind, place))["severity"].tolist() == ["low"]
    assert with_(reach + 0.1, other(kind, place)).empty
    assert with_(0.0, other(kind, place))["severity"].tolist() == ["high"]
    assert with_(0.0, other(kind, place, None))["severity"].tolist() == ["unknown"]


@pytest.mark.parametrize(("kind", "reach"), [("bus_line", 14.0), ("bus_stop", 20.0)])
def test_flanders_bus_routes_have_4_and_stops_on_call_10_metres(kind, reach):
    place = LineString([(150_000, 449_995), (150_000, 450_005)]) if kind == "bus_line" else Point(150_000, 450_000)
    bus = pd.DataFrame({"id": ["asset:1"], "kind": [kind], "name": ["Lijn 1"], "geometry": [place], "sharing": [3]})
    assert len(with_(reach - 0.1, assets=bus)) == 1 and with_(reach + 0.1, assets=bus).empty
    assert with_(0.0, assets=bus, kind="cable_low").empty, "a work beside the carriageway does not stop the bus"


def test_new_zealand_a_clash_is_shapes_and_periods_that_overlap_and_else_it_is_an_opportunity():
    assert len(two(0.0, "new_zealand", fixed=(None, None))) == 1
    assert two(0.1, "new_zealand").empty
    assert two(0.0, "new_zealand", years=(Y, (2032, 2032, 2032)), fixed=(None, None)).empty


def test_virginia_looks_one_mile_around():
    assert len(two(1609.0, "virginia")) == 1 and two(1610.0, "virginia").empty


@pytest.mark.parametrize(("name", "part", "years"), [("san_francisco", "carriageway", 5), ("berlin", "carriageway", 5), ("berlin", "footway", 3), ("new_york", "carriageway", 5)])  # fmt: skip
def test_years_of_rest_after_paving(name, part, years):
    assert rest(name, shipped(), part) == years


@pytest.mark.parametrize(("year", "clash"), [(2034, True), (2035, False)])
def test_a_street_paved_in_2030_rests_until_2035_in_san_francisco(year, clash):
    made = study(work("a", "grid", "cable_low", (year, year, year)), lines=streets(1, last_opened=2030), agreements=agreement("rule_set", unit="san_francisco"))  # fmt: skip
    assert ("rest_period" in rules(made)) == clash


def test_a_rule_of_one_party_holds_for_one_side():
    """As in Australia: A asked to be told of works within 50 m and two years; B did not."""
    asked = pd.concat(
        [
            agreement("clash_buffer", party="party:grid", value=50.0),
            agreement("clash_years", party="party:grid", value=2.0),
        ]
    )
    lines = streets(2)
    works = (
        work("a", "grid", "cable_low", Y, geometry=strip(0)),
        work("b", "water", "water_main", (2032, 2032, 2032), geometry=strip(60), street="street:2"),
    )
    made = study(*works, lines=lines, agreements=asked)
    assert made.clashes[["rule", "seen_by"]].to_numpy().tolist() == [["nearby", "party:grid"]]
    far = study(
        works[0], works[1] | {"earliest": 2033, "preferred": 2033, "latest": 2033}, lines=lines, agreements=asked
    )
    assert far.clashes.empty
    gas = asked.assign(applies_to="kind=gas_low")
    assert study(*works, lines=lines, agreements=gas).clashes.empty


def test_under_our_own_rules_plans_that_are_not_concrete_are_left_to_the_opportunities():
    assert two(0.0, "integralie", fixed=(None, None)).empty
    assert two(0.0, "integralie")["severity"].tolist() == ["high"]


def test_a_set_of_rules_that_does_not_exist_is_refused():
    with pytest.raises(DataError, match="flanders"):
        study(work("a", "grid", "cable_low", Y), agreements=agreement("rule_set", unit="atlantis"))
    assert {"flanders", "new_zealand", "san_francisco", "berlin", "new_york"} <= set(presets(shipped()))


def test_a_private_event_and_a_rule_of_one_side_stay_hidden_from_the_others():
    asked = agreement("clash_buffer", party="party:grid", value=50.0, sharing=3)
    works = (
        work("a", "grid", "cable_low", Y, geometry=strip(0)),
        work("b", "water", "water_main", Y, geometry=strip(60), street="street:2"),
    )
    made = study(*works, lines=streets(2), agreements=asked)
    assert len(view(made, "party:grid").clashes) == 1 and view(made, "party:water").clashes.empty
    secret = other("event", strip(0)).assign(sharing=0)
    fair = study(work("a", "sewer", "gravity_sewer", Y, geometry=strip(0), fixed=2030), claims=secret)
    assert set(fair.clashes["rule"]) == {"event"}
    seen = view(fair, "party:sewer")
    assert "Kermis" not in seen.reasons["args"].str.cat() and not any("claim" in i for i in seen.clashes.index)


def test_room_that_is_asked_in_private_is_not_told_to_the_host():
    claim = other("tree", None).assign(street="street:1", name="Geheim bos", period_to=2040, sharing=0)
    made = study(work("a", "sewer", "gravity_sewer", (2028, 2031, 2032)), claims=claim)
    assert "claim" in set(made.opportunities["kind"])
    for party, told in (("party:sewer", False), ("party:roads", True)):
        seen = view(made, party)
        assert ("Geheim bos" in seen.reasons["args"].str.cat()) == told
        assert not any("claim:1" in i for i in seen.opportunities.index) or told


def after_one_another(first: str, second: str, gap: int, **more: object) -> list[str]:
    """Two works of two parties in one street, both in a year of their own, so many years apart."""
    years = (2030 + gap,) * 3
    made = study(
        work("a", "roads", first, Y, fixed=2030, depth="surface"),
        work("b", "water", second, years, fixed=2030 + gap, depth="surface"),
        **more,
    )
    return [r for r in made.clashes["rule"] if r in ("window", "commitment", "order")]


@pytest.mark.parametrize(
    ("first", "second", "gap", "clash"),
    [
        ("carriageway", "carriageway", 4, True),  # five years for the carriageway
        ("carriageway", "carriageway", 5, False),
        ("footway", "footway", 2, True),  # three for the footway
        ("footway", "footway", 3, False),
        ("footway", "carriageway", 1, False),  # what opens the other part lets this one rest
    ],
)
def test_berlin_lets_footway_and_carriageway_rest_apart(first, second, gap, clash):
    rule = agreement("rule_set", unit="berlin")
    assert bool(after_one_another(first, second, gap, agreements=rule)) == clash
    assert after_one_another(
        "footway", "footway", 4, agreements=agreement("rule_set", unit="new_york")
    )  # no parts there


def test_a_cable_that_lies_in_the_footway_opens_the_footway():
    from integralie.schema.part import parts

    made = study(work("a", "grid", "cable_low", Y), work("b", "sewer", "gravity_sewer", Y))
    walk = pd.DataFrame({"id": ["walk", "wire", "pipe"], "kind": ["footway", "cable_low", "gravity_sewer"]})
    walk["geometry"] = [
        box(150_000, 450_003, 150_100, 450_005),
        LineString([(150_000, 450_004), (150_100, 450_004)]),
        LineString([(150_000, 450_000), (150_100, 450_000)]),
    ]
    assets = (made | {"assets": walk}).assets
    held = pd.DataFrame({"set": ["work:a", "work:b"], "member": ["wire", "pipe"], "role": "asset"})
    assert parts(made.works, held, assets).to_dict() == {"work:a": "footway", "work:b": "carriageway"}
    assert set(parts(made.works, held.iloc[:0], assets)) == {"carriageway"}


def test_the_agreement_with_most_conditions_says_how_long_a_street_rests():
    from integralie.schema.agreed import rest_periods
    from integralie.schema.frames import conform

    rows = [
        ("all", "", 8, False),
        ("main", "road_class=main", 3, True),
        ("both", "road_class=main surface=asphalt", 6, None),
    ]
    told = pd.DataFrame(rows, columns=["id", "applies_to", "value", "hard"]).assign(rule="rest_period")
    where = streets(3, road_class=["residential", "main", "main"], surface=["clay_brick", "clay_brick", "asphalt"])
    made = rest_periods(conform("streets", where), conform("agreements", told), shipped())
    assert made["years"].tolist() == [8, 3, 6] and made["hard"].tolist() == [False, True, False]
