"""Better programmes for small towns: complete search where it is cheap, neighbourhoods of blocks where it is not.

Large programmes need neither: the share of blocks that rounding touches falls with size. Every limit here is a count, so that the same
problem gives the same programme; the clock is only a last resort.
"""

from __future__ import annotations

import time

import numpy as np

from integralie.verbs.programme import pricing
from integralie.verbs.programme.complete import complete
from integralie.verbs.programme.master import Columns, columns, model
from integralie.verbs.programme.prices import Dual
from integralie.verbs.programme.problem import Ints, Problem
from integralie.verbs.programme.round import Floats, Plan

MOST_BINARIES = 2500  # options up to which the whole problem is searched completely
MOST_UNITS = 5000  # blocks up to which neighbourhoods are searched
CLOSE = 2e-4  # gap at which improving ends
SHAKES = ((0.1, 12), (0.3, 12), (0.8, 6))  # how far prices are shaken, and how often, for more plans per block
FREE = 70  # blocks that are free at once
NODES = 60  # branching nodes per neighbourhood
ROUNDS = 90  # neighbourhoods, at most
FRUITLESS = 30  # neighbourhoods in a row without gain after which improving ends


def improve(
    problem: Problem, plan: Plan, found: Columns, share: Floats, dual: Dual, until: float
) -> tuple[Plan, bool]:
    """The plan, improved, and whether it is shown to be the cheapest of all."""
    if not problem.units or plan.cost - dual.bound <= CLOSE * abs(dual.bound):
        return plan, False
    if problem.units <= MOST_UNITS:
        plan = _neighbourhoods(problem, plan, dual, until)
    if int((problem.cost < pricing.oracle.NO).sum()) <= MOST_BINARIES and time.monotonic() < until:
        best, optimal = complete(problem, plan.period, until)
        return Plan(problem, best), optimal
    return plan, False


def shaken(problem: Problem, price: Floats, until: float) -> list[Ints]:
    """Plans at prices near the best ones."""
    random, out = np.random.default_rng(11), []
    for width, times in SHAKES:
        for _ in range(times):
            if time.monotonic() > until:
                return out
            out.append(pricing.cheapest(problem, price * np.exp(width * random.standard_normal(price.shape))).period)
    return out


def _neighbourhoods(problem: Problem, plan: Plan, dual: Dual, until: float) -> Plan:
    """Free the blocks that meet in one scarce row, choose anew among all their known plans, and keep what is cheaper."""
    pool = [*dual.plans, *shaken(problem, dual.price, until)]
    order, fruitless, random = _scarce(problem, dual), 0, np.random.default_rng(13)
    found = columns(problem, np.stack([plan.period, *pool]))
    for round_ in range(ROUNDS if len(order) else 0):
        if fruitless >= FRUITLESS or time.monotonic() > until or plan.cost - dual.bound <= CLOSE * abs(dual.bound):
            break
        chosen = _together(problem, found, order, round_, random)
        gain = _choose_anew(problem, plan, found, chosen, until)
        fruitless = 0 if gain else fruitless + 1
        if gain:
            plan.sweep(dual.price, until, (0.3, 0.0))
            found = columns(problem, np.stack([plan.period, *pool]))
    return plan


def _scarce(problem: Problem, dual: Dual) -> Ints:
    """Rows with a price, the weightiest first."""
    weight = (dual.price * np.maximum(problem.capacity, 0)).ravel()
    return np.argsort(-weight, kind="stable")[: int((weight > 0).sum())]


def _together(problem: Problem, found: Columns, order: Ints, round_: int, random: np.random.Generator) -> Ints:
    """The blocks to free: half of those that could use one scarce row, then at random."""
    row = order[round_ % len(order)]
    use = found.use[row].tocoo()
    near = np.unique(found.unit[use.col])
    near = random.permutation(near)[: FREE // 2]
    others = random.permutation(problem.units)[:FREE]
    both = np.concatenate([near, others[~np.isin(others, near)]])[:FREE]
    return np.sort(both)


def _choose_anew(problem: Problem, plan: Plan, found: Columns, chosen: Ints, until: float) -> bool:
    """The cheapest mix of whole plans for the chosen blocks within what the others leave; tells whether it gained."""
    inside = np.flatnonzero(np.isin(found.unit, chosen))
    rows = np.flatnonzero(problem.capacity.ravel() >= 0)
    now = inside[found.plan[inside] == 0]  # plan 0 of the pool is the one that stands
    use = found.use[rows]
    room = plan.left.ravel()[rows] + np.asarray(use[:, now].sum(axis=1)).ravel()
    h = model(found.cost[inside].astype(float), found.unit[inside], use[:, inside], room, None, True)
    h.setOptionValue("mip_max_nodes", NODES)
    h.setOptionValue("mip_rel_gap", 1e-6)
    h.setOptionValue("time_limit", max(until - time.monotonic(), 0.1))
    h.setOptionValue("objective_bound", float("inf"))
    h.run()
    values = np.asarray(h.getSolution().col_value)
    if len(values) != len(inside) or not h.getSolution().value_valid:
        return False
    taken = inside[values > 0.5]
    if len(taken) != len(chosen):
        return False
    before = plan.cost
    return _adopt_all(problem, plan, found, taken, before)


def _adopt_all(problem: Problem, plan: Plan, found: Columns, taken: Ints, before: int) -> bool:
    """Put the taken columns in the plan when together they fit in whole numbers and cost less."""
    wanted = plan.period.copy()
    for j in taken:
        b = found.unit[j]
        part = slice(problem.first[b], problem.first[b + 1])
        wanted[part] = found.plans[found.plan[j], part]
    trial = Plan(problem, wanted)
    if (trial.left < 0).any() or trial.cost >= before:
        return False
    plan.period, plan.left = trial.period, trial.left
    return True
