"""What a rival hands in, and the notes of when it found what."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from integralie.verbs.programme import count
from integralie.verbs.programme.problem import Ints, Problem


@dataclass
class Answer:
    """A pick per work; `bound` in cents where the method proves one; `note` where something should be told; `more` holds
    further figures in euros.
    """

    pick: Ints | None
    bound: float | None = None
    note: str = ""
    more: dict[str, float] = field(default_factory=dict)


@dataclass
class Trail:
    """When programmes of which cost (cents) were found; only better ones are noted."""

    begin: float = field(default_factory=time.monotonic)
    points: list[tuple[float, int]] = field(default_factory=list)

    def __call__(self, cost: float) -> None:
        if not self.points or cost < self.points[-1][1]:
            self.points.append((round(time.monotonic() - self.begin, 3), int(cost)))


def violation(problem: Problem, pick: Ints) -> dict[str, Any]:
    """The worst overdraft of a hard limit in hundredths of its unit (cents), and blocks that break a rule."""
    room = count.room(problem, count.usage(problem, pick))[problem.arrays.soft == 0]
    broken = int((count.unit_costs(problem, pick) >= count.NO).sum())
    return {"over": int(max(-room.min(initial=0), 0)), "broken": broken}


def empty(problem: Problem) -> Ints:
    """What must be done and nothing else: where every heuristic begins."""
    from integralie.verbs.programme.problem import needed_by_fixed

    return np.ascontiguousarray(needed_by_fixed(problem))
