"""The streets of a synthetic town: blocks, places, neighbourhoods, main roads, and the numbers of its resource rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

PER_HOOD = 60  # blocks in a neighbourhood
MAIN = 0.06  # share of places on a main road
CLIQUE = 3  # parallel main roads of which one may be open at a time
MEAN_WORKS = 3.75
BUDGETS, CREWS, GOALS = 5, 7, 3


@dataclass
class Rows:
    """Where each kind of resource begins: budgets, crews, caps, cliques, nuisance, goals."""

    caps: int
    cliques: int
    nuisance: int
    goals: int

    @property
    def many(self) -> int:
        return self.goals + GOALS


@dataclass
class Town:
    """Works (block, discipline, first place, places covered) and places (cost, shares, rows they use)."""

    blocks: int
    places: int
    hoods: int
    block: Any  # (W,)
    discipline: Any  # (W,)
    first: Any  # (W,) first place that the work opens
    length: Any  # (W,) places that it opens
    opening: Any  # (P,) euros
    user: Any  # (P,) share of that: time lost by traffic
    nuisance: Any  # (P,) share of that: residents
    hindrance: Any  # (P,) what an opening adds to the nuisance of its neighbourhood
    main: Any  # (P,)
    rows: Rows
    caps_of: Any  # (P,) resource row
    nuisance_of: Any  # (P,)
    clique_of: Any  # (P,) resource row; -1 off the main roads
    tied: Any = field(default_factory=lambda: np.zeros(0, np.int64))


def town(works: int, random: np.random.Generator) -> Town:
    """A town with about so many works."""
    blocks = max(int(works / MEAN_WORKS), 2)
    sections = np.where(random.random(blocks) < 0.75, 1, random.integers(2, 4, blocks))
    begin = np.cumsum(sections) - sections
    block, discipline = _works(blocks, sections, random)
    length = np.minimum(random.integers(1, 3, len(block)), sections[block])
    shift = (random.random(len(block)) * (sections[block] - length + 1)).astype(np.int64)
    places = int(sections.sum())
    hoods = max(blocks // PER_HOOD, 1)
    hood = np.repeat(np.arange(blocks) * hoods // blocks, sections)
    main = random.random(places) < MAIN
    cliques = -(-int(main.sum()) // CLIQUE)
    rows = Rows(BUDGETS + CREWS, BUDGETS + CREWS + hoods, BUDGETS + CREWS + hoods + cliques, 0)
    rows.goals = rows.nuisance + hoods
    clique = np.full(places, -1)
    clique[main] = rows.cliques + np.arange(int(main.sum())) // CLIQUE
    opening = random.uniform(15, 50, places) * 1000 * np.where(main, 1.5, 1.0)
    user, nuisance = np.where(main, 0.35, 0.1), np.where(main, 0.05, 0.15)
    hindrance = np.round(random.uniform(5, 60, places), 1)
    return Town(
        blocks, places, hoods, block, discipline, begin[block] + shift, length, opening, user, nuisance, hindrance,
        main, rows, rows.caps + hood, rows.nuisance + hood, clique,
    )  # fmt: skip


def _works(blocks: int, sections: Any, random: np.random.Generator) -> tuple[Any, Any]:
    """The block and discipline of every work: two to six different disciplines in a block, more in a chain."""
    size = np.clip(random.integers(2, 6, blocks) + (sections > 1), 2, CREWS)
    rank = np.argsort(random.random((blocks, CREWS)), axis=1)
    taken = np.arange(CREWS)[None, :] < size[:, None]
    return np.nonzero(taken)[0], rank[taken]
