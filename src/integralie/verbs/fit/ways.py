"""Ways: a line that shifts along the street, and a row of trees, compiled; the same terms as in `place`."""

from __future__ import annotations

import numpy as np
from numba import njit

from integralie.verbs.fit.place import FAR, FINE, NOTHING, near


@njit(cache=True)
def bend(begin, count, at, reach, order, low, high, shift, e, sets_low, sets_high, sets_n):
    """Whether a line can pass all cuts of a street, moving at most `shift[k]` sideways after cut k.

    Keeps per cut the places that can be reached from the first; the answer is exact for intervals. Fills the sets.
    """
    cuts = len(begin)
    for k in range(cuts):
        cur, m = low[k] + e, 0
        for i in range(count[k] + 1):
            if i < count[k]:
                j = begin[k] + order[begin[k] + i]
                r = reach[j] + e
                if r <= 0.0:
                    continue
                left, right = at[j] - r, at[j] + r
            else:
                left, right = high[k] - e, FAR
            stop = min(left, high[k] - e)
            if stop >= cur:
                if k == 0:
                    sets_low[k, m], sets_high[k, m] = cur, stop
                    m += 1
                else:
                    for s in range(sets_n[k - 1]):
                        a = max(cur, sets_low[k - 1, s] - shift[k - 1])
                        b = min(stop, sets_high[k - 1, s] + shift[k - 1])
                        if b >= a and m < sets_low.shape[1]:
                            sets_low[k, m], sets_high[k, m] = a, b
                            m += 1
            if right > cur:
                cur = right
        sets_n[k] = m
        if m == 0:
            return False
    return True


@njit(cache=True)
def trace(sets_low, sets_high, sets_n, shift, aim):
    """One way through the sets of `bend`, from the last cut back, moving as little as it can."""
    cuts = len(sets_n)
    path = np.empty(cuts)
    for k in range(cuts - 1, -1, -1):
        goal = aim if k == cuts - 1 else path[k + 1]
        best = np.nan
        for s in range(sets_n[k]):
            a, b = sets_low[k, s], sets_high[k, s]
            if k < cuts - 1:
                a, b = max(a, goal - shift[k]), min(b, goal + shift[k])
            if a > b + 1e-9:
                continue
            x = min(max(goal, a), b)
            if np.isnan(best) or abs(x - goal) < abs(best - goal):
                best = x
        path[k] = best
    return path


@njit(cache=True)
def _passes(cut_begin, at, reach, near, low, high, shift, e, order, sets_low, sets_high, sets_n):
    """`bend` with only the obstacles that count in this layer."""
    cuts = len(cut_begin) - 1
    count = np.zeros(cuts, np.int64)
    begin = cut_begin[:cuts].copy()
    kept_at, kept_reach = np.empty(len(at)), np.empty(len(at))
    for k in range(cuts):
        m = 0
        for i in range(cut_begin[k], cut_begin[k + 1]):
            j = order[i]
            if near[j]:
                kept_at[cut_begin[k] + m], kept_reach[cut_begin[k] + m] = at[j], reach[j]
                m += 1
        count[k] = m
    plain = np.empty(len(at), np.int64)
    for k in range(cuts):
        for i in range(count[k]):
            plain[cut_begin[k] + i] = i
    return bend(begin, count, kept_at, kept_reach, plain, low, high, shift, e, sets_low, sets_high, sets_n)


@njit(cache=True)
def bent(
    cut_begin,
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
    bare,
    low,
    high,
    shift,
    layers,
    height,
    aim,
):
    """One claim through all cuts of one street, moving sideways: room at the worst, expected and best; top; path.

    The same halving as in `room`, over the ways through all cuts instead of one straight line.
    """
    cuts = len(cut_begin) - 1
    sets_low, sets_high = np.empty((cuts, 64)), np.empty((cuts, 64))
    sets_n = np.zeros(cuts, np.int64)
    out = np.full(4, NOTHING)
    path = np.full(cuts, np.nan)
    counts = np.zeros(len(at), np.bool_)
    order = np.empty(len(at), np.int64)
    for s in range(3):
        for m in range(len(layers)):
            d = layers[m]
            wide = reach_high if s == 0 else reach if s == 1 else reach_low
            for j in range(len(at)):
                counts[j] = near(d, height, top[j], bottom[j], slack[j], slack_band[j], always[j], hard[j], bare[j], s)
            for k in range(cuts):
                a, b = cut_begin[k], cut_begin[k + 1]
                order[a:b] = a + np.argsort(at[a:b] - wide[a:b])
            worst, best = -4.0, 4.0
            if not _passes(cut_begin, at, wide, counts, low, high, shift, worst, order, sets_low, sets_high, sets_n):
                continue
            while best - worst > FINE:
                middle = (worst + best) / 2
                if _passes(cut_begin, at, wide, counts, low, high, shift, middle, order, sets_low, sets_high, sets_n):
                    worst = middle
                else:
                    best = middle
            if 2 * worst > out[s]:
                out[s] = 2 * worst
                if s == 1:
                    out[3] = d
                    _passes(cut_begin, at, wide, counts, low, high, shift, worst, order, sets_low, sets_high, sets_n)
                    path = trace(sets_low, sets_high, sets_n, shift, aim)
    return out, path


@njit(cache=True)
def _open(at, reach, low, high):
    """Whether anything is left between `low` and `high`."""
    cur = low
    for j in np.argsort(at - reach):
        if at[j] - reach[j] > cur:
            break
        cur = max(cur, at[j] + reach[j])
    return cur < high


@njit(cache=True)
def standing(
    cut_begin,
    at,
    reach,
    hard,
    edge_left,
    edge_right,
    low,
    high,
    roots_left,
    roots_right,
    width,
    spacing,
    run,
    need,
    depth,
):
    """New trees per cut: how many can stand along the metres that the cut stands for, and what is short.

    A tree needs a place for its heart (`reach` from each thing and strip, between `low` and `high`) and, around it,
    enough ground: the width that is free of networks and of strips where roots may not go (`roots_left` to
    `roots_right` of each), times depth, times spacing. Codes: 0 fits, 1 clearance, 2 volume, 3 facade (a strip bears trees,
    but not at their distance from the facade, which keeps light and crown), 4 surface (no strip that bears trees).
    """
    cuts = len(cut_begin) - 1
    count, code = np.zeros(cuts), np.zeros(cuts, np.int64)
    for k in range(cuts):
        a, b = cut_begin[k], cut_begin[k + 1]
        code[k] = 1
        order = a + np.argsort(at[a:b] - reach[a:b])
        cur, done = low[k], False
        for i in range(b - a + 1):
            begin = at[order[i]] - reach[order[i]] if i < b - a else high[k]
            stop = min(begin, high[k])
            if stop >= cur and not done:
                x = (cur + stop) / 2
                left, right = edge_left[k], edge_right[k]
                for j in range(a, b):
                    if roots_right[j] <= x and roots_right[j] > left:
                        left = roots_right[j]
                    if roots_left[j] >= x and roots_left[j] < right:
                        right = roots_left[j]
                code[k] = 2
                if (right - left) * depth * spacing >= need:
                    code[k], done = 0, True
                    count[k] = np.floor(run[k] / spacing + 1e-9)
            if i < b - a:
                cur = max(cur, at[order[i]] + reach[order[i]])
        if code[k] == 1:
            strip = a + np.flatnonzero(hard[a:b])
            if not _open(at[strip], reach[strip], low[k], high[k]):
                code[k] = 3 if _open(at[strip], reach[strip], edge_left[k], edge_right[k]) else 4
    return count, code
