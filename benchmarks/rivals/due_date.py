"""Today's practice: works in order of their due date, joining an opening of the street within five years of it.

A work that does not fit in its year, within budgets, crews and rules, waits for the next year that has room, then
tries earlier ones, and is put off beyond the horizon when there is none.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from integralie.verbs.programme import count
from integralie.verbs.programme.problem import Problem
from rivals.answer import Answer, empty
from rivals.moves import due, tools, tried

JOIN = 5  # years before or after the due date within which an opening of the same street is joined
PASSES = 2  # a work that had to wait for another that must come first is offered once more


@njit(cache=True)
def _near(i, b, mode, at, pick, p):
    """The opened period nearest to `at` in which work i may join, within so many years; -1 is none."""
    periods, best = p.cost.shape[1], -1
    for j in range(p.first[b], p.first[b + 1]):
        if j == i or pick[j] < 0 or p.layer[p.alt[j] + pick[j] // periods] < 0:
            continue
        if not p.cover[p.alt[j] + pick[j] // periods] & p.cover[p.alt[i] + mode]:
            continue
        t = pick[j] % periods
        gap = abs(p.at[t] - p.at[at])
        if gap <= JOIN and (best < 0 or gap < abs(p.at[best] - p.at[at])):
            best = t
    return best


@njit(cache=True)
def _plan(order, unit, mode, when, pick, left, p, deep, roomy):
    periods = p.cost.shape[1]
    for i in order:
        b, m, t = unit[i], mode[i], when[i]
        if pick[i] >= 0:
            continue
        a = p.alt[i] + m
        joined = _near(i, b, m, t, pick, p) if p.layer[a] >= 0 else -1
        if (
            joined >= 0
            and p.cost[a, joined] < count.NO
            and tried(i, b, m * periods + joined, pick, left, p, deep, roomy)
        ):
            continue
        for step in range(2 * periods):
            u = t + step if step < periods else t - (step - periods) - 1
            if u < 0 or u >= periods or p.cost[a, u] >= count.NO:
                continue
            if tried(i, b, m * periods + u, pick, left, p, deep, roomy):
                break


def solve(problem: Problem, seconds: float, seed: int, seen: Any) -> Answer:
    """A programme as it would be made by hand; always within all limits."""
    pick = empty(problem)
    left = count.left_of(problem, count.usage(problem, pick))
    mode, when = due(problem)
    order = np.lexsort((np.arange(problem.works), when))
    for _ in range(PASSES):
        _plan(order, problem.unit_of, mode, when, pick, left, problem.arrays, *tools(problem))
    seen(count.total_cost(problem, pick))
    return Answer(pick)
