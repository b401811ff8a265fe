"""Counting a plan exactly: what each block costs, what is used of every resource, what is left, in whole numbers.

A plan is a *pick* per work: mode x periods + period, or -1 when it is not done within the horizon.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from integralie.verbs.programme.compiled import kernel, lean
from integralie.verbs.programme.problem import APART, LATER, UNLIMITED, Ints, Problem

BIG = 10**16  # cost of not doing a work that has no exit
NO = 2**60  # cost of what is not allowed
PLENTY = 2**60  # what there is of a resource without limit; two of them still fit in 64 bits
SATURATED = 10**14
MILLION = 1_000_000


@lean
def surcharge(price, amount):
    """What an amount costs at a price in millionths, rounded down to whole cents, without overflow."""
    whole = price * (amount // MILLION) + price * (amount % MILLION) // MILLION
    return min(max(whole, -SATURATED), SATURATED)


@njit(cache=True, _nrt=False)
def dug(b, pick, p, deep):
    """The deepest layer per place and period that the plan of block b opens, -1 is none."""
    periods, places = p.cost.shape[1], p.place[b + 1] - p.place[b]
    for q in range(places):
        for t in range(periods):
            deep[q, t] = -1
    if places == 0:
        return
    for i in range(p.first[b], p.first[b + 1]):
        if pick[i] < 0:
            continue
        a, t = p.alt[i] + pick[i] // periods, pick[i] % periods
        if p.layer[a] < 0:
            continue
        for q in range(places):
            if (p.cover[a] >> q) & 1:
                deep[q, t] = max(deep[q, t], p.layer[a])


@lean
def _take(left, r, t, amount, adds_up):
    if adds_up[r] > 0:
        for later in range(t, left.shape[1]):
            left[r, later] -= amount
    elif t < left.shape[1]:
        left[r, t] -= amount


@lean
def take(b, sign, pick, p, left, deep):
    """Take (sign 1) or give back (sign -1) what the plan of a block uses; tells the deepest layers too."""
    periods = p.cost.shape[1]
    dug(b, pick, p, deep)
    for i in range(p.first[b], p.first[b + 1]):
        if pick[i] < 0:
            continue
        a, t = p.alt[i] + pick[i] // periods, pick[i] % periods
        if p.budget[a] >= 0:
            _take(left, p.budget[a], t, sign * p.cash[a, t if p.cash.shape[1] > 1 else 0], p.adds_up)
        if p.crew[a] >= 0:
            _take(left, p.crew[a], t, sign * p.days[a, t if p.days.shape[1] > 1 else 0], p.adds_up)
        for u in range(p.use_start[a], p.use_start[a + 1]):
            _take(left, p.use_row[u], t + p.use_shift[u], sign * p.use_amount[u], p.adds_up)
    for q in range(p.place[b + 1] - p.place[b]):
        s = p.place[b] + q
        for t in range(periods):
            k = deep[q, t]
            if k < 0:
                continue
            if p.open_budget[s] >= 0:
                cash = p.open_cash[s, t if p.open_cash.shape[1] > 1 else 0, k]
                _take(left, p.open_budget[s], t, sign * cash, p.adds_up)
            for u in range(p.open_start[s], p.open_start[s + 1]):
                _take(left, p.open_row[u], t, sign * p.open_amount[u, k], p.adds_up)


@lean
def broken(b, pick, p):
    """Whether the plan of a block breaks one of its ties."""
    periods, f = p.cost.shape[1], p.first[b]
    for k in range(p.tie_start[b], p.tie_start[b + 1]):
        i, j, kind = pick[f + p.tie[k, 0]], pick[f + p.tie[k, 1]], p.tie[k, 2]
        if j < 0 or (kind == APART and i < 0):
            continue
        if i < 0:
            return True
        gap = j % periods - i % periods
        if gap < 0 and kind != APART or gap == 0 and (kind == APART or kind == LATER):
            return True
    return False


@njit(cache=True, _nrt=False)
def rest_cost(s, deep_row, p):
    """What the openings of one place pay for coming too early; NO where that is forbidden."""
    total, last = 0, p.at[0] - p.since[s]
    for t in range(len(deep_row)):
        if deep_row[t] < 0:
            continue
        lack = p.rest[s] - (p.at[t] - last)
        if lack > 0:
            total = min(total + (p.rest_price[s, t] * lack if p.rest_price[s, t] >= 0 else NO), NO)
        last = p.at[t]
    return total


@njit(cache=True, _nrt=False)
def crowding(b, pick, p):
    """What block b pays for more works that open in one period than its contract bears."""
    if p.crowd_price[b] == 0:
        return 0
    periods, total = p.cost.shape[1], 0
    for t in range(periods):
        count = 0
        for i in range(p.first[b], p.first[b + 1]):
            if pick[i] >= 0 and pick[i] % periods == t and p.layer[p.alt[i] + pick[i] // periods] >= 0:
                count += 1
        total += max(count - p.crowd[b], 0) * p.crowd_price[b]
    return total


@lean
def unit_cost(b, pick, p, deep):
    """What the plan of one block costs in whole cents: works, openings, openings too early, contracts too large."""
    periods, total = p.cost.shape[1], 0
    dug(b, pick, p, deep)
    for i in range(p.first[b], p.first[b + 1]):
        if pick[i] < 0:
            total = min(total + min(p.defer[i], BIG), NO)
        else:
            total = min(total + p.cost[p.alt[i] + pick[i] // periods, pick[i] % periods], NO)
    for q in range(p.place[b + 1] - p.place[b]):
        s = p.place[b] + q
        for t in range(periods):
            if deep[q, t] >= 0:
                total = min(total + p.open_cost[s, t, deep[q, t]], NO)
        total = min(total + rest_cost(s, deep[q], p), NO)
    if p.tie_start[b + 1] > p.tie_start[b] and broken(b, pick, p):
        return NO
    return min(total + crowding(b, pick, p), NO)


@lean
def most_places(p):
    """The largest number of places of a block, at least 1."""
    most = 1
    for b in range(len(p.place) - 1):
        most = max(most, p.place[b + 1] - p.place[b])
    return most


@kernel
def all_costs(pick, p):
    """What each block costs."""
    deep, total = np.empty((most_places(p), p.cost.shape[1]), np.int64), np.empty(len(p.crowd), np.int64)
    for b in range(len(p.crowd)):
        total[b] = unit_cost(b, pick, p, deep)
    return total


@kernel
def group_use(pick, p, group, groups):
    """What a plan uses per group of blocks, resource and period (G, R, T)."""
    deep = np.empty((most_places(p), p.cost.shape[1]), np.int64)
    left = np.zeros((groups, p.capacity.shape[0], p.cost.shape[1]), np.int64)
    for b in range(len(p.crowd)):
        take(b, np.int64(-1), pick, p, left[group[b]], deep)
    return left


@kernel
def part_use(pick, p, chosen):
    """What the plans of the chosen blocks use per resource and period (R, T)."""
    deep = np.empty((most_places(p), p.cost.shape[1]), np.int64)
    left = np.zeros((p.capacity.shape[0], p.cost.shape[1]), np.int64)
    for b in chosen:
        take(b, np.int64(-1), pick, p, left, deep)
    return left


@lean
def row_room(r, left, p, out):
    """How much more of one resource may be used in each period; below zero where too much is used already."""
    periods = left.shape[1]
    for t in range(periods):
        out[t] = left[r, t]
    if p.adds_up[r] > 0:
        for t in range(periods - 2, -1, -1):
            out[t] = min(out[t], out[t + 1])
        return
    kept, any_kept = 0, False
    for t in range(periods - 1):
        any_kept = any_kept or p.carry[r, t] > 0
    if not any_kept:
        return
    for t in range(periods):
        out[t] += kept
        kept = min(p.carry[r, t], max(out[t], 0))
    for t in range(periods - 2, -1, -1):
        kept = min(p.carry[r, t], max(out[t], 0))
        out[t] = min(out[t], out[t] - kept + out[t + 1])


@lean
def fits(r, left, p, out):
    """Whether a hard resource is kept; `out` becomes its room."""
    row_room(r, left, p, out)
    for t in range(left.shape[1]):
        if out[t] < 0:
            return False
    return True


@lean
def _rounded_up(price, amount):
    return price * (amount // MILLION) + -(-(price * (amount % MILLION)) // MILLION)


@lean
def extra_at(r, t, left, p):
    """What one resource costs in one period above what blocks pay: use above capacity, use below the least."""
    total = 0
    if p.soft[r] > 0 and left < 0:
        over = -left
        for k in range(p.soft[r]):
            part = over if k == p.soft[r] - 1 else min(over, p.width[r, k])
            total += _rounded_up(p.slope[r, k], part)
            over -= part
            if over <= 0:
                break
    if p.least_price[r] > 0:
        limit = PLENTY if p.capacity[r, t] == UNLIMITED else p.capacity[r, t]
        short = p.least[r, t] - (limit - left)
        if short > 0:
            total += _rounded_up(p.least_price[r], short)
    return total


@lean
def row_extra(r, left, p):
    """What one resource costs above what blocks pay, over all periods."""
    total = 0
    if p.soft[r] > 0 or p.least_price[r] > 0:
        for t in range(left.shape[1]):
            total += extra_at(r, t, left[r, t], p)
    return total


@kernel
def all_room(left, p):
    out = np.empty(left.shape, np.int64)
    for r in range(left.shape[0]):
        row_room(r, left, p, out[r])
    return out


@kernel
def all_extra(left, p):
    total = 0
    for r in range(left.shape[0]):
        total += row_extra(r, left, p)
    return total


def usage(problem: Problem, pick: Ints) -> Ints:
    """What a plan uses of each resource in each period (R, T)."""
    return group_use(pick, problem.arrays, np.zeros(problem.units, np.int64), 1)[0]  # type: ignore[no-any-return]


def left_of(problem: Problem, used: Ints) -> Ints:
    """What is left of each resource in each period, before anything is carried over."""
    return np.where(problem.arrays.capacity == UNLIMITED, PLENTY, problem.arrays.capacity) - used


def room(problem: Problem, used: Ints) -> Ints:
    """How much more could be used in each period, with what is carried over."""
    return all_room(left_of(problem, used), problem.arrays)  # type: ignore[no-any-return]


def unit_costs(problem: Problem, pick: Ints) -> Ints:
    """What each block costs, in whole cents."""
    return all_costs(pick, problem.arrays)  # type: ignore[no-any-return]


def total_cost(problem: Problem, pick: Ints, used: Any = None) -> int:
    """What a whole plan costs, in whole cents: its blocks, and resources above or below their limits."""
    used = usage(problem, pick) if used is None else used
    return sum(unit_costs(problem, pick).tolist()) + int(all_extra(left_of(problem, used), problem.arrays))


def keeps(problem: Problem, used: Ints) -> bool:
    """Whether all hard limits are kept."""
    hard = problem.arrays.soft == 0
    return bool((room(problem, used)[hard] >= 0).all())
