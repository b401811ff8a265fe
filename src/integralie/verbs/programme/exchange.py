"""Exchange: works change places between full limits, in chains that may overload a limit for a while.

Rule. A work takes another of its good options; something that stood there makes room and goes where it costs least now,
and so on, a few works in a row, until the chain as a whole is cheap enough: it is not dearer, or a little by chance. What
is used above a limit costs a penalty of some times its price, so that the search passes through programmes that do not
fit. The penalty grows until a programme fits, then falls at once and grows again; only programmes that fit are kept, and
each stretch begins at the best of all before. A good option is one that costs little at the prices of the limits: about
`WIDE` for each work are looked at.

It moves works that stand alone in their block, open nothing and use hard limits of one period only, and looks only at
options of that kind; all other works stay where they are, and what they use is taken off the room.

Source: Yagiura, Ibaraki and Glover (2004), An ejection chain approach for the generalized assignment problem,
INFORMS Journal on Computing 16; Kirkpatrick, Gelatt and Vecchi (1983), Optimization by simulated annealing, Science 220.
"""

from __future__ import annotations

import time
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from integralie.verbs.programme.compiled import kernel, lean
from integralie.verbs.programme.prices import Dual
from integralie.verbs.programme.problem import EXIT, FORBIDDEN, UNLIMITED, Ints, Problem
from integralie.verbs.programme.round import Plan
from integralie.verbs.programme.split import eligible

WIDE, FEW = 15, 5  # good options of a work, and those that tell how warm it is
DEEP = 4  # works that move in one chain, at most
CLEVER = 0.9  # how often the works after the first go where they cost least, rather than anywhere
WARM = 0.3  # what a chain may cost more, on average, as a share of what separates good options
LEAST, GROW, FALL = 1.3, 1.01, 0.4  # penalties as a multiple of prices: the least, and how they change
WINDOW = 1000  # chains after which penalties change
LOW = 0.1  # the price of a limit in penalties, at least, as a share of the mean of all that have one
MOVING = 0.5  # share of the works that can move from which this is worth its time
ROUNDS, STRETCHES, IDLE = (
    1_000_000,
    120,
    60,
)  # chains of a stretch, stretches at most, and those without gain that end it
CLOSE = 2e-4  # gap at which it ends
PLENTY = 2**60  # room where there is no limit

Floats = npt.NDArray[np.float64]


class Choices(NamedTuple):
    """The good options of the works that can move, cheapest at the prices first; and the limits that they use."""

    start: Ints  # (works + 1,) options of work w are start[w] to start[w + 1]
    cost: Ints  # cents
    limit: Ints  # (options, 2) of its money and of its crew; the last limit is none
    use: Ints  # (options, 2)
    room: Ints  # (limits + 1,) for the works that can move
    dear: Floats  # cents at the prices
    price: Floats  # (limits + 1,) cents for each unit of it
    at: Ints  # (limits + 2,) options that use each limit, as starts: room for the list of who stands there


@lean
def _moved(work, to, now, left, penalty, c):
    """Give a work another option: what that costs, what is overloaded more, and both with the penalties."""
    of, over, fine = now[work], 0, 0.0
    for sign, o in ((1, of), (-1, to)):
        for s in range(2):
            r = c.limit[o, s]
            before = min(left[r], 0)
            left[r] += sign * c.use[o, s]
            more = before - min(left[r], 0)
            over += more
            fine += penalty[r] * more
    now[work] = to
    cost = c.cost[to] - c.cost[of]
    return cost, over, cost + fine


@lean
def _list(work, option, member, many, where, c):
    """Write a work among those that stand in the limits of its option."""
    for s in range(2):
        r = c.limit[option, s]
        if r < len(c.room) - 1:
            where[work, s] = c.at[r] + many[r]
            member[where[work, s]] = 2 * work + s
            many[r] += 1


@lean
def _unlist(work, option, member, many, where, c):
    """Take a work from those that stand in the limits of its option."""
    for s in range(2):
        r = c.limit[option, s]
        if r < len(c.room) - 1:
            many[r] -= 1
            last = member[c.at[r] + many[r]]
            member[where[work, s]] = last
            where[last // 2, last % 2] = where[work, s]


@lean
def _side(option, c):
    """One of the limits of an option, by chance where it has two."""
    none = len(c.room) - 1
    if c.limit[option, 0] == none:
        return c.limit[option, 1]
    if c.limit[option, 1] == none or np.random.random() < 0.5:
        return c.limit[option, 0]
    return c.limit[option, 1]


@lean
def _any(work, c):
    """An option for a work, a good one more often."""
    first, many = c.start[work], c.start[work + 1] - c.start[work]
    return first + int(many * np.random.random() ** 3)


@lean
def _fitting(work, now, left, penalty, c):
    """The option, other than the one it has, with which a work costs least now, penalties included."""
    of, found, least = now[work], now[work], np.inf
    for s in range(2):
        left[c.limit[of, s]] += c.use[of, s]
    for o in range(c.start[work], c.start[work + 1]):
        fine = c.cost[o] * 1.0
        for s in range(2):
            r = c.limit[o, s]
            fine += penalty[r] * (min(left[r], 0) - min(left[r] - c.use[o, s], 0))
        if fine < least and o != of:
            found, least = o, fine
    for s in range(2):
        left[c.limit[of, s]] -= c.use[of, s]
    return found


@lean
def _begin(now, left, member, many, where, c):
    """Write down where all works stand; tells what they cost, and what they use above the limits."""
    total, above = 0, 0
    for w in range(len(now)):
        total += c.cost[now[w]]
        for s in range(2):
            left[c.limit[now[w], s]] -= c.use[now[w], s]
        _list(w, now[w], member, many, where, c)
    for r in range(len(left)):
        above -= min(left[r], 0)
    return total, above


@lean
def _next(option, who, count, member, many, c):
    """A work that stands in a limit of an option and has not moved in this chain; -1 is none."""
    r = _side(option, c)
    if r == len(c.room) - 1 or many[r] == 0:
        return -1
    work = member[c.at[r] + np.random.randint(0, many[r])] // 2
    for k in range(count):
        if who[k] == work:
            return -1
    return work


@lean
def _chain(allowed, who, was, member, many, now, left, penalty, c):
    """A few works moved in a row; tells how many (0 where it was too dear and all stand where they stood), what that costs
    and what it overloads.
    """
    w, deep = np.random.randint(0, len(now)), np.random.randint(1, DEEP + 1)
    count, cost, over, fine = 0, 0, 0, 0.0
    while w >= 0 and count < deep:
        to = _fitting(w, now, left, penalty, c) if count and np.random.random() < CLEVER else _any(w, c)
        if to == now[w]:
            break
        who[count], was[count] = w, now[w]
        more, above, dearer = _moved(w, to, now, left, penalty, c)
        count, cost, over, fine = count + 1, cost + more, over + above, fine + dearer
        if fine <= allowed:
            return count, cost, over
        w = _next(to, who, count, member, many, c)
    for k in range(count - 1, -1, -1):
        _moved(who[k], was[k], now, left, penalty, c)
    return 0, 0, 0


@kernel
def anneal(rounds, seed, warm, now, best, lowest, c):
    """So many chains from the programme `now`; `best` becomes the best that fits and is cheaper than `lowest`, the cost
    that is told.
    """
    np.random.seed(seed)
    left, many = c.room.copy(), np.zeros(len(c.room), np.int64)
    member, where = np.empty(c.at[-1], np.int64), np.zeros((len(now), 2), np.int64)
    total, above = _begin(now, left, member, many, where, c)
    who, was = np.empty(DEEP, np.int64), np.empty(DEEP, np.int64)
    times, fitted, penalty = LEAST, False, LEAST * c.price
    for round_ in range(rounds):
        if round_ % WINDOW == 0:
            times = max(times * FALL, LEAST) if fitted else times * GROW
            fitted, penalty[:] = False, times * c.price
        allowed = -warm * np.log(1.0 - np.random.random())
        count, cost, over = _chain(allowed, who, was, member, many, now, left, penalty, c)
        for k in range(count):
            _unlist(who[k], was[k], member, many, where, c)
            _list(who[k], now[who[k]], member, many, where, c)
        total, above = total + cost, above + over
        fitted = fitted or above == 0
        if above == 0 and total < lowest:
            lowest = total
            best[:] = now
    return lowest


def movable(problem: Problem, pick: Ints) -> npt.NDArray[np.bool_]:
    """The options (A, T) that are of the kind that is looked at, of works whose option now is of that kind."""
    p, work = problem.arrays, problem.work_of
    able, free = eligible(problem), _free(problem)
    single = (np.diff(p.first) == 1) & (np.diff(p.place) == 0) & (np.diff(p.tie_start) == 0)
    fit = (p.cost < FORBIDDEN) & (single[problem.unit_of[work]] & (np.diff(p.use_start) == 0))[:, None]
    for who, use in ((p.budget, p.cash), (p.crew, p.days)):
        fit &= (who < 0)[:, None] | (use == 0) | able[who] | free[who]
    now = np.where(pick >= 0, pick // problem.periods, 0) + p.alt[:-1], np.where(pick >= 0, pick % problem.periods, 0)
    stays = (pick >= 0) & ~fit[now]
    return fit & ~stays[work][:, None]  # type: ignore[no-any-return]


def _free(problem: Problem) -> npt.NDArray[np.bool_]:
    """The periods of resources (R, T) of which any amount may be used without a word."""
    p = problem.arrays
    return (p.capacity == UNLIMITED) & ~problem.wants & ((p.carry == 0).all(axis=1) & (p.adds_up == 0))[:, None]  # type: ignore[no-any-return]


def choices(problem: Problem, plan: Plan, price: Floats) -> tuple[Choices, Ints, Ints, Ints]:
    """The choices, the work and the pick of each option, and the option that each work takes now."""
    p, periods = problem.arrays, problem.periods
    able = eligible(problem).ravel()
    row, t = np.nonzero(movable(problem, plan.pick))
    who, limit, use = problem.work_of[row], np.full((len(row), 2), -1), np.zeros((len(row), 2), np.int64)
    for s, (resource, amount) in enumerate(((p.budget, p.cash), (p.crew, p.days))):
        flat = resource[row] * periods + t
        held = (resource[row] >= 0) & able[flat]
        limit[held, s], use[held, s] = flat[held], amount[row, t if amount.shape[1] > 1 else 0][held]
    option, cost = (row - p.alt[who]) * periods + t, p.cost[row, t]
    waits = np.unique(who)
    waits = waits[p.defer[waits] < FORBIDDEN]
    none = np.zeros(len(waits), np.int64)
    who, option, cost = (np.concatenate(x) for x in ((who, waits), (option, none + EXIT), (cost, p.defer[waits])))
    limit, use = (np.concatenate([x, np.repeat(none[:, None] + y, 2, axis=1)]) for x, y in ((limit, -1), (use, 0)))
    dear = cost + (np.append(price.ravel(), 0.0)[limit] * use).sum(axis=1)
    by = np.lexsort((dear, who))
    place = np.arange(len(by)) - np.searchsorted(who[by], who[by])
    by = by[(place < WIDE) | (option[by] == plan.pick[who[by]])]
    who, option, cost, limit, use, dear = who[by], option[by], cost[by], limit[by], use[by], dear[by]
    names = np.unique(limit[limit >= 0])
    inside = np.where(limit >= 0, np.searchsorted(names, limit), len(names))
    now = np.flatnonzero(option == plan.pick[who])
    room = np.append(plan.left.ravel()[names], PLENTY)
    np.add.at(room, inside[now], use[now])
    at = np.concatenate([[0], np.cumsum(np.bincount(inside.ravel(), minlength=len(names) + 1))])
    start = np.append(np.flatnonzero(np.diff(who, prepend=-1)), len(who))
    worth = np.abs(price.ravel()[names])
    worth = np.append(np.maximum(worth, max(LOW * worth[worth > 0].mean(), 1.0) if (worth > 0).any() else 1.0), 0.0)
    return Choices(start, cost, inside, use, room, dear, worth, at), who, option, now


def exchanged(problem: Problem, plan: Plan, dual: Dual, until: float) -> Plan:
    """The plan, or a better one in which works changed places; it stays where fewer than half of the works can move."""
    c, who, option, now = choices(problem, plan, dual.price)
    if len(now) != len(c.start) - 1 or len(now) < MOVING * problem.works or len(c.room) < 2:
        return plan
    best, lowest, idle = now.copy(), int(c.cost[now].sum()), 0
    for stretch in range(STRETCHES):
        if (
            time.monotonic() > until
            or idle == IDLE
            or plan.cost + lowest - int(c.cost[now].sum()) <= (1 + CLOSE) * dual.bound
        ):
            break
        before, lowest = lowest, int(anneal(ROUNDS, stretch, WARM * _step(c), best.copy(), best, lowest, c))
        idle = 0 if lowest < before else idle + 1
    pick = plan.pick.copy()
    pick[who[best]] = option[best]
    better = Plan(problem, pick)
    return better if better.feasible and better.cost < plan.cost else plan


def _step(c: Choices) -> float:
    """What the next few options of a work cost above its best at the prices, on average: a unit of warmth."""
    above = c.dear - np.repeat(c.dear[c.start[:-1]], np.diff(c.start))
    place = np.arange(len(above)) - np.repeat(c.start[:-1], np.diff(c.start))
    few = above[(place > 0) & (place < FEW)]
    return max(float(few.mean()), 1.0) if len(few) else 1.0
