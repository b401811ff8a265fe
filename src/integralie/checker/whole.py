"""What charges prove: limits counted in whole options, where a price list would count parts of them.

For some limits the options are charged one by one. A programme pays its charges in its blocks, and what it pays within one
limit is no more than the most that whole options fitting that limit could pay, of each work and each place one option at
most. So no programme costs less than all blocks at their least with the charges, less what all these limits could be paid at
most, less what the other limits are worth at their prices. This holds for any charges, as it does for any prices, provided
that these limits are hard, that nothing is kept over into or out of their period, and that nothing else is counted in them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from integralie.checker.alone import costs
from integralie.checker.least import MILLION, MUCH, NO, Ints
from integralie.checker.prices import DEAREST, NEVER, allowed, blocks, least, too_large, worth

TABLE = 5_000_000  # entries of the table of one limit up to which it is reckoned room by room
NODES = 300_000  # choices looked at for one limit otherwise; after that it counts as paid as if parts would do
SUM = 2**60


def refused(p: Any, charges: Any) -> list[str]:
    """Why charges prove nothing; empty when they do."""
    split, cash, days, opened = (np.asarray(c) for c in charges)
    shapes = (p.capacity.shape, p.cost.shape, p.cost.shape, p.open_cost.shape)
    if any(c.shape != s for c, s in zip((split, cash, days, opened), shapes)):
        return ["The charges do not belong to this problem."]
    if any((c < 0).any() or (c > DEAREST).any() for c in (cash, days, opened)):
        return ["A charge lies below zero or above ten billion euros; the bound is not proven."]
    wrong, split = [], split.astype(bool)
    if (split & ~_may(p)).any():
        wrong.append("A limit is counted in whole works that bends, is kept over or is used in another way.")
    inside = (_within(p, split, p.budget), _within(p, split, p.crew), _within(p, split, p.open_budget)[:, :, None])
    if any((c[np.broadcast_to(~at, c.shape)] != 0).any() for c, at in zip((cash, days, opened), inside)):
        wrong.append("An option is charged for a limit that is not counted in whole works.")
    return wrong


def _may(p: Any) -> np.ndarray:
    """The limits (R, T) of which whole options may be counted."""
    may = (p.capacity >= 0) & ~((p.least > NEVER) & (p.least_price > 0)[:, None])
    may[(p.soft != 0) | (p.adds_up != 0)] = False
    for t in range(may.shape[1] - 1):
        may[p.carry[:, t] > 0, t : t + 2] = False
    may[np.unique(np.concatenate([p.use_row, p.open_row, p.budget[(p.budget >= 0) & (p.budget == p.crew)]]))] = False
    return may


def _within(p: Any, split: np.ndarray, who: Ints) -> np.ndarray:
    """Whether what `who` uses in each period lies in a split limit."""
    if not len(split):
        return np.zeros((len(who), p.cost.shape[1]), bool)
    return split[who] & (who >= 0)[:, None]


def whole_bound(p: Any, prices: Ints, charges: Any) -> int:
    """The lower bound in cents that charges prove, with a price list for the limits that are not counted in whole works."""
    split, cash, days, opened = (np.asarray(c) for c in charges)
    split, may = split.astype(bool), costs(p)
    prices = np.where(split, 0, allowed(p, np.asarray(prices, np.int64)))
    adds = (p.adds_up > 0)[:, None]
    laid = np.ascontiguousarray(np.where(adds, np.cumsum(prices[:, ::-1], axis=1)[:, ::-1], prices))
    held = blocks(p)._replace(
        cost=np.where(may < NO, may + cash + days, may),
        open_cost=np.where(p.open_cost < NO, p.open_cost + opened, p.open_cost),
    )
    if too_large(held, laid):
        return -(MUCH**2)
    paid = _paid(*_options(p, may, split, cash, days, opened))
    return least(held, laid) - -(-worth(p, prices) // MILLION) - paid


def _options(p: Any, may: Ints, split: np.ndarray, cash: Ints, days: Ints, opened: Ints) -> tuple[Ints, ...]:
    """All that is charged in split limits: limit, room, who (of which one at most), use, charge; sorted by limit and who."""
    periods, work = p.cost.shape[1], np.repeat(np.arange(len(p.defer)), np.diff(p.alt))
    parts = []
    for who, amount, charge in ((p.budget, p.cash, cash), (p.crew, p.days, days)):
        a, t = np.nonzero((may < NO) & (charge > 0))
        parts.append((who[a] * periods + t, work[a], amount[a, np.minimum(t, amount.shape[1] - 1)], charge[a, t]))
    s, t, k = np.nonzero((p.open_cost < NO) & (opened > 0))
    use = p.open_cash[s, np.minimum(t, p.open_cash.shape[1] - 1), k]
    parts.append((p.open_budget[s] * periods + t, len(p.defer) + s, use, opened[s, t, k]))
    limit, who, use, charge = (np.concatenate(x) for x in zip(*parts))
    by = np.lexsort((who, limit))
    limit, who, use, charge = limit[by], who[by], use[by], charge[by]
    return limit, p.capacity.ravel()[limit], who, use, charge


def _paid(limit: Ints, room: Ints, who: Ints, use: Ints, charge: Ints) -> int:
    """What all split limits can be paid at most."""
    total, begin = 0, 0
    for end in [*(np.flatnonzero(np.diff(limit)) + 1), *([len(limit)] if len(limit) else [])]:
        total += _most(int(room[begin]), who[begin:end], use[begin:end], charge[begin:end])
        begin = end
    return total


def _most(room: int, who: Ints, use: Ints, charge: Ints) -> int:
    """The most that one limit can be paid, or a bound on it."""
    fits = use <= room
    who, use, charge = who[fits], use[fits], charge[fits]
    if not len(who):
        return 0
    unit = max(int(np.gcd.reduce(use)), 1)
    room, use = room // unit, use // unit
    new = np.append(True, who[1:] != who[:-1])
    if (room + 1) * len(use) <= TABLE:
        return int(_by_room(room, np.append(np.flatnonzero(new), len(use)), use, charge))
    density = charge / np.maximum(use, 1)
    top = np.maximum.reduceat(density, np.flatnonzero(new))
    group = np.cumsum(new) - 1
    by = np.lexsort((-charge, group, -top[group]))  # the order settles how long it takes, never the answer
    group, use, charge = group[by], use[by], charge[by]
    start = np.append(np.flatnonzero(np.append(True, group[1:] != group[:-1])), len(use))
    return int(_by_choice(room, start, use, charge, NODES))


@njit(cache=True, nogil=True)
def _by_room(room, start, use, charge):
    """For every room from none to all, the most that the groups so far can pay."""
    best = np.zeros(room + 1, np.int64)
    for g in range(len(start) - 1):
        for left in range(room, -1, -1):
            most = best[left]
            for i in range(start[g], start[g + 1]):
                if use[i] <= left:
                    most = max(most, best[left - use[i]] + charge[i])
            best[left] = most
    return best[room]


@njit(cache=True, nogil=True)
def _at_price(price, scale, start, use, charge):
    """At a price for the room, what each group and all after it gain at most, and how much all use that gain."""
    many, used = len(start) - 1, 0
    gains = np.zeros(many + 1, np.int64)
    for g in range(many - 1, -1, -1):
        gain, take = 0, 0
        for i in range(start[g], start[g + 1]):
            if scale * charge[i] - price * use[i] > gain:
                gain, take = scale * charge[i] - price * use[i], use[i]
        gains[g], used = gains[g + 1] + gain, used + take
    return gains, used


@njit(cache=True, nogil=True)
def _by_choice(room, start, use, charge, nodes):
    """All choices, group after group, without those that cannot pay more than the best so far.

    What is left can pay no more than the room that is left at a price, and what the groups left gain above that price; true
    for any price, so two are kept: one for all groups, and the dearest at which none of those left gains.
    """
    many, total = len(start) - 1, 0
    for g in range(many):
        total += charge[start[g] : start[g + 1]].max()
    scale = max(min(SUM // (total + 1), 1000), 1)
    low, high = -1, SUM // max(room, 1)
    while high - low > 1:
        middle = (low + high) // 2
        if _at_price(middle, scale, start, use, charge)[1] > room:
            low = middle
        else:
            high = middle
    price = high
    gains, _ = _at_price(price, scale, start, use, charge)
    dearest = np.zeros(many + 1, np.int64)
    for g in range(many - 1, -1, -1):
        dearest[g] = dearest[g + 1]
        for i in range(start[g], start[g + 1]):
            dearest[g] = max(dearest[g], scale * charge[i] // use[i] + 1 if use[i] > 0 else SUM)
    whole = (price * room + gains[0]) // scale
    best, level, looked, limit = 0, 0, 0, SUM // max(room, 1)
    left, paid, option = np.zeros(many + 1, np.int64), np.zeros(many + 1, np.int64), np.zeros(many + 1, np.int64)
    left[0] = room
    while level >= 0:
        best = max(best, paid[level])
        if level == many or option[level] > start[level + 1] - start[level]:
            level -= 1
            continue
        if option[level] == 0:
            looked += 1
            if looked > nodes:
                return whole
            most = scale * paid[level] + price * left[level] + gains[level]
            if dearest[level] <= limit:
                most = min(most, scale * paid[level] + dearest[level] * left[level])
            if most // scale <= best:
                level -= 1
                continue
        i = start[level] + option[level]
        option[level] += 1
        if i < start[level + 1]:
            if use[i] > left[level]:
                continue
            left[level + 1], paid[level + 1] = left[level] - use[i], paid[level] + charge[i]
        else:
            left[level + 1], paid[level + 1] = left[level], paid[level]
        level += 1
        option[level] = 0
    return best
