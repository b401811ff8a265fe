"""Better programmes for small towns: ruin and recreate, and complete search where that is cheap.

Large programmes need neither: the share of blocks that rounding touches falls with size. Every limit here is a count,
so that the same problem gives the same programme; the clock is only a last resort.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from integralie.verbs.programme import joined, pricing
from integralie.verbs.programme.clock import over
from integralie.verbs.programme.complete import complete
from integralie.verbs.programme.exchange import exchanged, worthwhile
from integralie.verbs.programme.focus import focused
from integralie.verbs.programme.near import among_often, few_per_block, near
from integralie.verbs.programme.prices import Dual
from integralie.verbs.programme.problem import FORBIDDEN, Ints, Problem, needed_by_fixed
from integralie.verbs.programme.round import Plan, takes_turns
from integralie.verbs.programme.ruin import ruin
from integralie.verbs.programme.some_limits import some_limits

MOST_BINARIES = 1500  # options up to which the whole problem is searched completely, or as far as it gets
RESERVED = 0.4  # share of the time that this search leaves for what comes after it
MOST_UNITS = 6000  # blocks up to which ruin and recreate is worth its time
CLOSE = 2e-4  # gap at which improving ends
LAPS = (
    (0.03, 1),
    (0.01, 2),
    (0.003, 3),
)  # first tolerance of each lap, as a share of the mean cost of a block, and its seed
PER_UNIT, FEWEST, MOST = 150, 500, 60_000  # rounds per lap: so many per block, within bounds
EFFORT = 2e8  # sets of works times periods that all laps may look at: blocks of many works get fewer rounds
AFTER = (0.3, 0.0)  # sweeps after groups have moved
PARTS = 40  # stretches of a lap; between two of them the clock is looked at

Offer = Callable[[Plan], None]


def _nobody(plan: Plan) -> None:
    """Nobody watches."""


def improve(problem: Problem, plan: Plan, dual: Dual, until: float, offer: Offer = _nobody) -> tuple[Plan, bool]:
    """The plan, improved, and whether it is shown to be the cheapest of all; better plans are offered on the way."""
    if not problem.units or close(plan, dual):
        return plan, False
    if int((problem.arrays.cost < FORBIDDEN).sum()) <= MOST_BINARIES:
        best, optimal = complete(problem, plan.pick, until - RESERVED * (until - time.monotonic()))
        plan = Plan(problem, best)
        offer(plan)
        if optimal:
            return plan, True
    if takes_turns(problem):
        plan = focused(problem, plan, dual, until)
        offer(plan)
    if problem.units <= MOST_UNITS:
        if dual.often is not None and few_per_block(problem):
            plan = _one_by_one(problem, plan, dual, until, offer)
        else:
            plan = recreated(problem, plan, dual, until, offer)
            plan = near(problem, plan, dual, until)
    return moved(plan, dual, until), False


def moved(plan: Plan, dual: Dual, until: float) -> Plan:
    """The plan after groups that go together looked at their other periods, and the blocks around them after that."""
    plan = Plan(plan.problem, plan.pick)
    before = plan.pick.copy()
    joined.settle(plan, dual.price, 0.0, until)
    if (plan.pick != before).any():
        plan.sweep(dual.price, until, AFTER)
    return plan


def _one_by_one(problem: Problem, plan: Plan, dual: Dual, until: float, offer: Offer) -> Plan:
    """The plan, improved where most blocks hold one work and limits tell which options are good."""
    begin = time.monotonic()
    for better, share in STEPS_IN_PLACES if worthwhile(problem, plan) else STEPS:
        plan = better(problem, plan, dual, begin + share * (until - begin))
        offer(plan)
    return near(problem, plan, dual, until)


def close(plan: Plan, dual: Dual) -> bool:
    """Whether the plan is so near to its bound that improving it is not worth its time."""
    return plan.cost - dual.bound <= CLOSE * abs(dual.bound)


def scarce(problem: Problem, dual: Dual) -> tuple[Ints, Ints]:
    """The blocks that could use each row with a price, as starts and members."""
    p = problem.arrays
    rows = np.flatnonzero(np.abs(dual.price).max(axis=1, initial=0) > 0)
    unit = np.repeat(np.arange(problem.units), np.diff(p.own_start))
    by = np.argsort(p.own, kind="stable")
    start = np.searchsorted(p.own[by], np.arange(len(p.capacity) + 1))
    unit_of_row = problem.unit_of[problem.work_of]
    can = np.zeros((problem.units, problem.periods), bool)
    np.logical_or.at(can, unit_of_row, p.cost < FORBIDDEN)
    members, starts = [], [0]
    for r in rows:
        users = unit[by[start[r] : start[r + 1]]]
        for t in np.flatnonzero(dual.price[r]):
            members.append(users[can[users, t]])
            starts.append(starts[-1] + len(members[-1]))
    return np.array(starts if len(starts) > 1 else [0, 0]), np.concatenate(members) if members else np.zeros(
        0, np.int64
    )


def _rounds(problem: Problem) -> int:
    """Rounds per lap, fewer where a block has many works: a count of what is looked at, never of time."""
    each = pricing.effort(problem) / problem.units
    return int(np.clip(min(PER_UNIT * problem.units, EFFORT / each / len(LAPS)), FEWEST, MOST))


def recreated(problem: Problem, plan: Plan, dual: Dual, until: float, offer: Offer = _nobody) -> Plan:
    """The plan after laps of ruin and recreate; each lap starts from the best of all before."""
    start, member = scarce(problem, dual)
    least, mean = needed_by_fixed(problem), abs(plan.cost) / problem.units
    stretch = _rounds(problem) // PARTS
    for tolerance, lap in LAPS:
        for part in range(PARTS):
            if over(until) or close(plan, dual):
                return plan
            cool = tolerance * mean * (1 - part / PARTS)
            best = ruin(
                stretch, 1000 * lap + part, cool, start, member, dual.price, plan.natural, least, plan.pick.copy(), plan.left.copy(),
                problem.arrays,
            )  # fmt: skip
            plan = Plan(problem, best)
            offer(plan)
    return plan


Step = Callable[[Problem, Plan, Dual, float], Plan]
STEPS: tuple[tuple[Step, float], ...] = ((among_often, 0.3), (recreated, 0.5), (some_limits, 1.0))
STEPS_IN_PLACES: tuple[tuple[Step, float], ...] = ((among_often, 0.3), (exchanged, 0.95))
"""Ways to a better programme with the share of the time by which each ends: most works together, and where most can move
by themselves."""
