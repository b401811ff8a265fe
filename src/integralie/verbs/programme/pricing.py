"""Prices laid on a problem: the cheapest plans, the bound that they prove, and the price list in whole millionths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from integralie.verbs.programme import oracle
from integralie.verbs.programme.problem import Ints, Problem, kernel_arrays

MILLION = oracle.MILLION
LARGEST_PRICE = 10**12


@dataclass(frozen=True)
class Plans:
    """The cheapest plan of every unit at one price list."""

    period: Ints  # (W,)
    value: npt.NDArray[np.float64]  # (B,) priced cost
    low: npt.NDArray[np.float64]  # (B,) lower bound on it; the same unless the search was cut


def cheapest(problem: Problem, price: npt.NDArray[np.float64], chosen: Ints | None = None) -> Plans:
    """The cheapest plans at these prices (R, T), in floating point."""
    p = problem
    works, openings = oracle.priced_float(
        price, p.cost, p.cash, p.days, p.budget, p.crew, p.open_cost, p.open_cash, p.open_budget
    )
    late = np.minimum(p.defer, oracle.BIG).astype(np.float64)
    units = np.arange(p.units) if chosen is None else chosen
    return Plans(
        *oracle.cheapest_plans(
            works, openings, late, p.layer, p.first, p.rest, p.rest_price.astype(np.float64), p.since, units
        )
    )


def whole_prices(problem: Problem, price: npt.NDArray[np.float64]) -> Ints:
    """The price list in whole millionths; zero where there is no limit."""
    millionths = np.clip(np.rint(price * MILLION), 0, LARGEST_PRICE).astype(np.int64)
    return np.where(problem.capacity >= 0, millionths, 0)


def proven_bound(problem: Problem, prices: Ints) -> int:
    """The lower bound in whole cents that a price list proves, in exact arithmetic.

    Every block at its cheapest under the prices, less what the capacities are worth at those prices, rounded down.
    """
    p = problem
    works, openings = oracle.priced_exact(
        prices, p.cost, p.cash, p.days, p.budget, p.crew, p.open_cost, p.open_cash, p.open_budget
    )
    late = np.minimum(p.defer, oracle.BIG)
    _, _, low = oracle.cheapest_plans(
        works, openings, late, p.layer, p.first, p.rest, p.rest_price, p.since, np.arange(p.units)
    )
    worth = sum(int(a) * int(b) for a, b in zip(prices.ravel(), problem.capacity.ravel()) if a)
    return sum(low.tolist()) - (-(-worth // MILLION))


def group_use(problem: Problem, period: Ints, group: Ints, groups: int) -> tuple[Ints, Ints]:
    """Use per group, resource and period, and cost per group, of a plan."""
    used, cost = oracle.plan_use(period, *kernel_arrays(problem), group, groups)
    total = np.zeros(groups, np.int64)
    np.add.at(total, group, cost)
    return used, total
