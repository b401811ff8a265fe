"""Shadow prices by a cutting-plane dual inside a moving box.

Every pass over the blocks at some prices gives the cheapest plans there; grouped, they are cuts: with other prices
these plans cost so much. A small linear programme finds the prices at which all cuts together promise most, within a
box around the best prices so far; the box grows when its wall is hit and a step succeeds, and shrinks when a step
fails. It ends when no price list can promise more than `CLOSE` above the best one found. Rows that no plan breaks keep
price zero and enter when one does.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

from integralie.verbs.programme import count, pricing
from integralie.verbs.programme.climbing import climb
from integralie.verbs.programme.clock import over
from integralie.verbs.programme.problem import NEVER, UNLIMITED, Arrays, Ints, Problem, rows_of
from integralie.verbs.programme.solver import quiet, run
from integralie.verbs.programme.split import Charges

CLOSE = 2e-6  # promised improvement, as a share of the bound, at which the search ends
CLOSE_LARGE = 2e-4  # the same for a problem that was first searched on a sample
MOST_ROUNDS = 80
GROUPS = 50
SAMPLE_SHARE = 0.4  # share of the time, at most, that the first search takes
SAMPLE = 1500  # blocks in the first, smaller search
BOX = 0.3  # first half-width of the box, in units of the natural price
GROW, SHRINK = 3.0, 0.4
LEAST_CUT_AGE = 12  # rounds after which an idle cut is dropped
ALL_ROWS = 600  # rows up to which all take part from the start; of many blocks the prices climb above it
PASSES = 80  # of that climb, at most

Floats = npt.NDArray[np.float64]


@dataclass
class Dual:
    """What the search for prices leaves behind."""

    price: Floats  # (R, T)
    bound: float  # in cents, floating point
    plans: list[Ints] = field(default_factory=list)  # the plans seen, latest last
    rounds: int = 0
    charges: Charges | None = None  # with which some limits prove more than with their prices
    often: Floats | None = None  # (A, T) how often such limits chose each option, between 0 and 1


def binding(problem: Problem) -> Ints:
    """The rows (resource x period, flat) that some plan could break, or that want a minimum."""
    p = problem.arrays
    most = _most_use(problem)
    limited = p.capacity != UNLIMITED
    return np.flatnonzero((limited & (most > p.capacity)) | problem.wants)


def _most_use(problem: Problem) -> Floats:
    """What could be used of every row if all that can be done were done at once."""
    p = problem.arrays
    allowed, adds = p.cost < count.NO, p.adds_up > 0
    most, ever = np.zeros(p.capacity.shape), np.zeros(len(p.capacity))  # in its period, and where it may count in any
    for who, use in ((p.budget, p.cash), (p.crew, p.days)):
        held = who >= 0
        possible = np.where(allowed[held], use[held], 0)
        np.add.at(most, who[held], possible)
        np.add.at(ever, who[held], possible.max(axis=1, initial=0))
    row = np.repeat(np.arange(len(p.layer)), np.diff(p.use_start))
    further = np.maximum(p.use_amount, 0)[:, None] * np.ones(problem.periods)
    np.add.at(most, p.use_row, np.where((p.use_shift == 0)[:, None] & ~allowed[row], 0, further))
    np.add.at(ever, p.use_row, further.max(axis=1, initial=0))
    opened = np.zeros(p.capacity.shape)
    held = p.open_budget >= 0
    np.add.at(opened, p.open_budget[held], p.open_cash[held].max(axis=2))
    np.add.at(opened, p.open_row, p.open_amount.max(axis=1, initial=0)[:, None] * np.ones(problem.periods))
    return np.where(adds[:, None], ever[:, None] + np.cumsum(opened, axis=1), most + opened)


class _Master:
    """The linear programme of cuts: most of the sum of group values less the worth of capacity."""

    def __init__(self, problem: Problem, rows: Ints, scale: Floats, groups: int, unit: float) -> None:
        self.h, self.m, self.groups, self.scale, self.unit = quiet(), len(rows), groups, scale, unit
        self.h.setOptionValue("presolve", "off")
        p, n = problem.arrays, self.m + groups
        capacity, least = p.capacity.ravel()[rows], p.least.ravel()[rows]
        worth = np.where(capacity == UNLIMITED, np.where(least > NEVER, least, 0), capacity).astype(float)
        cost = np.concatenate([-worth * scale / unit, np.ones(groups)])
        low = np.full(n, -highspy.kHighsInf)
        none = np.zeros(0)
        self.h.addCols(
            n, cost, low, np.full(n, highspy.kHighsInf), 0, none.astype(np.int32), none.astype(np.int32), none
        )
        self.h.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self._bends(problem, rows, worth)
        self.fixed = self.h.getNumRow()
        self.age = np.zeros(0, np.int64)

    def _above(self, terms: list[tuple[int, float]], floor: float, cost: float) -> None:
        """A further variable, at least zero and at least the sum of `terms` less `floor`, that costs so much."""
        none = np.zeros(0)
        self.h.addCol(-cost / self.unit, 0.0, highspy.kHighsInf, 0, none.astype(np.int32), none)
        at = self.h.getNumCol() - 1
        index = np.array([at, *(k for k, _ in terms)], np.int32)
        value = np.array([1.0, *(-v for _, v in terms)])
        self.h.addRow(-floor, highspy.kHighsInf, len(index), index, value)

    def _bends(self, problem: Problem, rows: Ints, worth: Floats) -> None:
        """What is carried over, steps above capacity, and minimum use."""
        p, wants, spot = problem.arrays, problem.wants, {int(r): k for k, r in enumerate(rows)}
        for k, flat in enumerate(rows):
            r, t = divmod(int(flat), problem.periods)
            if t and p.carry[r, t - 1] > 0:
                before = spot.get(int(flat) - 1)
                terms = [(k, self.scale[k]), *([(before, -self.scale[before])] if before is not None else [])]
                self._above(terms, 0.0, float(p.carry[r, t - 1]))
            for s in range(int(p.soft[r]) - 1):
                self._above([(k, self.scale[k])], float(p.slope[r, s]) / pricing.MILLION, float(p.width[r, s]))
            if wants[r, t] and p.capacity[r, t] != UNLIMITED:
                self._above([(k, -self.scale[k])], 0.0, float(worth[k] - p.least[r, t]))

    def cut(self, use: Floats, cost: Floats) -> None:
        """For every group: its value is at most `cost + use · price`."""
        scaled = -use * self.scale / self.unit
        group, column = np.nonzero(scaled)
        size = np.bincount(group, minlength=self.groups) + 1
        start = np.concatenate([[0], np.cumsum(size)[:-1]])
        index, value = np.empty(int(size.sum()), np.int32), np.ones(int(size.sum()))
        place = start[group] + np.arange(len(group)) - np.concatenate([[0], np.cumsum(size - 1)[:-1]])[group]
        index[place], value[place] = column, scaled[group, column]
        index[start + size - 1] = self.m + np.arange(self.groups)
        self.h.addRows(
            self.groups, np.full(self.groups, -highspy.kHighsInf), cost / self.unit, len(index), start.astype(np.int32),
            index, value,
        )  # fmt: skip
        self.age = np.concatenate([self.age, np.zeros(self.groups, np.int64)])

    def solve(self, low: Floats, high: Floats, until: float) -> tuple[Floats, float]:
        """The most promising prices in the box, and the promise; what it has by then when the clock runs out."""
        index = np.arange(self.m, dtype=np.int32)
        self.h.changeColsBounds(self.m, index, low / self.scale, high / self.scale)
        self.h.setOptionValue("time_limit", self.h.getRunTime() + max(until - time.monotonic(), 0.5))
        run(self.h)
        solution = self.h.getSolution()
        values = np.asarray(solution.col_value)
        promise = self.h.getInfo().objective_function_value * self.unit
        self._forget(np.asarray(solution.row_dual)[self.fixed :])
        return np.clip(values[: self.m] * self.scale, low, high), promise

    def _forget(self, dual: Floats) -> None:
        """Drop cuts that have been idle for long."""
        self.age = np.where(np.abs(dual) > 1e-12, 0, self.age + 1)
        idle = np.flatnonzero(self.age > LEAST_CUT_AGE)
        if len(idle) > 4 * self.groups:
            self.h.deleteRows(len(idle), (idle + self.fixed).astype(np.int32))
            self.age = np.delete(self.age, idle)


class _Search:
    """The search for prices: candidate rows, those that take part, and the cuts seen so far."""

    def __init__(self, problem: Problem, start: Floats | None) -> None:
        self.problem, self.rows = problem, binding(problem)
        self.natural = np.repeat(pricing.natural_prices(problem), problem.periods)[self.rows]
        self.low = pricing.least_price(problem).ravel()[self.rows]
        self.high = pricing.most_price(problem).ravel()[self.rows]
        centre = np.zeros(len(self.rows)) if start is None else start.ravel()[self.rows]
        self.best = self.point(np.clip(centre, self.low, self.high))
        self.groups = max(min(problem.units, GROUPS), 1)
        self.group = np.arange(problem.units) * self.groups // max(problem.units, 1)
        self.unit = max(abs(self.best.cost) / 1e4, 1.0)
        self.cuts: list[tuple[Floats, Floats]] = []
        self.active = np.zeros(len(self.rows), bool)
        self.active[:] = len(self.rows) <= ALL_ROWS
        self.active |= (self.low < 0) | (centre != 0)
        self.master: _Master | None = None

    def point(self, price: Floats) -> _Point:
        return _Point(self.problem, self.rows, price)

    def learn(self, point: _Point) -> None:
        """Keep the cuts of a point, and let rows that it breaks take part."""
        use, cost = point.cuts(self.group, self.groups)
        self.cuts = [*self.cuts[-2 * LEAST_CUT_AGE :], (use, cost)]
        capacity = self.problem.arrays.capacity.ravel()[self.rows]
        broken = ~self.active & (capacity != UNLIMITED) & (use.sum(axis=0) > capacity)
        if broken.any() or self.master is None:
            self.active |= broken
            at = np.flatnonzero(self.active)
            self.master = _Master(self.problem, self.rows[at], self.natural[at], self.groups, self.unit)
            for held, paid in self.cuts:
                self.master.cut(held[:, at], paid)
        else:
            self.master.cut(use[:, self.active], cost)

    def trial(self, box: float, until: float) -> tuple[Floats, float, bool]:
        """The most promising prices within the box, the promise, and whether a wall was hit."""
        at, centre = np.flatnonzero(self.active), self.best.flat
        low = np.maximum(centre - box * self.natural, self.low)[at]
        high = np.minimum(centre + box * self.natural, self.high)[at]
        assert self.master is not None
        found, promise = self.master.solve(low, high, until)
        wall = (np.isclose(found, high) & (high < self.high[at])) | (np.isclose(found, low) & (low > self.low[at]))
        price = np.zeros(len(self.rows))
        price[at] = found
        return price, promise, bool(wall.any())


def search(
    problem: Problem,
    until: float,
    start: Floats | None = None,
    close: float = CLOSE,
    rounds: int = MOST_ROUNDS,
    keep: int = 15,
) -> Dual:
    """Prices for one problem, from given prices; `until` is a moment of the monotonic clock, a last resort."""
    work = _Search(problem, start)
    shape = problem.arrays.capacity.shape
    dual = Dual(work.best.price(shape), work.best.bound, [work.best.pick])
    if not len(work.rows) or not problem.units:
        return dual
    work.learn(work.best)
    box, looked = BOX if start is None else BOX / 10, False
    for dual.rounds in range(1, rounds + 1):
        trial, promise, wall = work.trial(box, until)
        point = work.point(trial)
        dual.plans = [*dual.plans[-(keep - 1) :], point.pick]
        gain, hoped = point.bound - work.best.bound, promise - work.best.bound
        if gain > 0:
            work.best = point
        near = hoped <= close * max(abs(work.best.bound), 1.0)
        if near and (not wall or looked):
            break
        looked = looked or near  # at a wall: look once more, in a wider box
        box = box * GROW if near else _resize(box, gain, hoped, wall)
        if over(until):
            break
        work.learn(point)
    dual.price, dual.bound = work.best.price(shape), work.best.bound
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
        full = self.price(problem.arrays.capacity.shape)
        plans = pricing.cheapest(problem, full)
        self.pick = plans.pick
        self.bound = float(plans.low.sum() - pricing.worth(problem, full))
        self.cost = float(np.abs(plans.value).sum())

    def price(self, shape: tuple[int, ...]) -> Floats:
        full = np.zeros(int(np.prod(shape)))
        full[self.rows] = self.flat
        return full.reshape(shape)

    def cuts(self, group: Ints, groups: int) -> tuple[Floats, Floats]:
        """Use of the rows and cost per group."""
        use = count.group_use(self.pick, self.problem.arrays, group, groups)
        cost = np.bincount(group, count.unit_costs(self.problem, self.pick).astype(float), groups).astype(float)
        return use.reshape(groups, -1)[:, self.rows].astype(float), cost


def sample(problem: Problem, units: int) -> Problem:
    """A problem of evenly spread blocks, with capacities scaled down alike."""
    chosen = np.linspace(0, problem.units - 1, units).astype(np.int64)
    return select(problem, chosen, units / problem.units)


BY_ROW = ("cost", "cash", "days", "budget", "crew", "layer", "cover")
BY_PLACE = ("open_cost", "open_cash", "open_budget", "rest", "rest_price", "since")


def select(problem: Problem, chosen: Ints, share: float) -> Problem:
    """The problem of these blocks alone with a share of the capacities; works in other blocks are as if they waited."""
    p = problem.arrays
    works, places = rows_of(p.first, chosen), rows_of(p.place, chosen)
    rows = rows_of(p.alt, works)
    uses, opened, ties = rows_of(p.use_start, rows), rows_of(p.open_start, places), rows_of(p.tie_start, chosen)
    parts: dict[str, Any] = {k: getattr(p, k)[rows] for k in BY_ROW} | {k: getattr(p, k)[places] for k in BY_PLACE}
    parts |= {k: getattr(p, k)[uses] for k in ("use_row", "use_amount", "use_shift")}
    parts |= {"open_row": p.open_row[opened], "open_amount": p.open_amount[opened], "tie": p.tie[ties]}
    parts |= {"defer": p.defer[works], "crowd": p.crowd[chosen], "crowd_price": p.crowd_price[chosen]}
    parts |= {"use_start": _starts(p.use_start, rows), "alt": _starts(p.alt, works), "first": _starts(p.first, chosen)}
    parts |= {"place": _starts(p.place, chosen), "open_start": _starts(p.open_start, places)}
    parts |= {"tie_start": _starts(p.tie_start, chosen), "own_start": _starts(p.own_start, chosen)}
    parts |= {"own": p.own[rows_of(p.own_start, chosen)]}
    parts |= _scaled(p, share)
    kept = {k: getattr(p, k) for k in ("least_price", "adds_up", "slope", "soft", "at")}
    return Problem(
        Arrays(**parts, **kept), problem.order[rows], problem.work_order[works], problem.labels[chosen],
        problem.place_labels[places], problem.given,
    )  # fmt: skip


def _starts(start: Ints, chosen: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(np.diff(start)[chosen])]).astype(np.int64)


def _scaled(p: Arrays, share: float) -> dict[str, Ints]:
    def part(values: Ints) -> Ints:
        return np.where(values <= UNLIMITED, values, np.floor(values * share)).astype(np.int64)

    return {k: part(getattr(p, k)) for k in ("capacity", "least", "carry", "width")}


def find_prices(problem: Problem, until: float, start: Floats | None = None) -> Dual:
    """Prices for the whole problem.

    Of many blocks with few limits a sample is searched first. Of many blocks with many limits that are local no sample
    would tell anything: there the prices climb, each at its own pace.
    """
    if problem.units <= 3 * SAMPLE:
        return search(problem, until, start)
    if many_local(problem):
        return Dual(*climb(problem, binding(problem), until, PASSES, start))
    if start is None:
        first = time.monotonic() + SAMPLE_SHARE * (until - time.monotonic())
        start = _from_samples(problem, first)
    return search(problem, until, start, CLOSE_LARGE)


def _from_samples(problem: Problem, until: float) -> Floats | None:
    """Prices from a sample of the blocks, and then from one of ten times as many, while that is much less than all."""
    price, size = None, SAMPLE
    while problem.units > 3 * size:
        price = search(sample(problem, size), until, price, CLOSE_LARGE, 40).price
        size *= 10
    return price


def many_local(problem: Problem) -> bool:
    """Whether there are many blocks and more limits than a linear programme over all of them bears."""
    return problem.units > 3 * SAMPLE and len(binding(problem)) > ALL_ROWS
