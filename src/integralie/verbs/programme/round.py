"""From prices to a plan that keeps every capacity: mix, keep what is whole, fit the rest, then sweep."""

from __future__ import annotations

import time

import numpy as np
import numpy.typing as npt

from integralie.verbs.programme import fitting
from integralie.verbs.programme.master import WHOLE, Columns, columns, mix
from integralie.verbs.programme.problem import Ints, Problem, kernel_arrays, needed_by_fixed, plan_costs, usage

SWEEPS = (1.0, 0.6, 0.3, 0.1, 0.0, 0.3, 0.0)  # share of the prices that each sweep over the blocks still counts

Floats = npt.NDArray[np.float64]


def natural_prices(problem: Problem) -> Floats:
    """For each resource what the works that use it cost per unit of it."""
    resources = len(problem.capacity)
    worth, amount = np.zeros(resources), np.zeros(resources)
    least = np.where(problem.defer < fitting.BIG, np.abs(problem.defer), 0).astype(float)
    for who, use in ((problem.budget, problem.cash), (problem.crew, problem.days)):
        held = who >= 0
        np.add.at(worth, who[held], least[held])
        np.add.at(amount, who[held], use[held].max(axis=1, initial=0).astype(float))
    return np.maximum(np.where(amount > 0, worth / np.maximum(amount, 1.0), 1.0), 1e-6)


class Plan:
    """A plan that is feasible at every moment, and what is left of each capacity."""

    def __init__(self, problem: Problem, period: Ints | None = None) -> None:
        self.problem = problem
        self.period = needed_by_fixed(problem) if period is None else period.copy()
        self.left = np.where(problem.capacity >= 0, problem.capacity, 2**62) - usage(problem, self.period)
        self.natural = natural_prices(problem)

    @property
    def cost(self) -> int:
        """What it costs, in whole cents."""
        return sum(plan_costs(self.problem, self.period).tolist())

    def adopt(self, units: Ints, wanted: Ints) -> npt.NDArray[np.bool_]:
        """Give units the wanted plan where it fits; tells which got it."""
        p = self.problem
        return fitting.adopt(
            units,
            wanted,
            self.period,
            self.left,
            p.cash,
            p.days,
            p.budget,
            p.crew,
            p.layer,
            p.first,
            p.open_cash,
            p.open_budget,
            p.capacity,
        )

    def refit(self, units: Ints, price: Floats) -> int:
        """Give units in turn their cheapest plan within what is left; tells how many changed."""
        return int(fitting.refit(units, price, self.natural, self.period, self.left, *kernel_arrays(self.problem)))

    def sweep(self, price: Floats, until: float, sweeps: tuple[float, ...] = SWEEPS) -> None:
        """Several rounds over all blocks, counting ever less of the prices; the cheapest plan is kept."""
        best, least = self.period.copy(), self.cost
        everyone = np.arange(self.problem.units)
        for share in sweeps:
            if time.monotonic() > until:
                break
            self.refit(everyone, price * share)
            if self.cost < least:
                best, least = self.period.copy(), self.cost
        self.__init__(self.problem, best)  # type: ignore[misc]


def rounded(problem: Problem, found: Columns, share: Floats, price: Floats) -> Plan:
    """A feasible plan from a mix: whole blocks first, then the others fitted in at the prices."""
    plan = Plan(problem)
    order = np.lexsort((-share, found.unit))
    lead = order[np.concatenate([[True], np.diff(found.unit[order]) > 0])]  # the largest share of every unit
    wanted = np.full(problem.works, problem.periods, np.int64)
    size = np.diff(problem.first)
    wanted = found.plans[np.repeat(found.plan[lead], size), np.arange(problem.works)]
    whole = share[lead] > 1 - WHOLE
    got = plan.adopt(np.flatnonzero(whole), wanted)
    rest = np.flatnonzero(~got)
    plan.refit(rest[np.argsort(-share[lead][rest], kind="stable")], price)
    return plan


def from_prices(problem: Problem, price: Floats, plans: list[Ints], until: float) -> Plan:
    """The plan that follows from a price list and the plans seen while searching for it."""
    if not problem.units:
        return Plan(problem)
    found = columns(problem, np.stack(plans))
    share = mix(problem, found, natural_prices(problem), until - time.monotonic())
    plan = rounded(problem, found, share, price)
    plan.sweep(price, until)
    return plan
