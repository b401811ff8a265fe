"""The block oracle by years: the tree of opening periods is walked, and every work keeps its cheapest period on the path.

Branches that cannot win are cut; a tree that is too large is cut short, and then the value is that of a real plan and a lower
bound comes with it.
"""

from __future__ import annotations

import numpy as np

from integralie.verbs.programme.compiled import inner, lean
from integralie.verbs.programme.count import NO

MOST_STEPS = 30_000  # nodes of the tree of years before it is cut


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
def sets_are_shorter(n, m, layers, rest, hard, periods):
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
