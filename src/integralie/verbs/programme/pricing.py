"""Prices laid on a problem: the cheapest plans, the bound that they prove, and the price list in whole millionths."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from integralie.verbs.programme import count, oracle
from integralie.verbs.programme.problem import EXIT, UNLIMITED, Ints, Problem

MILLION = count.MILLION
LARGEST_PRICE = 10**12
THREADS = 2
LEAST_SPREAD = 200  # blocks below which one thread does

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Plans:
    """The cheapest plan of every block at one price list."""

    pick: Ints  # (W,)
    value: npt.NDArray[Any]  # (B,) priced cost
    low: npt.NDArray[Any]  # (B,) lower bound on it; the same unless the search was cut


def effective(problem: Problem, price: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """What one unit used in a period costs: where use adds up, it counts in all periods from then on."""
    adds = (problem.arrays.adds_up > 0)[:, None]
    return np.where(adds, np.cumsum(price[:, ::-1], axis=1)[:, ::-1], price)


def cheapest(problem: Problem, price: npt.NDArray[Any], chosen: Ints | None = None) -> Plans:
    """The cheapest plans at these prices (R, T), in floating point, or exactly when the prices are whole."""
    whole = price.dtype == np.int64
    kind: Any = np.int64 if whole else np.float64
    units = np.arange(problem.units) if chosen is None else chosen
    pick, value, low = (
        np.full(problem.works, EXIT, np.int64),
        np.zeros(problem.units, kind),
        np.zeros(problem.units, kind),
    )
    laid = np.ascontiguousarray(effective(problem, price))
    if len(units) < LEAST_SPREAD:
        oracle.cheapest_plans(laid, problem.arrays, units, pick, value, low)
    else:
        with ThreadPoolExecutor(THREADS) as pool:
            parts = [units[k::THREADS] for k in range(THREADS)]
            list(pool.map(lambda part: oracle.cheapest_plans(laid, problem.arrays, part, pick, value, low), parts))
    return Plans(pick, value, low)


def worth(problem: Problem, price: npt.NDArray[Any]) -> Any:
    """What all capacity is worth at these prices, with what may be carried over and what costs something above it.

    In the unit of price times amount; exact (Python's own whole numbers) when the prices are whole.
    """
    p = problem.arrays
    whole = price.dtype == np.int64
    value, cap, least = (x.astype(object) if whole else x.astype(float) for x in (price, p.capacity, p.least))
    total = (np.where(price > 0, value * np.where(p.capacity == UNLIMITED, 0, cap), 0)).sum()
    total += np.where(price < 0, value * least, 0).sum()
    if (p.carry > 0).any():
        plus = np.maximum(value, 0)
        total += (p.carry[:, :-1] * np.maximum(plus[:, 1:] - plus[:, :-1], 0)).sum()
    for r in np.flatnonzero(p.soft > 1):
        for k in range(int(p.soft[r]) - 1):
            total += (int(p.width[r, k]) * np.maximum(value[r] - _steepness(p.slope[r, k], whole), 0)).sum()
    return total


def _steepness(slope: Any, whole: bool) -> Any:
    return int(slope) if whole else float(slope) / MILLION


def natural_prices(problem: Problem) -> Floats:
    """For each resource a price of natural size: what the works and openings that use it cost per unit of it."""
    p, many = problem.arrays, len(problem.arrays.capacity)
    cost, amount = np.zeros(many), np.zeros(many)
    late = np.where(p.defer < count.BIG, np.abs(p.defer), 0).astype(float)[problem.work_of]
    further = np.repeat(np.arange(len(p.layer)), np.diff(p.use_start))
    for row, who, use in (
        (slice(None), p.budget, p.cash.max(axis=1, initial=0)),
        (slice(None), p.crew, p.days.max(axis=1, initial=0)),
        (further, p.use_row, np.abs(p.use_amount)),
    ):
        held = (who >= 0) & (use > 0)
        np.add.at(cost, who[held], late[row][held])
        np.add.at(amount, who[held], use[held].astype(float))
    opening = p.open_cost.mean(axis=(1, 2)) if p.open_cost.size else np.zeros(0)
    place = np.repeat(np.arange(len(opening)), np.diff(p.open_start))
    np.add.at(cost, p.open_row, opening[place])
    np.add.at(amount, p.open_row, p.open_amount.mean(axis=1) if p.open_amount.size else np.zeros(len(p.open_row)))
    price = np.where(amount > 0, cost / np.maximum(amount, 1.0), 1.0)
    ends = np.maximum(np.take_along_axis(p.slope, np.maximum(p.soft - 1, 0)[:, None], axis=1)[:, 0], p.least_price)
    return np.maximum(np.where(ends > 0, np.minimum(ends / MILLION, price), price), 1e-6)


def least_price(problem: Problem) -> Floats:
    """The lowest price of each row: below zero where something should at least be used."""
    p = problem.arrays
    return np.where(problem.wants, -p.least_price[:, None] / MILLION, 0.0)


def most_price(problem: Problem) -> Floats:
    """The highest price of each row: that of the last step where use above capacity costs something."""
    p = problem.arrays
    last = np.take_along_axis(p.slope, np.maximum(p.soft - 1, 0)[:, None], axis=1) / MILLION
    limit = np.where((p.soft > 0)[:, None], last, LARGEST_PRICE / MILLION)
    return np.where(p.capacity == UNLIMITED, 0.0, limit * np.ones(p.capacity.shape))


def whole_prices(problem: Problem, price: Floats) -> Ints:
    """The price list in whole millionths, within what each row allows."""
    low, high = least_price(problem) * MILLION, most_price(problem) * MILLION
    adds = (problem.arrays.adds_up > 0)[:, None]
    high = np.minimum(high, np.where(adds, LARGEST_PRICE / problem.periods, LARGEST_PRICE))
    low = np.maximum(low, np.where(adds, -LARGEST_PRICE / problem.periods, -LARGEST_PRICE))
    return np.clip(np.rint(price * MILLION), np.ceil(low), np.floor(high)).astype(np.int64)


def proven_bound(problem: Problem, prices: Ints) -> int:
    """The lower bound in whole cents that a price list proves, in exact arithmetic.

    Every block at its cheapest under the prices, less what the capacities are worth at those prices, rounded down.
    """
    plans = cheapest(problem, prices)
    return sum(plans.low.tolist()) - int(-(-int(worth(problem, prices)) // MILLION))


def effort(problem: Problem) -> float:
    """How much pricing all blocks once looks at: sets of works times periods. A count, so that effort never hangs on a clock."""
    works = np.minimum(np.diff(problem.arrays.first), oracle.MOST_SETS)
    return problem.periods * float((2.0**works).sum())
