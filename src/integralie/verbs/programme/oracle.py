"""The block oracle: the cheapest plan of one block at given prices, exactly; compiled, one pass over all blocks.

A block is small, so two exact ways are affordable. *By sets*: `best[t, S]` is the least cost at which the works of
set S are settled with the last opening in t; adding a year costs one pass over the sets, whatever the rest period and
however many layers an opening has. *By years*: walk the tree of opening years and keep for every work its cheapest
year on the path, cutting branches that cannot win. The way with the fewer steps is taken. Only the second may stop
early, at a fixed number of steps; then the value that is returned is a valid lower bound and the plan a good one.
"""

from __future__ import annotations

import numpy as np
from numba import njit

BIG = 10**16  # cost of not doing a work that has no exit
NO = 2**60  # cost of a period that is not allowed
MOST_SETS = 13  # works up to which sets are enumerated
MOST_STEPS = 30_000  # nodes of the tree of years before it is cut
SATURATED = 10**14
MILLION = 1_000_000


@njit(cache=True)
def surcharge(price, amount):
    """What an amount costs at a price in millionths, rounded down to whole cents, without overflow."""
    whole = price * (amount // MILLION) + price * (amount % MILLION) // MILLION
    return min(whole, SATURATED)


@njit(cache=True)
def priced_exact(price, cost, cash, days, budget, crew, open_cost, open_cash, open_budget):
    """Costs per option with whole-number prices laid on, in whole cents, never rounded up."""
    works, openings = cost.copy(), open_cost.copy()
    for i in range(cost.shape[0]):
        for t in range(cost.shape[1]):
            if cost[i, t] < NO:
                if budget[i] >= 0:
                    works[i, t] += surcharge(price[budget[i], t], cash[i, t])
                if crew[i] >= 0:
                    works[i, t] += surcharge(price[crew[i], t], days[i, t])
    for b in range(open_cost.shape[0]):
        for t in range(open_cost.shape[1] if open_budget[b] >= 0 else 0):
            for k in range(open_cost.shape[2]):
                openings[b, t, k] += surcharge(price[open_budget[b], t], open_cash[b, t, k])
    return works, openings


@njit(cache=True)
def priced_float(price, cost, cash, days, budget, crew, open_cost, open_cash, open_budget):
    """The same in floating point, for the search for prices."""
    works, openings = cost.astype(np.float64), open_cost.astype(np.float64)
    for i in range(cost.shape[0]):
        for t in range(cost.shape[1]):
            if cost[i, t] < NO:
                if budget[i] >= 0:
                    works[i, t] += price[budget[i], t] * cash[i, t]
                if crew[i] >= 0:
                    works[i, t] += price[crew[i], t] * days[i, t]
    for b in range(open_cost.shape[0]):
        for t in range(open_cost.shape[1] if open_budget[b] >= 0 else 0):
            for k in range(open_cost.shape[2]):
                openings[b, t, k] += price[open_budget[b], t] * open_cash[b, t, k]
    return works, openings


@njit(cache=True)
def _before(s, t, rest, since, q, init, best, upto):
    """The least cost of set s before an opening in t, the price of coming too early included."""
    gap = t + since
    value = init[s]
    if gap < rest:
        value = value + q[t] * (rest - gap) if q[0] >= 0 else init[s] * 0 + NO
    far = t - max(rest, 1)
    if far >= 0 and upto[far, s] < value:
        value = upto[far, s]
    if q[0] >= 0:
        for g in range(1, min(rest, t + 1)):
            near = best[t - g, s] + q[t] * (rest - g)
            if near < value:
                value = near
    return value


@njit(cache=True)
def by_sets(n, c, late, layer, f, q, rest, since, work, choice):
    """The cheapest plan over all sets of works; `choice[j]` becomes its period, or T."""
    periods, layers, full = c.shape[1], f.shape[1], (1 << n) - 1
    init, line, best, upto = work[0], work[1], work[2 : 2 + periods], work[2 + periods : 2 + 2 * periods]
    init[0] = late[0] * 0
    for s in range(1, full + 1):
        j = 0
        while not (s >> j) & 1:
            j += 1
        init[s] = init[s & ~(1 << j)] + late[j]
    for t in range(periods):
        for s in range(full + 1):
            line[s] = _before(s, t, rest, since, q, init, best, upto)
            best[t, s] = NO
        any_work = False
        for k in range(layers):
            used = False
            for j in range(n):
                if layer[j] != k or c[j, t] >= NO:
                    continue
                used = True
                bit = 1 << j
                for s in range(full + 1):
                    if s & bit:
                        with_j = line[s ^ bit] + c[j, t]
                        if with_j < line[s]:
                            line[s] = with_j
            if used:
                any_work = True
                for s in range(full + 1):
                    best[t, s] = min(best[t, s], line[s] + f[t, k])
        for s in range(full + 1):
            upto[t, s] = best[t, s] if t == 0 else min(best[t, s], upto[t - 1, s])
        if not any_work and t > 0:
            continue
    _trace(n, c, layer, f, q, rest, since, init, line, best, upto, choice)
    return min(init[full], upto[periods - 1, full])


@njit(cache=True)
def _trace(n, c, layer, f, q, rest, since, init, line, best, upto, choice):
    """Walk back from all works settled to none, and write down who goes when."""
    periods, layers, full = c.shape[1], f.shape[1], (1 << n) - 1
    for j in range(n):
        choice[j] = periods
    came = np.empty(full + 1, np.int64)
    s, last, target = full, periods - 1, min(init[full], upto[periods - 1, full])
    while target < init[s]:
        t = 0
        while best[t, s] != target:
            t += 1
        found = -1
        for r in range(full + 1):
            came[r] = r
            line[r] = _before(r, t, rest, since, q, init, best, upto)
        for k in range(layers):
            used = False
            for j in range(n):
                if layer[j] != k or c[j, t] >= NO:
                    continue
                used = True
                bit = 1 << j
                for r in range(full + 1):
                    if r & bit and line[r ^ bit] + c[j, t] < line[r]:
                        line[r] = line[r ^ bit] + c[j, t]
                        came[r] = came[r ^ bit]
            if used and line[s] + f[t, k] == target:
                found = came[s]
                break
        for j in range(n):
            if (s >> j) & 1 and not (found >> j) & 1:
                choice[j] = t
        s = found
        target, last = _source(s, t, rest, since, q, init, best, upto)
        if last < 0:
            return


@njit(cache=True)
def _source(s, t, rest, since, q, init, best, upto):
    """Where the cost before an opening in t came from: the value to look for, -1 when nothing was opened before."""
    value = _before(s, t, rest, since, q, init, best, upto)
    gap = t + since
    start = init[s]
    if gap < rest:
        start = start + q[t] * (rest - gap) if q[0] >= 0 else init[s] * 0 + NO
    if start == value:
        return init[s], -1
    far = t - max(rest, 1)
    if far >= 0 and upto[far, s] == value:
        return value, far
    for g in range(1, min(rest, t + 1)):
        if best[t - g, s] + q[t] * (rest - g) == value:
            return best[t - g, s], t - g
    return init[s], -1


@njit(cache=True)
def by_years(n, c, late, layer, f, q, rest, since, path, tail, choice, steps):
    """The cheapest plan over all sets of opening years, by depth first with cutting; returns value and lower bound."""
    periods, layers = c.shape[1], f.shape[1]
    zero = late[0] * 0
    for j in range(n):
        tail[j, periods] = zero + NO
        for t in range(periods - 1, -1, -1):
            tail[j, t] = min(tail[j, t + 1], c[j, t])
        path[0, j] = late[j]
    spent = np.zeros(periods + 1, late.dtype)
    year = np.full(periods + 1, -1, np.int64)
    depth_of = np.zeros(periods + 1, np.int64)
    pointer = np.zeros(periods + 1, np.int64)  # next option of each node: year * layers + layer
    best = zero
    for j in range(n):
        best += late[j]
        choice[j] = periods
    low, level, step = best, 0, 0
    year[0] = -since
    while level >= 0:
        option = pointer[level]
        t, k = option // layers, option % layers
        hopeless = t >= periods
        if not hopeless and (k == 0 or step > steps):
            bound = spent[level]
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
        for j in range(n):
            used = used or (layer[j] == k and c[j, t] < path[level, j])
        gap = t - year[level]
        if not used or (gap < rest and q[0] < 0) or (gap < 1):
            continue
        step += 1
        cost = spent[level] + f[t, k]
        if gap < rest:
            cost += q[t] * (rest - gap)
        total = cost
        for j in range(n):
            path[level + 1, j] = min(path[level, j], c[j, t]) if layer[j] <= k else path[level, j]
            total += path[level + 1, j]
        level += 1
        spent[level], year[level], depth_of[level], pointer[level] = cost, t, k, (t + 1) * layers
        if total < best:
            best = total
            _note(n, c, late, layer, level, year, depth_of, periods, choice)
    return best, min(low, best)


@njit(cache=True)
def _note(n, c, late, layer, level, year, depth_of, periods, choice):
    """Write down for each work its cheapest year on the path."""
    for j in range(n):
        choice[j] = periods
        least = late[j]
        for d in range(1, level + 1):
            if layer[j] <= depth_of[d] and c[j, year[d]] < least:
                least = c[j, year[d]]
                choice[j] = year[d]


@njit(cache=True)
def _steps_by_years(periods, rest, hard, layers):
    """How many nodes the tree of opening years has."""
    gap = max(rest, 1) if hard else 1
    count = np.ones(periods + gap + 1)
    for t in range(periods):
        count[t + gap] = count[t + gap - 1] + layers * count[t]
    return count[periods + gap - 1]


@njit(cache=True)
def cheapest(n, c, late, layer, f, q, rest, since, work, path, tail, choice):
    """The cheapest plan of one unit by the shorter of the two ways; returns value and lower bound."""
    periods = c.shape[1]
    layers = 0
    for k in range(f.shape[1]):
        for j in range(n):
            if layer[j] == k:
                layers += 1
                break
    sets = 1.0 * periods * (1 << min(n, 40)) * (0.5 * n + 1 + (rest if q[0] >= 0 else 1))
    years = n * _steps_by_years(periods, rest, q[0] < 0, layers)
    if n <= MOST_SETS and (sets <= years or years > MOST_STEPS):
        value = by_sets(n, c, late, layer, f, q, rest, since, work, choice)
        return value, value
    return by_years(n, c, late, layer, f, q, rest, since, path, tail, choice, MOST_STEPS)


@njit(cache=True)
def _alone(c, late, choice):
    """The cheapest period of one work that opens nothing."""
    best, choice[0] = late[0], c.shape[1]
    for t in range(c.shape[1]):
        if c[0, t] < best:
            best, choice[0] = c[0, t], t
    return best


@njit(cache=True, nogil=True)
def cheapest_plans(works, openings, late, layer, first, rest, rest_price, since, chosen):
    """The cheapest plan of every chosen unit: period per work (T is the exit), value and lower bound per unit."""
    periods, most = works.shape[1], 1
    for b in chosen:
        most = max(most, first[b + 1] - first[b])
    work = np.empty((2 + 2 * periods, 1 << min(most, MOST_SETS)), works.dtype)
    path, tail = np.empty((periods + 1, most), works.dtype), np.empty((most, periods + 1), works.dtype)
    choice, plan = np.empty(most, np.int64), np.full(len(late), periods, np.int64)
    value, low = np.zeros(len(rest), works.dtype), np.zeros(len(rest), works.dtype)
    for b in chosen:
        i, n = first[b], first[b + 1] - first[b]
        c, f, q = works[i : i + n], openings[b], rest_price[b]
        if n == 1 and rest[b] == 0 and f.max() == 0:
            value[b] = _alone(c, late[i : i + n], choice)
            low[b] = value[b]
        else:
            value[b], low[b] = cheapest(
                n, c, late[i : i + n], layer[i : i + n], f, q, rest[b], since[b], work, path, tail, choice
            )
        for j in range(n):
            plan[i + j] = choice[j]
    return plan, value, low


@njit(cache=True)
def unit_cost(b, period, cost, defer, layer, first, open_cost, rest, rest_price, since, deepest):
    """What the plan of one unit costs in whole cents; `deepest` becomes the layer that is opened per period."""
    total, periods, last = 0, cost.shape[1], -since[b]
    deepest[:] = -1
    for i in range(first[b], first[b + 1]):
        t = period[i]
        if t >= periods:
            total = min(total + min(defer[i], BIG), NO)
        else:
            total = min(total + cost[i, t], NO)
            deepest[t] = max(deepest[t], layer[i])
    for t in range(periods):
        if deepest[t] < 0:
            continue
        total = min(total + open_cost[b, t, deepest[t]], NO)
        if t - last < rest[b]:
            total = min(total + (rest_price[b, t] * (rest[b] - t + last) if rest_price[b, t] >= 0 else NO), NO)
        last = t
    return total


@njit(cache=True)
def plan_use(
    period, cost, defer, cash, days, budget, crew, layer, first, open_cost, open_cash, open_budget, rest, rest_price, since, capacity, group, groups
):  # fmt: skip
    """What a plan uses per group of units, resource and period, and what it costs per unit; both in whole numbers."""
    periods = cost.shape[1]
    used = np.zeros((groups, capacity.shape[0], periods), np.int64)
    total = np.zeros(len(rest), np.int64)
    deepest = np.empty(periods, np.int64)
    for b in range(len(rest)):
        total[b] = unit_cost(b, period, cost, defer, layer, first, open_cost, rest, rest_price, since, deepest)
        for i in range(first[b], first[b + 1]):
            t = period[i]
            if t < periods and budget[i] >= 0:
                used[group[b], budget[i], t] += cash[i, t]
            if t < periods and crew[i] >= 0:
                used[group[b], crew[i], t] += days[i, t]
        for t in range(periods):
            if deepest[t] >= 0 and open_budget[b] >= 0:
                used[group[b], open_budget[b], t] += open_cash[b, t, deepest[t]]
    return used, total
