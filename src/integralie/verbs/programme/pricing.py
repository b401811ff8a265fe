"""Prices laid on a problem: the cheapest plans, the bound that they prove, and the price list in whole millionths."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from integralie.verbs.programme import oracle
from integralie.verbs.programme.problem import Ints, Problem, kernel_arrays

MILLION = oracle.MILLION
LARGEST_PRICE = 10**12
THREADS = 2
LEAST_SPREAD = 200  # units below which one thread does


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
    return Plans(*_spread(works, openings, late, p, p.rest_price.astype(np.float64), units))


def _spread(works: Any, openings: Any, late: Any, p: Problem, rest_price: Any, units: Ints) -> tuple[Any, Any, Any]:
    """The oracle over all units, every other unit on another thread; units do not touch, so the sum is the same."""

    def part(k: int) -> tuple[Any, Any, Any]:
        return oracle.cheapest_plans(
            works, openings, late, p.layer, p.first, p.rest, rest_price, p.since, units[k::THREADS]
        )

    if len(units) < LEAST_SPREAD:
        return oracle.cheapest_plans(works, openings, late, p.layer, p.first, p.rest, rest_price, p.since, units)
    with ThreadPoolExecutor(THREADS) as pool:
        parts = list(pool.map(part, range(THREADS)))
    plan = np.minimum.reduce(
        [x[0] for x in parts]
    )  # a unit of another part stands at its exit, which is the last number
    return plan, sum(x[1] for x in parts), sum(x[2] for x in parts)


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
    _, _, low = _spread(works, openings, late, p, p.rest_price, np.arange(p.units))
    worth = sum(int(a) * int(b) for a, b in zip(prices.ravel(), problem.capacity.ravel()) if a)
    return sum(low.tolist()) - (-(-worth // MILLION))


def group_use(problem: Problem, period: Ints, group: Ints, groups: int) -> tuple[Ints, Ints]:
    """Use per group, resource and period, and cost per group, of a plan."""
    used, cost = oracle.plan_use(period, *kernel_arrays(problem), group, groups)  # type: ignore[call-arg]
    total = np.zeros(groups, np.int64)
    np.add.at(total, group, cost)
    return used, total
