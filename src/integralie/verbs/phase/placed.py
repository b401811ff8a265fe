"""The one place where the phasing meets the engine of the programme: plain arrays in, a quarter per unit out."""

from __future__ import annotations

import time
from contextlib import suppress

import numpy as np

from integralie.verbs.phase.costs import Costs
from integralie.verbs.phase.limits import Limits
from integralie.verbs.phase.units import QUARTERS, Ints, Units
from integralie.verbs.programme import Problem
from integralie.verbs.programme.improve import MOST_UNITS, recreated
from integralie.verbs.programme.prices import find_prices
from integralie.verbs.programme.problem import decode
from integralie.verbs.programme.round import Plan, from_prices

SECONDS = 60.0  # a cap that is not reached
PATIENCE = (
    40  # looks at the search without a better plan after which it stops; a count, so that the answer stays the same
)


class Enough(Exception):
    """Nothing better was found for a while."""


class Watch:
    """Keeps the best plan, and stops the search when it finds nothing better for a while."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.idle = plan, 0

    def __call__(self, plan: Plan) -> None:
        self.idle = 0 if plan.cost < self.plan.cost else self.idle + 1
        self.plan = plan if plan.cost < self.plan.cost else self.plan
        if self.idle >= PATIENCE:
            raise Enough


def searched(problem: Problem) -> Ints:
    """The period of each unit: prices, rounding, and ruin and recreate until that gives nothing more.

    The steps of the engine without its complete search, which for quarters costs many times what it gives.
    """
    until = time.monotonic() + SECONDS
    dual = find_prices(problem, until)
    watch = Watch(from_prices(problem, dual.price, dual.plans, until))
    if problem.units <= MOST_UNITS:
        with suppress(Enough):
            watch(recreated(problem, watch.plan, dual, until, watch))
    period = np.empty(problem.works, np.int64)
    period[problem.work_order] = decode(problem, watch.plan.pick)[1]
    return period


def placed(made: Units, own: Costs, kept: Limits) -> Ints:
    """The quarter (0 to 3) of its year in which each unit begins; every unit gets one.

    Every limit has a price, so no unit can be better off undone: its exit costs more than all that it could ever push
    above what there is.
    """
    size = len(made.rows)
    first = made.rows["first"].to_numpy(int)
    euros = own.euros()
    cost = np.full((size, made.quarters), np.nan)
    cost[np.arange(size)[:, None], first[:, None] + np.arange(QUARTERS)] = euros
    worst = euros.max(axis=1) + 1.0
    np.add.at(worst, kept.unit, (kept.amount * np.maximum(kept.near, kept.far)[kept.row][:, None]).sum(axis=1))
    use, later = np.nonzero(kept.amount)
    told = later < made.quarters
    use, later = use[told], later[told]
    wide = np.stack([kept.width, np.full(len(kept.width), np.inf)], axis=1)
    problem = Problem.from_arrays(
        np.arange(size), cost, defer_cost=2.0 * worst, opens=False, id=np.arange(size),
        capacity=kept.room, over_width=wide, over_price=np.stack([kept.near, kept.far], axis=1),
        before=(*kept.before.T, np.zeros(len(kept.before), int)) if len(kept.before) else None,
        uses=(kept.unit[use], kept.row[use], kept.amount[use, later], later),
    )  # fmt: skip
    got = searched(problem) - first
    return np.where((got >= 0) & (got < QUARTERS), got, euros.argmin(axis=1)).astype(np.int64)
