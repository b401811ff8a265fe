"""Exchange: works change places between full limits, in chains that may overload a limit for a while.

Rule. A work takes another of its good options; something that stood there makes room and goes where it costs least now,
and so on, a few works in a row, until the chain as a whole is cheap enough: it is not dearer, or a little by chance. What
is used above a limit costs a penalty of some times its price, so that the search passes through programmes that do not
fit. The penalty grows until a programme fits, then falls at once and grows again; only programmes that fit are kept, and
each stretch begins at the best of all before. Which works move and which options are good: see `choices`.

Source: Yagiura, Ibaraki and Glover (2004), An ejection chain approach for the generalized assignment problem,
INFORMS Journal on Computing 16; Kirkpatrick, Gelatt and Vecchi (1983), Optimization by simulated annealing, Science 220.
"""

from __future__ import annotations

import numpy as np

from integralie.verbs.programme.choices import Choices, choices, movable
from integralie.verbs.programme.clock import over
from integralie.verbs.programme.compiled import kernel, lean
from integralie.verbs.programme.prices import Dual
from integralie.verbs.programme.problem import Problem
from integralie.verbs.programme.round import Plan
from integralie.verbs.programme.split import eligible

FEW = 5  # good options of a work that tell how warm it is
DEEP = 4  # works that move in one chain, at most
CLEVER = 0.9  # how often the works after the first go where they cost least, rather than anywhere
WARM = 0.3  # what a chain may cost more, on average, as a share of what separates good options
LEAST, GROW, FALL = 1.3, 1.01, 0.4  # penalties as a multiple of prices: the least, and how they change
WINDOW = 1000  # chains after which penalties change
MOVING = 0.5  # share of the works that can move from which this is worth its time
ROUNDS = 1_000_000  # chains of a stretch; between two of them the clock is looked at
STRETCHES, IDLE = 160, 60  # stretches at most, and those without gain that end it
CLOSE = 2e-4  # gap at which it ends


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


def worthwhile(problem: Problem, plan: Plan) -> bool:
    """Whether there are such limits, and at least half of the works can move."""
    if not eligible(problem).any():
        return False
    moves = problem.work_of[movable(problem, plan.pick).any(axis=1)]
    return len(np.unique(moves)) >= MOVING * problem.works


def exchanged(problem: Problem, plan: Plan, dual: Dual, until: float) -> Plan:
    """The plan, or a better one in which works changed places; it stays where too few works can move."""
    if not worthwhile(problem, plan):
        return plan
    c, who, option, now = choices(problem, plan, dual.price)
    if len(now) != len(c.start) - 1 or len(c.room) < 2:
        return plan
    best, lowest, idle, warm = now.copy(), int(c.cost[now].sum()), 0, WARM * _step(c)
    enough = lowest - plan.cost + dual.bound + CLOSE * abs(dual.bound)
    for stretch in range(STRETCHES):
        if over(until) or idle == IDLE or lowest <= enough:
            break
        before, lowest = lowest, int(anneal(ROUNDS, stretch, warm, best.copy(), best, lowest, c))
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


def ready() -> None:
    """Compile the chains, or load what was compiled before."""
    one, priced = np.ones(2, np.int64), np.ones(2, np.float64)
    none = np.zeros((2, 2), np.int64)
    tiny = Choices(np.arange(3), one, none, none, one, priced, priced, np.array([0, 4, 4]))
    anneal(1, 0, 1.0, np.arange(2), np.arange(2), 0, tiny)
