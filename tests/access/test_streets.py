"""From tables to a network, and the whole town closed street by street against a plain graph library."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

import integralie as itg
from integralie.access import broken, only_access
from integralie.access import streets as S
from integralie.study import Study


@pytest.fixture(scope="module")
def town() -> Study:
    return itg.town(size="small", seed=3)


def test_closing_each_street_in_turn_cuts_off_what_a_plain_graph_library_says(town):
    net = S.network(town.streets, town.assets, town.figures, "car")
    graph = nx.MultiGraph()
    tail, head = town.streets["from_node"].to_numpy(), town.streets["to_node"].to_numpy()
    usable = town.streets["road_class"].ne("path").to_numpy()
    for i, (a, b) in enumerate(zip(tail, head)):
        graph.add_node(a), graph.add_node(b)
        if usable[i]:
            graph.add_edge(a, b, key=i)
    labels = np.unique(np.concatenate([tail, head]))
    gates = [labels[n] for n in net.sources]

    def reached() -> set[str]:
        return set().union(*(nx.node_connected_component(graph, g) for g in gates))

    whole, alone = reached(), only_access(net)
    for i in np.flatnonzero(usable):
        graph.remove_edge(tail[i], head[i], key=i)
        now = reached()
        graph.add_edge(tail[i], head[i], key=i)
        gone = [(a in whole or b in whole) and a not in now and b not in now for a, b in zip(tail, head)]
        assert broken(net, [i], cuts=False).cut_off.tolist() == gone
        assert alone[i] == any(gone)


def test_junctions_are_found_from_lines_where_no_labels_are_told(town):
    net = S.network(town.streets, town.assets, town.figures, "car")
    bare = town.streets.assign(from_node=None, to_node=None)
    other = S.network(bare, town.assets, town.figures, "car")
    assert other.nodes == net.nodes
    assert (only_access(other) == only_access(net)).all()


def test_a_path_is_no_way_for_cars_but_is_one_on_foot(town):
    car, foot = (S.minutes(town.streets, m, town.figures) for m in ("car", "foot"))
    path = town.streets["road_class"].eq("path").to_numpy()
    assert path.any() and np.isinf(car[path]).all() and np.isfinite(foot).all()


def test_places_are_found_by_kind_or_by_function(town):
    assert {"fire_station", "school", "shop", "bus_line"} <= set(town.assets["kind"])
    own = pd.DataFrame({"id": ["a", "b"], "kind": "building", "function": ["onderwijsfunctie", "woonfunctie"]})
    own["geometry"] = [shapely.Point(0, 0), shapely.Point(1, 1)]
    study = Study.of(assets=own)
    assert list(S.places(study.assets, "school").index) == ["a"]


def test_a_sewer_closes_the_carriageway_and_a_cable_does_not(town):
    works = pd.DataFrame(
        {
            "depth": ["deep", "shallow", "surface", "none"],
            "kind": ["gravity_sewer", "telecom", "carriageway", "gravity_sewer"],
        }
    )
    assert S.closes(works, "car", town.figures).tolist() == [True, False, True, False]
    assert S.closes(works, "foot", town.figures).tolist() == [False] * 4


def test_closures_are_the_sections_of_programmed_works_that_close_them(town):
    works = pd.DataFrame(
        {"id": ["w1", "w2"], "depth": ["deep", "shallow"], "kind": ["gravity_sewer", "telecom"]}
    ).set_index("id")
    held = pd.DataFrame({"set": ["w1", "w1", "w2"], "member": ["s1", "s2", "s3"], "role": "street"})
    plan = pd.DataFrame({"work": ["w1", "w2"], "period": pd.array([2030, 2030], "Int64")})
    got = S.closures(works, held, plan, "car", town.figures)
    assert got.to_numpy().tolist() == [["s1", 2030], ["s2", 2030]]


def test_help_comes_from_the_fire_station_and_else_from_the_roads_out_of_town(town):
    net = S.network(town.streets, town.assets, town.figures, "emergency", "emergency")
    station = town.assets.loc[town.assets["kind"] == "fire_station", "street"].iloc[0]
    row = town.streets.index.get_loc(station)
    assert set(net.sources) == {net.tail[row], net.head[row]}
    without = town.assets[town.assets["kind"] != "fire_station"]
    gates = S.network(town.streets, without, town.figures, "emergency", "emergency").sources
    assert set(gates) == set(S.network(town.streets, without, town.figures, "car").sources)
