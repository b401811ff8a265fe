"""The town of Integralië: the same every time, planar, believable, and as untidy as real lists are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from integralie.demo import town
from integralie.errors import DataError
from integralie.kinds import kinds
from integralie.study import fingerprint

TODAY = 2026


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return town("town", seed=1)


def shapes(frame: pd.DataFrame) -> np.ndarray:
    return np.asarray(frame["geometry"])


def test_same_seed_same_town_and_another_seed_another_town():
    one, two, other = town("small", 3), town("small", 3), town("small", 4)
    assert {n: fingerprint(f) for n, f in one.items()} == {n: fingerprint(f) for n, f in two.items()}
    assert fingerprint(one["streets"]) != fingerprint(other["streets"])


@pytest.mark.parametrize(("size", "sections"), [("small", 100), (250, 250), ("town", 1000), (2500, 2500)])
def test_a_town_has_the_sections_that_were_asked_for(size, sections):
    assert abs(len(town(size)["streets"]) - sections) <= 0.10 * sections


@pytest.mark.parametrize("seed", [2, 5])
def test_other_seeds_have_the_size_asked_for(seed):
    assert abs(len(town("small", seed)["streets"]) - 100) <= 10


@pytest.mark.parametrize("size", ["huge", 3, 50_000, 1.5])
def test_a_size_that_does_not_exist_is_refused(size):
    with pytest.raises(DataError):
        town(size)


def test_the_town_has_about_ten_thousand_assets():
    made = town("town", seed=2)
    assert 9_000 <= len(made["assets"]) <= 13_500


def test_sections_meet_in_their_nodes_and_nowhere_else(tables):
    streets = tables["streets"]
    lines = shapes(streets)
    a, b = shapely.STRtree(lines).query(lines, predicate="intersects")
    a, b = a[a < b], b[a < b]
    met = shapely.intersection(lines[a], lines[b])
    assert np.isin(shapely.get_type_id(met), (0, 4)).all(), "two sections run over one another"
    ends = shapely.boundary(lines)
    assert (shapely.distance(ends[a], met) < 0.02).all() and (shapely.distance(ends[b], met) < 0.02).all()


def test_nodes_are_shared_and_everything_is_connected(tables):
    streets = tables["streets"]
    ends = pd.concat([streets["from_node"], streets["to_node"]])
    points = pd.Series(np.concatenate([shapely.get_point(shapes(streets), i) for i in (0, -1)]), index=ends.index)
    spread = pd.DataFrame({"node": ends, "x": shapely.get_x(points), "y": shapely.get_y(points)}).groupby("node")
    assert spread[["x", "y"]].nunique().max().max() == 1
    parent = {n: n for n in ends}

    def root(n: str) -> str:
        while parent[n] != n:
            n = parent[n]
        return n

    for a, b in zip(streets["from_node"], streets["to_node"]):
        parent[root(a)] = root(b)
    assert len({root(n) for n in ends}) == 1


def test_geometry_is_valid_and_of_its_kind(tables):
    assets = tables["assets"]
    assert shapely.is_valid(shapes(assets)).all() and not shapely.is_empty(shapes(assets)).any()
    types = assets["kind"].map({n: k.geometry for n, k in kinds().items()})
    dimension = types.map({"point": 0, "line": 1, "polygon": 2}).to_numpy()
    assert (shapely.get_dimensions(shapes(assets)) == dimension).all()


def test_buildings_stand_clear_of_streets_and_of_one_another(tables):
    streets, assets = tables["streets"], tables["assets"]
    houses = shapes(assets[assets["kind"] == "building"])
    profile = shapely.buffer(shapes(streets), streets["width"].to_numpy() / 2, cap_style="flat")
    h, s = shapely.STRtree(profile).query(houses, predicate="intersects")
    assert shapely.area(shapely.intersection(houses[h], profile[s])).max(initial=0) < 1.0
    a, b = shapely.STRtree(houses).query(houses, predicate="intersects")
    over = shapely.area(shapely.intersection(houses[a[a < b]], houses[b[a < b]]))
    assert over.max(initial=0) < 1.0


def test_labels_point_to_something(tables):
    for name, column, target in (
        ("streets", "area", "areas"),
        ("streets", "party", "parties"),
        ("assets", "party", "parties"),
        ("assets", "street", "streets"),
        ("plans", "party", "parties"),
        ("plans", "street", "streets"),
        ("plans", "goal", "goals"),
        ("goals", "party", "parties"),
        ("claims", "street", "streets"),
        ("capacity", "party", "parties"),
        ("openings_past", "street", "streets"),
        ("openings_past", "party", "parties"),
        ("contributions", "street", "streets"),
        ("agreements", "party", "parties"),
    ):
        told = tables[name][column].dropna()
        assert told.isin(tables[target].index).all(), (name, column)
    assert tables["plans"]["kind"].isin(kinds()).all() and tables["assets"]["kind"].isin(kinds()).all()


def test_at_least_nine_parties_have_plans_and_some_are_committed(tables):
    plans = tables["plans"]
    assert len(plans) >= 150 and plans["party"].nunique() >= 9
    assert plans["phase"].isin(["tendered", "in_execution"]).sum() >= 8
    assert len(town("small")["plans"]) >= 30


def flawed(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    plans, names = tables["plans"], set(tables["streets"]["name"])
    return pd.DataFrame(
        {
            "no_cost": plans["cost"].isna(),
            "negative": plans["cost"] < 0,
            "year": (plans["preferred"] == 9999).fillna(False),
            "backwards": (plans["earliest"] > plans["latest"]).fillna(False),
            "stray_name": plans["street_name"].notna() & ~plans["street_name"].isin(names),
            "no_place": plans["geometry"].isna() & plans["street"].isna() & plans["street_name"].isna(),
            "twice": plans["name"].str.endswith("(verkeer)"),
        }
    )


def test_lists_are_as_untidy_as_real_ones(tables):
    flaws = flawed(tables)
    assert flaws.any(axis=0).all(), "every sort of flaw occurs"
    assert 0.04 <= flaws.any(axis=1).mean() <= 0.10


def test_what_is_not_known_stays_unknown(tables):
    assets = tables["assets"]
    pipes = assets[assets["kind"].isin(["cable_low", "gravity_sewer", "water_main", "telecom"])]
    assert 0.02 < pipes["year_built"].isna().mean() < 0.35
    assert (pipes["year_built"].isna() == (pipes["year_built_quality"] == "unknown")).all()
    assert 0.2 < (pipes["cover_quality"] == "default").mean() < 0.7
    known = assets["year_built"].dropna()
    assert known.between(1500, TODAY).all()


def test_the_newest_materials_do_not_lie_in_the_oldest_years(tables):
    mains = tables["assets"][tables["assets"]["kind"] == "water_main"].dropna(subset=["year_built", "material"])
    sure = mains[mains["year_built_quality"] == "registered"].groupby("material")["year_built"]
    assert sure.max()["grey_cast_iron"] < sure.min()["pvc"] and sure.max()["asbestos_cement"] < sure.min()["pe"]


def test_every_year_of_the_programme_has_a_budget_that_carries_what_is_committed(tables):
    capacity, plans = tables["capacity"], tables["plans"]
    money = capacity[capacity["resource"] == "budget"].set_index(["party", "period"])["amount"]
    assert money.groupby("party").size().eq(20).all() and (capacity["amount"] >= 0).all()
    firm = plans[plans["phase"].isin(["tendered", "in_execution"])]
    fixed = firm.groupby(["party", "preferred"])["cost"].sum()
    assert (money.reindex(fixed.index) >= fixed).all()
