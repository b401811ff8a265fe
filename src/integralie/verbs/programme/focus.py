"""Improving a large programme where it pays: blocks that got far less than they could, and those that stand in their way.

Of many thousands of blocks only some hundreds find no room where prices would put them, and they carry nearly all that
is lost in rounding. Each is taken out together with some blocks that use what it lacks, and all are put back.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from integralie.verbs.programme import count, fitting, pricing
from integralie.verbs.programme.clock import over
from integralie.verbs.programme.prices import Dual
from integralie.verbs.programme.problem import Ints, Problem, decode, needed_by_fixed
from integralie.verbs.programme.round import Plan
from integralie.verbs.programme.ruin import ruin

WORST = 600  # blocks that are looked at in a lap
ROUNDS = 2000  # of ruin and recreate in a lap
IN_THE_WAY = 40  # blocks, at most, that are named for each thing that is lacking
TOLERANCE = 0.002  # of the mean cost of a block
MOST_LAPS, GAIN = 60, 2e-5  # laps at most; they end when one gains less than this share of the cost

Floats = npt.NDArray[np.float64]


def regret(problem: Problem, pick: Ints, price: Floats, low: Floats) -> Floats:
    """What the plan of every block costs at the prices above the block's cheapest."""
    each = np.arange(problem.units)
    start, row, amount = fitting.column_use(each, 0 * each, pick[None], problem.arrays)
    total = np.concatenate([[0.0], np.cumsum(price.ravel()[row] * amount)])
    return count.unit_costs(problem, pick) + total[start[1:]] - total[start[:-1]] - low  # type: ignore[no-any-return]


class _Ways:
    """Who can use each resource, and who does something in each period of the plan of now."""

    def __init__(self, plan: Plan, wanted: Ints) -> None:
        self.plan, self.wanted, p = plan, wanted, plan.problem.arrays
        self.room = count.all_room(plan.left, p)
        by = np.argsort(p.own, kind="stable")
        self.users = np.repeat(np.arange(plan.problem.units), np.diff(p.own_start))[by]
        self.start = np.searchsorted(p.own[by], np.arange(len(p.capacity) + 1))
        row, period = decode(plan.problem, plan.pick)
        self.busy = np.zeros((plan.problem.units, plan.problem.periods), bool)
        self.busy[plan.problem.unit_of[row >= 0], period[row >= 0]] = True

    def against(self, unit: int, random: np.random.Generator) -> Ints:
        """The block itself, as often as all others together, and blocks that use what its wanted plan lacks."""
        p, one = self.plan.problem.arrays, np.array([unit])
        want, have = count.part_use(self.wanted, p, one), count.part_use(self.plan.pick, p, one)
        lacking = (self.room + have < want) & (p.soft == 0)[:, None]
        found = [np.zeros(0, np.int64)]
        for r, t in zip(*np.nonzero(lacking)):
            users = self.users[self.start[r] : self.start[r + 1]]
            users = users[self.busy[users, t] & (users != unit)]
            found.append(random.choice(users, IN_THE_WAY, replace=False) if len(users) > IN_THE_WAY else users)
        others = np.concatenate(found)
        return np.concatenate([np.full(max(len(others) // 2, 1), unit), others])


def focused(problem: Problem, plan: Plan, dual: Dual, until: float) -> Plan:
    """The plan with the worst placed blocks put back better."""
    ideal = pricing.cheapest(problem, dual.price)
    least, warm = needed_by_fixed(problem), TOLERANCE * abs(plan.cost) / problem.units
    for lap in range(MOST_LAPS):
        lost = regret(problem, plan.pick, dual.price, ideal.low)
        worst = np.argsort(-lost, kind="stable")[:WORST]
        ways, random = _Ways(plan, ideal.pick), np.random.default_rng(lap)
        groups = [ways.against(int(b), random) for b in worst[lost[worst] > 0]]
        if not groups or over(until):
            break
        start = np.concatenate([[0], np.cumsum([len(g) for g in groups])])
        best = ruin(
            ROUNDS, lap, warm, start, np.concatenate(groups), dual.price, plan.natural, least, plan.pick.copy(),
            plan.left.copy(), problem.arrays,
        )  # fmt: skip
        before, plan = plan.cost, Plan(problem, best)
        if before - plan.cost < GAIN * abs(before):
            break
    return plan
