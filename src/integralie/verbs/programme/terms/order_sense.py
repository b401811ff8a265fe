"""Whether pairs of works can be kept in order at all, given the years that are fixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Floats = npt.NDArray[np.float64]


class Pair(NamedTuple):
    """A rule between two rows of works: `order` (with a lag in years), `together` or `apart`."""

    rule: str
    kind: str
    first: int
    second: int
    lag: int

    @property
    def steps(self) -> list[tuple[int, int, int]]:
        """As orders: (earlier, later, lag)."""
        one = (self.first, self.second, self.lag)
        return [one, (self.second, self.first, 0)] if self.kind == "together" else [one]


@dataclass(frozen=True)
class Windows:
    """The years of every row of works: first, last, and whether it must be done; and those of the programme."""

    low: Floats
    high: Floats
    must: npt.NDArray[np.bool_]
    first: float
    last: float

    def needed(self, pairs: list[Pair]) -> npt.NDArray[np.bool_]:
        """What must be done, and all that must come before it."""
        out, grew = self.must.copy(), True
        steps = [s for p in pairs for s in p.steps]
        while grew:
            new = [i for i, j, _ in steps if out[j] and not out[i]]
            grew = bool(new)
            out[new] = True
        return out

    def narrowed(self, pairs: list[Pair], told: bool = False) -> tuple[Floats, Floats]:
        """The years that are left for each work when all pairs are kept.

        What need not be done may take any year of the programme here; with `told` only those of its window.
        """
        free = ~self.needed(pairs) & (not told)
        low, high = np.where(free, self.first, self.low), np.where(free, self.last, self.high)
        steps = [s for p in pairs for s in p.steps]
        changed = True
        while changed and (low <= high).all():
            changed = False
            for i, j, lag in steps:
                if low[i] + lag > low[j]:
                    low[j], changed = low[i] + lag, True
                if high[j] - lag < high[i]:
                    high[i], changed = high[j] - lag, True
        return low, high

    def fits(self, pairs: list[Pair]) -> bool:
        """Whether all pairs can be kept together."""
        rows = sorted({r for p in pairs for r in (p.first, p.second)})
        at = {r: k for k, r in enumerate(rows)}
        own = Windows(self.low[rows], self.high[rows], self.must[rows], self.first, self.last)
        low, high = own.narrowed([p._replace(first=at[p.first], second=at[p.second]) for p in pairs])
        return bool((low <= high).all())

    def never(self, pair: Pair) -> bool:
        """Whether the windows of two works leave no years in which the pair is kept."""
        return any(self.low[i] + lag > self.high[j] for i, j, lag in pair.steps)


def contradicting(windows: Windows, pairs: list[Pair]) -> set[Pair]:
    """The pairs that cannot be kept with those before them; pairs that have nothing to do with each other are told
    apart, so that only where something is wrong they are tried one by one.
    """
    if not pairs:
        return set()
    size = len(windows.low)
    one, two = np.array([(p.first, p.second) for p in pairs]).T
    _, group = connected_components(csr_array((np.ones(len(pairs)), (one, two)), shape=(size, size)), directed=False)
    out: set[Pair] = set()
    by: dict[int, list[Pair]] = {}
    for p in pairs:
        by.setdefault(int(group[p.first]), []).append(p)
    for members in by.values():
        if windows.fits(members):
            continue
        kept: list[Pair] = []
        for p in members:
            if windows.fits([*kept, p]):
                kept.append(p)
            else:
                out.add(p)
    return out


def forced_apart(narrow: tuple[Floats, Floats], kept: list[Pair], apart: list[Pair]) -> set[Pair]:
    """The pairs that should be apart and cannot: only one year is left for both, or another rule keeps them together."""
    low, high = narrow
    size = len(low)
    ties = np.array([(p.first, p.second) for p in kept if p.kind == "together"], np.int64).reshape(-1, 2)
    _, group = connected_components(csr_array((np.ones(len(ties)), ties.T), shape=(size, size)), directed=False)
    return {
        p
        for p in apart
        if group[p.first] == group[p.second] or low[p.first] == high[p.first] == low[p.second] == high[p.second]
    }
