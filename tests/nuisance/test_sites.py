"""Nuisance of openings and its sums, budgets and peaks, and what residents are told of reopening."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, MultiLineString, box

from integralie.figures import shipped
from integralie.nuisance import sites
from integralie.nuisance.reopening import reopening, sentence_code
from integralie.schema.frames import conform, empty
from integralie.schema.notes import say
from integralie.settings import Settings

F, S = shipped(), Settings(first=2027, periods=10)


def streets(count: int = 2, **more: object) -> gpd.GeoDataFrame:
    lines = [LineString([(150_000 + 100 * i, 450_000), (150_100 + 100 * i, 450_000)]) for i in range(count)]
    rows = {"id": [f"street:{i + 1}" for i in range(count)], "name": [f"Straat {i + 1}" for i in range(count)], "residents": 10, "traffic": 3000.0, "road_class": "residential", "area": "area:1", "geometry": lines}  # fmt: skip
    return conform("streets", pd.DataFrame(rows | more))


def openings(*rows: tuple[str, int, float, str, int]) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(rows, columns=["street", "period", "days", "depth", "works"])
    return conform("openings", frame.assign(id=[f"opening:{i}" for i in range(len(frame))], block="b", geometry=None))


def test_resident_days_are_days_times_dwellings_times_class():
    got = sites.resident_days(
        openings(("street:1", 2030, 20.0, "deep", 1), ("street:2", 2031, 4.0, "surface", 1)), streets(), F, S
    )
    assert got["resident_days"].tolist() == [20 * 10 * 5, 4 * 10 * 1]
    total = sites.by_street(got).loc["street:1"]
    assert (total["openings"], total["days"], total["worst_year"]) == (1, 20, 2030)


def test_a_year_with_more_than_twice_the_mean_of_the_neighbourhood_is_a_peak():
    rows = [("street:1", year, 2.0, "surface", 1) for year in range(2027, 2036)] + [
        ("street:2", 2036, 20.0, "surface", 1)
    ]
    area = sites.by_area(sites.resident_days(openings(*rows), streets(), F, S), streets())
    assert sites.peaks(area, F, S)["period"].tolist() == [2036]


def test_a_nuisance_budget_holds_per_neighbourhood_and_year():
    days = sites.resident_days(openings(("street:1", 2030, 20.0, "deep", 1)), streets(), F, S)
    areas = conform("areas", pd.DataFrame({"id": ["area:1"], "name": ["Wijk"], "geometry": [box(0, 0, 1, 1)]}))
    rule = pd.DataFrame({"id": ["a"], "rule": ["nuisance_budget"], "value": [150.0], "applies_to": [None]})
    assert sites.budget(days, streets(), conform("agreements", rule), areas)["over"].tolist() == [50]
    other = conform("agreements", rule.assign(applies_to="area=area:2"))
    assert sites.budget(days, streets(), other, areas).empty
    assert sites.budget(days, streets(), empty("agreements"), areas).empty


def test_the_index_of_an_opening_takes_its_days_traffic_closure_and_bus():
    own = openings(("street:1", 2030, 20.0, "deep", 1), ("street:2", 2030, 5.0, "surface", 1))
    closed = pd.Series([True, False], index=own.index)
    got = sites.index(own, streets(), closed, pd.Series({"street:2": 1}), F, S)
    assert got[["duration", "street", "volume", "lanes", "length"]].to_numpy().tolist() == [
        [3, 2, 3, 5, 4],
        [1, 2, 3, 1, 4],
    ]
    assert got["car"].tolist() == [3.5, 2.3] and got["bus"].tolist() == [0, 2]


@pytest.mark.parametrize(
    ("minutes", "vehicles", "letter"),
    [(4.9, 900, "E"), (5.0, 900, "E"), (10.0, 999, "D"), (10.0, 1000, "C"), (30.0, 9_999, "B"), (30.0, 10_000, "A"), (float("inf"), 100_000, "A")],
)  # fmt: skip
def test_the_dutch_class_of_hindrance(minutes, vehicles, letter):
    assert sites.dutch(pd.Series([minutes]), pd.Series([vehicles]), F).tolist() == [letter]


def test_a_bus_line_runs_through_the_sections_it_lies_along():
    line = MultiLineString([[(149_900, 450_005), (150_210, 450_005)], [(150_400, 460_000), (150_500, 460_000)]])
    assets = conform("assets", pd.DataFrame({"id": ["a"], "kind": ["bus_line"], "geometry": [line]}))
    assert sites.bus_streets(streets(3), assets, F)["street"].tolist() == ["street:1", "street:2"]


def test_a_long_bus_line_runs_through_all_its_sections_and_not_through_side_streets():
    line = LineString([(149_900, 450_005), (153_000, 450_005)])
    assets = conform("assets", pd.DataFrame({"id": ["a"], "kind": ["bus_line"], "geometry": [line]}))
    ways = streets(30)
    side = streets(1).set_axis(["street:side"]).assign(geometry=[LineString([(150_100, 450_000), (150_100, 450_060)])])
    got = sites.bus_streets(pd.concat([ways, side]), assets, F)["street"]
    assert sorted(got) == sorted(ways.index)


def told(past: list[int], planned: list[int], **more: object) -> pd.Series:
    lines = streets(1, **more)
    history = pd.DataFrame(
        {"id": [f"p{i}" for i in range(len(past))], "street": "street:1", "year": past, "geometry": None}
    )
    own = openings(*[("street:1", y, 5.0, "deep", 3) for y in planned])
    rest = pd.Series(5.0, index=lines.index)
    rows = reopening(
        lines, conform("openings_past", history) if past else empty("openings_past"), own, empty("members"), rest, F, S
    )
    return rows.iloc[0]


def test_a_street_with_a_past_and_a_plan():
    row = told([2017, 2022], [2030])
    assert (row["opened"], row["since"], row["last"], row["next"], row["closed_until"]) == (2, 2017, 2022, 2030, 2035)
    assert (row["avoided"], row["too_soon"]) == (2, 0)
    assert row["rate"] == pytest.approx(0.2) and row["unplanned"] == pytest.approx(2.0)
    assert row["reopenings"] == pytest.approx(0.2 * 5)
    text = say(sentence_code(row), row.to_dict() | {"street": "Straat 1"}, "nl")
    assert text == "Straat 1 is sinds 2017 2 keer opengebroken. De volgende werkzaamheden staan gepland voor 2030; daarna blijft de straat naar bedoeling dicht tot 2035."  # fmt: skip


def test_an_opening_within_the_rest_after_the_last_one_or_after_another_is_too_soon():
    row = told([2025], [2029, 2031, 2036])
    assert row["too_soon"] == 2
    assert sentence_code(row) == "street.twice" and "2031" in say("street.twice", row.to_dict(), "en")


@pytest.mark.parametrize(
    ("past", "planned", "code"),
    [([], [2030], "street.next.first"), ([2020], [], "street.rest"), ([], [], "street.quiet")],
)
def test_the_sentence_says_only_what_is_known(past, planned, code):
    row = told(past, planned)
    assert sentence_code(row) == code
    assert "onbekend" not in say(code, row.to_dict() | {"street": "Straat 1"}, "nl")
