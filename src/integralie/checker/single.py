"""The least that works in one place can cost, in the periods in which that place is opened: exact whole numbers.

Part of `least`: works that keep no order and share no contract. Everything is reckoned from the last period backwards.
"""

from __future__ import annotations

import numpy as np
from numba import njit

NO = 2**60  # what is not allowed
NODES = 60_000  # openings tried for a block of one place with many works


@njit(cache=True, nogil=True)
def one_place(n, m, c, own, late, layer, f, quote, rest, since, at, room):
    """The least cost over all sets of works, from the last period back."""
    periods, full = c.shape[1], (1 << n) - 1
    out, line, wait, go, tail = room[0], room[1], room[2], room[3 : 3 + periods], room[3 + periods : 4 + 2 * periods]
    out[0] = 0
    for s in range(1, full + 1):
        j = 0
        while not (s >> j) & 1:
            j += 1
        out[s] = out[s ^ (1 << j)] + late[j]
    tail[periods, : full + 1] = NO
    for t in range(periods, -1, -1):  # the last opening was in t - 1; with t = 0 it was before the programme
        last = at[t - 1] if t > 0 else at[0] - since
        wait[: full + 1] = out[: full + 1]
        for later in range(t, periods):
            lack = rest - (at[later] - last)
            if lack <= 0:
                for s in range(full + 1):
                    wait[s] = min(wait[s], tail[later, s])
                break
            if quote[later] >= 0:
                for s in range(full + 1):
                    wait[s] = min(wait[s], go[later, s] + lack * quote[later])
        if t > 0:
            _open(m, c, own, layer, f, t - 1, full, wait, line, go[t - 1])
            for s in range(full + 1):
                tail[t - 1, s] = min(tail[t, s], go[t - 1, s])
    return wait[full]


@njit(cache=True, nogil=True)
def _open(m, c, own, layer, f, t, full, after, line, go):
    """The least cost from an opening in t on: works of the layers that it reaches may be done in it."""
    for s in range(full + 1):
        line[s], go[s] = after[s], NO
    for k in range(f.shape[1]):
        for a in range(m):
            if layer[a] != k or c[a, t] >= NO:
                continue
            bit = 1 << own[a]
            for s in range(full, -1, -1):
                if s & bit:
                    line[s] = min(line[s], line[s ^ bit] + c[a, t])
        for s in range(full + 1):
            go[s] = min(go[s], line[s] + f[t, k])


@njit(cache=True, nogil=True)
def _heads(n, m, c, own, late, layer, f):
    """Per work the least cost before each period, and what openings before it could gain at most."""
    periods = c.shape[1]
    head, gain = np.full((periods + 1, n), NO), np.zeros(periods + 1, np.int64)
    for t in range(periods):
        gain[t + 1] = gain[t] + min(f[t].min(), 0)
        head[t + 1] = head[t]
        for a in range(m):
            if layer[a] >= 0:
                head[t + 1, own[a]] = min(head[t + 1, own[a]], c[a, t])
    return head, gain


@njit(cache=True, nogil=True)
def many_works(n, m, c, own, late, layer, f, quote, rest, since, at):
    """The least cost over all sets of opening periods, added from the last backwards; a bound when there are too many."""
    periods, layers = c.shape[1], f.shape[1]
    head, gain = _heads(n, m, c, own, late, layer, f)
    path, spent = np.empty((periods + 2, n), np.int64), np.zeros(periods + 2, np.int64)
    year, option = np.full(periods + 2, periods), np.zeros(periods + 2, np.int64)
    path[0] = late[:n]
    best, low, nodes, level = late[:n].sum(), NO, 0, 0
    option[0] = periods * layers - 1
    while level >= 0:
        t, k = option[level] // layers, option[level] % layers
        limit = spent[level]
        if t >= 0:
            limit += gain[t + 1]
            for j in range(n):
                limit += min(path[level, j], head[t + 1, j])
        if t < 0 or limit >= min(best, low):
            level -= 1
            continue
        if nodes >= NODES:
            low = min(low, limit)
            level -= 1
            continue
        option[level] -= 1
        extra = 0
        if level > 0:
            lack = rest - (at[year[level]] - at[t])
            if lack > 0 and quote[year[level]] < 0:
                continue
            extra = max(lack, 0) * quote[year[level]]
        path[level + 1] = path[level]
        possible = False
        for a in range(m):
            possible = possible or (layer[a] == k and c[a, t] < NO and f[t, k] < 0)  # it may pay to open for little
            if 0 <= layer[a] <= k and c[a, t] < path[level + 1, own[a]]:
                path[level + 1, own[a]] = c[a, t]
                possible = possible or layer[a] == k
        if not possible:
            continue
        nodes += 1
        level += 1
        spent[level], year[level], option[level] = spent[level - 1] + f[t, k] + extra, t, t * layers - 1
        lack = rest - (at[t] - at[0] + since)
        if lack <= 0 or quote[t] >= 0:
            best = min(best, spent[level] + path[level].sum() + max(lack, 0) * max(quote[t], 0))
    return min(best, low)
