"""Ruin and recreate: take a few blocks that meet in one scarce row out of the programme and put them back in another
order.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from integralie.verbs.programme.fitting import refit, unit_use
from integralie.verbs.programme.oracle import unit_cost

LEAST, MOST = 2, 12  # blocks taken out at once


@njit(cache=True)
def _put(b, wanted, period, left, cash, days, budget, crew, layer, first, open_cash, open_budget, deepest):
    """Give a unit another plan and correct what is left."""
    unit_use(b, -1, left, period, cash, days, budget, crew, layer, first, open_cash, open_budget, deepest)
    for i in range(first[b], first[b + 1]):
        period[i] = wanted[i]
    unit_use(b, 1, left, period, cash, days, budget, crew, layer, first, open_cash, open_budget, deepest)


@njit(cache=True)
def _pick(start, member, units, taken):
    """Some different units: from one scarce row, and now and then from anywhere."""
    size, count = np.random.randint(LEAST, MOST + 1), 0
    row = np.random.randint(0, len(start) - 1)
    many = start[row + 1] - start[row]
    for _ in range(3 * size):
        if count == size:
            break
        near = many > 0 and np.random.random() < 0.85
        b = member[start[row] + np.random.randint(0, many)] if near else np.random.randint(0, units)
        known = False
        for j in range(count):
            known = known or taken[j] == b
        if not known:
            taken[count] = b
            count += 1
    return count


@njit(cache=True)
def ruin(rounds, seed, warm, start, member, price, natural, least, period, left, cost, defer, cash, days, budget, crew, layer, first, open_cost, open_cash, open_budget, rest, rest_price, since, capacity):  # fmt: skip
    """The best plan after so many rounds; a round that costs a little more is kept at first, ever less so later.

    `least` is the plan of what must be done, which always fits; `warm` the first tolerance in cents.
    """
    np.random.seed(seed)
    units, deepest = len(rest), np.empty(cost.shape[1], np.int64)
    taken, before = np.empty(MOST, np.int64), period.copy()
    best, now, lowest = period.copy(), 0.0, 0.0
    for round_ in range(rounds):
        count = _pick(start, member, units, taken)
        old = 0.0
        for j in range(count):
            b = taken[j]
            old += unit_cost(b, period, cost, defer, layer, first, open_cost, rest, rest_price, since, deepest)
            for i in range(first[b], first[b + 1]):
                before[i] = period[i]
            _put(b, least, period, left, cash, days, budget, crew, layer, first, open_cash, open_budget, deepest)
        share = np.random.random() * 1.2 if np.random.random() < 0.7 else 0.0
        order = taken[:count][np.random.permutation(count)]
        refit(order, price * share, natural, period, left, cost, defer, cash, days, budget, crew, layer, first, open_cost, open_cash, open_budget, rest, rest_price, since, capacity)  # fmt: skip
        new = 0.0
        for j in range(count):
            new += unit_cost(taken[j], period, cost, defer, layer, first, open_cost, rest, rest_price, since, deepest)
        allowed = -warm * (1.0 - round_ / rounds) * np.log(1.0 - np.random.random())
        if new - old <= allowed:
            now += new - old
            if now < lowest - 0.5:
                lowest = now
                best[:] = period
        else:
            for j in range(count):
                _put(
                    taken[j],
                    before,
                    period,
                    left,
                    cash,
                    days,
                    budget,
                    crew,
                    layer,
                    first,
                    open_cash,
                    open_budget,
                    deepest,
                )
    return best
