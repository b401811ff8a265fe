"""The good options of works that can move by themselves, with the limits that they use: what `exchange` looks at.

Rule. A work can move where it stands alone in its block, opens nothing and uses hard limits of one period only, and only
to options of that kind; all other works stay where they are, and what they use is taken off the room. A good option is
one that costs little at the prices of the limits: `WIDE` for each work, and the one that it takes now.

Source: reduced costs at Lagrangian prices, as in Yagiura, Ibaraki and Glover (2006), A path relinking approach with
ejection chains for the generalized assignment problem, European Journal of Operational Research 169.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from integralie.verbs.programme.problem import EXIT, FORBIDDEN, UNLIMITED, Ints, Problem
from integralie.verbs.programme.round import Plan
from integralie.verbs.programme.split import eligible

WIDE = 15  # good options of a work
LOW = 0.1  # the price of a limit in penalties, at least, as a share of the mean of all that have one
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
    price: Floats  # (limits + 1,) cents for each unit of it, in penalties: never nothing
    at: Ints  # (limits + 2,) options that use each limit, as starts: room for the list of who stands there


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
