"""Arrange: an exact search for places of several wants at once, compiled. Numbers only; what they mean is told in `joint`."""

from __future__ import annotations

import numpy as np
from numba import njit

PLACED, NOT_TOGETHER, GIVEN_UP = 1, 0, -1
REMEMBERED = 400  # states without a way on that are kept, so that a worse one is not tried again
TOUCH = 1e-9  # m


@njit(cache=True)
def leftmost(first, last, low, high, shift, begin, left, right, x):
    """Raises x at each cut to the leftmost way that is free, at most `shift` apart from cut to cut; False when there is none.

    Each cut only ever moves right: to the end of what it lies in, or to within reach of its neighbours. So no way lies
    anywhere to the left of the one found.
    """
    for c in range(first, last + 1):
        x[c] = max(x[c], low)
    moved = True
    while moved:
        moved = False
        for c in range(first, last + 1):
            cur = x[c]
            if c > first and x[c - 1] - shift > cur:
                cur = x[c - 1] - shift
            if c < last and x[c + 1] - shift > cur:
                cur = x[c + 1] - shift
            for i in range(begin[c], begin[c + 1]):
                if left[i] >= cur - TOUCH:
                    break
                if right[i] > cur:
                    cur = right[i]
            if cur > high + TOUCH:
                return False
            if cur > x[c] + 1e-12:
                x[c], moved = cur, True
    return True


@njit(cache=True)
def _floor(o, depth, choice, place, first, last, apart, x):
    """Fills x with how far left choice o may begin at each cut, because of what has its place already."""
    for c in range(len(x)):
        x[c] = -np.inf
    for k in range(depth):
        keep = apart[choice[k], o]
        if keep > 0.0:
            for c in range(max(first[o], first[choice[k]]), min(last[o], last[choice[k]]) + 1):
                x[c] = max(x[c], place[k, c] + keep)


@njit(cache=True)
def _try(o, depth, choice, place, owner, first, last, low, high, shift, begin, left, right, apart, x):
    """Whether choice o still has a way; x is the leftmost."""
    w = owner[o]
    _floor(o, depth, choice, place, first, last, apart, x)
    return leftmost(first[o], last[o], low[w], high[w], shift[w], begin[o], left, right, x)


@njit(cache=True)
def _all_can(used, depth, choice, place, owner, first, last, low, high, shift, begin, left, right, apart, x, state):
    """Whether each want without a place still has a way by itself. Fills `state` with the leftmost of every choice."""
    cuts = len(x)
    some = used.copy()
    for o in range(len(owner)):
        for c in range(cuts):
            state[o * cuts + c] = -np.inf
        if used[owner[o]]:
            continue
        good = _try(o, depth, choice, place, owner, first, last, low, high, shift, begin, left, right, apart, x)
        for c in range(first[o], last[o] + 1):
            state[o * cuts + c] = x[c] if good else np.inf
        if good:
            some[owner[o]] = True
    return some.all()


@njit(cache=True)
def _known(mask, state, masks, states, many):
    """Whether a state with no way on was seen that left at least as much room to the same wants."""
    for m in range(many):
        if masks[m] == mask:
            worse = True
            for i in range(len(state)):
                if states[m, i] > state[i] + 1e-12:
                    worse = False
                    break
            if worse:
                return True
    return False


@njit(cache=True)
def arrange(owner, first, last, low, high, shift, begin, left, right, apart, alike, steps):
    """Places for all wants (want x cut), and PLACED, NOT_TOGETHER or GIVEN_UP after so many steps.

    A choice is a depth of a want and the cuts from `first` to `last` where it lies; `owner` tells of which want.
    `begin[o, c]` to `begin[o, c + 1]` are the stretches (`left`, `right`) where its heart may not lie at cut c, by where
    they begin. Hearts of two choices keep `apart`; 0 is no bond. Wants are placed from left to right, depth first; a want
    that is `alike` an earlier one comes after it.
    """
    n, cuts, total = len(low), begin.shape[1] - 1, len(owner)
    place, choice = np.full((n, cuts), np.nan), np.full(n, -1, np.int64)
    where, used = np.zeros(n + 1, np.int64), np.zeros(n, np.bool_)
    x, state = np.empty(cuts), np.empty(total * cuts)
    masks, states, many = np.zeros(REMEMBERED, np.int64), np.empty((REMEMBERED, total * cuts)), 0
    entry = np.empty((n + 1, total * cuts))
    out = np.full((n, cuts), np.nan)
    depth, mask, taken = 0, np.int64(0), 0
    if not _all_can(used, 0, choice, place, owner, first, last, low, high, shift, begin, left, right, apart, x, state):
        return NOT_TOGETHER, out
    while True:
        if depth == n:
            for k in range(n):
                for c in range(first[choice[k]], last[choice[k]] + 1):
                    out[owner[choice[k]], c] = place[k, c]
            return PLACED, out
        o, further = where[depth], False
        while o < total and not further:
            w = owner[o]
            o += 1
            if used[w] or (alike[w] >= 0 and not used[alike[w]]):
                continue
            taken += 1
            if taken > steps:
                return GIVEN_UP, out
            c = o - 1
            if not _try(c, depth, choice, place, owner, first, last, low, high, shift, begin, left, right, apart, x):
                continue
            place[depth], choice[depth] = x, c
            used[w] = True
            can = _all_can(
                used,
                depth + 1,
                choice,
                place,
                owner,
                first,
                last,
                low,
                high,
                shift,
                begin,
                left,
                right,
                apart,
                x,
                state,
            )
            if can and not _known(mask | (np.int64(1) << w), state, masks, states, many):
                entry[depth + 1] = state
                further = True
            else:
                used[w] = False
        where[depth] = o
        if further:
            mask |= np.int64(1) << owner[choice[depth]]
            depth += 1
            where[depth] = 0
        else:
            if depth == 0:
                return NOT_TOGETHER, out
            if many < REMEMBERED:
                masks[many], states[many] = mask, entry[depth]
                many += 1
            depth -= 1
            used[owner[choice[depth]]] = False
            mask &= ~(np.int64(1) << owner[choice[depth]])
