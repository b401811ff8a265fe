"""Closures on small networks, and against a plain graph library on random ones."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integralie.access.network import Network, arrival, broken, detour_alone, detours, only_access, reach
from integralie.errors import DataError


@st.composite
def towns(draw):
    """A random network with parallel sections, loops, paths that cannot be used, and one to three sources."""
    n = draw(st.integers(2, 9))
    node = st.integers(0, n - 1)
    edges = draw(st.lists(st.tuples(node, node, st.sampled_from([1.0, 2.0, 5.0, np.inf])), min_size=1, max_size=18))
    sources = draw(st.lists(node, min_size=1, max_size=3, unique=True))
    closed = draw(st.lists(st.booleans(), min_size=len(edges), max_size=len(edges)))
    tail, head, cost = (np.array(c) for c in zip(*edges))
    return Network.of(tail, head, cost, sources, n), np.array(closed)


def plain(net: Network, closed: np.ndarray) -> dict[int, float]:
    """Cost to each node by networkx, one graph made anew."""
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(net.nodes))
    for i in np.flatnonzero(~closed & np.isfinite(net.cost)):
        graph.add_edge(int(net.tail[i]), int(net.head[i]), weight=float(net.cost[i]))
    return nx.multi_source_dijkstra_path_length(graph, set(net.sources.tolist()))


def served(net: Network, closed: np.ndarray) -> np.ndarray:
    node = plain(net, closed)
    return np.array([a in node or b in node for a, b in zip(net.tail.tolist(), net.head.tolist())])


@given(towns())
@settings(max_examples=80, deadline=None)
def test_costs_are_those_of_a_plain_graph_library(town):
    net, closed = town
    other = plain(net, closed)
    got = reach(net, closed)
    assert set(np.flatnonzero(np.isfinite(got))) == set(other)
    assert all(got[n] == pytest.approx(c, abs=1e-6) for n, c in other.items())


@given(towns())
@settings(max_examples=80, deadline=None)
def test_what_is_cut_off_and_the_smallest_closures_that_do_it(town):
    net, closed = town
    got = broken(net, closed)
    none = np.zeros_like(closed)
    assert (got.cut_off == (served(net, none) & ~served(net, closed))).all()
    assert bool(got.cuts) == got.cut_off.any()
    explained = np.zeros_like(closed)
    for cut in got.cuts:
        assert closed[cut].all()
        only = np.isin(np.arange(net.sections), cut)
        hit = served(net, none) & ~served(net, only)
        assert (hit & got.cut_off).any()
        explained |= hit
        for section in cut:  # opening any one of them brings something back that this cut had taken
            less = only.copy()
            less[section] = False
            assert (served(net, less) & hit).any()
    assert (explained | ~got.cut_off).all()


@given(towns())
@settings(max_examples=80, deadline=None)
def test_a_section_is_the_only_access_when_closing_it_alone_cuts_something_off(town):
    net, _ = town
    none = np.zeros(net.sections, bool)
    alone = [bool((served(net, none) & ~served(net, np.arange(net.sections) == s)).any()) for s in range(net.sections)]
    assert only_access(net).tolist() == alone


@given(towns(), st.sampled_from([1.0, 3.0, 6.0]))
@settings(max_examples=80, deadline=None)
def test_late_sections_come_with_a_smallest_set_of_closures(town, limit):
    net, closed = town
    got, base, now = broken(net, closed, limit=limit), arrival(net), arrival(net, closed)
    assert (got.late == ((base <= limit + 1e-9) & (now > limit + 1e-9) & np.isfinite(now))).all()
    if not got.cut_off.any():
        for cut in got.cuts:
            hit = got.late & (arrival(net, cut) > limit + 1e-9)
            assert hit.any()
            for section in cut:
                assert (arrival(net, cut[cut != section])[hit] <= limit + 1e-9).any()


@given(towns(), st.sampled_from([1.0, 3.0, 6.0]))
@settings(max_examples=60, deadline=None)
def test_with_a_limit_a_section_alone_may_also_make_others_late(town, limit):
    net, _ = town
    alone = [bool(broken(net, [s], limit=limit, cuts=False)) for s in range(net.sections)]
    assert only_access(net, limit=limit).tolist() == alone


def test_two_ways_into_a_quarter_cannot_both_be_closed():
    """A quarter (1-2-3) with two ways in from the main road at 0: each closure alone is harmless."""
    net = Network.of([0, 1, 2, 0], [1, 2, 3, 3], [1.0, 1.0, 1.0, 1.0], sources=[0])
    assert not broken(net, [0]) and not broken(net, [3])
    both = broken(net, [0, 3])
    assert both.cut_off.tolist() == [False, True, True, False]
    assert [c.tolist() for c in both.cuts] == [[0, 3]]


def test_what_was_cut_off_before_is_no_fault_of_the_closure():
    net = Network.of([0, 2], [1, 3], [1.0, 1.0], sources=[0])
    assert not broken(net, [0, 1]).cut_off.any()


def test_sections_without_addresses_may_be_cut_off():
    net = Network.of([0, 1], [1, 2], [1.0, 1.0], sources=[0])
    assert broken(net, [0]).cut_off.tolist() == [False, True]
    assert not broken(net, [0], need=[True, False])


def test_the_detour_of_a_closed_section_is_the_way_round_less_its_own_length():
    net = Network.of([0, 1, 2, 0], [1, 2, 0, 3], [30.0, 40.0, 50.0, 9.0], sources=[0])
    assert detours(net, [0, 3]).tolist() == [60.0, np.inf]
    assert len(detours(net, [])) == 0


@given(towns(), st.sampled_from([(), (1.5,), (1.5, 4.0)]))
@settings(max_examples=60, deadline=None)
def test_the_detour_of_one_closure_is_the_same_however_far_one_looks_first(town, steps):
    net, _ = town
    alone = [detours(net, [s])[0] for s in range(net.sections)]
    assert detour_alone(net, range(net.sections), steps).tolist() == pytest.approx(alone, abs=1e-6)


@pytest.mark.parametrize(
    "given_", [([0], [1, 2], [1.0], [0]), ([0], [1], [-1.0], [0]), ([0], [1], [np.nan], [0]), ([-1], [1], [1.0], [0])]
)
def test_a_network_that_makes_no_sense_is_refused(given_):
    with pytest.raises(DataError):
        Network.of(*given_)
