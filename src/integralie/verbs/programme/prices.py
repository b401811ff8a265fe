"""Shadow prices by a cutting-plane dual inside a moving box.

Every pass over the blocks at some prices gives the cheapest plans there; grouped, they are cuts: with other prices
these plans cost so much. A small linear programme finds the prices at which all cuts together promise most, within a
box around the best prices so far; the box grows when its wall is hit and a step succeeds, and shrinks when a step
fails. It ends when no price list can promise more than `CLOSE` above the best one found.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

from integralie.verbs.programme import pricing
from integralie.verbs.programme.problem import Ints, Problem
from integralie.verbs.programme.solver import quiet

CLOSE = 2e-6  # promised improvement, as a share of the bound, at which the search ends
CLOSE_LARGE = 1e-4  # the same for a problem that was first searched on a sample
MOST_ROUNDS = 80
GROUPS = 50
SAMPLE = 1500  # units in the first, smaller search
BOX = 0.3  # first half-width of the box, in units of the natural price
GROW, SHRINK = 3.0, 0.4
LEAST_CUT_AGE = 12  # rounds after which an idle cut is dropped

Floats = npt.NDArray[np.float64]


@dataclass
class Dual:
    """What the search for prices leaves behind."""

    price: Floats  # (R, T)
    bound: float  # in cents, floating point
    plans: list[Ints] = field(default_factory=list)  # the plans seen, latest last
    rounds: int = 0


def _rows(problem: Problem) -> Ints:
    """The limited resource-periods, as flat positions."""
    return np.flatnonzero(problem.capacity.ravel() >= 0)


class _Master:
    """The linear programme of cuts: most of the sum of group values less the worth of capacity."""

    def __init__(self, scale: Floats, capacity: Floats, groups: int, unit: float) -> None:
        self.h, self.m, self.groups, self.scale, self.unit = quiet(), len(scale), groups, scale, unit
        self.h.setOptionValue("presolve", "off")
        none = np.zeros(0)
        n = self.m + groups
        cost = np.concatenate([-capacity * scale / unit, np.ones(groups)])
        low = np.concatenate([np.zeros(self.m), np.full(groups, -highspy.kHighsInf)])
        self.h.addCols(
            n, cost, low, np.full(n, highspy.kHighsInf), 0, none.astype(np.int32), none.astype(np.int32), none
        )
        self.h.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self.age = np.zeros(0, np.int64)

    def cut(self, use: Floats, cost: Floats) -> None:
        """For every group: its value is at most `cost + use · price`."""
        scaled = -use * self.scale / self.unit
        start: list[Any] = []
        index: list[Any] = []
        value: list[Any] = []
        for g in range(self.groups):
            held = np.flatnonzero(scaled[g])
            start.append(sum(map(len, index)))
            index.append(np.concatenate([held, [self.m + g]]))
            value.append(np.concatenate([scaled[g, held], [1.0]]))
        index_, value_ = np.concatenate(index).astype(np.int32), np.concatenate(value)
        upper = cost / self.unit
        self.h.addRows(
            self.groups,
            np.full(self.groups, -highspy.kHighsInf),
            upper,
            len(index_),
            np.array(start, np.int32),
            index_,
            value_,
        )
        self.age = np.concatenate([self.age, np.zeros(self.groups, np.int64)])

    def solve(self, low: Floats, high: Floats) -> tuple[Floats, float]:
        """The most promising prices in the box, and the promise."""
        index = np.arange(self.m, dtype=np.int32)
        self.h.changeColsBounds(self.m, index, low / self.scale, high / self.scale)
        self.h.run()
        solution = self.h.getSolution()
        values = np.asarray(solution.col_value)
        promise = self.h.getInfo().objective_function_value * self.unit
        self._forget(np.asarray(solution.row_dual))
        return np.maximum(values[: self.m], 0.0) * self.scale, promise

    def _forget(self, dual: Floats) -> None:
        """Drop cuts that have been idle for long."""
        self.age = np.where(np.abs(dual) > 1e-12, 0, self.age + 1)
        idle = np.flatnonzero(self.age > LEAST_CUT_AGE).astype(np.int32)
        if len(idle) > 4 * self.groups:
            self.h.deleteRows(len(idle), idle)
            self.age = np.delete(self.age, idle)


def _natural(problem: Problem, rows: Ints) -> Floats:
    """A price of natural size for each row: what the works that use it cost per unit of it."""
    resources, periods = problem.capacity.shape
    worth, amount = np.zeros(resources), np.zeros(resources)
    least = np.where(problem.defer < pricing.oracle.BIG, problem.defer, 0).astype(float)
    for who, use in ((problem.budget, problem.cash), (problem.crew, problem.days)):
        held = who >= 0
        np.add.at(worth, who[held], np.abs(least[held]))
        np.add.at(amount, who[held], use[held].max(axis=1, initial=0).astype(float))
    price = np.where(amount > 0, worth / np.maximum(amount, 1.0), 1.0)
    return np.repeat(np.maximum(price, 1e-6), periods)[rows]


def search(
    problem: Problem,
    until: float,
    start: Floats | None = None,
    close: float = CLOSE,
    rounds: int = MOST_ROUNDS,
    keep: int = 15,
) -> Dual:
    """Prices for one problem, from given prices; `until` is a moment of the monotonic clock, a last resort."""
    rows = _rows(problem)
    shape = problem.capacity.shape
    centre = np.zeros(len(rows)) if start is None else start.ravel()[rows].copy()
    best = _Point(problem, rows, centre)
    dual = Dual(best.price(shape), best.bound, [best.plan])
    if not len(rows) or not problem.units:
        return dual
    groups = min(problem.units, GROUPS)
    group = np.arange(problem.units) % groups
    scale = _natural(problem, rows)
    unit = max(abs(best.cost) / 1e4, 1.0)
    master = _Master(scale, problem.capacity.ravel()[rows].astype(float), groups, unit)
    master.cut(*best.cuts(group, groups))
    box = BOX if start is None else BOX / 10
    looked = False
    for dual.rounds in range(1, rounds + 1):
        low, high = np.maximum(centre - box * scale, 0.0), centre + box * scale
        trial, promise = master.solve(low, high)
        point = _Point(problem, rows, trial)
        dual.plans = [*dual.plans[-(keep - 1) :], point.plan]
        gain, hoped = point.bound - best.bound, promise - best.bound
        wall = (np.isclose(trial, high) | (np.isclose(trial, low) & (low > 0))).any()
        if gain > 0:
            best, centre = point, trial
        near = hoped <= close * max(abs(best.bound), 1.0)
        if near and (not wall or looked):
            break
        looked = looked or near  # at a wall: look once more, in a wider box
        box = box * GROW if near else _resize(box, gain, hoped, bool(wall))
        if time.monotonic() > until:
            break
        master.cut(*point.cuts(group, groups))
    dual.price, dual.bound = best.price(shape), best.bound
    return dual


def _resize(box: float, gain: float, hoped: float, wall: bool) -> float:
    if gain > 0.5 * hoped and wall:
        return box * GROW
    if hoped <= 0 or gain < -hoped:
        return box * SHRINK
    return box * (GROW if wall and hoped <= 0 else 1.0)


class _Point:
    """One price list: its cheapest plans, bound, and what they use."""

    def __init__(self, problem: Problem, rows: Ints, price: Floats) -> None:
        self.problem, self.rows, self.flat = problem, rows, price
        plans = pricing.cheapest(problem, self.price(problem.capacity.shape))
        self.plan = plans.period
        self.lost = plans.value - plans.low
        self.bound = float(plans.low.sum() - price @ problem.capacity.ravel()[rows])
        self.cost = float(np.abs(plans.value).sum())

    def price(self, shape: tuple[int, ...]) -> Floats:
        full = np.zeros(int(np.prod(shape)))
        full[self.rows] = self.flat
        return full.reshape(shape)

    def cuts(self, group: Ints, groups: int) -> tuple[Floats, Floats]:
        use, cost = pricing.group_use(self.problem, self.plan, group, groups)
        return use.reshape(groups, -1)[:, self.rows].astype(float), cost.astype(float)


def sample(problem: Problem, units: int) -> Problem:
    """A problem of evenly spread units, with capacities scaled down alike."""
    chosen = np.linspace(0, problem.units - 1, units).astype(np.int64)
    return select(problem, chosen, units / problem.units)


def select(problem: Problem, chosen: Ints, share: float) -> Problem:
    """The problem of these units alone with a share of the capacities."""
    size = np.diff(problem.first)[chosen]
    works = np.repeat(problem.first[chosen] - np.concatenate([[0], np.cumsum(size)[:-1]]), size) + np.arange(size.sum())
    scaled = np.where(problem.capacity >= 0, np.floor(problem.capacity * share), -1).astype(np.int64)
    by_work = {
        k: getattr(problem, k)[works] for k in ("cost", "defer", "cash", "days", "budget", "crew", "layer", "order")
    }
    names = ("open_cost", "open_cash", "open_budget", "rest", "rest_price", "since", "labels", "opens")
    by_unit = {k: getattr(problem, k)[chosen] for k in names}
    return Problem(**by_work, **by_unit, first=np.concatenate([[0], np.cumsum(size)]), capacity=scaled)


def find_prices(problem: Problem, until: float) -> Dual:
    """Prices for the whole problem, after a smaller search on a sample of its blocks where there are many."""
    if problem.units <= 3 * SAMPLE:
        return search(problem, until)
    start = search(sample(problem, SAMPLE), until, close=CLOSE_LARGE, rounds=40).price
    return search(problem, until, start, CLOSE_LARGE)
