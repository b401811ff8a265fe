"""The block oracle: the cheapest plan of one block at given prices, exactly; compiled, one pass over all blocks.

A block is small, so three exact ways are affordable. *By sets*: `best[t, S]` is the least cost at which the works of
set S are settled with the last opening in t; adding a period costs one pass over the sets, whatever the rest period
and however many layers an opening has. *By years*: walk the tree of opening periods and keep for every work its
cheapest period on the path, cutting branches that cannot win. The way with the fewer steps is taken. *By subsets*,
for blocks of several places, with ties between works or contracts of limited size: which works go together in a
period is chosen as a whole. Where a way cannot be exact (a tree cut short; rest periods of several places) the value
returned is that of a real plan, and a lower bound comes with it.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types
from numba.extending import overload

from integralie.verbs.programme.by_sets import by_sets
from integralie.verbs.programme.by_years import MOST_STEPS, by_years, sets_are_shorter
from integralie.verbs.programme.compiled import inner, kernel, lean
from integralie.verbs.programme.count import BIG, NO, surcharge
from integralie.verbs.programme.subsets import MOST_MODES, MOST_SUBSETS, by_subsets, measure

MOST_SETS = 13  # works up to which sets are enumerated
FEW = 9  # works up to which looking at sets is always shorter


def charge(price, amount):
    """Price times amount: whole cents, rounded down, for a price in millionths; exact for a floating price."""
    return surcharge(price, amount) if isinstance(price, (int, np.integer)) else price * amount


@overload(charge)
def _charge(price, amount):
    if isinstance(price, types.Integer):
        return lambda price, amount: surcharge(price, amount)
    return lambda price, amount: price * amount


@lean
def lay(b, price, p, c, f):
    """The rows (n, T) and openings (places, T, 3) of block b with prices (R, T) laid on them."""
    periods, r0, s0 = p.cost.shape[1], p.alt[p.first[b]], p.place[b]
    for a in range(r0, p.alt[p.first[b + 1]]):
        for t in range(periods):
            c[a - r0, t] = p.cost[a, t]
            if p.cost[a, t] >= NO:
                continue
            if p.budget[a] >= 0:
                c[a - r0, t] += charge(price[p.budget[a], t], p.cash[a, t if p.cash.shape[1] > 1 else 0])
            if p.crew[a] >= 0:
                c[a - r0, t] += charge(price[p.crew[a], t], p.days[a, t if p.days.shape[1] > 1 else 0])
            for u in range(p.use_start[a], p.use_start[a + 1]):
                if t + p.use_shift[u] < periods:
                    c[a - r0, t] += charge(price[p.use_row[u], t + p.use_shift[u]], p.use_amount[u])
    for s in range(s0, p.place[b + 1]):
        for t in range(periods):
            for k in range(p.open_cost.shape[2]):
                f[s - s0, t, k] = p.open_cost[s, t, k]
                if p.open_budget[s] >= 0:
                    cash = p.open_cash[s, t if p.open_cash.shape[1] > 1 else 0, k]
                    f[s - s0, t, k] += charge(price[p.open_budget[s], t], cash)
                for u in range(p.open_start[s], p.open_start[s + 1]):
                    f[s - s0, t, k] += charge(price[p.open_row[u], t], p.open_amount[u, k])


@inner
def scratch(p, zero):
    """Working arrays for the largest block; `zero` settles whether they hold whole or floating numbers."""
    periods, works, rows, places = p.cost.shape[1], 1, 1, 1
    for b in range(len(p.crowd)):
        works = max(works, p.first[b + 1] - p.first[b])
        rows = max(rows, p.alt[p.first[b + 1]] - p.alt[p.first[b]])
        places = max(places, p.place[b + 1] - p.place[b])
    like = np.array([zero])
    sets = 1 << min(works, MOST_SETS)
    c, f = np.zeros((rows, periods), like.dtype), np.zeros((places, periods, 3), like.dtype)
    late, work = np.zeros(works, like.dtype), np.zeros((2 + 2 * periods, sets), like.dtype)
    path, tail = np.zeros((periods + 1, works), like.dtype), np.zeros((works, periods + 1), like.dtype)
    row, when, out = np.empty(works, np.int64), np.empty(works, np.int64), np.empty(works, np.int64)
    own, far = np.empty(rows, np.int64), np.empty(periods, np.int64)
    deep = np.empty((places, periods), np.int64)
    cheap = np.zeros((works, 3), like.dtype)
    return c, f, late, work, path, tail, row, when, out, own, far, deep, cheap


# One block -------------------------------------------------------------------------------------------------------------------


@inner
def settle(b, p, late, tools):
    """The cheapest plan of block b, with its rows and openings laid out in `tools`; returns value and lower bound.

    `tools[8]` becomes the pick of each work.
    """
    c, f, waits, work, path, tail, row, when, out, own, far, deep, cheap = tools
    n, r0 = p.first[b + 1] - p.first[b], p.alt[p.first[b]]
    m, places, s0 = p.alt[p.first[b + 1]] - r0, p.place[b + 1] - p.place[b], p.place[b]
    layer, cover = p.layer[r0 : r0 + m], p.cover[r0 : r0 + m]
    for j in range(n):
        for a in range(p.alt[p.first[b] + j] - r0, p.alt[p.first[b] + j + 1] - r0):
            own[a] = j
        waits[j] = late[j]
    tied = p.tie_start[b + 1] > p.tie_start[b]
    if places == 0 and not tied:
        return _free(n, m, c, own, waits, layer, row, when, out, r0, p, b)
    plain = places == 1 and _plain(f[0])
    small = n <= MOST_SUBSETS and m <= MOST_MODES
    if places > 1 or tied or (not plain and small):
        value, low = by_subsets(b, n, m, c, own, waits, layer, cover, f, p, row, when, deep)
        _encode(b, n, row, when, out, r0, p)
        return value, low
    aside = _aside(n, m, c, own, waits, layer)
    _reach(p.rest[s0], p.at, far)
    q, rest, since = p.rest_price[s0], p.rest[s0], p.since[s0]
    layers = 0
    for k in range(3):
        for a in range(m):
            if layer[a] == k:
                layers += 1
                break
    if n <= FEW or (n <= MOST_SETS and sets_are_shorter(n, m, layers, rest, q[0] < 0, len(p.at))):
        value = by_sets(n, m, c, own, waits, layer, f[0], q, rest, since, p.at, far, work, row, when)
        low = value
    else:
        value, low = by_years(
            n, m, c, own, waits, layer, f[0], q, rest, since, p.at, path, tail, cheap, row, when, MOST_STEPS
        )
    if aside:
        _fall_back(n, m, c, own, late, waits, layer, row, when)
    if not plain or p.crowd_price[b] > 0:
        value = measure(b, n, c, late, layer, cover, f, p, row, when, deep)
        if plain and n <= FEW and m <= MOST_MODES and value > low:  # a contract too large: look at it exactly
            for j in range(n):
                waits[j] = late[j]
            value, low = by_subsets(b, n, m, c, own, waits, layer, cover, f, p, row, when, deep)
    _encode(b, n, row, when, out, r0, p)
    return value, low


@lean
def _plain(f):
    """Whether no opening brings in money, and none becomes cheaper by digging deeper; prices may make it so."""
    for t in range(len(f)):
        below = f[t, 0] * 0
        for k in range(f.shape[1]):
            if f[t, k] < below:
                return False
            below = f[t, k]
    return True


@lean
def _reach(rest, at, far):
    """For each period the last one before it that lies a whole rest period back, -1 is none."""
    for t in range(len(at)):
        far[t] = -1
        for g in range(t - 1, -1, -1):
            if at[t] - at[g] >= rest:
                far[t] = g
                break


@lean
def _aside(n, m, c, own, waits, layer):
    """A way that opens nothing may be taken in any period: it stands in for waiting where it is cheaper."""
    any_ = False
    for a in range(m):
        if layer[a] < 0:
            for t in range(c.shape[1]):
                if c[a, t] < waits[own[a]]:
                    waits[own[a]] = c[a, t]
                    any_ = True
    return any_


@lean
def _fall_back(n, m, c, own, late, waits, layer, row, when):
    """Works left waiting take the way that opens nothing where that was cheaper."""
    for j in range(n):
        if row[j] >= 0 or not waits[j] < late[j]:
            continue
        for a in range(m):
            for t in range(c.shape[1]):
                if row[j] < 0 and own[a] == j and layer[a] < 0 and c[a, t] == waits[j]:
                    row[j], when[j] = a, t


@lean
def _free(n, m, c, own, waits, layer, row, when, out, r0, p, b):
    """Works that open nothing: each its cheapest row and period."""
    value = waits[0] * 0
    for j in range(n):
        row[j], when[j] = -1, -1
        for a in range(m):
            for t in range(c.shape[1]):
                if own[a] == j and c[a, t] < waits[j]:
                    waits[j], row[j], when[j] = c[a, t], a, t
        value += waits[j]
    _encode(b, n, row, when, out, r0, p)
    return value, value


@lean
def _encode(b, n, row, when, out, r0, p):
    """Picks from rows and periods."""
    for j in range(n):
        if row[j] < 0:
            out[j] = -1
        else:
            out[j] = (row[j] + r0 - p.alt[p.first[b] + j]) * p.cost.shape[1] + when[j]


@njit(cache=True, nogil=True)
def cheapest_plans(price, p, chosen, pick, value, low):
    """The cheapest plan of every chosen block at prices (R, T): pick per work, value and lower bound per block.

    Prices are per period in which the use counts: for resources that add up, the sum from that period on.
    """
    tools = scratch(p, price[0, 0] if price.size else price.sum())
    late = np.empty(len(tools[2]), value.dtype)
    for b in chosen:
        lay(b, price, p, tools[0], tools[1])
        for i in range(p.first[b], p.first[b + 1]):
            late[i - p.first[b]] = min(p.defer[i], BIG)
        value[b], low[b] = settle(b, p, late, tools)
        for i in range(p.first[b], p.first[b + 1]):
            pick[i] = tools[8][i - p.first[b]]


@kernel
def extended(price, p, at, cents, value):
    """The value of each work's block when its rows may also be done in one more period (`at`, -1 is none)."""
    tools = scratch(p, price[0, 0] if price.size else price.sum())
    c, late = tools[0], np.empty(len(tools[2]))
    for b in range(len(p.crowd)):
        for i in range(p.first[b], p.first[b + 1]):
            lay(b, price, p, tools[0], tools[1])
            for j in range(p.first[b], p.first[b + 1]):
                late[j - p.first[b]] = min(p.defer[j], BIG)
            for a in range(p.alt[i], p.alt[i + 1]):
                t = at[a]
                if t < 0:
                    continue
                more = 1.0 * cents[a]
                if p.budget[a] >= 0:
                    more += price[p.budget[a], t] * p.cash[a, t if p.cash.shape[1] > 1 else 0]
                if p.crew[a] >= 0:
                    more += price[p.crew[a], t] * p.days[a, t if p.days.shape[1] > 1 else 0]
                for u in range(p.use_start[a], p.use_start[a + 1]):
                    if t + p.use_shift[u] < p.cost.shape[1]:
                        more += price[p.use_row[u], t + p.use_shift[u]] * p.use_amount[u]
                c[a - p.alt[p.first[b]], t] = more
            value[i], _ = settle(b, p, late, tools)


@kernel
def regrets(price, p, row_regret, exit_regret):
    """What every option of every work, and its exit, costs its block above the block's cheapest plan at these prices."""
    tools = scratch(p, price[0, 0] if price.size else price.sum())
    c, late, held = tools[0], np.empty(len(tools[2])), np.empty_like(tools[0])
    for b in range(len(p.crowd)):
        f0, r0 = p.first[b], p.alt[p.first[b]]
        lay(b, price, p, tools[0], tools[1])
        for i in range(f0, p.first[b + 1]):
            late[i - f0] = min(p.defer[i], BIG)
        rows = p.alt[p.first[b + 1]] - r0
        held[:rows] = c[:rows]
        least, _ = settle(b, p, late, tools)
        for i in range(f0, p.first[b + 1]):
            wait, a0, a1 = late[i - f0], p.alt[i] - r0, p.alt[i + 1] - r0
            c[a0:a1] = NO
            value, _ = settle(b, p, late, tools)
            exit_regret[i] = value - least
            late[i - f0] = BIG * 1.0
            for a in range(a0, a1):
                for t in range(c.shape[1]):
                    row_regret[a + r0, t] = np.inf
                    if held[a, t] < NO:
                        c[a, t] = held[a, t]
                        value, _ = settle(b, p, late, tools)
                        row_regret[a + r0, t] = value - least
                        c[a, t] = NO
            c[a0:a1] = held[a0:a1]
            late[i - f0] = wait
