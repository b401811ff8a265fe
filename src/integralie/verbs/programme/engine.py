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
from integralie.verbs.programme.problem import CENTS, EXIT, Ints, Problem, decode, picks
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
    row: Ints  # the row of the arrays (mode) that each work takes; -1 when deferred
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
    """The given programme, when it keeps all capacities and rules; periods per work, or (rows, periods)."""
    if start is None:
        return None
    rows, period = start if isinstance(start, tuple) else (None, start)
    period = np.asarray(period)
    if period.shape != (problem.works,) or not np.issubdtype(period.dtype, np.integer):
        raise DataError(f"'start' should hold one whole period for each of the {problem.works} works, -1 for deferred.")
    held = period[problem.work_order]
    held = np.where(held >= problem.periods, EXIT, held)
    plan = Plan(problem, picks(problem, _modes(problem, rows, held), held))
    return plan if plan.feasible else None


def _modes(problem: Problem, rows: Any, period: Ints) -> Ints:
    """The row of each work: as given, or the cheapest in its period."""
    p = problem.arrays
    if rows is not None:
        position = np.empty(len(problem.order) + 1, np.int64)
        position[problem.order], position[-1] = np.arange(len(problem.order)), -1
        return position[np.asarray(rows)[problem.work_order]]
    cost = p.cost[np.arange(len(p.layer)), np.maximum(period[problem.work_of], 0)]
    order = np.lexsort((cost, problem.work_of))
    return np.where(period < 0, -1, order[p.alt[:-1]])


def _result(
    problem: Problem, plan: Plan, price: npt.NDArray[np.float64], optimal: bool, capped: bool, seconds: float
) -> Result:
    proof = certify(problem, plan.pick, price)
    found, at = decode(problem, plan.pick)
    period, row = np.empty(problem.works, np.int64), np.empty(problem.works, np.int64)
    period[problem.work_order] = at
    row[problem.work_order] = np.where(found >= 0, problem.order[found], -1)
    gap = (proof.objective - proof.lower_bound) / max(abs(proof.lower_bound), 1)
    return Result(
        proof.objective / CENTS, proof.lower_bound / CENTS, gap, period, row, proof.prices / MILLION, openings(problem, plan.pick),
        optimal, capped, seconds, proof,
    )  # fmt: skip


def openings(problem: Problem, pick: Ints) -> list[tuple[Any, int]]:
    """The places that are opened and when, by label and period."""
    p = problem.arrays
    row, period = decode(problem, pick)
    held = (row >= 0) & (p.layer[row] >= 0)
    unit, cover, at = problem.unit_of[held], p.cover[row[held]], period[held]
    pairs: set[tuple[int, int]] = set()
    for bit in range(int(cover.max(initial=0)).bit_length()):
        hit = (cover >> bit) & 1 > 0
        pairs |= set(zip((p.place[unit[hit]] + bit).tolist(), at[hit].tolist()))
    return [(problem.place_labels[s], t) for s, t in sorted(pairs)]
