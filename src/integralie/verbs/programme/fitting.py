"""One block at a time under what is truly left: the compiled part of rounding and improving."""

from __future__ import annotations

import numpy as np
from numba import njit

from integralie.verbs.programme.oracle import BIG, MOST_SETS, NO, cheapest

TRIES = 8  # times that a block may be asked again with dearer rows before it keeps the plan it has


@njit(cache=True)
def unit_use(b, sign, left, period, cash, days, budget, crew, layer, first, open_cash, open_budget, deepest):
    """Take (sign 1) or give back (sign -1) what the plan of a unit uses; tells the deepest layer per period."""
    periods = cash.shape[1]
    deepest[:] = -1
    for i in range(first[b], first[b + 1]):
        t = period[i]
        if t >= periods:
            continue
        deepest[t] = max(deepest[t], layer[i])
        if budget[i] >= 0:
            left[budget[i], t] -= sign * cash[i, t]
        if crew[i] >= 0:
            left[crew[i], t] -= sign * days[i, t]
    if open_budget[b] >= 0:
        for t in range(periods):
            if deepest[t] >= 0:
                left[open_budget[b], t] -= sign * open_cash[b, t, deepest[t]]


@njit(cache=True)
def _measure(b, period, c, late, f, q, first, rest, since, deepest):
    """The priced cost of the plan of a unit."""
    total, last = 0.0, -since[b]
    for i in range(first[b], first[b + 1]):
        j, t = i - first[b], period[i]
        total += late[j] if t >= c.shape[0 + 1] else c[j, t]
    for t in range(c.shape[1]):
        if deepest[t] >= 0:
            total += f[t, deepest[t]]
            if t - last < rest[b]:
                total += q[t] * (rest[b] - t + last) if q[0] >= 0 else float(NO)
            last = t
    return total


@njit(cache=True)
def _short(b, left, capacity, budget, crew, first, open_budget, dearer, natural, factor):
    """Whether a unit overdraws a row that it uses; those rows become dearer for it."""
    short = False
    for r in range(left.shape[0]):
        mine = open_budget[b] == r
        for i in range(first[b], first[b + 1]):
            mine = mine or budget[i] == r or crew[i] == r
        if not mine:
            continue
        for t in range(left.shape[1]):
            if capacity[r, t] >= 0 and left[r, t] < 0:
                dearer[r, t] += factor * natural[r]
                short = True
    return short


@njit(cache=True)
def _lay(
    b, price, dearer, left, capacity, cost, cash, days, budget, crew, first, open_cost, open_cash, open_budget, c, f
):
    """Prices laid on one unit; an option that does not fit by itself is no option."""
    periods = c.shape[1]
    for i in range(first[b], first[b + 1]):
        j = i - first[b]
        for t in range(periods):
            c[j, t] = cost[i, t]
            for r, amount in ((budget[i], cash[i, t]), (crew[i], days[i, t])):
                if r >= 0 and c[j, t] < NO:
                    c[j, t] += (price[r, t] + dearer[r, t]) * amount
                    if capacity[r, t] >= 0 and amount > left[r, t]:
                        c[j, t] = NO
    r = open_budget[b]
    for t in range(periods):
        for k in range(f.shape[1]):
            f[t, k] = open_cost[b, t, k]
            if r >= 0:
                f[t, k] += (price[r, t] + dearer[r, t]) * open_cash[b, t, k]
                if capacity[r, t] >= 0 and open_cash[b, t, k] > left[r, t]:
                    f[t, k] = NO


@njit(cache=True)
def refit(order, price, natural, period, left, cost, defer, cash, days, budget, crew, layer, first, open_cost, open_cash, open_budget, rest, rest_price, since, capacity):  # fmt: skip
    """Give each unit in turn its cheapest plan within what is left; returns how many changed.

    `period` and `left` are changed in place, and stay feasible throughout: a unit gives back what it uses, is asked
    for its cheapest plan at the prices, and keeps its old plan when the new one is not cheaper or does not fit.
    """
    periods, layers, most, changed = cost.shape[1], open_cost.shape[2], 1, 0
    for b in order:
        most = max(most, first[b + 1] - first[b])
    work = np.empty((2 + 2 * periods, 1 << min(most, MOST_SETS)), np.float64)
    path, tail = np.empty((periods + 1, most)), np.empty((most, periods + 1))
    c, late, f, q = np.empty((most, periods)), np.empty(most), np.empty((periods, layers)), np.empty(periods)
    choice, old = np.empty(most, np.int64), np.empty(most, np.int64)
    deepest, dearer = np.empty(periods, np.int64), np.zeros(left.shape)
    for b in order:
        n, i0 = first[b + 1] - first[b], first[b]
        unit_use(b, -1, left, period, cash, days, budget, crew, layer, first, open_cash, open_budget, deepest)
        for j in range(n):
            late[j], old[j] = min(defer[i0 + j], BIG), period[i0 + j]
        for t in range(periods):
            q[t] = rest_price[b, t]
        dirty, before = False, 0.0
        for attempt in range(TRIES):
            _lay(
                b,
                price,
                dearer,
                left,
                capacity,
                cost,
                cash,
                days,
                budget,
                crew,
                first,
                open_cost,
                open_cash,
                open_budget,
                c,
                f,
            )
            if attempt == 0:
                before = _measure(b, period, c, late, f, q, first, rest, since, deepest)
            value, _ = cheapest(
                n, c[:n], late[:n], layer[i0 : i0 + n], f, q, rest[b], since[b], work, path, tail, choice
            )
            for j in range(n):
                period[i0 + j] = choice[j]
            unit_use(b, 1, left, period, cash, days, budget, crew, layer, first, open_cash, open_budget, deepest)
            fits = not _short(b, left, capacity, budget, crew, first, open_budget, dearer, natural, 0.5 * 2.0**attempt)
            if fits:
                if dirty:
                    unit_use(
                        b, -1, left, period, cash, days, budget, crew, layer, first, open_cash, open_budget, deepest
                    )
                    dearer[:] = 0.0
                    _lay(
                        b,
                        price,
                        dearer,
                        left,
                        capacity,
                        cost,
                        cash,
                        days,
                        budget,
                        crew,
                        first,
                        open_cost,
                        open_cash,
                        open_budget,
                        c,
                        f,
                    )
                    value = _measure(b, period, c, late, f, q, first, rest, since, deepest)
                    unit_use(
                        b, 1, left, period, cash, days, budget, crew, layer, first, open_cash, open_budget, deepest
                    )
                if value < before - 1e-6 * (1.0 + abs(before) * 1e-6):
                    changed += 1
                    break
            else:
                dirty = True
            unit_use(b, -1, left, period, cash, days, budget, crew, layer, first, open_cash, open_budget, deepest)
            if fits or attempt == TRIES - 1:
                for j in range(n):
                    period[i0 + j] = old[j]
                unit_use(b, 1, left, period, cash, days, budget, crew, layer, first, open_cash, open_budget, deepest)
                break
        if dirty:
            dearer[:] = 0.0
    return changed


@njit(cache=True)
def adopt(order, wanted, period, left, cash, days, budget, crew, layer, first, open_cash, open_budget, capacity):
    """Give each unit in turn the plan that is wanted where it fits; returns which units got it."""
    got, old = np.zeros(len(first) - 1, np.bool_), period.copy()
    deepest = np.empty(cash.shape[1], np.int64)
    for b in order:
        unit_use(b, -1, left, period, cash, days, budget, crew, layer, first, open_cash, open_budget, deepest)
        for i in range(first[b], first[b + 1]):
            period[i] = wanted[i]
        unit_use(b, 1, left, period, cash, days, budget, crew, layer, first, open_cash, open_budget, deepest)
        got[b] = not _overdrawn(b, left, capacity, period, budget, crew, first, open_budget)
        if not got[b]:
            unit_use(b, -1, left, period, cash, days, budget, crew, layer, first, open_cash, open_budget, deepest)
            for i in range(first[b], first[b + 1]):
                period[i] = old[i]
            unit_use(b, 1, left, period, cash, days, budget, crew, layer, first, open_cash, open_budget, deepest)
    return got


@njit(cache=True)
def _overdrawn(b, left, capacity, period, budget, crew, first, open_budget):
    for i in range(first[b], first[b + 1]):
        t = period[i]
        if t >= left.shape[1]:
            continue
        for r in (budget[i], crew[i], open_budget[b]):
            if r >= 0 and capacity[r, t] >= 0 and left[r, t] < 0:
                return True
    return False


@njit(cache=True)
def column_use(unit, plan, plans, cash, days, budget, crew, layer, first, open_cash, open_budget):
    """The rows that each column (a unit with one of the plans) uses: start, flat row, amount; rows may repeat."""
    periods, size = cash.shape[1], 0
    for j in range(len(unit)):
        size += 3 * (first[unit[j] + 1] - first[unit[j]])
    start, row, amount = np.zeros(len(unit) + 1, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
    deepest, at = np.empty(periods, np.int64), 0
    for j in range(len(unit)):
        b, period = unit[j], plans[plan[j]]
        deepest[:] = -1
        for i in range(first[b], first[b + 1]):
            t = period[i]
            if t >= periods:
                continue
            deepest[t] = max(deepest[t], layer[i])
            for r, use in ((budget[i], cash[i, t]), (crew[i], days[i, t])):
                if r >= 0 and use > 0:
                    row[at], amount[at] = r * periods + t, use
                    at += 1
        for t in range(periods):
            if deepest[t] >= 0 and open_budget[b] >= 0 and open_cash[b, t, deepest[t]] > 0:
                row[at], amount[at] = open_budget[b] * periods + t, open_cash[b, t, deepest[t]]
                at += 1
        start[j + 1] = at
    return start, row[:at], amount[:at]
