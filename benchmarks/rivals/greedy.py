"""Most benefit per euro first: each work in the cheapest year that fits; then repair, work by work, until none gains."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numba import njit

from integralie.verbs.programme import count
from integralie.verbs.programme.problem import Ints, Problem
from rivals.answer import Answer, empty
from rivals.moves import cheapest, due, options, tools

SWEEPS = 4


@njit(cache=True)
def _sweep(order, unit, start, pick_of, pick, left, p, deep, roomy):
    gained = 0
    for i in order:
        gained += cheapest(i, unit[i], start, pick_of, pick, left, p, deep, roomy)
    return gained


def ranked(problem: Problem) -> Ints:
    """Works by what doing them is worth per euro that it takes, most first."""
    p = problem.arrays
    mode, when = due(problem)
    row = p.alt[:-1] + mode
    worth = np.minimum(p.defer, count.BIG) - p.cost[row, when]
    return np.argsort(-worth / np.maximum(p.cash[row, 0], 1), kind="stable")


def built(problem: Problem, until: float, sweeps: int = SWEEPS) -> Ints:
    """The programme, and its repair as far as time allows."""
    pick = empty(problem)
    left = count.left_of(problem, count.usage(problem, pick))
    order, (start, pick_of) = ranked(problem), options(problem)
    for _ in range(1 + sweeps):
        gained = _sweep(order, problem.unit_of, start, pick_of, pick, left, problem.arrays, *tools(problem))
        if gained <= 0 or time.monotonic() > until:
            break
    return pick


def solve(problem: Problem, seconds: float, seed: int, seen: Any) -> Answer:
    """A greedy programme; always within all limits."""
    pick = built(problem, time.monotonic() + seconds)
    seen(count.total_cost(problem, pick))
    return Answer(pick)
