"""From prices to a plan that keeps every capacity: mix, keep what is whole, fit the rest, then sweep."""

from __future__ import annotations

import time

import numpy as np
import numpy.typing as npt

from integralie.verbs.programme import count, fitting, joined, pricing
from integralie.verbs.programme.clock import over
from integralie.verbs.programme.in_turn import in_turn
from integralie.verbs.programme.master import WHOLE, Columns, columns, mix
from integralie.verbs.programme.prices import many_local
from integralie.verbs.programme.problem import Ints, Problem, needed_by_fixed

SWEEPS = (1.0, 0.6, 0.3, 0.1, 0.0, 0.3, 0.0)  # share of the prices that each sweep over the blocks still counts
FEW_SWEEPS = (0.5, 0.0)  # the same where there are so many blocks that little is left to gain
MANY = 6000  # blocks from which that is so
MIXED = 50_000  # blocks above which plans are not mixed by a linear programme
PASSES = 3  # times that plans are offered: one may have to wait for another that must come first

Floats = npt.NDArray[np.float64]


class Plan:
    """A plan that is feasible at every moment, and what is left of each capacity."""

    def __init__(self, problem: Problem, pick: Ints | None = None) -> None:
        self.problem = problem
        self.pick = needed_by_fixed(problem) if pick is None else pick.copy()
        self.left = count.left_of(problem, count.usage(problem, self.pick))
        self.natural = pricing.natural_prices(problem)

    @property
    def cost(self) -> int:
        """What it costs, in whole cents."""
        blocks = count.unit_costs(self.problem, self.pick).tolist()
        return sum(blocks) + int(count.all_extra(self.left, self.problem.arrays))

    @property
    def feasible(self) -> bool:
        """Whether it keeps every hard limit."""
        room = count.all_room(self.left, self.problem.arrays)
        return bool((room[self.problem.arrays.soft == 0] >= 0).all()) and self.cost < count.NO

    def adopt(self, units: Ints, wanted: Ints) -> npt.NDArray[np.bool_]:
        """Give blocks the wanted plan where it fits; tells which got it."""
        got, settled = np.zeros(self.problem.units, bool), count.unit_costs(self.problem, wanted) < count.BIG
        units = units[settled[units]]
        for _ in range(PASSES):
            rest = units[~got[units]]
            now = fitting.adopt(rest, wanted, self.pick, self.left, self.problem.arrays)
            got |= now
            if not now.any() or got[units].all():
                break
        return got

    def refit(self, units: Ints, price: Floats, share: float = 1.0) -> int:
        """Give blocks in turn their cheapest plan within what is left; tells how many changed."""
        p = self.problem.arrays
        return int(fitting.refit(units, price, share, self.natural, self.pick, self.left, p))

    def sweep(self, price: Floats, until: float, sweeps: tuple[float, ...] = SWEEPS) -> None:
        """Several rounds over all blocks, counting ever less of the prices; the cheapest plan is kept."""
        best, least = self.pick.copy(), self.cost
        everyone = np.arange(self.problem.units)
        for share in sweeps:
            if over(until):
                break
            self.refit(everyone, price, share)
            now = self.cost
            if now < least:
                best, least = self.pick.copy(), now
        self.__init__(self.problem, best)  # type: ignore[misc]


def rounded(problem: Problem, found: Columns, share: Floats, price: Floats) -> Plan:
    """A feasible plan from a mix: whole blocks first, then the others fitted in at the prices."""
    plan = Plan(problem)
    joined.settle(plan, price, 1.0, np.inf)
    order = np.lexsort((-share, found.unit))
    lead = order[np.concatenate([[True], np.diff(found.unit[order]) > 0])]  # the largest share of every block
    size = np.diff(problem.arrays.first)
    wanted = found.plans[np.repeat(found.plan[lead], size), np.arange(problem.works)]
    whole = share[lead] > 1 - WHOLE
    got = plan.adopt(np.flatnonzero(whole), wanted)
    rest = np.flatnonzero(~got)
    plan.refit(rest[np.argsort(-share[lead][rest], kind="stable")], price)
    return plan


def takes_turns(problem: Problem) -> bool:
    """Whether the problem is too large to mix plans by a linear programme, by its blocks or by its local limits."""
    return problem.units > MIXED or many_local(problem)


def from_prices(problem: Problem, price: Floats, plans: list[Ints], until: float) -> Plan:
    """The plan that follows from a price list and the plans seen while searching for it."""
    if not problem.units:
        return Plan(problem)
    if takes_turns(problem):
        plan = Plan(problem)
        joined.settle(plan, price, 1.0, until)
        in_turn(plan, price)
    else:
        found = columns(problem, np.stack(plans))
        share = mix(problem, found, pricing.natural_prices(problem), until - time.monotonic())
        plan = rounded(problem, found, share, price)
    joined.settle(plan, price, 0.0, until)
    plan.sweep(price, until, SWEEPS if problem.units <= MANY else FEW_SWEEPS)
    return plan
