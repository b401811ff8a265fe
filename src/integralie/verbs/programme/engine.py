"""`solve`: from a problem to a programme with its price list; everything in between is in the other files of this
folder.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from integralie.errors import DataError
from integralie.verbs.programme import improve
from integralie.verbs.programme.certificate import Certificate, certify
from integralie.verbs.programme.prices import find_prices
from integralie.verbs.programme.pricing import MILLION
from integralie.verbs.programme.problem import CENTS, FORBIDDEN, Ints, Problem
from integralie.verbs.programme.round import Plan, from_prices

PRICES_SHARE = 0.6  # share of the time, at most, that goes to the search for prices


@dataclass(frozen=True)
class Result:
    """A programme for a problem, in the order in which the works were given.

    `objective` and `lower_bound` are euros; no programme can cost less than `lower_bound`, and `prices` prove it.
    `gap` is their difference as a share of the bound. `period` is -1 for a work that is deferred. `openings` lists
    (block, period).
    """

    objective: float
    lower_bound: float
    gap: float
    period: Ints
    prices: npt.NDArray[np.float64]  # (R, T) present euros per extra euro, or per extra crew day
    openings: list[tuple[Any, int]]
    optimal: bool  # shown to be the cheapest of all by complete search, whatever the gap says
    capped: bool  # stopped by the clock instead of by its own criteria
    seconds: float
    certificate: Certificate


def solve(problem: Problem, seconds: float = 60, *, start: Any = None) -> Result:
    """The cheapest programme that the engine can find, and the bound that proves how good it is.

    Prices for scarce capacity are searched, every block is planned at those prices, the plans are mixed and rounded
    so that every capacity is kept, and then improved block by block. The same problem gives the same programme;
    `seconds` is only a cap, and `capped` tells when it was hit. `start` is a programme to be at least as good as:
    periods per work, -1 deferred.

    Raises
    ------
    DataError
        `start` does not fit the problem.
    """
    begin = time.monotonic()
    until = begin + max(float(seconds), 0.0)
    dual = find_prices(problem, begin + PRICES_SHARE * (until - begin))
    plan = from_prices(problem, dual.price, dual.plans, until)
    plan, optimal = improve.improve(problem, plan, dual, until)
    given = _start(problem, start)
    if given is not None and given.cost < plan.cost:
        given.sweep(dual.price, until)
        plan = given
    return _result(problem, plan, dual.price, optimal, time.monotonic() > until, time.monotonic() - begin)


def _start(problem: Problem, start: Any) -> Plan | None:
    """The given programme, when it keeps all capacities and rest periods."""
    if start is None:
        return None
    period = np.asarray(start)
    if period.shape != (problem.works,) or not np.issubdtype(period.dtype, np.integer):
        raise DataError(f"'start' should hold one whole period for each of the {problem.works} works, -1 for deferred.")
    inside = np.where((period < 0) | (period >= problem.periods), problem.periods, period)[problem.order]
    cost = np.concatenate([problem.cost, problem.defer[:, None]], axis=1)[np.arange(problem.works), inside]
    if (cost >= FORBIDDEN).any():
        return None
    plan = Plan(problem, inside)
    return plan if (plan.left >= 0).all() and plan.cost < FORBIDDEN else None


def _result(
    problem: Problem, plan: Plan, price: npt.NDArray[np.float64], optimal: bool, capped: bool, seconds: float
) -> Result:
    proof = certify(problem, plan.period, price)
    period = np.empty(problem.works, np.int64)
    period[problem.order] = np.where(plan.period >= problem.periods, -1, plan.period)
    gap = (proof.objective - proof.lower_bound) / max(abs(proof.lower_bound), 1)
    return Result(
        proof.objective / CENTS, proof.lower_bound / CENTS, gap, period, proof.prices / MILLION, openings(problem, plan.period),
        optimal, capped, seconds, proof,
    )  # fmt: skip


def openings(problem: Problem, period: Ints) -> list[tuple[Any, int]]:
    """The blocks that are opened and when, by label and period."""
    unit = problem.unit_of
    held = problem.opens[unit] & (period < problem.periods)
    pairs = (
        np.unique(np.stack([unit[held], period[held]], axis=1), axis=0) if held.any() else np.zeros((0, 2), np.int64)
    )
    return [(problem.labels[b], int(t)) for b, t in pairs]
