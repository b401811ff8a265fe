"""One block at a time under what is truly left: the compiled part of rounding and improving."""

from __future__ import annotations

import numpy as np

from integralie.verbs.programme.compiled import kernel, lean
from integralie.verbs.programme.count import (
    BIG,
    NO,
    extra_at,
    fits,
    most_places,
    row_extra,
    row_room,
    take,
    unit_cost,
)
from integralie.verbs.programme.oracle import lay, scratch, settle
from integralie.verbs.programme.subsets import measure

TRIES = 8  # times that a block may be asked again with dearer rows before it keeps the plan it has


@lean
def _rooms(b, p, left, roomy, broken):
    """What is left for block b of the resources it can use; `broken[r]` is the first period that lacks something."""
    periods = left.shape[1]
    for x in range(p.own_start[b], p.own_start[b + 1]):
        r = p.own[x]
        broken[r] = periods
        if p.soft[r] > 0:
            continue
        row_room(r, left, p, roomy[r])
        for t in range(periods - 1, -1, -1):
            if left[r, t] < 0 and p.adds_up[r] > 0:
                broken[r] = t


@lean
def _true(r, t, amount, left, p):
    """What it truly costs to use so much more of a resource in a period."""
    if p.adds_up[r] == 0:
        return extra_at(r, t, left[r, t] - amount, p) - extra_at(r, t, left[r, t], p)
    total = 0
    for later in range(t, left.shape[1]):
        total += extra_at(r, later, left[r, later] - amount, p) - extra_at(r, later, left[r, later], p)
    return total


@lean
def _dear(b, price, share, dearer, left, p, laid):
    """The prices that block b sees: of hard limits a share of the price and what makes it dearer; others come apart."""
    periods = left.shape[1]
    for x in range(p.own_start[b], p.own_start[b + 1]):
        r = p.own[x]
        apart = p.soft[r] > 0 or p.least_price[r] > 0
        for t in range(periods):
            laid[r, t] = 0.0 if apart else share * max(price[r, t], 0.0) + dearer[r, t]
        if p.adds_up[r] > 0:
            for t in range(periods - 2, -1, -1):
                laid[r, t] += laid[r, t + 1]


@lean
def _allowed(r, t, amount, left, p, roomy, broken):
    """Whether a use fits by itself."""
    if p.soft[r] > 0:
        return True
    if amount > 0:
        return t >= left.shape[1] or amount <= roomy[r, t]
    return p.adds_up[r] == 0 or t <= broken[r]


@lean
def _mend(b, left, p, roomy, broken, c, f, late):
    """Options of block b that do not fit by themselves are no options; limits that bend charge what they truly cost."""
    periods, r0, s0 = left.shape[1], p.alt[p.first[b]], p.place[b]
    for i in range(p.first[b], p.first[b + 1]):
        j = i - p.first[b]
        late[j] = min(p.defer[i], BIG)
        for a in range(p.alt[i], p.alt[i + 1]):
            for who in range(2):
                r = p.budget[a] if who == 0 else p.crew[a]
                if r < 0:
                    continue
                apart = p.soft[r] > 0 or p.least_price[r] > 0
                for t in range(periods):
                    if who == 0:
                        amount = p.cash[a, t if p.cash.shape[1] > 1 else 0]
                    else:
                        amount = p.days[a, t if p.days.shape[1] > 1 else 0]
                    if not _allowed(r, t, amount, left, p, roomy, broken):
                        c[a - r0, t] = NO
                    elif apart and amount != 0:
                        c[a - r0, t] += _true(r, t, amount, left, p)
            for u in range(p.use_start[a], p.use_start[a + 1]):
                r, amount, shift = p.use_row[u], p.use_amount[u], p.use_shift[u]
                apart = p.soft[r] > 0 or p.least_price[r] > 0
                for t in range(periods):
                    if not _allowed(r, t + shift, amount, left, p, roomy, broken):
                        c[a - r0, t] = NO
                    elif apart and t + shift < periods:
                        c[a - r0, t] += _true(r, t + shift, amount, left, p)
                if amount < 0 and p.soft[r] == 0 and p.adds_up[r] > 0 and broken[r] < periods:
                    late[j] = NO
    for s in range(s0, p.place[b + 1]):
        r = p.open_budget[s]
        for t in range(periods if r >= 0 else 0):
            for k in range(f.shape[2]):
                amount = p.open_cash[s, t if p.open_cash.shape[1] > 1 else 0, k]
                if not _allowed(r, t, amount, left, p, roomy, broken):
                    f[s - s0, t, k] = NO
                elif p.soft[r] > 0 or p.least_price[r] > 0:
                    f[s - s0, t, k] += _true(r, t, amount, left, p)
        for u in range(p.open_start[s], p.open_start[s + 1]):
            r = p.open_row[u]
            for t in range(periods):
                for k in range(f.shape[2]):
                    if not _allowed(r, t, p.open_amount[u, k], left, p, roomy, broken):
                        f[s - s0, t, k] = NO
                    elif p.soft[r] > 0 or p.least_price[r] > 0:
                        f[s - s0, t, k] += _true(r, t, p.open_amount[u, k], left, p)


@lean
def _short(b, left, p, roomy, dearer, natural, factor):
    """Whether a hard limit that block b can use is broken; those periods become dearer for it."""
    short = False
    for x in range(p.own_start[b], p.own_start[b + 1]):
        r = p.own[x]
        if p.soft[r] > 0 or fits(r, left, p, roomy[r]):
            continue
        short = True
        for t in range(left.shape[1]):
            if roomy[r, t] < 0:
                dearer[r, t] += factor * natural[r]
    return short


@lean
def whole(b, left, p, roomy):
    """Whether all hard limits that block b can use are kept."""
    for x in range(p.own_start[b], p.own_start[b + 1]):
        r = p.own[x]
        if p.soft[r] == 0 and not fits(r, left, p, roomy[r]):
            return False
    return True


@lean
def _clean(b, p, dearer):
    for x in range(p.own_start[b], p.own_start[b + 1]):
        dearer[p.own[x], :] = 0.0


@lean
def soft_cost(b, left, p):
    """What the bending limits that block b can use cost at this moment."""
    total = 0
    for x in range(p.own_start[b], p.own_start[b + 1]):
        total += row_extra(p.own[x], left, p)
    return total


@kernel
def refit(order, price, share, natural, pick, left, p):
    """Give each block in turn its cheapest plan within what is left; returns how many changed.

    `pick` and `left` are changed in place, and stay feasible throughout: a block gives back what it uses, is asked for
    its cheapest plan at the prices, and keeps its old plan when the new one is not cheaper or does not fit.
    """
    tools = scratch(p, 0.0)
    c, f, out, deep = tools[0], tools[1], tools[8], tools[11]
    late, old = np.empty(len(tools[2])), np.empty(len(out), np.int64)
    roomy, broken = np.empty(left.shape, np.int64), np.empty(left.shape[0], np.int64)
    dearer, laid = np.zeros(left.shape), np.zeros(left.shape)
    changed = 0
    for b in order:
        n, i0 = p.first[b + 1] - p.first[b], p.first[b]
        take(b, np.int64(-1), pick, p, left, deep)
        for j in range(n):
            old[j] = pick[i0 + j]
        _rooms(b, p, left, roomy, broken)
        dirty, before, kept = False, 0.0, False
        for attempt in range(TRIES):
            _dear(b, price, share, dearer, left, p, laid)
            lay(b, laid, p, c, f)
            _mend(b, left, p, roomy, broken, c, f, late)
            if attempt == 0:
                before = _value(b, n, old, late, p, tools)
            settle(b, p, late, tools)
            for j in range(n):
                pick[i0 + j] = out[j]
            take(b, np.int64(1), pick, p, left, deep)
            if _short(b, left, p, roomy, dearer, natural, 0.5 * 2.0**attempt):
                dirty = True
                take(b, np.int64(-1), pick, p, left, deep)
                _rooms(b, p, left, roomy, broken)
                continue
            if dirty:
                _clean(b, p, dearer)
                take(b, np.int64(-1), pick, p, left, deep)
                _rooms(b, p, left, roomy, broken)
                _dear(b, price, share, dearer, left, p, laid)
                lay(b, laid, p, c, f)
                _mend(b, left, p, roomy, broken, c, f, late)
                take(b, np.int64(1), pick, p, left, deep)
            for j in range(n):
                out[j] = pick[i0 + j]
            value = _value(b, n, out, late, p, tools)
            kept = value < before - 1e-6 * (1.0 + abs(before) * 1e-6)
            if not kept:
                take(b, np.int64(-1), pick, p, left, deep)
            break
        if dirty:
            _clean(b, p, dearer)
        if kept:
            changed += 1
        else:
            for j in range(n):
                pick[i0 + j] = old[j]
            take(b, np.int64(1), pick, p, left, deep)
    return changed


@lean
def _value(b, n, held, late, p, tools):
    """The priced cost of a plan of block b, given as picks."""
    c, f, row, when, deep = tools[0], tools[1], tools[6], tools[7], tools[11]
    r0, periods = p.alt[p.first[b]], p.cost.shape[1]
    for j in range(n):
        if held[j] < 0:
            row[j], when[j] = -1, -1
        else:
            row[j], when[j] = p.alt[p.first[b] + j] - r0 + held[j] // periods, held[j] % periods
    m = p.alt[p.first[b + 1]] - r0
    return measure(b, n, c, late, p.layer[r0 : r0 + m], p.cover[r0 : r0 + m], f, p, row, when, deep)


@kernel
def adopt(order, wanted, pick, left, p):
    """Give each block in turn the plan that is wanted where it fits; returns which blocks got it."""
    got, old = np.zeros(len(p.crowd), np.bool_), pick.copy()
    deep, roomy = np.empty((most_places(p), left.shape[1]), np.int64), np.empty(left.shape, np.int64)
    for b in order:
        take(b, np.int64(-1), pick, p, left, deep)
        for i in range(p.first[b], p.first[b + 1]):
            pick[i] = wanted[i]
        take(b, np.int64(1), pick, p, left, deep)
        got[b] = whole(b, left, p, roomy)
        if not got[b]:
            take(b, np.int64(-1), pick, p, left, deep)
            for i in range(p.first[b], p.first[b + 1]):
                pick[i] = old[i]
            take(b, np.int64(1), pick, p, left, deep)
    return got


@kernel
def column_use(unit, plan, plans, p):
    """The rows that each column (a block with one of the plans) uses: start, flat row, amount; rows may repeat."""
    periods, size = p.cost.shape[1], 0
    deep = np.empty((most_places(p), periods), np.int64)
    used = np.zeros(p.capacity.shape, np.int64)
    for j in range(len(unit)):
        size += (p.own_start[unit[j] + 1] - p.own_start[unit[j]]) * periods
    start, row, amount = np.zeros(len(unit) + 1, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
    spot = 0
    for j in range(len(unit)):
        b = unit[j]
        take(b, np.int64(-1), plans[plan[j]], p, used, deep)
        for x in range(p.own_start[b], p.own_start[b + 1]):
            r = p.own[x]
            for t in range(periods):
                if used[r, t] != 0:
                    row[spot], amount[spot] = r * periods + t, used[r, t]
                    used[r, t] = 0
                    spot += 1
        start[j + 1] = spot
    return start, row[:spot].copy(), amount[:spot].copy()


@kernel
def standing(units, own, pick, left, p):
    """What some blocks and the bending limits that they can use cost, in cents."""
    deep, total = np.empty((most_places(p), p.cost.shape[1]), np.int64), 0.0
    for b in units:
        total += unit_cost(b, pick, p, deep)
    for r in own:
        total += row_extra(r, left, p)
    return total
