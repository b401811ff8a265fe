"""The most that whole options can be worth within one limit: an exact knapsack, of which each group gives one item.

A price for the room proves how much is possible at most: what all room is worth at that price, and what every group gains
above it at best; that holds for any price. Nor can what is left of the room be worth more than the densest group that is
left. A choice that cannot reach what was found already is dropped; of two that use the same, only the better is kept.
"""

from __future__ import annotations

import numpy as np

from integralie.verbs.programme.compiled import inner, kernel, lean

FULL = 2**60  # sums of scaled profits stay below this, so that none overflows


@inner
def _densest_first(start, profit, weight, room):
    """The groups that can gain, those with the most worth per use first; the scale of prices; and the density of each."""
    many, top = len(start) - 1, 0
    for g in range(many):
        best = 0
        for i in range(start[g], start[g + 1]):
            if weight[i] <= room:
                best = max(best, profit[i])
        top += best
    scale = max(min(FULL // (top + 1), 1_000_000), 1)
    dense = np.full(many, -1)
    for g in range(many):
        for i in range(start[g], start[g + 1]):
            if profit[i] > 0 and weight[i] <= room:
                dense[g] = max(dense[g], scale * profit[i] // weight[i] + 1 if weight[i] > 0 else FULL)
    order = np.argsort(-dense)
    gaining = 0
    while gaining < many and dense[order[gaining]] > 0:
        gaining += 1
    return order[:gaining], scale, dense


@inner
def _price(order, dense, start, profit, weight, room, scale):
    """A price of the room at which the items that gain about fill it; each more than it is worth at most."""
    left = room
    for g in order:
        lightest = 0
        for i in range(start[g], start[g + 1]):
            if profit[i] > 0 and weight[i] <= room and scale * profit[i] // max(weight[i], 1) + 1 == dense[g]:
                lightest = weight[i]
        left -= lightest
        if left < 0:
            return min(dense[g], FULL // max(room, 1))
    return 0


@inner
def _gains(order, start, profit, weight, room, scale, price):
    """What the groups from each on gain at most above the price of the room."""
    rest = np.zeros(len(order) + 1, np.int64)
    for x in range(len(order) - 1, -1, -1):
        gain = 0
        for i in range(start[order[x]], start[order[x] + 1]):
            if profit[i] > 0 and weight[i] <= room:
                gain = max(gain, scale * profit[i] - price * weight[i])
        rest[x] = rest[x + 1] + gain
    return rest


@inner
def _greedy(order, start, profit, weight, room, scale, price, taken):
    """A choice that fits: what gains at the price, the densest first, then what still fits; tells what it is worth."""
    worth, left = 0, room
    for again in range(2):
        for g in order:
            item = -1
            for i in range(start[g], start[g + 1]):
                if taken[i]:
                    item = -1
                    break
                if profit[i] > 0 and weight[i] <= left and (again or scale * profit[i] > price * weight[i]):
                    item = i if item < 0 or profit[i] > profit[item] else item
            if item >= 0:
                taken[item], worth, left = True, worth + profit[item], left - weight[item]
    return worth


@inner
def _next(at, first, last, low, high, weight, profit, room, used, worth):
    """Of the choices so far, with each item of a group or none of them, the lightest that is not yet taken up."""
    best, w, v = -1, 0, 0
    for j in range(high - low + 1):
        k = at[j]
        if k >= last:
            continue
        i = low + j
        more, gain = (weight[i], profit[i]) if i < high else (0, 0)
        if (i < high and gain <= 0) or used[k] + more > room:
            at[j] = last
        elif best < 0 or used[k] + more < w or (used[k] + more == w and worth[k] + gain > v):
            best, w, v = j, used[k] + more, worth[k] + gain
    return best, w, v


@inner
def fill(start, profit, weight, room, taken, used, worth, back, item):
    """The most that a choice within the room is worth, of group g one of the items start[g] to start[g + 1] or none.

    `taken` becomes a choice that fits; it is the best one, unless there were more choices to look at than `used` holds:
    then the value returned is a bound from above.
    """
    order, scale, dense = _densest_first(start, profit, weight, room)
    price = _price(order, dense, start, profit, weight, room, scale)
    rest = _gains(order, start, profit, weight, room, scale, price)
    best = _greedy(order, start, profit, weight, room, scale, price, taken)
    most = (price * room + rest[0]) // scale
    if most <= best:
        return best
    at, limit = np.empty(np.diff(start).max() + 1, np.int64), FULL // max(room, 1)
    first, last = 0, 1
    used[0], worth[0], back[0], item[0] = 0, 0, -1, -1
    for x in range(len(order)):
        low, high = start[order[x]], start[order[x] + 1]
        at[:] = first
        end, before = last, -1
        next_ = dense[order[x + 1]] if x + 1 < len(order) else 0
        while True:
            j, w, v = _next(at, first, last, low, high, weight, profit, room, used, worth)
            if j < 0:
                break
            k = at[j]
            at[j] += 1
            if v <= before or (scale * v + price * (room - w) + rest[x + 1]) // scale < best:
                continue
            if next_ <= limit and (scale * v + next_ * (room - w)) // scale < best:
                continue
            if end == len(used):
                return _open(first, last, scale, price, room, rest[x], used, worth, best)
            used[end], worth[end], back[end], item[end] = w, v, k, low + j if j < high - low else -1
            before, best = v, max(best, v)
            end += 1
        first, last = last, end
    k = last - 1
    taken[:] = False
    best = worth[k]
    while k > 0:
        if item[k] >= 0:
            taken[item[k]] = True
        k = back[k]
    return best


@lean
def _open(first, last, scale, price, room, rest, used, worth, best):
    """What the choices so far could still become at most."""
    most = best
    for k in range(first, last):
        most = max(most, (scale * worth[k] + price * (room - used[k]) + rest) // scale)
    return most


@kernel
def fill_all(rows, groups, profit, weight, room, taken, states):
    """`fill` for all limits, of which limit r has the groups rows[r] to rows[r + 1] and group g the items groups[g] on;
    the sum of what each is worth. At most so many `states` are looked at for each.
    """
    used, worth, back, item = (
        np.empty(states, np.int64),
        np.empty(states, np.int64),
        np.empty(states, np.int64),
        np.empty(states, np.int64),
    )
    total = 0
    for r in range(len(room)):
        a, b = groups[rows[r]], groups[rows[r + 1]]
        taken[a:b] = False
        start = groups[rows[r] : rows[r + 1] + 1] - a
        total += fill(start, profit[a:b], weight[a:b], room[r], taken[a:b], used, worth, back, item)
    return total
