"""Some limits at a time: what stands in a few limits is planned anew as a whole, between these limits, all else as it is.

Where limits are full, no work can move unless others make room for it, often in a circle: a complete search over a few
limits finds such exchanges, and it is small. For problems of which most blocks hold one work, as in assignment problems.
"""

from __future__ import annotations

import numpy as np

from integralie.verbs.programme.clock import over
from integralie.verbs.programme.complete import search
from integralie.verbs.programme.extend import with_arrays
from integralie.verbs.programme.prices import Dual
from integralie.verbs.programme.problem import EXIT, FORBIDDEN, Ints, Problem, decode
from integralie.verbs.programme.round import Plan

ROUNDS = 400
WORKS = 50  # planned anew together, about: the limits of so many, two at least
NODES = 60
IDLE = 120  # rounds without gain that end it


def some_limits(problem: Problem, plan: Plan, dual: Dual, until: float) -> Plan:
    """The plan, or a better one in which works changed places between limits."""
    limit = _limits(problem)
    scarce = np.flatnonzero(np.abs(dual.price).ravel() > 0)
    random, idle = np.random.default_rng(11), 0
    for _ in range(ROUNDS if len(scarce) > 1 else 0):
        if over(until) or idle == IDLE:
            break
        better = _anew(problem, plan, limit, random.permutation(scarce), until)
        idle = 0 if better.cost < plan.cost else idle + 1
        plan = better
    return plan


def _limits(problem: Problem) -> Ints:
    """The limit (resource x periods + period) that each option uses first, its money before its crew; -1 is none."""
    p, t = problem.arrays, np.arange(problem.periods)
    who = np.where(p.budget >= 0, p.budget, p.crew)[:, None]
    return np.where(who >= 0, who * problem.periods + t, -1)


def _anew(problem: Problem, plan: Plan, limit: Ints, order: Ints, until: float) -> Plan:
    """The plan with the works in the first few limits planned anew."""
    p = problem.arrays
    row, period = decode(problem, plan.pick)
    done = np.flatnonzero(row >= 0)
    stands = limit[row[done], period[done]]
    many = np.bincount(stands[stands >= 0], minlength=int(order.max()) + 1)[order]
    chosen = order[: max(int(np.searchsorted(np.cumsum(many), WORKS)), 2)]
    inside = np.isin(limit, chosen)
    free = np.zeros(problem.works, bool)
    free[done] = np.isin(stands, chosen)
    stays = inside & free[problem.work_of][:, None]
    stays[row[done], period[done]] = True
    waits = (plan.pick == EXIT) | free
    held = with_arrays(problem, cost=np.where(stays, p.cost, FORBIDDEN), defer=np.where(waits, p.defer, FORBIDDEN))
    pick, _, _ = search(held, plan.pick, until, NODES, warm=True)
    better = Plan(problem, pick)
    return better if better.feasible and better.cost < plan.cost else plan
