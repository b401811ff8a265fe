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

from integralie.verbs.programme.compiled import inner, kernel, lean
from integralie.verbs.programme.count import BIG, NO, surcharge
from integralie.verbs.programme.subsets import MOST_MODES, MOST_SUBSETS, by_subsets, measure

MOST_SETS = 13  # works up to which sets are enumerated
FEW = 9  # works up to which looking at sets is always shorter
MOST_STEPS = 30_000  # nodes of the tree of years before it is cut


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


# By sets ---------------------------------------------------------------------------------------------------------------------


@lean
def _before(s, t, rest, since, at, far, q, init, best, upto):
    """The least cost of set s before an opening in t, the price of coming too early included."""
    gap = at[t] - at[0] + since
    value = init[s]
    if gap < rest:
        value = value + q[t] * (rest - gap) if q[0] >= 0 else init[s] * 0 + NO
    if far[t] >= 0 and upto[far[t], s] < value:
        value = upto[far[t], s]
    if q[0] >= 0:
        for g in range(far[t] + 1, t):
            near = best[g, s] + q[t] * (rest - at[t] + at[g])
            if near < value:
                value = near
    return value


@lean
def _line(t, full, rest, since, at, far, q, init, best, upto, line):
    """The same for all sets."""
    gap = at[t] - at[0] + since
    extra = q[t] * (rest - gap) if gap < rest and q[0] >= 0 else 0
    if gap < rest and q[0] < 0:
        for s in range(full + 1):
            line[s] = NO
    else:
        for s in range(full + 1):
            line[s] = init[s] + extra
    if far[t] >= 0:
        back = upto[far[t]]
        for s in range(full + 1):
            line[s] = back[s] if back[s] < line[s] else line[s]
    if q[0] >= 0:
        for g in range(far[t] + 1, t):
            early, back = q[t] * (rest - at[t] + at[g]), best[g]
            for s in range(full + 1):
                line[s] = back[s] + early if back[s] + early < line[s] else line[s]


@lean
def _join(bit, full, price, line):
    """Let one more work take part wherever that is cheaper than having it settled before."""
    for base in range(bit, full + 1, 2 * bit):
        for s in range(base, base + bit):
            taken = line[s - bit] + price
            line[s] = taken if taken < line[s] else line[s]


@inner
def by_sets(n, m, c, own, late, layer, f, q, rest, since, at, far, work, row, when):
    """The cheapest plan over all sets of works; `row` and `when` become the row and period of each, -1 is the exit."""
    periods, full = c.shape[1], (1 << n) - 1
    init, line, best, upto = work[0], work[1], work[2 : 2 + periods], work[2 + periods : 2 + 2 * periods]
    init[0] = late[0] * 0
    for j in range(n):
        for s in range(1 << j, 2 << j):
            init[s] = init[s - (1 << j)] + late[j]
    for t in range(periods):
        now, ready = best[t], False
        for s in range(full + 1):
            now[s] = NO
        for k in range(f.shape[1]):
            used = False
            for a in range(m):
                if layer[a] == k and c[a, t] < NO:
                    if not ready:
                        _line(t, full, rest, since, at, far, q, init, best, upto, line)
                    used = ready = True
                    _join(1 << own[a], full, c[a, t], line)
            if used:
                for s in range(full + 1):
                    now[s] = line[s] + f[t, k] if line[s] + f[t, k] < now[s] else now[s]
        for s in range(full + 1):
            upto[t, s] = now[s] if t == 0 or now[s] < upto[t - 1, s] else upto[t - 1, s]
    _trace(n, m, c, own, layer, f, q, rest, since, at, far, init, line, best, upto, row, when)
    return min(init[full], upto[periods - 1, full])


@inner
def _trace(n, m, c, own, layer, f, q, rest, since, at, far, init, line, best, upto, row, when):
    """Walk back from all works settled to none, and write down who goes when, and in which way."""
    periods, full = c.shape[1], (1 << n) - 1
    for j in range(n):
        row[j], when[j] = -1, -1
    s, target = full, min(init[full], upto[periods - 1, full])
    if not target < init[s]:
        return
    order, lines = np.empty(m, np.int64), np.empty((m + 1, full + 1), c.dtype)
    while target < init[s]:
        t = 0
        while best[t, s] != target:
            t += 1
        _line(t, full, rest, since, at, far, q, init, best, upto, lines[0])
        count, done = 0, False
        for k in range(f.shape[1]):
            used = False
            for a in range(m):
                if layer[a] == k and c[a, t] < NO:
                    lines[count + 1] = lines[count]
                    _join(1 << own[a], full, c[a, t], lines[count + 1])
                    order[count] = a
                    count += 1
                    used = True
            if used and lines[count, s] + f[t, k] == target:
                done = True
                break
        for x in range(count, 0, -1):
            a = order[x - 1]
            if lines[x, s] != lines[x - 1, s]:
                row[own[a]], when[own[a]] = a, t
                s ^= 1 << own[a]
        target, last = _source(s, t, rest, since, at, far, q, init, best, upto)
        if last < 0 or not done:
            return


@lean
def _source(s, t, rest, since, at, far, q, init, best, upto):
    """Where the cost before an opening in t came from: the value to look for, -1 when nothing was opened before."""
    value = _before(s, t, rest, since, at, far, q, init, best, upto)
    gap = at[t] - at[0] + since
    start = init[s]
    if gap < rest:
        start = start + q[t] * (rest - gap) if q[0] >= 0 else init[s] * 0 + NO
    if start == value:
        return init[s], -1
    if far[t] >= 0 and upto[far[t], s] == value:
        return value, far[t]
    for g in range(far[t] + 1, t):
        if best[g, s] + q[t] * (rest - at[t] + at[g]) == value:
            return best[g, s], g
    return init[s], -1


# By years --------------------------------------------------------------------------------------------------------------------


@inner
def by_years(n, m, c, own, late, layer, f, q, rest, since, at, path, tail, cheap, row, when, steps):
    """The cheapest plan over all sets of opening periods, by depth first with cutting; returns value and lower bound.

    Where prices below zero make an opening bring in money, it is counted even when no work goes into it: a bound.
    """
    periods, layers = c.shape[1], f.shape[1]
    zero = late[0] * 0
    gain = np.zeros(periods + 1, late.dtype)
    for j in range(n):
        tail[j, periods] = zero + NO
        path[0, j] = late[j]
        row[j], when[j] = -1, -1
    for t in range(periods - 1, -1, -1):
        gain[t] = gain[t + 1] + min(f[t].min(), zero)
        for j in range(n):
            tail[j, t] = tail[j, t + 1]
        for a in range(m):
            if layer[a] >= 0:
                tail[own[a], t] = min(tail[own[a], t], c[a, t])
    spent = np.zeros(periods + 1, late.dtype)
    year = np.full(periods + 1, -1, np.int64)
    depth_of = np.zeros(periods + 1, np.int64)
    pointer = np.zeros(periods + 1, np.int64)  # next option of each node: period * layers + layer
    best = zero
    for j in range(n):
        best += late[j]
    low, level, step = best, 0, 0
    while level >= 0:
        option = pointer[level]
        t, k = option // layers, option % layers
        hopeless = t >= periods
        if not hopeless and (k == 0 or step > steps):
            bound = spent[level] + gain[t]
            for j in range(n):
                bound += min(path[level, j], tail[j, t])
            hopeless = bound >= best
            if not hopeless and step > steps:
                low, hopeless = min(low, bound), True
        if hopeless:
            level -= 1
            continue
        pointer[level] += 1
        used = False
        for a in range(m):
            used = used or (layer[a] == k and (c[a, t] < path[level, own[a]] or (f[t, k] < 0 and c[a, t] < NO)))
        before = at[0] - since if level == 0 else at[year[level]]
        gap = at[t] - before
        if not used or (gap < rest and q[0] < 0) or (level > 0 and t <= year[level]):
            continue
        step += 1
        cost = spent[level] + f[t, k]
        if gap < rest:
            cost += q[t] * (rest - gap)
        for j in range(n):
            path[level + 1, j] = path[level, j]
        for a in range(m):
            if 0 <= layer[a] <= k:
                path[level + 1, own[a]] = min(path[level + 1, own[a]], c[a, t])
        total = cost
        for j in range(n):
            total += path[level + 1, j]
        level += 1
        spent[level], year[level], depth_of[level], pointer[level] = cost, t, k, (t + 1) * layers
        if total < best:
            best = total
            _note(n, m, c, own, late, layer, level, year, depth_of, cheap, row, when)
    return best, min(low, best)


@lean
def _note(n, m, c, own, late, layer, level, year, depth_of, cheap, row, when):
    """Write down for each work its cheapest row and period on the path."""
    for j in range(n):
        row[j], when[j], cheap[j, 0] = -1, -1, late[j]
    for d in range(1, level + 1):
        for a in range(m):
            if 0 <= layer[a] <= depth_of[d] and c[a, year[d]] < cheap[own[a], 0]:
                cheap[own[a], 0], row[own[a]], when[own[a]] = c[a, year[d]], a, year[d]


@inner
def _sets_are_shorter(n, m, layers, rest, hard, periods):
    """Whether looking at sets of works takes fewer steps than the tree of opening periods (a step there weighs 8)."""
    sets = 1.0 * periods * (1 << n) * (0.5 * m + 1 + (1 if hard else rest))
    years = 8 * m * _steps_by_years(periods, rest, hard, layers)
    return sets <= years or years > MOST_STEPS


@inner
def _steps_by_years(periods, rest, hard, layers):
    """How many nodes the tree of opening periods has (with periods of equal length)."""
    gap = max(rest, 1) if hard else 1
    count = np.ones(periods + gap + 1)
    for t in range(periods):
        count[t + gap] = count[t + gap - 1] + layers * count[t]
    return count[periods + gap - 1]


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
    if n <= FEW or (n <= MOST_SETS and _sets_are_shorter(n, m, layers, rest, q[0] < 0, len(p.at))):
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
