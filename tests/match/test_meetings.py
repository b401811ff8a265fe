"""Every pair of windows that meet, and no other: against looking at every pair."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from integralie.errors import DataError
from integralie.schema.meet import brute, meetings

SPOTS = [None, shapely.Point(), *(shapely.Point(x, 0) for x in (0, 0, 3, 5)), shapely.LineString([(0, 4), (9, 4)]), shapely.box(2, 2, 6, 8)]  # fmt: skip


def pairs(*args: object, **more: object) -> list[tuple[int, int]]:
    return [tuple(sorted(p)) for m in meetings(*args, **more) for p in zip(m.one.tolist(), m.two.tolist())]


@given(
    st.lists(st.tuples(st.sampled_from(range(len(SPOTS))), st.integers(0, 9), st.integers(0, 5), st.sampled_from([0.0, 1.0, 2.5])), max_size=14),
    st.integers(0, 2),
    st.integers(1, 7),
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_the_same_pairs_as_looking_at_every_pair(rows, slack, chunk):
    shapes = np.array([SPOTS[r[0]] for r in rows] + [None], dtype=object)[:-1]
    first, span, buffer = (np.array([r[i] for r in rows], float) for i in (1, 2, 3))
    got = pairs(shapes, first, first + span, buffer, slack=slack, chunk=chunk)
    assert len(got) == len(set(got))
    assert set(got) == brute(shapes, first, first + span, buffer, slack)


def test_an_unknown_or_reversed_window_meets_nothing():
    shapes = np.array([shapely.Point(0, 0)] * 4)
    assert pairs(shapes, [2027, np.nan, 2030, 2027], [2030, 2030, 2028, 2027]) == [(0, 3)]


def test_memory_stays_linear_when_a_thousand_works_share_one_outline():
    """Half a million pairs in chunks of 20,000: no more at once than a few chunks."""
    shapes = np.array([shapely.LineString([(0, 0), (100, 0)])] * 1000)
    years = np.zeros(1000)
    tracemalloc.start()
    total = sum(len(m) for m in meetings(shapes, years, years + 5, chunk=20_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total == 1000 * 999 // 2
    assert peak < 6_000_000


def test_wrong_input_is_refused():
    with pytest.raises(DataError):
        list(meetings([shapely.Point(0, 0)], [1, 2], [1, 2]))
    with pytest.raises(DataError):
        list(meetings([shapely.Point(0, 0)] * 2, [1, 2], [1, 2], buffer=-1))
