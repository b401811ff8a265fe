"""The check of a programme for a problem of plain arrays: every rule, the cost, and the bound of its price list."""

from __future__ import annotations

from typing import Any

import numpy as np

from integralie.checker.least import MILLION, NO, Ints
from integralie.checker.prices import NEVER, bound
from integralie.checker.verdict import Verdict, verdict
from integralie.checker.whole import refused, whole_bound

ENDLESS = 10**17  # what there is where there is no limit
NOT_BEFORE, LATER, APART = 0, 1, 2


def check_arrays(problem: Any, period: Any, prices: Any, row: Any = None, charges: Any = None) -> Verdict:
    """Whether a programme is proven for a problem of plain arrays (any object with the fields of `Problem`).

    `period` is the period of each work and `row` its row, in the order in which they were given, -1 for a work that is
    not done; without `row` a work with several modes takes the cheapest one of its period. `prices` (R, T) are whole
    millionths. `charges` (R, T), (A, T), (A, T), (P, T, 3) say which limits are counted in whole works, and what their
    options are charged in cents: for the money of a work, for its crew, and for an opening; see `checker.whole`.
    """
    p = problem
    wrong: list[str] = []
    a, t = _chosen(p, np.asarray(period), row, wrong)
    done = a >= 0
    own = p.defer.copy()
    own[done] = p.cost[a[done], t[done]]
    if (own >= NO).any():
        wrong.append(f"{int((own >= NO).sum())} works have a period that they may not have.")
    block = np.repeat(np.arange(len(p.crowd)), np.diff(p.first))
    s, u, k = opened(p, a[done], t[done], block[done])
    extra, early = rests(s, p.at[u], p.at[0] - p.since, p.rest, p.rest_price[s, u])
    wrong += [f"{early} openings come within a hard rest period."] if early else []
    broken = _ties(p, done, t, block)
    wrong += [f"{broken} pairs of works break their order, or come together where they may not."] if broken else []
    over, bends = limits(p, use(p, a[done], t[done], s, u, k))
    wrong += [f"{len(over)} capacities are exceeded{_first(p, over)}."] if over else []
    total = sum(own.tolist()) + sum(p.open_cost[s, u, k].tolist()) + extra + bends
    total += _crowds(p, a[done], t[done], block[done])
    return verdict(wrong, total, _bound(p, np.asarray(prices), charges, wrong))


def _bound(p: Any, prices: Ints, charges: Any, wrong: list[str]) -> int:
    """The best bound that the price list and the charges prove; why charges prove nothing is told."""
    low = bound(p, prices)
    if charges is None:
        return low
    false = refused(p, charges)
    wrong += false
    return low if false else max(low, whole_bound(p, prices, charges))


def _chosen(p: Any, period: Ints, row: Any, wrong: list[str]) -> tuple[Ints, Ints]:
    """The row and period of every work in the order of the arrays; what does not exist is told and not done."""
    t, work = period[p.work_order], np.repeat(np.arange(len(p.defer)), np.diff(p.alt))
    out = (t < -1) | (t >= p.cost.shape[1])
    at = np.where(out, -1, t)
    if row is None:
        by = np.lexsort((p.cost[np.arange(len(work)), np.maximum(at[work], 0)], work))
        a = np.where(np.diff(p.alt) > 0, np.append(by, -1)[p.alt[:-1]], -1)
    else:
        place = np.full(len(p.order) + 1, -1)
        place[p.order] = np.arange(len(p.order))
        given = np.asarray(row)[p.work_order]
        a = place[np.where((given >= 0) & (given < len(p.order)), given, -1)]
        out |= (at >= 0) & ((a < 0) | (np.append(work, -1)[a] != np.arange(len(at)))) | (at < 0) & (given >= 0)
    if out.any():
        wrong.append(f"{int(out.sum())} works have a row or a period that does not exist.")
    return np.where(out | (at < 0), -1, a), np.where(out, -1, at)


def opened(p: Any, a: Ints, t: Ints, block: Ints) -> tuple[Ints, Ints, Ints]:
    """Openings as place, period and deepest layer, sorted by place and period."""
    deepest = np.full((len(p.rest), p.cost.shape[1]), -1)
    for bit in range(int(p.cover.max(initial=0)).bit_length()):
        hit = (p.layer[a] >= 0) & ((p.cover[a] >> bit) & 1 > 0)
        np.maximum.at(deepest, (p.place[block[hit]] + bit, t[hit]), p.layer[a[hit]])
    s, u = np.nonzero(deepest >= 0)
    return s, u, deepest[s, u]


def rests(s: Ints, at: Ints, before: Ints, rest: Ints, price: Ints) -> tuple[int, int]:
    """What openings (sorted by place and moment) pay for coming too early, and how many come too early where that is
    forbidden; `before` is the last opening of the past of every place.
    """
    first = np.concatenate([[True], np.diff(s) != 0])[: len(s)]
    last = np.where(first, before[s], np.concatenate([[0], at[:-1]])[: len(s)])
    lack, hard = np.maximum(rest[s] - (at - last), 0), price < 0
    return sum((lack * np.where(hard, 0, price)).tolist()), int(((lack > 0) & hard).sum())


def _ties(p: Any, done: Ints, t: Ints, block: Ints) -> int:
    """How many ties between works of one block are broken."""
    base = np.repeat(p.first[:-1], np.diff(p.tie_start))
    i, j, kind = base + p.tie[:, 0], base + p.tie[:, 1], p.tie[:, 2]
    gap = t[j] - t[i]
    apart = (kind == APART) & done[i] & done[j] & (gap == 0)
    order = (kind != APART) & done[j] & (~done[i] | (gap < np.where(kind == LATER, 1, 0)))
    return int((apart | order).sum())


def _crowds(p: Any, a: Ints, t: Ints, block: Ints) -> int:
    """What contracts of too many works cost."""
    held = p.layer[a] >= 0
    count = np.zeros((len(p.crowd), p.cost.shape[1]), np.int64)
    np.add.at(count, (block[held], t[held]), 1)
    return sum((np.maximum(count - p.crowd[:, None], 0).sum(axis=1) * p.crowd_price).tolist())


def _members(start: Ints, chosen: Ints) -> tuple[Ints, Ints]:
    """The members of chosen sets, and for each the place of its set among the chosen."""
    size = np.diff(start)[chosen]
    which = np.repeat(np.arange(len(chosen)), size)
    return which, np.arange(len(which)) - np.repeat(np.cumsum(size) - size, size) + start[chosen][which]


def use(p: Any, a: Ints, t: Ints, s: Ints, u: Ints, k: Ints) -> Ints:
    """What rows and openings use of every resource in every period; where use adds up, in all later ones as well."""
    used = np.zeros(p.capacity.shape, np.int64)

    def add(resource: Ints, period: Ints, amount: Ints) -> None:
        held = (resource >= 0) & (period < used.shape[1])
        np.add.at(used, (resource[held], period[held]), amount[held])

    for who, what in ((p.budget, p.cash), (p.crew, p.days)):
        add(who[a], t, what[a, np.minimum(t, what.shape[1] - 1)])
    which, x = _members(p.use_start, a)
    add(p.use_row[x], t[which] + p.use_shift[x], p.use_amount[x])
    add(p.open_budget[s], u, p.open_cash[s, np.minimum(u, p.open_cash.shape[1] - 1), k])
    which, x = _members(p.open_start, s)
    add(p.open_row[x], u[which], p.open_amount[x, k[which]])
    return np.where((p.adds_up > 0)[:, None], np.cumsum(used, axis=1), used)


def _first(p: Any, over: list[tuple[int, int]]) -> str:
    """The first of them by name, where the problem has names and years."""
    return f", first '{p.names[over[0][0]]}' in {p.base + over[0][1]}" if hasattr(p, "base") else ""


def limits(p: Any, used: Ints) -> tuple[list[tuple[int, int]], int]:
    """The capacities that are exceeded and do not bend (resource, period), and what those that bend cost, in cents."""
    there, kept = np.where(p.capacity < 0, ENDLESS, p.capacity), np.zeros(len(used), np.int64)
    over: list[tuple[int, int]] = []
    cost, hard = 0, p.soft == 0
    for t in range(used.shape[1]):
        left = there[:, t] + np.where(hard, kept, 0) - used[:, t]
        over += [(int(r), t) for r in np.flatnonzero(hard & (left < 0))]
        kept = np.clip(left, 0, p.carry[:, t])
        cost += _above(p, np.flatnonzero(~hard & (left < 0)), left)
        short = np.where((p.least[:, t] > NEVER) & (p.least_price > 0), p.least[:, t] - used[:, t], 0)
        cost += sum(_up(int(p.least_price[r]), int(short[r])) for r in np.flatnonzero(short > 0))
    return over, cost


def _above(p: Any, rows: Ints, left: Ints) -> int:
    """What use above capacity costs, step by step."""
    total = 0
    for r in rows:
        over = -int(left[r])
        for k in range(int(p.soft[r])):
            part = over if k == p.soft[r] - 1 else min(over, int(p.width[r, k]))
            total, over = total + _up(int(p.slope[r, k]), part), over - part
    return total


def _up(price: int, amount: int) -> int:
    """Price in millionths times amount in whole cents, rounded up."""
    return -(-price * amount // MILLION)
