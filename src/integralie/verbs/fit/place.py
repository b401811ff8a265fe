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
TOUCH = 1e-9  # m: things this near touch
NOTHING = -FAR


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def near(d, height, top, bottom, slack, band, always, hard, bare, s):
    """Whether a thing counts when the claim begins at depth d: at the worst (s = 0), as registered (1), at the best (2).

    A strip where it may not lie (`hard`) counts down to the depth from which it may; a thing without depth counts unless it
    turns out to lie elsewhere; others when the claim comes within their slack.
    """
    if hard:
        return d + 1e-9 < bare
    if always > 1:
        return True
    if always == 1:
        return s != 2
    grow = slack + (band if s == 0 else 0.0 if s == 1 else -band)
    return d < bottom + grow and d + height > top - grow


@njit(cache=True, nogil=True)
def ranked(at, rank, who):
    """The things with a place in the order from facade to carriageway, each once: mean place and rank."""
    n = len(at)
    name, place, number, many = np.empty(n, np.int64), np.zeros(n), np.zeros(n), 0
    ranks = np.zeros(n)
    for j in range(n):
        if rank[j] <= 0.0:
            continue
        k = 0
        while k < many and name[k] != who[j]:
            k += 1
        if k == many:
            name[k], ranks[k] = who[j], rank[j]
            many += 1
        place[k] += at[j]
        number[k] += 1
    for k in range(many):
        place[k] /= number[k]
    return place[:many], ranks[:many]


@njit(cache=True, nogil=True)
def broken(x, middle, mine, place, ranks):
    """How many things on this side of the street lie on the wrong side of x by the order from facade to carriageway."""
    many = 0
    side = -1.0 if x <= middle else 1.0
    for k in range(len(place)):
        if (place[k] <= middle) != (x <= middle) or ranks[k] == mine or abs(place[k] - x) < FINE / 2:
            continue
        outward = (place[k] - x) * side > 0.0  # it lies nearer to the edge than x
        if outward != (ranks[k] < mine):
            many += 1
    return many


@njit(cache=True, nogil=True)
def _better(x, aim, low, high, middle, mine, place, ranks, best, least, far):
    """The better of a place and the best so far: fewer broken orders, then nearer to the aim or to an edge."""
    many = broken(x, middle, mine, place, ranks) if mine > 0.0 else 0
    away = abs(x - aim) if not np.isnan(aim) else min(x - low, high - x)
    if np.isnan(best) or many < least or (many == least and away < far - 1e-6):
        return x, many, away
    return best, least, far


@njit(cache=True, nogil=True)
def place_for(at, reach, order, count, low, high, e, aim, middle, mine, place, ranks):
    """The free place that breaks the order from facade to carriageway least; of equals the nearest to `aim`.

    Without an aim the nearest to an edge of the street. Looks at every place where the number of broken orders can change.
    """
    best, least, far = np.nan, 0, np.inf
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
        if stop >= cur - TOUCH:
            stop = max(stop, cur)
            goal = aim if not np.isnan(aim) else low
            for x in (cur, min(max(goal, cur), stop), stop, min(max(middle, cur), stop)):
                best, least, far = _better(x, aim, low, high, middle, mine, place, ranks, best, least, far)
            if mine > 0.0:
                for k in range(len(place)):
                    for x in (place[k] - FINE, place[k], place[k] + FINE):
                        if cur <= x <= stop:
                            best, least, far = _better(x, aim, low, high, middle, mine, place, ranks, best, least, far)
        if end > cur:
            cur = end
    return best


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
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
    rank,
    who,
    mine,
    middle,
):
    """Every claim x street (rows of `offsets`): the layer and place with room; room at the worst, expected and best.

    `layers` holds the tops that may be tried, per row from `layer_begin[r]` to `layer_begin[r + 1]`. An obstacle
    counts in a layer when the claim comes within its slack of it in depth. The shallowest layer that is comfortable
    at the worst is taken, else the one with most room. The last column counts the broken orders at the place found.
    """
    rows = len(low)
    out = np.full((rows, 7), np.nan)
    for r in range(rows):
        first, last = offsets[r], offsets[r + 1]
        n = last - first
        place, size = np.empty(n), np.empty(n)
        index = np.empty(n, np.int64)
        found = np.full(4, NOTHING)  # worst, expected, best, layer
        lie, ranks = ranked(at[first:last], rank[first:last], who[first:last])
        for s in range(3):
            most = NOTHING
            for m in range(layer_begin[r], layer_begin[r + 1]):
                d = layers[m]
                if found[3] >= 0 and m != found[3]:
                    continue
                count = 0
                for j in range(first, last):
                    wide = reach_high[j] if s == 0 else reach[j] if s == 1 else reach_low[j]
                    counts = near(
                        d, height[r], top[j], bottom[j], slack[j], slack_band[j], always[j], hard[j], bare[j], s
                    )
                    if counts and wide > -FAR:
                        place[count], size[count] = at[j], wide
                        count += 1
                begin = place[:count] - size[:count]
                index[:count] = np.argsort(begin)
                got = room(place[:count], size[:count], index[:count], count, low[r], high[r])
                most = max(most, got)
                if s == 0 and got >= comfort:
                    found[3] = m
                    e = min(got / 2, comfort)
                    out[r, 4] = place_for(
                        place[:count], size[:count], index[:count], count, low[r], high[r], e, aim[r], middle[r], mine, lie, ranks
                    )  # fmt: skip
                    break
                if s == 1 and found[3] < 0 and got >= most - 1e-9:
                    e = min(got / 2, comfort)
                    out[r, 4] = place_for(
                        place[:count], size[:count], index[:count], count, low[r], high[r], e, aim[r], middle[r], mine, lie, ranks
                    )  # fmt: skip
                    out[r, 5] = d
            found[s] = most
            if s == 0 and found[3] >= 0:
                out[r, 5] = layers[int(found[3])]
        out[r, 0] = found[0]
        out[r, 1] = max(found[1], found[0])
        out[r, 2] = max(found[2], out[r, 1])
        out[r, 3] = out[r, 5]
        if mine > 0.0 and not np.isnan(out[r, 4]):
            out[r, 6] = broken(out[r, 4], middle[r], mine, lie, ranks)
    return out


@njit(cache=True, nogil=True)
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
                if near(d, height[r], top[j], bottom[j], slack[j], 0.0, always[j], hard[j], bare[j], 1):
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
