"""Near options: a complete search among the options that cost little at the prices, from the programme at hand.

What an option costs its block above the block's cheapest plan, at the prices of scarce resources, tells how likely a
good programme takes it. With two or three options per work the whole problem fits a mixed-integer programme that HiGHS
searches well; the programme at hand is always among them, so that it can only get better. It is for problems of which
most blocks hold one work, as in assignment problems; where they hold many, ruin and recreate was as good and faster.
"""

from __future__ import annotations

import time

import numpy as np

from integralie.verbs.programme import oracle, pricing
from integralie.verbs.programme.clock import over
from integralie.verbs.programme.complete import search
from integralie.verbs.programme.extend import with_arrays
from integralie.verbs.programme.prices import Dual
from integralie.verbs.programme.problem import EXIT, FORBIDDEN, Ints, Problem, decode
from integralie.verbs.programme.round import Plan

SHARES = (1.5, 3.0)  # options per work, besides the one that is taken, in each round
NODES = 1500
SELDOM = 0.01  # an option that limits chose oftener than this comes before all that they did not choose
MOST_PER_BLOCK = 1.5  # works per block, on average, up to which this is worth its time
MOST_OPTIONS = 120_000  # options of the whole problem up to which all are looked at
MOST_KEPT = 14_000  # options that the search holds at most


def few_per_block(problem: Problem) -> bool:
    """Whether most blocks hold one work, and there are not too many options."""
    options = int((problem.arrays.cost < FORBIDDEN).sum())
    return problem.works <= MOST_PER_BLOCK * problem.units and options <= MOST_OPTIONS


def near(problem: Problem, plan: Plan, dual: Dual, until: float) -> Plan:
    """The plan, or a better one among the near options."""
    if not few_per_block(problem):
        return plan
    regret, waiting = _regrets(problem, dual)
    for share in SHARES:
        left = until - time.monotonic()
        if left <= 0:
            break
        held = kept(problem, plan.pick, regret, waiting, min(int(share * problem.works), MOST_KEPT))
        pick, _, _ = search(held, plan.pick, time.monotonic() + left / 2, NODES, warm=True)
        better = Plan(problem, pick)
        if better.feasible and better.cost < plan.cost:
            plan = better
    return plan


def _regrets(problem: Problem, dual: Dual) -> tuple[np.ndarray, np.ndarray]:
    """What every option (A, T), and not being done (W,), costs its block above the block's cheapest plan at the prices."""
    regret, waiting = np.full(problem.arrays.cost.shape, np.inf), np.full(problem.works, np.inf)
    oracle.regrets(np.ascontiguousarray(pricing.effective(problem, dual.price)), problem.arrays, regret, waiting)
    return regret, waiting


def among_often(problem: Problem, plan: Plan, dual: Dual, until: float) -> Plan:
    """The plan, or a better one among the options that limits chose often; the plan at hand is kept out, since the search
    would stay near it.
    """
    if over(until):
        return plan
    (regret, waiting), often = _regrets(problem, dual), dual.often
    assert often is not None
    alt, first = problem.arrays.alt, np.empty(problem.works, np.int64)
    for i in range(problem.works):
        first[i] = int(often[alt[i] : alt[i + 1]].argmax())
    seldom = np.where(np.isfinite(regret) & (often > SELDOM), -often, regret)
    held = kept(problem, first, seldom, waiting, min(int(SHARES[0] * problem.works), MOST_KEPT))
    pick, _, _ = search(held, plan.pick, until, NODES)
    better = Plan(problem, pick)
    return better if better.feasible and better.cost < plan.cost else plan


def kept(problem: Problem, pick: Ints, regret: np.ndarray, waiting: np.ndarray, many: int) -> Problem:
    """The problem with so many of the cheapest options, and those that are taken."""
    p = problem.arrays
    every = np.concatenate([regret.ravel(), np.where(p.defer < FORBIDDEN, waiting, np.inf)])
    finite = np.sort(every[np.isfinite(every)])
    limit = finite[min(many, len(finite) - 1)] if len(finite) else 0.0
    row, period = decode(problem, pick)
    stays = regret <= limit
    stays[row[row >= 0], period[row >= 0]] = True
    some = np.asarray(stays.any(axis=1))
    waits = (waiting <= limit) | (pick == EXIT) | ~some[p.alt[:-1]]
    cost = np.where(stays, p.cost, FORBIDDEN)
    return with_arrays(problem, cost=cost, defer=np.where(waits, p.defer, FORBIDDEN))
