"""Drawing futures: what happens to prices, works, budgets and permits, period by period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from integralie.errors import DataError
from integralie.verbs.programme.problem import Problem

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Chances:
    """How uncertain the world is; shares, per period of the programme unless told otherwise. There are no defaults:
    these are figures with a source, or an assumption that the reader must see.

    price: spread of the yearly change of the common price level (it goes on from where it is).
    own: spread of what a work turns out to cost, against its estimate; it becomes known evenly over `revealed` periods.
    failing: chance that a work that is not done fails in a period, on average; older than ideal counts double.
    surcharge: what a repair after a failure costs more, as a share of the work.
    held_up: chance that a work cannot begin in its period (permits, other parties).
    budget: spread of the yearly change of all budgets together.
    """

    price: float
    own: float
    failing: float
    surcharge: float
    held_up: float
    budget: float
    revealed: int

    def __post_init__(self) -> None:
        values = (self.price, self.own, self.failing, self.surcharge, self.held_up, self.budget)
        if min(values) < 0 or max(self.failing, self.held_up) > 1 or self.revealed < 1:
            raise DataError("Spreads and surcharges are zero or more, chances between 0 and 1, 'revealed' at least 1.")


@dataclass(frozen=True)
class Future:
    """One future, for `T` periods and the `W` works of a problem in its own order.

    price (T,): factor on what all works cost, as known in each period. own (W, T): factor on what a work costs, as
    known in each period. fails (W,): period in which it fails when not done by then; T is never. held_up (W, T):
    whether it cannot begin in that period. budget (T,): factor on all budgets from each period on. surcharge: share.
    """

    price: Floats
    own: Floats
    fails: npt.NDArray[np.int64]
    held_up: npt.NDArray[np.bool_]
    budget: Floats
    surcharge: float


def draw(problem: Problem, chances: Chances, random: np.random.Generator) -> Future:
    """One future. Factors are logarithmic, with mean one; a work fails at a chance that doubles past its cheapest
    period.
    """
    periods, works = problem.periods, problem.works
    known = np.minimum(np.arange(1, periods + 1) / chances.revealed, 1.0)
    share = np.diff(np.concatenate([[0.0], known]))
    steps = chances.own * np.sqrt(share)[None, :] * random.standard_normal((works, periods))
    own = np.exp(np.cumsum(steps, axis=1) - chances.own**2 * known / 2)
    return Future(
        _walk(chances.price, periods, random), own, _failures(problem, chances.failing, random),
        random.random((works, periods)) < chances.held_up, _walk(chances.budget, periods, random), chances.surcharge,
    )  # fmt: skip


def _walk(spread: float, periods: int, random: np.random.Generator) -> Floats:
    """A random walk of the logarithm, with mean one in every period."""
    time = np.arange(1, periods + 1)
    made: Floats = np.exp(np.cumsum(spread * random.standard_normal(periods)) - spread**2 * time / 2)
    return made


def _failures(problem: Problem, failing: float, random: np.random.Generator) -> npt.NDArray[np.int64]:
    """The period in which each work fails."""
    p, periods = problem.arrays, problem.periods
    ideal = np.minimum.reduceat(p.cost.argmin(axis=1), p.alt[:-1]) if problem.works else np.zeros(0, np.int64)
    past: Any = np.arange(periods)[None, :] >= ideal[:, None]
    fails = random.random((problem.works, periods)) < np.where(past, 2 * failing, failing)
    return np.where(fails.any(axis=1), fails.argmax(axis=1), periods).astype(np.int64)
