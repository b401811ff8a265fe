"""Street names as people write them, met with the streets."""

from __future__ import annotations

import pandas as pd
import pytest
from shapely.geometry import LineString

from integralie.importers.places import bare, place_plans
from integralie.schema.frames import conform


def streets() -> pd.DataFrame:
    names = ["Kerkstraat", "Kerkstraat", "Burgemeester van den Bergstraat", "Sint Jansplein", "Caféweg", None]
    line = LineString([(0, 0), (1, 1)])
    rows = {"id": [f"street:{i}" for i in range(len(names))], "name": names, "geometry": [line] * len(names)}
    return conform("streets", pd.DataFrame(rows))


def placed(told: str) -> tuple[str, list[str]]:
    row = {"id": ["plan:1"], "name": ["x"], "party": ["party:a"], "street_name": [told], "cost": [100.0]}
    plans, said = place_plans(conform("plans", pd.DataFrame(row)), streets())
    assert plans["cost"].sum() == 100.0
    return plans.loc["plan:1", "street_name"], list(said["rule"])


@pytest.mark.parametrize(
    ("told", "street", "rules"),
    [
        ("KERKSTRAAT 12-18", "Kerkstraat", []),
        ("Kerkstr. (tussen A en B)", "Kerkstraat", []),
        ("Kerkstraat t.h.v. nr 5", "Kerkstraat", []),
        ("Burg. v.d. Bergstraat", "Burgemeester van den Bergstraat", []),
        ("St. Jansplein", "Sint Jansplein", []),
        ("Cafeweg", "Caféweg", []),
        ("Kerkstraaat", "Kerkstraat", ["place_typo"]),
        ("Kerkstraat / Caféweg", "Kerkstraat", ["place_several"]),
        ("Zonnelaan en Caféweg", "Caféweg", ["place_several"]),
        ("Nergensdreef", "Nergensdreef", ["place_unknown"]),
    ],
)
def test_a_name_finds_its_street(told: str, street: str, rules: list[str]) -> None:
    assert placed(told) == (street, rules)


def test_no_streets_at_all_keeps_the_plan() -> None:
    row = {"id": ["plan:1"], "name": ["x"], "party": ["party:a"], "street_name": ["Kerkstraat"]}
    plans, said = place_plans(conform("plans", pd.DataFrame(row)), streets().iloc[:0])
    assert list(plans.index) == ["plan:1"]
    assert list(said["rule"]) == ["place_unknown"]


def test_different_streets_stay_different() -> None:
    assert len({bare(n) for n in ("Kerkstraat", "Kerkweg", "Kerklaan", "Sint Jansplein", "Jansplein")}) == 5
