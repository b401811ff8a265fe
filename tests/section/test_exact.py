"""The search for room is exact: it agrees with trying every place, and behaves as room should."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integralie.figures import shipped
from integralie.schema.clearance import rules_of
from integralie.verbs.fit.joint import fits_together
from integralie.verbs.fit.place import blockers, culprits, room, spot
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
@settings(max_examples=100, deadline=None)
def test_the_place_found_is_free_and_the_nearest_to_the_aim(found, aim):
    at, reach, order = arrays(found)
    x = spot(at, reach, order, len(at), -6.0, 6.0, 0.0, aim / 10)
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


def brute(parts: list[dict], keep: float, step: float = 0.25) -> bool:
    """Whether some places on a grid hold for all parts at once (every part in its one layer)."""
    places = np.round(np.arange(parts[0]["low"], parts[0]["high"] + 1e-9, step), 6)
    free = [places[slack(places, *p["sets"][0], p["low"], p["high"]) >= -1e-9] for p in parts]
    first, second = free
    return (
        bool((np.abs(first[:, None] - second[None, :]) >= keep - 1e-9).any()) if len(first) and len(second) else False
    )


@given(
    st.lists(st.tuples(st.integers(-8, 8), st.integers(1, 6)), max_size=4),
    st.lists(st.tuples(st.integers(-8, 8), st.integers(1, 6)), max_size=4),
)
@settings(max_examples=120, deadline=None)
def test_two_claims_at_once_agree_with_trying_all_places(one, two):
    figures = shipped()
    rules = rules_of(figures)
    half = 0.375
    parts = [
        {
            "kind": "cable_low",
            "half": half,
            "height": 0.1,
            "layers": np.array([0.6]),
            "sets": [tuple(np.array([v[i] / 4 for v in found], float).reshape(-1) for i in (0, 1))],
            "low": -2.0,
            "high": 2.0,
        }
        for found in (one, two)
    ]
    keep = rules.between("cable_low", "cable_low").hearts(half, half)
    # distances are multiples of a quarter but for `keep`: round it up for both, so that a grid is exact
    grid = np.ceil(keep * 4 - 1e-9) / 4
    parts[0]["half"] = parts[1]["half"] = half + (grid - keep) / 2
    got = fits_together(parts, rules, figures)
    assert (got is not None) == brute(parts, grid)
    if got is not None:
        assert abs(got[0] - got[1]) >= grid - 1e-9


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
