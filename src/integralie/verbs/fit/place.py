"""Place: the exact search for room, compiled. Numbers only; what they mean is told in `__init__` and `obstacles`.

An obstacle j keeps the heart of a claim out of the open interval (at[j] - reach[j], at[j] + reach[j]); a wall keeps it
within [low, high]. With a clearance e on top of every rule the intervals and walls grow by e; whether there is room
left falls monotonically with e, so the greatest e is found by halving. Room is twice that e: the free width between
the two walls less the width of the claim, below zero when it falls short.
"""

from __future__ import annotations

import numpy as np
from numba import njit

FINE = 0.001  # m
FAR = 64.0  # m
NOTHING = -FAR


@njit(cache=True)
def _gap(at, reach, order, count, low, high, e):
    """The first place that is free with e on top of every distance, or nan."""
    cur = low + e
    for i in range(count):
        j = order[i]
        r = reach[j] + e
        if r <= 0.0:
            continue
        if at[j] - r >= cur:
            return cur if cur <= high - e else np.nan
        if at[j] + r > cur:
            cur = at[j] + r
    return cur if cur <= high - e else np.nan


@njit(cache=True)
def room(at, reach, order, count, low, high):
    """The greatest room (m) for one claim among obstacles ordered by where they begin; NOTHING without a street."""
    if high - low <= -FAR:
        return NOTHING
    worst, best = -FAR / 2, FAR / 2
    if np.isnan(_gap(at, reach, order, count, low, high, worst)):
        return NOTHING
    while best - worst > FINE / 4:
        middle = (worst + best) / 2
        if np.isnan(_gap(at, reach, order, count, low, high, middle)):
            best = middle
        else:
            worst = middle
    return 2 * worst


@njit(cache=True)
def spot(at, reach, order, count, low, high, e, aim):
    """The free place nearest to `aim` with e on top of every distance, or nan."""
    best = np.nan
    cur = low + e
    for i in range(count + 1):
        if i < count:
            j = order[i]
            r = reach[j] + e
            if r <= 0.0:
                continue
            begin, end = at[j] - r, at[j] + r
        else:
            begin, end = high - e, high - e
        stop = min(begin, high - e)
        if stop >= cur:
            x = min(max(aim, cur), stop)
            if np.isnan(best) or abs(x - aim) < abs(best - aim) - 1e-9:
                best = x
        if end > cur:
            cur = end
    return best


@njit(cache=True)
def place_for(at, reach, order, count, low, high, e, aim):
    """The free place nearest to `aim`; without an aim the one nearest to an edge of the street."""
    if not np.isnan(aim):
        return spot(at, reach, order, count, low, high, e, aim)
    left = spot(at, reach, order, count, low, high, e, low)
    right = spot(at, reach, order, count, low, high, e, high)
    return left if not left - low > high - right + 1e-6 else right


@njit(cache=True)
def culprits(at, reach, hard, cost, who, count, low, high):
    """The place where the fewest things stand in the way (of equals the cheapest), how many, and what they cost.

    Looks at every place where the set of things can change. `hard` ones (strips where it may not lie) cannot be
    moved; a thing that stands in the way at several cuts (`who`) counts once. nan when there is no place at all.
    """
    best_x, best_n, best_cost = np.nan, count + 1, np.inf
    seen = np.empty(count + 1, np.int64)
    for k in range(2 * count + 2):
        if k < 2 * count:
            j = k // 2
            x = at[j] - reach[j] if k % 2 == 0 else at[j] + reach[j]
        else:
            x = low if k == 2 * count else high
        if x < low - 1e-9 or x > high + 1e-9:
            continue
        n, total, shut = 0, 0.0, False
        for i in range(count):
            if abs(x - at[i]) < reach[i] - 1e-7:
                if hard[i]:
                    shut = True
                    break
                known = False
                for q in range(n):
                    if seen[q] == who[i]:
                        known = True
                        break
                if not known:
                    seen[n] = who[i]
                    n += 1
                    total += cost[i]
        if not shut and (n < best_n or (n == best_n and total < best_cost - 1e-9)):
            best_x, best_n, best_cost = x, n, total
    return best_x, best_n, best_cost


@njit(cache=True)
def test(
    offsets,
    at,
    reach_low,
    reach,
    reach_high,
    top,
    bottom,
    slack,
    slack_band,
    always,
    hard,
    low,
    high,
    layer_begin,
    layers,
    height,
    aim,
    comfort,
    bare,
):
    """Every claim x street (rows of `offsets`): the layer and place with room; room at the worst, expected and best.

    `layers` holds the tops that may be tried, per row from `layer_begin[r]` to `layer_begin[r + 1]`. An obstacle
    counts in a layer when the claim comes within its slack of it in depth. The shallowest layer that is comfortable
    at the worst is taken, else the one with most room.
    """
    rows = len(low)
    out = np.full((rows, 6), np.nan)
    for r in range(rows):
        first, last = offsets[r], offsets[r + 1]
        n = last - first
        place, size = np.empty(n), np.empty(n)
        index = np.empty(n, np.int64)
        found = np.full(4, NOTHING)  # worst, expected, best, layer
        for s in range(3):
            most = NOTHING
            for m in range(layer_begin[r], layer_begin[r + 1]):
                d = layers[m]
                if found[3] >= 0 and m != found[3]:
                    continue
                count = 0
                for j in range(first, last):
                    wide = reach_high[j] if s == 0 else reach[j] if s == 1 else reach_low[j]
                    grow = slack[j] + (slack_band[j] if s == 0 else 0.0 if s == 1 else -slack_band[j])
                    near = always[j] > 1 or (d < bottom[j] + grow and d + height[r] > top[j] - grow)
                    if always[j] == 1:  # depth unknown: in the way unless it turns out to lie elsewhere
                        near = s != 2
                    if hard[j] and not (d + 1e-9 < bare[j]):
                        near = False
                    elif hard[j]:
                        near = True
                        wide = reach[j]
                    if near and wide > -FAR:
                        place[count], size[count] = at[j], wide
                        count += 1
                begin = place[:count] - size[:count]
                index[:count] = np.argsort(begin)
                got = room(place[:count], size[:count], index[:count], count, low[r], high[r])
                most = max(most, got)
                if s == 0 and got >= comfort:
                    found[3] = m
                    e = min(got / 2, comfort)
                    out[r, 4] = place_for(place[:count], size[:count], index[:count], count, low[r], high[r], e, aim[r])
                    break
                if s == 1 and found[3] < 0 and got >= most - 1e-9:
                    e = min(got / 2, comfort)
                    out[r, 4] = place_for(place[:count], size[:count], index[:count], count, low[r], high[r], e, aim[r])
                    out[r, 5] = d
            found[s] = most
            if s == 0 and found[3] >= 0:
                out[r, 5] = layers[int(found[3])]
        out[r, 0] = found[0]
        out[r, 1] = max(found[1], found[0])
        out[r, 2] = max(found[2], out[r, 1])
        out[r, 3] = out[r, 5]
    return out


@njit(cache=True)
def blockers(
    offsets, at, reach, top, bottom, slack, always, hard, bare, cost, who, low, high, layer_begin, layers, height
):
    """Per row the layer and place with the fewest obstacles in the way (of equals the cheapest); and how many."""
    rows = len(low)
    out = np.full((rows, 3), np.nan)
    for r in range(rows):
        first, last = offsets[r], offsets[r + 1]
        n = last - first
        place, size, fixed, price = np.empty(n), np.empty(n), np.zeros(n, np.bool_), np.empty(n)
        name = np.empty(n, np.int64)
        fewest, least = n + 1, np.inf
        for m in range(layer_begin[r], layer_begin[r + 1]):
            d, count = layers[m], 0
            for j in range(first, last):
                near = always[j] > 0 or (d < bottom[j] + slack[j] and d + height[r] > top[j] - slack[j])
                if hard[j]:
                    near = d + 1e-9 < bare[j]
                if near:
                    place[count], size[count], fixed[count], price[count] = at[j], reach[j], hard[j], cost[j]
                    name[count] = who[j]
                    count += 1
            x, many, total = culprits(
                place[:count], size[:count], fixed[:count], price[:count], name[:count], count, low[r], high[r]
            )
            if np.isnan(x):
                continue
            if many < fewest or (many == fewest and total < least - 1e-9):
                fewest, least = many, total
                out[r, 0], out[r, 1], out[r, 2] = x, d, many
    return out


@njit(cache=True)
def together(lengths, places, sizes, orders, low, high, apart, perms, layer_of, e):
    """Whether several claims can lie side by side: for every choice of layers and every order from left to right.

    Claim i in layer l has `lengths[i, l]` obstacles, sorted by where they begin. Two claims whose layers come near
    each other in depth keep `apart[i, li, k, lk]` between their hearts (0 when they may lie above one another). In a
    given order each claim takes the first free place from the left: any other choice leaves less for the next.
    """
    n = lengths.shape[0]
    x = np.empty(n)
    for c in range(layer_of.shape[0]):
        for p in range(perms.shape[0]):
            good = True
            for q in range(n):
                i = perms[p, q]
                li = layer_of[c, i]
                least = low[i] + e
                for b in range(q):
                    k = perms[p, b]
                    keep = apart[k, layer_of[c, k], i, li]
                    if keep > 0.0 and x[k] + keep + 2 * e > least:
                        least = x[k] + keep + 2 * e
                cur = least
                for s in range(lengths[i, li]):
                    j = orders[i, li, s]
                    r = sizes[i, li, j] + e
                    if r <= 0.0:
                        continue
                    if places[i, li, j] - r >= cur:
                        break
                    if places[i, li, j] + r > cur:
                        cur = places[i, li, j] + r
                if cur > high[i] - e + 1e-9:
                    good = False
                    break
                x[i] = cur
            if good:
                return c, p, x.copy()
    return -1, -1, x
