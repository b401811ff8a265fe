"""A plan from prices alone: blocks take turns, and the prices of what all share lean against what was used so far.

At one price list too many blocks want the same year. Given their plans in some thousands of lots, with every price of a
shared budget, crew or goal a little higher where the lots so far used more than their part and a little lower where
they used less, the lots together use what there is. What then still does not fit, because of a limit of its own street
or neighbourhood, is put where it fits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from integralie.verbs.programme import count, pricing
from integralie.verbs.programme.problem import EXIT, UNLIMITED, Ints, Problem

if TYPE_CHECKING:
    from integralie.verbs.programme.round import Plan

LOTS = 2000
LEAN = 2.0  # natural prices per usual year of use that the lots are off
MARGIN = 0.002  # share of every capacity that the lots leave
SHARED = 0.02  # share of the blocks from which a resource is shared by all

Floats = npt.NDArray[np.float64]


def in_turn(plan: Plan, price: Floats) -> None:
    """Fill a plan from good prices (R, T); it keeps all limits."""
    problem = plan.problem
    wanted = _lots(problem, price, np.random.default_rng(1).permutation(problem.units))
    order = _large_first(problem)
    got = plan.adopt(order, wanted)
    plan.refit(order[~got[order]], price)


def _large_first(problem: Problem) -> Ints:
    """The blocks in order of what they would cost if they waited: what is large finds room while there is some."""
    waiting = np.minimum(problem.arrays.defer, count.BIG // 1000)
    return np.argsort(-np.bincount(problem.unit_of, waiting, problem.units), kind="stable")


def _lots(problem: Problem, price: Floats, order: Ints) -> Ints:
    """What the blocks want, lot after lot."""
    target, usual = _targets(problem, price)
    shared = (np.bincount(problem.arrays.own, minlength=len(price)) > SHARED * problem.units)[:, None]
    low, high = pricing.least_price(problem), pricing.most_price(problem)
    natural = pricing.natural_prices(problem)[:, None]
    wanted, used, done, now = np.full(problem.works, EXIT, np.int64), np.zeros(price.shape), 0, price
    for lot in np.array_split(order, min(LOTS, max(problem.units, 1))):
        pick = pricing.cheapest(problem, now, lot).pick
        used += count.part_use(pick, problem.arrays, lot)
        wanted = np.where(_members(problem, lot), pick, wanted)
        done += len(lot)
        off = (used - target * (done / problem.units)) / usual
        now = np.where(shared, np.clip(price + LEAN * natural * off, low, high), price)
    return wanted


def _targets(problem: Problem, price: Floats) -> tuple[Floats, Floats]:
    """How much should be used of every resource in every period, and its usual size."""
    p = problem.arrays
    least = np.where(problem.wants, p.least, 0)
    most = np.where(p.capacity == UNLIMITED, least, p.capacity * (1 - MARGIN))
    target = np.where(problem.wants & (price < 0), least, most).astype(float)
    return target, np.maximum(np.abs(target).mean(axis=1), 1.0)[:, None]


def _members(problem: Problem, units: Ints) -> npt.NDArray[np.bool_]:
    chosen = np.zeros(problem.units, bool)
    chosen[units] = True
    return np.repeat(chosen, np.diff(problem.arrays.first))
