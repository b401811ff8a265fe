"""The search for room is exact: it agrees with trying every place, and behaves as room should."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from integralie.verbs.fit.place import blockers, broken, culprits, place_for, room
from integralie.verbs.fit.ways import bend, trace

obstacle = st.tuples(st.integers(-60, 60), st.integers(1, 30))  # tenths of metres


def arrays(found: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    at, reach = (
        np.array([a / 10 for a, _ in found] or [0.0])[: len(found)],
        np.array([r / 10 for _, r in found] or [0.0])[: len(found)],
    )
    return at.astype(float), reach.astype(float), np.argsort(at - reach).astype(np.int64)


def slack(x: np.ndarray, at: np.ndarray, reach: np.ndarray, low: float, high: float) -> np.ndarray:
    """How far each place lies from the nearest thing that it must keep off."""
    walls = np.minimum(x - low, high - x)
    return np.minimum(walls, (np.abs(x[:, None] - at) - reach).min(axis=1)) if len(at) else walls


@given(st.lists(obstacle, max_size=7), st.integers(20, 70))
@settings(max_examples=150, deadline=None)
def test_room_is_that_of_the_best_of_all_places(found, half):
    at, reach, order = arrays(found)
    low, high = -half / 10, half / 10
    tried = np.arange(low - 4, high + 4, 0.005)
    best = slack(tried, at, reach, low, high).max() * 2
    assert room(at, reach, order, len(at), low, high) == pytest.approx(best, abs=0.012)


@given(st.lists(obstacle, max_size=7), st.integers(1, 20))
@settings(max_examples=100, deadline=None)
def test_more_clearance_never_gives_more_room_and_a_mirrored_street_the_same(found, more):
    at, reach, order = arrays(found)
    plain = room(at, reach, order, len(at), -6.0, 6.0)
    wider = reach + more / 10
    assert room(at, wider, np.argsort(at - wider), len(at), -6.0, 6.0) <= plain + 1e-3
    assert room(-at, reach, np.argsort(-at - reach), len(at), -6.0, 6.0) == pytest.approx(plain, abs=2e-3)


@given(st.lists(obstacle, max_size=6), st.integers(-50, 50))
@example([(0, 1), (1, 1), (-17, 16)], 0)  # a place of no width between two that touch
@settings(max_examples=100, deadline=None)
def test_the_place_found_is_free_and_the_nearest_to_the_aim(found, aim):
    at, reach, order = arrays(found)
    x = place_for(at, reach, order, len(at), -6.0, 6.0, 0.0, aim / 10, 0.0, 0.0, np.zeros(0), np.zeros(0))
    tried = np.arange(-6.0, 6.0001, 0.01)
    free = tried[slack(tried, at, reach, -6.0, 6.0) >= -1e-9]
    if np.isnan(x):
        assert not len(free)
    else:
        assert slack(np.array([x]), at, reach, -6.0, 6.0)[0] >= -1e-9
        if len(free):
            assert abs(x - aim / 10) <= np.abs(free - aim / 10).min() + 1e-6


@given(
    st.lists(
        st.tuples(st.integers(-30, 30), st.integers(1, 25), st.integers(0, 4), st.booleans()), min_size=1, max_size=6
    )
)
@settings(max_examples=100, deadline=None)
def test_the_list_of_culprits_is_the_shortest(found):
    at, reach = np.array([f[0] / 10 for f in found]), np.array([f[1] / 10 for f in found])
    who, hard = np.array([f[2] for f in found], np.int64), np.array([f[3] for f in found])
    x, many, _ = culprits(at, reach, hard, np.ones(len(at)), who, len(at), -3.0, 3.0)
    best = None
    for place in np.round(np.arange(-3.0, 3.0001, 0.05), 2):
        hit = np.abs(place - at) < reach - 1e-7
        if not (hit & hard).any():
            best = len(set(who[hit])) if best is None else min(best, len(set(who[hit])))
    assert (best is None) == bool(np.isnan(x)) or np.isnan(x) == (best is None)
    if best is not None:
        assert many == best


@given(
    st.lists(st.lists(st.tuples(st.integers(-8, 8), st.integers(1, 8)), max_size=3), min_size=2, max_size=5),
    st.integers(1, 4),
)
@settings(max_examples=80, deadline=None)
def test_a_line_that_bends_agrees_with_trying_all_ways(cuts, shift):
    begin = np.cumsum([0, *[len(c) for c in cuts]])
    at = np.array([a / 4 for c in cuts for a, _ in c], float)
    reach = np.array([r / 4 for c in cuts for _, r in c], float)
    order = np.concatenate([np.argsort(at[a:b] - reach[a:b]) for a, b in zip(begin, begin[1:])] or [[]]).astype(
        np.int64
    )
    n = len(cuts)
    low, high, shifts = np.full(n, -2.0), np.full(n, 2.0), np.full(n - 1, shift / 4)
    lows, highs, many = np.empty((n, 64)), np.empty((n, 64)), np.zeros(n, np.int64)
    got = bend(begin[:-1].copy(), np.diff(begin), at, reach, order, low, high, shifts, 0.0, lows, highs, many)
    places = np.round(np.arange(-2.0, 2.001, 0.25), 3)
    alive = np.ones(len(places), bool)
    for k in range(n):
        here = slack(places, at[begin[k] : begin[k + 1]], reach[begin[k] : begin[k + 1]], -2.0, 2.0) >= -1e-9
        near = (
            (np.abs(places[:, None] - places[alive]) <= shift / 4 + 1e-9).any(axis=1)
            if k and alive.any()
            else alive
            if not k
            else np.zeros(len(places), bool)
        )
        alive = here & near
    assert got == alive.any()
    if got:
        path = trace(lows, highs, many, shifts, 0.0)
        assert (np.abs(np.diff(path)) <= shift / 4 + 1e-9).all()


line = st.tuples(st.integers(-60, 60), st.integers(1, 8))  # tenths of metres, rank in the order


@given(st.lists(obstacle, max_size=5), st.lists(line, max_size=5), st.integers(1, 8))
@example([(0, 18)], [(1, 1), (-18, 1)], 2)  # above or below a line at the same place breaks nothing
@example([(1, 1)], [(0, 1), (1, 1), (-1, 3)], 2)  # free up to the middle, which counts as the left
@example([], [(0, 1), (1, 1), (1, 3), (-1, 3)], 2)  # above two lines of which each would be broken beside them
@settings(max_examples=150, deadline=None)
def test_of_all_free_places_the_one_found_breaks_the_order_least(found, lines, mine):
    at, reach, order = arrays(found)
    place, ranks = (np.array([v[i] for v in lines] or [0.0])[: len(lines)] for i in (0, 1))
    place, ranks = place / 10, ranks.astype(float)
    x = place_for(at, reach, order, len(at), -6.0, 6.0, 0.0, np.nan, 0.0, float(mine), place, ranks)
    tried = np.round(np.arange(-6.0, 6.0001, 0.025), 3)  # exactly 0.0 in the middle, not a hair past it
    free = tried[slack(tried, at, reach, -6.0, 6.0) >= -1e-9]
    if not len(free):
        return
    least = min(broken(t, 0.0, float(mine), place, ranks) for t in free)
    assert broken(x, 0.0, float(mine), place, ranks) <= least
    assert slack(np.array([x]), at, reach, -6.0, 6.0)[0] >= -1e-9


def test_the_order_counts_from_either_facade_and_kinds_of_one_rank_do_not_break_it():
    place, ranks = np.array([-5.0, -3.0, 5.0]), np.array([1.0, 5.0, 1.0])
    assert broken(-4.0, 0.0, 3.0, place, ranks) == 0  # between what lies nearer to the facade and what lies farther
    assert broken(-5.5, 0.0, 3.0, place, ranks) == 1  # outside what should lie nearer to the facade
    assert broken(-1.0, 0.0, 3.0, place, ranks) == 1  # inside what should lie farther from it
    assert broken(5.5, 0.0, 3.0, place, ranks) == broken(-5.5, 0.0, 3.0, place[:1], ranks[:1])
    assert broken(-5.5, 0.0, 1.0, place[:1], ranks[:1]) == 0


def test_a_full_profile_names_the_cheapest_of_equal_lists():
    at, reach = np.array([-1.0, 1.0]), np.array([1.1, 1.1])
    got = blockers(
        np.array([0, 2]),
        at,
        reach,
        np.zeros(2),
        np.ones(2),
        np.zeros(2),
        np.zeros(2),
        np.zeros(2, bool),
        np.zeros(2),
        np.array([500.0, 100.0]),
        np.array([0, 1]),
        np.array([-1.5]),
        np.array([1.5]),
        np.array([0, 1]),
        np.array([0.5]),
        np.array([0.1]),
    )[0]
    assert got[2] == 1 and got[0] > 0
