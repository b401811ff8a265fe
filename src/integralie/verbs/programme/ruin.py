"""Ruin and recreate: take a few blocks that meet in one scarce row out of the programme and put them back in another
order.
"""

from __future__ import annotations

import numpy as np

from integralie.verbs.programme.compiled import inner, kernel, lean
from integralie.verbs.programme.count import most_places, row_extra, take, unit_cost
from integralie.verbs.programme.fitting import refit, whole

LEAST, MOST = 2, 12  # blocks taken out at once


@lean
def put(b, wanted, pick, left, p, deep):
    """Give a block another plan and correct what is left."""
    take(b, np.int64(-1), pick, p, left, deep)
    for i in range(p.first[b], p.first[b + 1]):
        pick[i] = wanted[i]
    take(b, np.int64(1), pick, p, left, deep)


@inner
def _choose(start, member, units, taken):
    """Some different blocks: from one scarce row, and now and then from anywhere."""
    size, count = np.random.randint(LEAST, MOST + 1), 0
    row = np.random.randint(0, len(start) - 1)
    many = start[row + 1] - start[row]
    for _ in range(3 * size):
        if count == size:
            break
        near = many > 0 and np.random.random() < 0.85
        b = member[start[row] + np.random.randint(0, many)] if near else np.random.randint(0, units)
        known = False
        for j in range(count):
            known = known or taken[j] == b
        if not known:
            taken[count] = b
            count += 1
    return count


@lean
def _costs(taken, count, pick, left, p, deep, seen, mark):
    """What the taken blocks and the bending limits that they can use cost."""
    total = 0.0
    for x in range(count):
        b = taken[x]
        total += unit_cost(b, pick, p, deep)
        for y in range(p.own_start[b], p.own_start[b + 1]):
            r = p.own[y]
            if seen[r] != mark:
                seen[r] = mark
                total += row_extra(r, left, p)
    return total


@kernel
def ruin(rounds, seed, warm, start, member, price, natural, least, pick, left, p):
    """The best plan after so many rounds; a round that costs a little more is kept at first, ever less so later.

    `least` is the plan of what must be done, which always fits; `warm` the first tolerance in cents.
    """
    np.random.seed(seed)
    units, deep = len(p.crowd), np.empty((most_places(p), p.cost.shape[1]), np.int64)
    taken, before = np.empty(MOST, np.int64), pick.copy()
    seen, mark = np.zeros(left.shape[0], np.int64), 0
    roomy = np.empty(left.shape, np.int64)
    best, now, lowest = pick.copy(), 0.0, 0.0
    for round_ in range(rounds):
        count = _choose(start, member, units, taken)
        mark += 1
        old = _costs(taken, count, pick, left, p, deep, seen, mark)
        for x in range(count):
            b = taken[x]
            for i in range(p.first[b], p.first[b + 1]):
                before[i] = pick[i]
            put(b, least, pick, left, p, deep)
        share = np.random.random() * 1.2 if np.random.random() < 0.7 else 0.0
        refit(taken[:count][np.random.permutation(count)], price, share, natural, pick, left, p)
        mark += 1
        new = _costs(taken, count, pick, left, p, deep, seen, mark)
        allowed = -warm * (1.0 - round_ / rounds) * np.log(1.0 - np.random.random())
        kept = new - old <= allowed
        for x in range(count):
            kept = kept and whole(taken[x], left, p, roomy)
        if kept:
            now += new - old
            if now < lowest - 0.5:
                lowest = now
                best[:] = pick
        else:
            for x in range(count):
                put(taken[x], before, pick, left, p, deep)
    return best
