"""`solve`: from a problem to a programme with its price list; everything in between is in the other files of this
folder.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from integralie.errors import DataError
from integralie.verbs.programme import count, exchange, joined
from integralie.verbs.programme.alone import without_hopeless
from integralie.verbs.programme.certificate import Certificate, certify
from integralie.verbs.programme.clock import keyboard, never, watched
from integralie.verbs.programme.improve import close, improve
from integralie.verbs.programme.in_turn import in_turn
from integralie.verbs.programme.prices import Dual, find_prices
from integralie.verbs.programme.pricing import MILLION
from integralie.verbs.programme.problem import CENTS, EXIT, Ints, Problem, decode, picks
from integralie.verbs.programme.round import Plan, from_prices
from integralie.verbs.programme.split import Charges, climb

PRICES_SHARE, ALONE_SHARE = (
    0.6,
    0.8,
)  # shares of the time, at most, that go to prices: with improving after, and without


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
    stopped: bool = False  # by who watches, or from the keyboard

    @property
    def told(self) -> dict[str, float]:
        """What is told to who watches."""
        return {"cost": self.objective, "bound": self.lower_bound, "gap": self.gap, "seconds": self.seconds}


def solve(
    problem: Problem,
    seconds: float = 60,
    *,
    start: Any = None,
    prices: Any = None,
    watch: Any = None,
    rough: bool = False,
) -> Result:
    """The cheapest programme that the engine can find, and the bound that proves how good it is.

    Prices for scarce capacity are searched, every block is planned at those prices, the plans are mixed and rounded
    so that every capacity is kept, and then improved block by block. The same problem gives the same programme;
    `seconds` is only a cap, and `capped` tells when it was hit. `start` is a programme to be at least as good as:
    periods per work, -1 deferred, or (rows, periods). `prices` (R, T) is where the search for prices begins. `watch`
    is called some ten times a second with {"cost", "bound", "gap", "seconds"} in euros (bound and gap
    None while nothing is proven yet); when it returns False the search stops. Interrupted from the keyboard, it gives
    the best programme so far with its gap. `rough` leaves out the improving, which `improved` does.

    Raises
    ------
    DataError
        `start` does not fit the problem.
    """
    ready()
    problem = without_hopeless(problem)
    run = Run(problem, seconds, watch)
    given, share = _start(problem, start), ALONE_SHARE if rough else PRICES_SHARE
    price = _prices(problem, prices)
    run.dual = run.dual if price is None else Dual(price, 0.0)
    with run.interrupted():
        if given is not None:
            run.offer(given)
        run.dual = find_prices(problem, run.begin + share * (run.until - run.begin), price)
        run.first(given)
        if given is not None and run.plan is given:
            given.sweep(run.dual.price, run.until)
        if not rough:
            run.improve()
        run.whole = True
    return _result(problem, run)


def improved(problem: Problem, before: Result, seconds: float, watch: Any = None) -> Result:
    """A programme that was found roughly, improved at its own prices as `solve` does, in `seconds` at most."""
    problem = without_hopeless(problem)
    run = Run(problem, seconds, watch)
    run.dual = Dual(before.prices, before.certificate.lower_bound, charges=before.certificate.charges)
    run.plan = Plan(problem, _picks(problem, before.row, before.period))
    with run.interrupted():
        run.improve()
        run.whole = not before.capped
    return _result(problem, run)


@cache
def ready() -> None:
    """Compile the kernels, or load what was compiled before, so that the clock of a programme counts only its own work.

    The first start on a machine takes about a minute for this, a later one about a second.
    """
    small = Problem.from_arrays(
        [0, 0, 1, 1],
        [[3.0, 2.0, 4.0]] * 4,
        2.0,
        0,
        1.0,
        1,
        9.0,
        1.0,
        2,
        [[2.5] * 3, [9.0] * 3],
        opening_cash=0.1,
        opening_budget=0,
    )
    run = Run(small, 10.0, None)
    run.dual = find_prices(small, run.until)
    plan, _ = improve(small, from_prices(small, run.dual.price, run.dual.plans, run.until), run.dual, run.until)
    certify(small, plan.pick, run.dual.price)
    in_turn(Plan(small), run.dual.price)
    exchange.ready()


def replan(problem: Problem, start: Any, prices: Any, seconds: float = 0.3, charges: Charges | None = None) -> Result:
    """A valid programme at once after a small change: the old plans where they still fit, the others planned anew.

    `start` is (rows, periods) of the programme before, -1 deferred; `prices` (R, T) its prices. What does not fit any
    more is put back at those prices, and all blocks are looked at once or twice as time allows. The bound is that of
    the old prices, and of `charges` where they belong to this very problem. `solve` with the same `start` and `prices` improves on it.
    """
    problem = without_hopeless(problem)
    run = Run(problem, seconds, None)
    price = _prices(problem, prices)
    price = np.zeros(problem.arrays.capacity.shape) if price is None else price
    run.dual = Dual(price, 0.0, charges=charges)
    with run.interrupted():
        run.plan = _kept(problem, start, price)
        run.plan.sweep(price, run.until, (0.5, 0.0))
        run.whole = True
    return _result(problem, run)


def _kept(problem: Problem, start: Any, price: npt.NDArray[np.float64]) -> Plan:
    """What still fits of a programme, with the rest fitted in."""
    wanted = _picks(problem, *start)
    plan = Plan(problem)
    allowed = count.unit_costs(problem, wanted) < count.NO
    got = joined.adopt(plan, np.flatnonzero(allowed), wanted)
    plan.refit(np.flatnonzero(~got), price)
    joined.settle(plan, price, 0.0, np.inf, joined.apart(plan, wanted))
    return plan


def _picks(problem: Problem, rows: Any, period: Any) -> Ints:
    """A programme of before as options of this problem."""
    held = np.asarray(period)[problem.work_order]
    return picks(problem, _modes(problem, rows, held), held)


class Stopped(Exception):
    """Somebody who watched has seen enough."""


OFTEN = 0.1  # seconds after which who watches is asked again


class Run:
    """What a run has so far: prices, the best plan, and who watches."""

    def __init__(self, problem: Problem, seconds: float, watch: Any) -> None:
        self.problem, self.watch, self.begin = problem, watch, time.monotonic()
        self.until = self.begin + max(float(seconds), 0.0)
        self.dual = Dual(np.zeros(problem.arrays.capacity.shape), 0.0)
        self.plan = Plan(problem)
        self.optimal = self.whole = self.stopped = False
        self.asked, self.told = self.begin, dict[str, float | None]()

    @contextmanager
    def interrupted(self) -> Iterator[None]:
        """What is in it can be stopped, by who watches or from the keyboard."""
        try:
            with keyboard(self.stop), watched(self.enough):
                yield
        except (KeyboardInterrupt, Stopped):
            self.stopped = True

    def stop(self) -> None:
        """What runs comes to its end, and hands in what it has."""
        self.stopped = True

    def enough(self) -> bool:
        """Whether who watches has seen enough; asked now and then."""
        if not self.stopped and time.monotonic() - self.asked > OFTEN:
            self.ask()
        return self.stopped

    def first(self, given: Plan | None) -> None:
        """A programme from the prices: also when it was stopped, unless there is one that was given."""
        if self.stopped and given is not None:
            raise Stopped
        with watched(never):
            plan = from_prices(self.problem, self.dual.price, self.dual.plans, self.until)
        self.offer(plan)

    def improve(self) -> None:
        """A sharper bound and a better programme."""
        self.sharpen()
        plan, self.optimal = improve(self.problem, self.plan, self.dual, self.until, self.offer)
        self.offer(plan)

    def sharpen(self) -> None:
        """Count limits in whole works where that proves more (`split`)."""
        if close(self.plan, self.dual):
            return
        found = climb(self.problem, self.dual.price, self.plan.cost, self.until)
        if found is not None:
            self.dual.often = found.often
            if found.bound > self.dual.bound:
                self.dual.bound, self.dual.charges = float(found.bound), found.charges

    def offer(self, plan: Plan | None) -> None:
        """Take a plan when it is the best so far, and tell who watches."""
        if plan is not None and (plan.cost < self.plan.cost or not self.plan.feasible):
            self.plan = plan
        self.told = self.numbers()
        self.ask()
        if self.stopped:
            raise Stopped

    def ask(self) -> None:
        """Tell who watches what the last plan was, and hear whether that is enough."""
        self.asked, self.told = time.monotonic(), self.told or self.numbers()
        if self.watch is not None:
            self.stopped |= self.watch({**self.told, "seconds": self.asked - self.begin}) is False

    def numbers(self) -> dict[str, float | None]:
        """Cost and bound in euros, and the gap; while nothing is proven yet there is no bound and no gap."""
        cost, bound = self.plan.cost / CENTS, self.dual.bound / CENTS
        known = bound != 0
        return {"cost": cost, "bound": bound if known else None, "gap": (cost - bound) / abs(bound) if known else None}


def _prices(problem: Problem, prices: Any) -> npt.NDArray[np.float64] | None:
    """Given prices on the rows of this problem: rows that are new begin at zero."""
    if prices is None:
        return None
    told = np.asarray(prices, float)
    if told.ndim != 2 or told.shape[1] != problem.periods:
        raise DataError(f"'prices' has shape {told.shape}; give one row per resource with {problem.periods} periods.")
    made = np.zeros(problem.arrays.capacity.shape)
    many = min(len(made), len(told))
    made[:many] = told[:many]
    return made


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


def _result(problem: Problem, run: Run) -> Result:
    plan, seconds = run.plan, time.monotonic() - run.begin
    capped = not run.whole or run.stopped or time.monotonic() > run.until
    proof = certify(problem, plan.pick, run.dual.price, run.dual.charges)
    found, at = decode(problem, plan.pick)
    period, row = np.empty(problem.works, np.int64), np.empty(problem.works, np.int64)
    period[problem.work_order] = at
    row[problem.work_order] = np.where(found >= 0, problem.order[found], -1)
    gap = (proof.objective - proof.lower_bound) / max(abs(proof.lower_bound), 1)
    return Result(
        proof.objective / CENTS, proof.lower_bound / CENTS, gap, period, row, proof.prices / MILLION, openings(problem, plan.pick),
        run.optimal, capped, seconds, proof, run.stopped,
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
