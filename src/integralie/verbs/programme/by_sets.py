"""The block oracle by sets of works: `best[t, S]` is the least cost at which the works of set S are settled with the last
opening in t.

Adding a period costs one pass over the sets, whatever the rest period and however many layers an opening has.
"""

from __future__ import annotations

import numpy as np

from integralie.verbs.programme.compiled import inner, lean
from integralie.verbs.programme.count import NO


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
