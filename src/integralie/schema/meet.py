"""Which windows meet: every pair of works that lie near each other in overlapping years, found exactly and in bulk.

Works that share an outline share its geometry, so the plane is searched once per outline. Pairs come in chunks: memory
grows with the number of works and of neighbouring outlines, never with the number of pairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely import STRtree

from integralie.errors import DataError

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
CHUNK = 1_000_000  # pairs that are held at once


@dataclass(frozen=True)
class Meetings:
    """A chunk of pairs: position of both works (`one` begins first), and metres between their outlines."""

    one: Ints
    two: Ints
    distance: Floats

    def __len__(self) -> int:
        return len(self.one)


@dataclass(frozen=True)
class Near:
    """Outlines that lie within reach of each other, in rows sorted by `left`; each pair stands in both directions,
    each outline beside itself.
    """

    left: Ints
    right: Ints
    distance: Floats


def outlines(shapes: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.object_], Ints]:
    """The distinct outlines, and which of them each work has; -1 for a work without a place."""
    made = np.full(len(shapes), -1, np.int64)
    there = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    if not len(there):
        return shapes[:0], made
    bytes_ = shapely.to_wkb(shapes[there], byte_order=1)
    seen: dict[bytes, int] = {}
    made[there] = [seen.setdefault(b, len(seen)) for b in bytes_]
    _, first = np.unique(made[there], return_index=True)
    return shapes[there][first], made


def near(shapes: npt.NDArray[np.object_], reach: Floats, first: Floats, last: Floats) -> Near:
    """All pairs of outlines no farther apart than the sum of their reaches (m) whose spans of years overlap.

    Boxes are searched first, then years, and only what is left is measured, each pair once.
    """
    west, south, east, north = shapely.bounds(shapes).T
    boxes = shapely.box(west - reach, south - reach, east + reach, north + reach)
    left, right = STRtree(boxes).query(boxes)
    keep = left < right
    left, right = left[keep], right[keep]
    keep = (first[left] <= last[right]) & (first[right] <= last[left])
    left, right = left[keep], right[keep]
    shapely.prepare(shapes)
    far = shapely.distance(shapes[left], shapes[right])
    keep = far <= reach[left] + reach[right]
    own = np.arange(len(shapes))
    one, two = np.concatenate([left[keep], right[keep], own]), np.concatenate([right[keep], left[keep], own])
    far = np.concatenate([far[keep], far[keep], np.zeros(len(own))])
    order = np.lexsort((two, one))
    return Near(one[order].astype(np.int64), two[order].astype(np.int64), far[order])


def meetings(
    shapes: npt.ArrayLike,
    first: npt.ArrayLike,
    last: npt.ArrayLike,
    buffer: npt.ArrayLike = 0.0,
    slack: float = 0.0,
    chunk: int = CHUNK,
) -> Iterator[Meetings]:
    """Every pair of works whose outlines, each widened by its buffer, touch, and whose windows overlap; each pair once.

    `first` and `last` are the first and last period of each window (inclusive); `slack` also lets windows meet that lie
    so many periods apart. `buffer` is in metres, per work or one number. A work without a place, or whose window is
    unknown, meets nothing.

    Raises
        DataError when lengths differ or a buffer is negative.

    >>> line = shapely.linestrings([[[0, 0], [10, 0]], [[0, 3], [10, 3]], [[0, 99], [10, 99]]])
    >>> [(m.one.tolist(), m.two.tolist()) for m in meetings(line, [2027, 2029, 2027], [2030, 2031, 2040], buffer=2)]
    [([0], [1])]
    """
    places = np.asarray(shapes, dtype=object)
    start, end = np.asarray(first, float), np.asarray(last, float) + slack
    wide = np.broadcast_to(np.asarray(buffer, float), start.shape)
    if not len(places) == len(start) == len(end):
        raise DataError(
            f"There are {len(places)} places, {len(start)} first and {len(end)} last periods; give one each."
        )
    if (wide < 0).any():
        raise DataError("A buffer is negative; give metres, zero or more.")
    unique, outline = outlines(places)
    known = np.flatnonzero((outline >= 0) & np.isfinite(start) & np.isfinite(end) & (end >= start))
    if len(known) < 2:
        return
    reach, soon, late = np.zeros(len(unique)), np.full(len(unique), np.inf), np.full(len(unique), -np.inf)
    np.maximum.at(reach, outline[known], wide[known])
    np.minimum.at(soon, outline[known], start[known])
    np.maximum.at(late, outline[known], end[known])
    yield from _sweep(near(unique, reach, soon, late), outline, start, end, wide, known, chunk)


def _sweep(
    pairs: Near, outline: Ints, start: Floats, end: Floats, wide: Floats, known: Ints, chunk: int
) -> Iterator[Meetings]:
    """Pairs in overlapping windows: of two that overlap, one begins within the window of the other.

    Works are ranked by their first period. In each outline near that of a work its partners are those of a higher rank
    that begin before it ends: one contiguous run of the works sorted by outline and rank.
    """
    ranked = known[np.lexsort((known, start[known]))]
    rank = np.full(len(outline), -1, np.int64)
    rank[ranked] = np.arange(len(ranked))
    by_place = ranked[np.argsort(outline[ranked], kind="stable")]
    size = len(ranked) + 1
    key = outline[by_place] * size + rank[by_place]
    until = np.searchsorted(start[ranked], end[ranked], side="right")  # how many begin before each one ends
    row = np.searchsorted(pairs.left, outline[ranked], side="left")
    many = np.searchsorted(pairs.left, outline[ranked], side="right") - row
    for lo, hi in _portions(many, chunk):
        who = np.repeat(np.arange(lo, hi), many[lo:hi])
        at = row[who] + _steps(many[lo:hi])
        base = pairs.right[at] * size
        begin = np.searchsorted(key, base + who, side="right")
        count = np.searchsorted(key, base + until[who], side="left") - begin
        for i, j in _portions(count, chunk):
            got = count[i:j]
            two = by_place[np.repeat(begin[i:j], got) + _steps(got)]
            one, far = np.repeat(ranked[who[i:j]], got), np.repeat(pairs.distance[at[i:j]], got)
            keep = far <= wide[one] + wide[two]
            if keep.any():
                yield Meetings(one[keep], two[keep], far[keep])


def _steps(counts: Ints) -> Ints:
    """0, 1, 2 ... within each run of that many."""
    return np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)


def _portions(counts: Ints, most: int) -> Iterator[tuple[int, int]]:
    """Ranges of runs that hold about `most` together (a single longer run stays whole)."""
    total = np.concatenate([[0], np.cumsum(counts)])
    lo = 0
    while lo < len(counts):
        hi = max(lo + 1, int(np.searchsorted(total, total[lo] + most, side="right")) - 1)
        yield lo, hi
        lo = hi


def brute(
    shapes: npt.ArrayLike, first: Floats, last: Floats, buffer: Floats, slack: float = 0.0
) -> set[tuple[int, int]]:
    """The same pairs by looking at every pair: for tests, and to check a sample."""
    places = np.asarray(shapes, dtype=object)
    out = set()
    for i in range(len(places)):
        for j in range(i + 1, len(places)):
            if places[i] is None or places[j] is None or places[i].is_empty or places[j].is_empty:
                continue
            apart = max(first[i], first[j]) - min(last[i], last[j])
            if apart <= slack and places[i].distance(places[j]) <= buffer[i] + buffer[j]:
                out.add((i, j))
    return out
