"""Each data rule: a world in which it speaks, and the sound world in which it is silent."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, Polygon

from integralie.figures import shipped
from integralie.schema import frames
from integralie.schema.checks import RULES
from integralie.schema.notes import sentences
from integralie.settings import Settings
from integralie.study import Study
from integralie.verbs.check import check

BOW = Polygon([(150000, 450000), (150010, 450010), (150010, 450000), (150000, 450010)])
READS = ("parties", "areas", "streets", "assets", "plans", "capacity", "agreements", "openings_past")


def rules(study: Study, **changed: pd.DataFrame) -> set[tuple[str, str]]:
    told = {t: changed.get(t, study[t]) for t in READS}
    found = check(**told, settings=Settings(), figures=shipped())["findings"]
    return set(zip(found["rule"], found["row"]))


def put(frame: Any, row: str, **values: Any) -> Any:
    name = next(t for t in READS if set(frames.table(t).columns) - {"id"} == set(frame.columns))
    made = frame.copy().astype(object).reset_index()
    for column, value in values.items():
        at = made.index[made["id"] == row][0]
        made.at[at, column] = value
    return frames.conform(name, made)


CASES: list[tuple[str, str, str, dict[str, Any]]] = [
    ("window_reversed", "plans", "plan:1", {"earliest": 2036}),
    ("preferred_outside", "plans", "plan:1", {"preferred": 2040}),
    ("year_implausible", "plans", "plan:1", {"latest": 9999}),
    ("year_implausible", "assets", "asset:sewer", {"year_built": 1900}),
    ("future_asset", "assets", "asset:sewer", {"status": "in_use", "year_built": 2031}),
    ("cost_missing", "plans", "plan:1", {"cost": None}),
    ("cost_negative", "plans", "plan:1", {"cost": -1.0}),
    ("no_place", "plans", "plan:1", {"street_name": "Nergensweg"}),
    ("label_unknown", "plans", "plan:1", {"party": "party:nobody"}),
    ("label_unknown", "assets", "asset:tree", {"kind": "spaceship"}),
    ("self_crossing", "plans", "plan:1", {"geometry": BOW}),
    ("street_zero", "streets", "street:1", {"geometry": LineString([(150000, 450000), (150000, 450000)])}),
    ("street_apart", "streets", "street:1", {"geometry": LineString([(150000, 450900), (150100, 450900)])}),
    ("cover_implausible", "assets", "asset:water", {"cover": 80.0}),
    ("diameter_implausible", "assets", "asset:water", {"diameter": 0.11}),
    ("depth_order", "assets", "asset:water", {"bottom": 1.0, "top": 0.5}),
    ("plan_old", "plans", "plan:1", {"updated": "2019-05-01"}),
    ("outside", "assets", "asset:tree", {"geometry": Point(0, 0)}),
]


@pytest.mark.parametrize(("rule", "table", "row", "values"), CASES)
def test_a_rule_speaks_where_it_should(world: Study, rule: str, table: str, row: str, values: dict[str, Any]) -> None:
    assert (rule, row) in rules(world, **{table: put(world[table], row, **values)})
    assert (rule, row) not in rules(world)


def test_two_plans_for_the_same_work(world: Study) -> None:
    other = world["plans"].rename(index={"plan:1": "plan:2"}).assign(party="party:sewer", earliest=2034, latest=2036)
    both = pd.concat([world["plans"], other])
    assert ("plan_twice", "plan:2") in rules(world, plans=gpd.GeoDataFrame(both))
    later = other.assign(preferred=2036, earliest=2035)
    assert ("plan_twice", "plan:2") not in rules(world, plans=gpd.GeoDataFrame(pd.concat([world["plans"], later])))


def test_a_party_with_plans_and_no_budget(world: Study) -> None:
    money = {"id": ["c"], "party": ["party:roads"], "resource": ["budget"], "period": [2027], "amount": [1.0]}
    assert ("no_budget", "party:roads") in rules(world)
    assert ("no_budget", "party:roads") not in rules(world, capacity=frames.conform("capacity", pd.DataFrame(money)))


def test_every_rule_has_a_sentence_and_a_test() -> None:
    names = {r.__name__ for r in RULES}
    assert {f"finding.{n}" for n in names} <= set(sentences())
    assert names == {c[0] for c in CASES} | {"plan_twice", "no_budget"}


def test_an_empty_study_has_no_remarks() -> None:
    assert rules(Study.of(Settings())) == set()
