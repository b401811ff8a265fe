"""The least that each block can cost under a price list: the half of the checker that proves the bound.

Everything is reckoned from the last period backwards. For a block with one place, `wait[t, S]` is what it costs to
settle the set S after an opening just before period t. Blocks with several places, with works that keep an order or
stay apart, or with a surcharge for large contracts, are reckoned by what exactly is done together in each period;
their rest periods are kept one place at a time, which is exact for one place and a lower bound for more. A block that
is too large is split in groups of works that each pay their share of an opening, a lower bound again. Whole numbers.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from integralie.checker.single import NO, many_works, one_place

MUST = 10**16  # cost of not doing a work that must be done
MUCH = 10**15  # a charge is counted up to here, which can only lower the bound
MILLION = 1_000_000
SETS = 13  # works of one place up to which all sets are reckoned
JOINT = 12  # works up to which all that may be done together is reckoned
JOINT_WITH_CONTRACT = 9  # the same for a block that is dearer when many works go together
WATCHED = 8  # works up to which this is done for every place in turn, some of which stay closed
CHOICES = 70_000  # ways to do works of a block in one period, at most
GROUP, GROUP_CHOICES = 8, 3_000  # the same for a group of a block that is split
LATER, APART = 1, 2

Ints = np.ndarray


class Blocks(NamedTuple):
    """What the kernels read of a problem; the names are those of its arrays."""

    cost: Ints
    cash: Ints
    days: Ints
    budget: Ints
    crew: Ints
    layer: Ints
    cover: Ints
    use_start: Ints
    use_row: Ints
    use_amount: Ints
    use_shift: Ints
    alt: Ints
    defer: Ints
    first: Ints
    place: Ints
    crowd: Ints
    crowd_price: Ints
    tie_start: Ints
    tie: Ints
    open_cost: Ints
    open_cash: Ints
    open_budget: Ints
    rest: Ints
    rest_price: Ints
    since: Ints
    open_start: Ints
    open_row: Ints
    open_amount: Ints
    at: Ints


@njit(cache=True, nogil=True)
def _pay(price, amount):
    """Price in millionths times amount, rounded down to whole cents."""
    if price == 0 or amount == 0:
        return 0
    return min(price * (amount // MILLION) + price * (amount % MILLION) // MILLION, MUCH)


@njit(cache=True, nogil=True)
def _works(b, price, p, c):
    """What every row of block b costs in every period with its uses paid (rows, T)."""
    periods, r0 = p.cost.shape[1], p.alt[p.first[b]]
    for a in range(r0, p.alt[p.first[b + 1]]):
        for t in range(periods):
            total = p.cost[a, t]
            if total < NO:
                if p.budget[a] >= 0:
                    total += _pay(price[p.budget[a], t], p.cash[a, min(t, p.cash.shape[1] - 1)])
                if p.crew[a] >= 0:
                    total += _pay(price[p.crew[a], t], p.days[a, min(t, p.days.shape[1] - 1)])
                for u in range(p.use_start[a], p.use_start[a + 1]):
                    if t + p.use_shift[u] < periods:
                        total += _pay(price[p.use_row[u], t + p.use_shift[u]], p.use_amount[u])
            c[a - r0, t] = total


@njit(cache=True, nogil=True)
def _openings(b, price, p, f):
    """The same for the openings of every place (places, T, 3); tells whether deeper is never cheaper, or below zero."""
    s0, plain = p.place[b], True
    for s in range(s0, p.place[b + 1]):
        for t in range(p.cost.shape[1]):
            below = 0
            for k in range(f.shape[2]):
                total = p.open_cost[s, t, k]
                if total < NO:
                    if p.open_budget[s] >= 0:
                        cash = p.open_cash[s, min(t, p.open_cash.shape[1] - 1), k]
                        total += _pay(price[p.open_budget[s], t], cash)
                    for u in range(p.open_start[s], p.open_start[s + 1]):
                        total += _pay(price[p.open_row[u], t], p.open_amount[u, k])
                f[s - s0, t, k] = total
                plain = plain and total >= below
                below = total
    return plain


# Several places, order, contracts ----------------------------------------------------------------------------------------------


@njit(cache=True, nogil=True)
def _ways(n, start, c, layer, cover, g, free, surcharge, t, watch, stay, go):
    """For every set of works what doing exactly these in period t costs: with place `watch` closed, and opened."""
    places = len(g)
    for s in range(1 << n):
        stay[s], go[s] = NO, NO
    mask, total, crew = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64)
    deep, option = np.full((n + 1, places), -1), np.empty(n + 1, np.int64)
    option[0], level = start[0] - 1, 0
    while level >= 0:
        if level == n:
            cost = total[n] + max(crew[n] - free, 0) * surcharge
            for q in range(places):
                if deep[n, q] >= 0:
                    cost = min(cost + g[q, t, deep[n, q]], NO)
            if watch >= 0 and deep[n, watch] >= 0:
                go[mask[n]] = min(go[mask[n]], cost)
            else:
                stay[mask[n]] = min(stay[mask[n]], cost)
            level -= 1
            continue
        a = option[level]
        if a == start[level + 1]:
            level -= 1
            continue
        option[level] += 1
        done = a >= start[level]
        if done and c[a, t] >= NO:
            continue
        mask[level + 1], total[level + 1], crew[level + 1] = mask[level], total[level], crew[level]
        deep[level + 1] = deep[level]
        if done:
            mask[level + 1] |= 1 << level
            total[level + 1] += c[a, t]
            if layer[a] >= 0:
                crew[level + 1] += 1
                for q in range(places):
                    if (cover[a] >> q) & 1:
                        deep[level + 1, q] = max(deep[level + 1, q], layer[a])
        level += 1
        option[level] = start[level] - 1 if level < n else 0


@njit(cache=True, nogil=True)
def _order(n, tie, low):
    """Per set what must have been done before or with it, and whether it may be done together; ties count from `low`."""
    full = (1 << n) - 1
    needs, apart = np.zeros(full + 1, np.int64), np.zeros(full + 1, np.bool_)
    for k in range(len(tie)):
        i, j = tie[k, 0] - low, tie[k, 1] - low
        if min(i, j) < 0 or max(i, j) >= n:
            continue
        both = (1 << i) | (1 << j)
        for s in range(full + 1):
            apart[s] = apart[s] or (tie[k, 2] != 0 and s & both == both)
            if tie[k, 2] != APART and (s >> j) & 1 and not (s >> i) & 1:
                needs[s] |= 1 << i
    return needs, apart


@njit(cache=True, nogil=True)
def _best_way(s, cost, then, needs, apart):
    """The least cost of doing some of set s now and the others later."""
    least, u = NO, s
    while u > 0:
        if cost[u] < NO and not apart[u] and not needs[u] & s:
            least = min(least, cost[u] + then[s ^ u])
        u = (u - 1) & s
    return least


@njit(cache=True, nogil=True)
def _joint(n, start, c, late, layer, cover, g, free, surcharge, tie, low, watch, quote, rest, since, at):
    """The least cost when what is done together is chosen as a whole; the rest period of place `watch` is kept."""
    periods, full = len(at), (1 << n) - 1
    needs, apart = _order(n, tie, low)
    stay, go, opened = np.empty(full + 1, np.int64), np.empty(full + 1, np.int64), np.empty(full + 1, np.int64)
    then = np.zeros((periods + 1, full + 1), np.int64)  # by the last opening of the place; 0 is before the programme
    for s in range(1, full + 1):
        for j in range(n):
            if (s >> j) & 1:
                then[:, s] += late[j]
    for t in range(periods - 1, -1, -1):
        _ways(n, start, c, layer, cover, g, free, surcharge, t, watch, stay, go)
        idle = True
        for s in range(1, full + 1):
            idle = idle and stay[s] >= NO
            if watch >= 0:
                opened[s] = _best_way(s, go, then[t + 1], needs, apart)
        for last in range(t + 1 if watch >= 0 else 1):
            lack = rest - (at[t] - at[last - 1] if last > 0 else at[t] - at[0] + since)
            shut = watch < 0 or (lack > 0 and quote[t] < 0)
            for s in range(full, 0, -1):
                least = then[last, s]
                if not idle:
                    least = min(least, _best_way(s, stay, then[last], needs, apart))
                if not shut and opened[s] < NO:
                    least = min(least, opened[s] + max(lack, 0) * max(quote[t], 0))
                then[last, s] = least
    return then[0, full]


@njit(cache=True, nogil=True)
def _early(b, p, f, g, watch, groups):
    """Openings with what they pay for coming too soon after the past (not place `watch`), shared by groups."""
    for q in range(len(g)):
        s = p.place[b] + q
        for t in range(g.shape[1]):
            lack, extra = p.rest[s] - (p.at[t] - p.at[0] + p.since[s]), 0
            if lack > 0 and q != watch:
                extra = lack * p.rest_price[s, t] if p.rest_price[s, t] >= 0 else NO
            deeper = NO  # another group may dig deeper, and prices may make that cheaper
            for k in range(g.shape[2] - 1, -1, -1):
                total = min(f[q, t, k] + extra, NO)
                deeper = min(deeper, total) if groups[q] > 1 else total
                g[q, t, k] = deeper // groups[q] if 0 < deeper < NO else deeper


@njit(cache=True, nogil=True)
def _whole(b, n, start, c, late, layer, cover, f, p):
    """A block that is small enough to be reckoned as a whole: the best of the bounds that its places give."""
    places, gap = p.place[b + 1] - p.place[b], 1 << 40
    for t in range(1, len(p.at)):
        gap = min(gap, p.at[t] - p.at[t - 1])
    shut, best, g, one = False, -NO, np.empty_like(f), np.ones(places, np.int64)
    for a in range(start[n]):
        shut = shut or (layer[a] < 0 and c[a].min() < NO)
    tie = p.tie[p.tie_start[b] : p.tie_start[b + 1]]
    for q in range(places):
        s = p.place[b] + q
        if p.rest[s] > min(gap, p.since[s]) and (n <= WATCHED or (places == 1 and not shut)):
            _early(b, p, f, g, q, one)
            held = _joint(
                n, start, c, late, layer, cover, g, p.crowd[b], p.crowd_price[b], tie, 0, q, p.rest_price[s], p.rest[s],
                p.since[s], p.at,
            )  # fmt: skip
            best = max(best, held)
    if best > -NO:
        return best
    _early(b, p, f, g, -1, one)
    none = np.zeros(len(p.at), np.int64)
    return _joint(
        n, start, c, late, layer, cover, g, p.crowd[b], p.crowd_price[b], tie, 0, -1, none, 0, 0, p.at
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _cut(n, start, most, choices, ends):
    """Where a block is cut into groups of works; how many groups."""
    count, ways, i = 0, 1, 0
    for j in range(n):
        more = 1 + start[j + 1] - start[j]
        if j > i and (j - i >= most or ways * more > choices):
            ends[count], i, ways = j, j, 1
            count += 1
        ways *= more
    ends[count] = n
    return count + 1


@njit(cache=True, nogil=True)
def _groups(b, n, start, c, late, layer, cover, f, p, count, ends):
    """A bound for a large block: groups of works on their own, each with its share of the openings."""
    places = p.place[b + 1] - p.place[b]
    users, g = np.zeros(places, np.int64), np.empty_like(f)
    for x in range(count):
        both = 0
        for a in range(start[ends[x - 1] if x else 0], start[ends[x]]):
            both |= cover[a] if layer[a] >= 0 else 0
        for q in range(places):
            users[q] += (both >> q) & 1
    _early(b, p, f, g, -1, np.maximum(users, 1))
    tie, none, total = p.tie[p.tie_start[b] : p.tie_start[b + 1]], np.zeros(len(p.at), np.int64), 0
    for x in range(count):
        i, j = ends[x - 1] if x else 0, ends[x]
        total += _joint(
            j - i, start[i : j + 1], c, late[i:j], layer, cover, g, p.crowd[b], p.crowd_price[b], tie, i, -1, none, 0,
            0, p.at,
        )  # fmt: skip
    return total


@njit(cache=True, nogil=True)
def _settle(b, p, plain, c, f, late, own, start, ends, room):
    """The least cost of block b, or a bound on it."""
    n, r0, places = p.first[b + 1] - p.first[b], p.alt[p.first[b]], p.place[b + 1] - p.place[b]
    m = p.alt[p.first[b + 1]] - r0
    layer, cover, tied = p.layer[r0 : r0 + m], p.cover[r0 : r0 + m], p.tie_start[b + 1] > p.tie_start[b]
    single = places <= 1 and not tied
    alone = -NO  # what it costs at the least without what a contract too large costs
    if single and p.crowd_price[b] > 0 and places == 1 and n <= SETS and plain and layer.min() >= 0:
        s = p.place[b]
        alone = one_place(
            n, m, c.copy(), own, late.copy(), layer, f[0], p.rest_price[s], p.rest[s], p.since[s], p.at, room
        )
        if n > JOINT_WITH_CONTRACT:
            return alone
    single = single and p.crowd_price[b] == 0
    if single:
        for a in range(m):
            if layer[a] < 0:
                late[own[a]] = min(late[own[a]], c[a].min())  # it may be done at any time
                c[a] = NO
        if places == 0:
            return late[:n].sum()
        if n <= SETS and (plain or n > JOINT):
            s = p.place[b]
            return one_place(n, m, c, own, late, layer, f[0], p.rest_price[s], p.rest[s], p.since[s], p.at, room)
    count = _cut(n, start, JOINT, CHOICES, ends)
    if count == 1:
        return max(_whole(b, n, start, c[:m], late, layer, cover, f[:places], p), alone)
    count = _cut(n, start, GROUP, GROUP_CHOICES, ends)
    value = _groups(b, n, start, c[:m], late, layer, cover, f[:places], p, count, ends)
    if single:
        s = p.place[b]
        held = many_works(n, m, c, own, late, layer, f[0], p.rest_price[s], p.rest[s], p.since[s], p.at)
        value = max(value, held)
    return max(value, alone)


@njit(cache=True, nogil=True)
def least_costs(chosen, price, p, out):
    """For each of the chosen blocks the least that it can cost at prices (R, T), or a bound on that, in `out`."""
    periods, works, rows, places = p.cost.shape[1], 1, 1, 1
    for b in chosen:
        works = max(works, p.first[b + 1] - p.first[b])
        rows = max(rows, p.alt[p.first[b + 1]] - p.alt[p.first[b]])
        places = max(places, p.place[b + 1] - p.place[b])
    c, f = np.empty((rows, periods), np.int64), np.empty((places, periods, p.open_cost.shape[2]), np.int64)
    late, own, start, ends = (np.empty(works + 1, np.int64), np.empty(rows, np.int64), np.empty(works + 1, np.int64),
                              np.empty(works + 1, np.int64))  # fmt: skip
    room = np.empty((4 + 2 * periods, 1 << min(works, SETS)), np.int64)
    for b in chosen:
        i0 = p.first[b]
        _works(b, price, p, c)
        plain = _openings(b, price, p, f)
        for i in range(i0, p.first[b + 1]):
            late[i - i0], start[i - i0] = min(p.defer[i], MUST), p.alt[i] - p.alt[i0]
            own[p.alt[i] - p.alt[i0] : p.alt[i + 1] - p.alt[i0]] = i - i0
        start[p.first[b + 1] - i0] = p.alt[p.first[b + 1]] - p.alt[i0]
        out[b] = _settle(b, p, plain, c, f, late, own, start, ends, room)
