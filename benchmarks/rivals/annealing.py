"""Simulated annealing on years, from the greedy programme: one work moves, two exchange, a whole opening moves.

Every programme it keeps is within all limits. The temperature falls with the clock, from a share of the mean cost of
a work to a thousandth of that.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numba import njit

from integralie.verbs.programme import count
from integralie.verbs.programme.count import NO, row_extra, take, unit_cost
from integralie.verbs.programme.fitting import whole
from integralie.verbs.programme.problem import Problem
from rivals.answer import Answer
from rivals.greedy import built
from rivals.moves import options, tools, value

HOT, COLD = 0.3, 0.0003  # first and last temperature, as a share of the mean cost of a work
BATCH = 20_000  # tries between two looks at the clock
MOST_MOVED = 12


@njit(cache=True)
def _allowed(i, new, start, pick_of):
    for k in range(start[i], start[i + 1]):  # noqa: SIM110
        if pick_of[k] == new:
            return True
    return False


@njit(cache=True)
def _draw(pick, unit, start, pick_of, periods, p, moved, wanted):
    """A random change of a few works: how many, which, and their new picks."""
    i = np.random.randint(0, len(pick))
    new, kind = pick_of[np.random.randint(start[i], start[i + 1])], np.random.random()
    moved[0], wanted[0] = i, new
    if kind < 0.5 or pick[i] < 0:
        return 1
    old, b = pick[i], unit[i]
    if kind < 0.75:  # the whole opening moves along
        count = 1
        for j in range(p.first[b], p.first[b + 1]):
            if j == i or pick[j] < 0 or pick[j] % periods != old % periods or new < 0 or count == MOST_MOVED:
                continue
            to = pick[j] - pick[j] % periods + new % periods
            if _allowed(j, to, start, pick_of):
                moved[count], wanted[count] = j, to
                count += 1
        return count
    j = np.random.randint(0, len(pick))  # another work takes the place in the other direction
    if j == i or new < 0 or pick[j] < 0 or pick[j] % periods != new % periods:
        return 1
    to = pick[j] - pick[j] % periods + old % periods
    if not _allowed(j, to, start, pick_of):
        return 1
    moved[1], wanted[1] = j, to
    return 2


@njit(cache=True)
def _give(count, moved, picks, pick, unit, left, p, deep):
    """Give works their picks, block by block."""
    for x in range(count):
        take(unit[moved[x]], -1, pick, p, left, deep)
        pick[moved[x]] = picks[x]
        take(unit[moved[x]], 1, pick, p, left, deep)


@njit(cache=True)
def _blocks(count, moved, pick, unit, left, p, deep):
    """What the touched blocks cost, with the bending limits that they can use (those of two blocks counted once)."""
    total = value(unit[moved[0]], pick, left, p, deep)
    if count == 2 and unit[moved[1]] != unit[moved[0]]:
        total += unit_cost(unit[moved[1]], pick, p, deep)
        for x in range(p.own_start[unit[moved[1]]], p.own_start[unit[moved[1]] + 1]):
            r, known = p.own[x], False
            if p.soft[r] == 0 and p.least_price[r] == 0:
                continue
            for y in range(p.own_start[unit[moved[0]]], p.own_start[unit[moved[0]] + 1]):
                known = known or p.own[y] == r
            if not known:
                total += row_extra(r, left, p)
    return total


@njit(cache=True)
def _anneal(tries, seed, hot, cold, pick, best, score, unit, start, pick_of, left, p, deep, roomy):
    """Some tries at falling temperature; `score` holds the cost now and the least of all."""
    np.random.seed(seed)
    moved, wanted, old = np.empty(MOST_MOVED, np.int64), np.empty(MOST_MOVED, np.int64), np.empty(MOST_MOVED, np.int64)
    periods = p.cost.shape[1]
    for n in range(tries):
        many = _draw(pick, unit, start, pick_of, periods, p, moved, wanted)
        for x in range(many):
            old[x] = pick[moved[x]]
        before = _blocks(many, moved, pick, unit, left, p, deep)
        _give(many, moved, wanted, pick, unit, left, p, deep)
        change = _blocks(many, moved, pick, unit, left, p, deep) - before
        warm = hot * (cold / hot) ** (n / tries)
        kept = change < NO // 2 and change <= -warm * np.log(1.0 - np.random.random())
        for x in range(many):
            kept = kept and whole(unit[moved[x]], left, p, roomy)
        if not kept:
            _give(many, moved, old, pick, unit, left, p, deep)
            continue
        score[0] += change
        if score[0] < score[1]:
            score[1] = score[0]
            best[:] = pick


def solve(problem: Problem, seconds: float, seed: int, seen: Any) -> Answer:
    """Annealed until the clock stops it."""
    begin = time.monotonic()
    pick = built(problem, begin + seconds / 4, sweeps=1)
    now = count.total_cost(problem, pick)
    seen(now)
    left, best, score = count.left_of(problem, count.usage(problem, pick)), pick.copy(), np.array([now, now])
    mean, random = abs(now) / max(problem.works, 1), np.random.default_rng(seed)
    rest = (problem.unit_of, *options(problem), left, problem.arrays, *tools(problem))
    first, tries = time.monotonic(), 0
    while (spent := (time.monotonic() - begin) / seconds) < 1 and problem.works:
        hot = HOT * mean * (COLD / HOT) ** spent
        _anneal(BATCH, int(random.integers(2**31)), hot, hot, pick, best, score, *rest)
        tries += BATCH
        seen(int(score[1]))
    return Answer(best, note=f"{tries / max(time.monotonic() - first, 1e-9):,.0f} tries a second")
