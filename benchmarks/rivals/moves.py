"""Compiled moves of single works, shared by the heuristic rivals: every plan that they keep is within all limits.

Costs and limits are counted by the engine's own `count`, so that no rival can be better by counting otherwise.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from integralie.verbs.programme.count import NO, row_extra, take, unit_cost
from integralie.verbs.programme.fitting import whole
from integralie.verbs.programme.problem import FORBIDDEN, Ints, Problem


def options(problem: Problem) -> tuple[Ints, Ints]:
    """What every work may pick: starts, and picks (mode x periods + period, and -1 where it has an exit)."""
    p, periods = problem.arrays, problem.periods
    row, period = np.nonzero(p.cost < FORBIDDEN)
    work = problem.work_of[row]
    free = np.flatnonzero(p.defer < FORBIDDEN)
    owner = np.concatenate([work, free])
    pick = np.concatenate([(row - p.alt[work]) * periods + period, np.full(len(free), -1)])
    by = np.lexsort((pick, owner))
    return np.searchsorted(owner[by], np.arange(problem.works + 1)), pick[by]


def due(problem: Problem) -> tuple[Ints, Ints]:
    """The cheapest row and period of every work, its opening not counted: what its owner calls due."""
    p = problem.arrays
    best = p.cost.argmin(axis=1)
    least = p.cost[np.arange(len(best)), best]
    by = np.lexsort((least, problem.work_of))
    lead = by[np.searchsorted(problem.work_of[by], np.arange(problem.works))]
    return lead - p.alt[:-1], best[lead]


def tools(problem: Problem) -> Any:
    """Scratch arrays for the kernels."""
    p = problem.arrays
    places = int(np.diff(p.place).max(initial=1))
    return np.empty((places, problem.periods), np.int64), np.empty(p.capacity.shape, np.int64)


@njit(cache=True)
def extras(rows, left, p):
    """What some resources cost above what blocks pay."""
    total = 0
    for r in rows:
        total += row_extra(r, left, p)
    return total


@njit(inline="always")
def put(i, b, new, pick, left, p, deep):
    """Give one work another pick."""
    take(b, -1, pick, p, left, deep)
    pick[i] = new
    take(b, 1, pick, p, left, deep)


@njit(inline="always")
def value(b, pick, left, p, deep):
    """What block b costs, with the bending limits that it can use."""
    total = unit_cost(b, pick, p, deep)
    for x in range(p.own_start[b], p.own_start[b + 1]):
        total += row_extra(p.own[x], left, p)
    return total


@njit(cache=True)
def tried(i, b, new, pick, left, p, deep, roomy):
    """Give one work another pick if that is allowed and fits; tells whether it did."""
    old = pick[i]
    put(i, b, new, pick, left, p, deep)
    if unit_cost(b, pick, p, deep) < NO and whole(b, left, p, roomy):
        return True
    put(i, b, old, pick, left, p, deep)
    return False


@njit(cache=True)
def cheapest(i, b, start, pick_of, pick, left, p, deep, roomy):
    """Give one work the pick that costs least of all that fit; tells what was gained."""
    old = pick[i]
    before = value(b, pick, left, p, deep)
    best, least = old, before
    for k in range(start[i], start[i + 1]):
        if pick_of[k] == old:
            continue
        put(i, b, pick_of[k], pick, left, p, deep)
        cost = value(b, pick, left, p, deep)
        if cost < least and whole(b, left, p, roomy):
            best, least = pick_of[k], cost
    put(i, b, best, pick, left, p, deep)
    return before - least
