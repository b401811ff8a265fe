"""The one place where the phasing meets the engine of the programme: plain arrays in, a quarter per unit out."""

from __future__ import annotations

import numpy as np

from integralie.verbs.phase.costs import Costs
from integralie.verbs.phase.limits import Limits
from integralie.verbs.phase.units import QUARTERS, Ints, Units
from integralie.verbs.programme import Problem, solve

SECONDS = 60.0  # a cap that is not reached: a programme of quarters is small and its limits bend
# The search stops after so many looks without a better plan, or in all: counts, never the clock, so that the same study
# gets the same quarters; and before the complete searches with which the engine ends, which cost more than they give.
PATIENCE, LOOKS = 40, 100


class Watch:
    """Stops the search when it has not found anything better for a while."""

    def __init__(self) -> None:
        self.best, self.idle, self.looks = np.inf, 0, 0

    def __call__(self, told: dict[str, float]) -> bool:
        self.idle = 0 if told["cost"] < self.best else self.idle + 1
        self.best, self.looks = min(self.best, told["cost"]), self.looks + 1
        return self.idle < PATIENCE and self.looks < LOOKS


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
    got = solve(problem, SECONDS, watch=Watch()).period - first
    return np.where((got >= 0) & (got < QUARTERS), got, euros.argmin(axis=1)).astype(np.int64)
