"""The block oracle for several places, ties between works, and contracts of limited size: by subsets of works.

`together[U]` is what it costs to do exactly the works of U in one period, openings of all their places included;
`best[t, S]` the least cost at which S is settled with the last of them in t. Rest periods of several places cannot be
kept apart in that state: the search is made once without them, which gives a lower bound, and when its plan breaks
one, again with one rest period for the whole block, which gives a plan that keeps them all.
"""

from __future__ import annotations

import numpy as np

from integralie.verbs.programme.compiled import inner, lean
from integralie.verbs.programme.count import BIG, NO
from integralie.verbs.programme.problem import APART, LATER

MOST_SUBSETS = 12  # works up to which a block is planned exactly
MOST_MODES = 14  # rows up to which it is


@inner
def by_subsets(b, n, m, c, own, late, layer, cover, f, p, row, when, deep):
    """The cheapest plan that the search finds for block b, and a lower bound; `row` and `when` tell the plan."""
    s0, places = p.place[b], p.place[b + 1] - p.place[b]
    if n > MOST_SUBSETS or m > MOST_MODES:
        return _one_by_one(b, n, m, c, own, late, layer, cover, f, p, row, when, deep)
    rest, since, hard = 0, 1 << 40, False
    for s in range(s0, s0 + places):
        rest, since = max(rest, p.rest[s]), min(since, p.since[s])
        hard = hard or (p.rest[s] > 0 and p.rest_price[s, 0] < 0)
    loose = places > 1
    for a in range(m):
        loose = loose or layer[a] < 0
    need, strict, apart = _ties(b, n, p)
    mode = np.empty(1 << n, np.int64)
    first_q = np.zeros(len(p.at), np.int64)
    value, low = late[0] * 0 + NO, late[0] * 0
    if loose or rest == 0:
        low = _search(
            b, n, m, c, own, late, layer, cover, f, p, need, strict, apart, mode, 0 * rest, since, first_q, row, when
        )
        value = measure(b, n, c, late, layer, cover, f, p, row, when, deep)
        if value <= low + abs(low) * 1e-12:
            return value, min(low, value)
    kept_row, kept_when = row[:n].copy(), when[:n].copy()
    for s in range(s0, s0 + places):
        for t in range(len(p.at)):
            first_q[t] = -1 if hard else first_q[t] + max(p.rest_price[s, t], 0)
    other = _search(
        b, n, m, c, own, late, layer, cover, f, p, need, strict, apart, mode, rest, since, first_q, row, when
    )
    if not loose and rest > 0:
        return other, other
    true = measure(b, n, c, late, layer, cover, f, p, row, when, deep)
    if value <= true:
        row[:n], when[:n] = kept_row, kept_when
        true = value
    if true >= BIG:  # what must be done is not, or not allowed at all
        true, more = _one_by_one(b, n, m, c, own, late, layer, cover, f, p, row, when, deep)
        low = max(low, more)
    return true, min(low, true)


@inner
def _ties(b, n, p):
    """Per work the works that must be settled with it or before it, and before it; and which may not go with it."""
    need, strict, apart = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64)
    for k in range(p.tie_start[b], p.tie_start[b + 1]):
        i, j = p.tie[k, 0], p.tie[k, 1]
        if p.tie[k, 2] == APART:
            apart[i] |= 1 << j
            apart[j] |= 1 << i
        elif p.tie[k, 2] == LATER:
            strict[j] |= 1 << i
        else:
            need[j] |= 1 << i
    return need, strict, apart


@inner
def _together(b, m, n, t, c, own, layer, cover, f, p, first_gap, cost, mode):
    """For every set of works the least cost of doing exactly these in period t, and the rows that do it."""
    places = p.place[b + 1] - p.place[b]
    for s in range(1 << n):
        cost[s] = c[0, 0] * 0 + NO
        mode[s] = 0
    cost[0] = c[0, 0] * 0
    deep = np.empty(places, np.int64)
    for chosen in range(1, 1 << m):
        works, total, opened, bad = 0, c[0, 0] * 0, 0, False
        for q in range(places):
            deep[q] = -1
        for a in range(m):
            if not (chosen >> a) & 1:
                continue
            bit = 1 << own[a]
            if works & bit or c[a, t] >= NO:
                bad = True
                break
            works |= bit
            total += c[a, t]
            if layer[a] >= 0:
                opened += 1
                for q in range(places):
                    if (cover[a] >> q) & 1:
                        deep[q] = max(deep[q], layer[a])
        if bad:
            continue
        for q in range(places):
            if deep[q] >= 0:
                total += f[q, t, deep[q]]
                if first_gap:
                    lack = p.rest[p.place[b] + q] - (p.at[t] - p.at[0] + p.since[p.place[b] + q])
                    if lack > 0:
                        price = p.rest_price[p.place[b] + q, t]
                        total += max(price, 0) * lack
                        bad = bad or price < 0
        if bad:
            continue
        if opened > p.crowd[b]:
            total += (opened - p.crowd[b]) * p.crowd_price[b]
        if total < cost[works]:
            cost[works] = total
            mode[works] = chosen


@inner
def _search(b, n, m, c, own, late, layer, cover, f, p, need, strict, apart, mode, rest, since, q, row, when):
    """The cheapest way to settle all works; with a `rest` all openings of the block share that one rest period."""
    periods, full = len(p.at), (1 << n) - 1
    init, best = np.empty(full + 1, late.dtype), np.empty((periods, full + 1), late.dtype)
    cost, before = np.empty(full + 1, late.dtype), np.empty(full + 1, late.dtype)
    took, came = np.zeros((periods, full + 1), np.int64), np.empty((periods, full + 1), np.int64)
    source = np.empty((periods, full + 1), np.int64)
    needs, stricts, banned = np.zeros(full + 1, np.int64), np.zeros(full + 1, np.int64), np.zeros(full + 1, np.bool_)
    for s in range(full + 1):
        init[s], lost = late[0] * 0, False
        for j in range(n):
            if (s >> j) & 1:
                init[s] += late[j]
                needs[s] |= need[j]
                stricts[s] |= strict[j]
                banned[s] = banned[s] or (apart[j] & s) != 0
            elif (need[j] | strict[j]) & s:
                lost = True  # what must come first is not done: this one cannot be done either
        if lost:
            init[s] = late[0] * 0 + NO
        needs[s] &= ~s
    for t in range(periods):
        _together(b, m, n, t, c, own, layer, cover, f, p, rest == 0, cost, mode)
        if rest == 0:
            for s in range(full + 1):
                if t == 0:
                    before[s], source[t, s] = init[s], -1
                else:
                    source[t, s] = source[t - 1, s]
                    if best[t - 1, s] < before[s]:
                        before[s], source[t, s] = best[t - 1, s], t - 1
        else:
            _rested(t, p.at, rest, since, q, init, best, before, source)
        for s in range(full + 1):
            best[t, s] = init[s] * 0 + NO
        for s in range(full + 1):
            if before[s] >= NO:
                continue
            free = full ^ s
            u = free
            while u > 0:
                if cost[u] < NO and not banned[u] and not (needs[u] & ~s) and not (stricts[u] & ~s):
                    if before[s] + cost[u] < best[t, s | u]:
                        best[t, s | u] = before[s] + cost[u]
                        took[t, s | u], came[t, s | u] = u, s
                u = (u - 1) & free
    last, value = -1, init[full]
    for t in range(periods):
        if best[t, full] < min(value, NO):  # what costs NO was never reached
            value, last = best[t, full], t
    _walk(b, n, m, c, own, layer, cover, f, p, rest == 0, cost, mode, full, last, took, came, source, row, when)
    return value


@lean
def _rested(t, at, rest, since, q, init, best, before, source):
    """The least cost of every set before an opening in t, when openings of the block keep one rest period."""
    for s in range(len(init)):
        before[s], source[t, s] = init[s] * 0 + NO, -1
        for g in range(t - 1, -2, -1):
            lack = rest - (at[t] - at[g] if g >= 0 else at[t] - at[0] + since)
            if lack > 0 and q[t] < 0:
                continue
            held = best[g, s] if g >= 0 else init[s]
            if lack > 0:
                held += q[t] * lack
            if held < before[s]:
                before[s], source[t, s] = held, g


@inner
def _walk(b, n, m, c, own, layer, cover, f, p, first_gap, cost, mode, s, t, took, came, source, row, when):
    """Write down the rows and periods, from the last opening back."""
    for j in range(n):
        row[j], when[j] = -1, -1
    while t >= 0:
        _together(b, m, n, t, c, own, layer, cover, f, p, first_gap, cost, mode)
        chosen = mode[took[t, s]]
        for a in range(m):
            if (chosen >> a) & 1:
                row[own[a]], when[own[a]] = a, t
        s = came[t, s]
        t = source[t, s]


@lean
def measure(b, n, c, late, layer, cover, f, p, row, when, deep):
    """What a plan of block b (rows and periods) costs under the prices that are laid on it."""
    periods, places, s0 = len(p.at), p.place[b + 1] - p.place[b], p.place[b]
    total, bad = late[0] * 0, False
    for q in range(places):
        for t in range(periods):
            deep[q, t] = -1
    for j in range(n):
        if row[j] < 0:
            total += late[j]
            continue
        total += c[row[j], when[j]]
        if layer[row[j]] >= 0:
            for q in range(places):
                if (cover[row[j]] >> q) & 1:
                    deep[q, when[j]] = max(deep[q, when[j]], layer[row[j]])
    for q in range(places):
        last = p.at[0] - p.since[s0 + q]
        for t in range(periods):
            if deep[q, t] < 0:
                continue
            total += f[q, t, deep[q, t]]
            lack = p.rest[s0 + q] - (p.at[t] - last)
            if lack > 0:
                total += max(p.rest_price[s0 + q, t], 0) * lack
                bad = bad or p.rest_price[s0 + q, t] < 0
            last = p.at[t]
    if p.crowd_price[b] > 0:
        for t in range(periods):
            count = 0
            for j in range(n):
                if row[j] >= 0 and when[j] == t and layer[row[j]] >= 0:
                    count += 1
            total += max(count - p.crowd[b], 0) * p.crowd_price[b]
    for k in range(p.tie_start[b], p.tie_start[b + 1]):
        i, j, kind = p.tie[k, 0], p.tie[k, 1], p.tie[k, 2]
        if row[j] < 0 or (kind == APART and row[i] < 0):
            continue
        gap = -1 if row[i] < 0 else when[j] - when[i]
        if (kind != APART and gap < 0) or (gap == 0 and kind != 0):
            bad = True
    return late[0] * 0 + NO if bad else total


@inner
def _one_by_one(b, n, m, c, own, late, layer, cover, f, p, row, when, deep):
    """A plan for a block too large to be planned as a whole: works take turns until none gains; and a lower bound.

    The bound lets every work pay for its places only its share among the works that could use them.
    """
    places = p.place[b + 1] - p.place[b]
    users = np.zeros(places, np.int64)
    for q in range(places):
        for j in range(n):
            for a in range(m):
                if own[a] == j and layer[a] >= 0 and (cover[a] >> q) & 1:
                    users[q] += 1
                    break
    low = late[0] * 0
    for j in range(n):
        row[j], when[j] = -1, -1
        least = late[j]
        for a in range(m):
            if own[a] != j:
                continue
            for t in range(len(p.at)):
                if c[a, t] >= NO:
                    continue
                share = c[a, t]
                for q in range(places):
                    if layer[a] >= 0 and (cover[a] >> q) & 1:
                        pays = f[q, t, layer[a] :].min()
                        share += pays // users[q] if pays >= 0 else pays
                least = min(least, share)
        low += least
    value = measure(b, n, c, late, layer, cover, f, p, row, when, deep)
    for _ in range(6):
        gained = False
        for j in range(n):
            best_row, best_when = row[j], when[j]
            for a in range(-1, m):
                if a >= 0 and own[a] != j:
                    continue
                for t in range(len(p.at) if a >= 0 else 1):
                    if a >= 0 and c[a, t] >= NO:
                        continue
                    row[j], when[j] = a, t if a >= 0 else -1
                    trial = measure(b, n, c, late, layer, cover, f, p, row, when, deep)
                    if trial < value:
                        value, best_row, best_when, gained = trial, row[j], when[j], True
            row[j], when[j] = best_row, best_when
        if not gained:
            break
    return value, min(low, value)
