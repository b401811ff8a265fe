"""Splitting by limit: a bound that counts limits in whole works, where few works meet in one.

A price list sees a tenth of a work as readily as a whole one. Here every option that uses a limit gets a *charge* of its own
instead: its block pays the charges, and the limit earns the most that whole options within it can bring in, an exact
knapsack. Whatever a programme does, its options stand in their blocks and fit the limits; so no programme costs less than
all blocks at their cheapest with the charges, less what all limits can earn (Lagrangian decomposition). With charges that
are price times use this is the price list again; from there they climb, where blocks and limits choose differently.

It applies to limits that are hard, keep nothing over and count in one period: for these all other ways of charging are left
out. The others keep their prices.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from integralie.verbs.programme import count, knapsack, pricing
from integralie.verbs.programme.clock import over
from integralie.verbs.programme.extend import with_arrays
from integralie.verbs.programme.pricing import MILLION
from integralie.verbs.programme.problem import LARGEST, UNLIMITED, Ints, Problem, decode

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

CASH, DAYS, OPENED = 0, 1, 2  # what uses the limit: money of a row, its crew days, money of an opening
MOST_ITEMS = 40_000  # options in limits up to which this is tried
STATES = 20_000  # choices looked at for one limit while climbing
PROOF_STATES = 400_000  # and for the proof
SHARE = 0.25  # of the time that is left, at most
ROUNDS = 900
EFFORT = 3e7  # sets of works times periods that all rounds may look at: blocks of many works get fewer rounds, or none
STRETCH, WORTH = 90, 0.004  # rounds in which at least so much of the gap should go
STEP, LEAST_STEP = 0.03, 1e-4  # first step, as a share of what would close the gap in one, and the one that ends it
GROW, SHRINK, PATIENCE = 1.05, 0.7, 12  # of the step when it gains, and after so many rounds without a gain
SEARCH = 0.4  # the same before the first gain, while the size of the step is not yet found
TURN = 0.15  # weight of the newest direction
SEEN = 0.03  # weight of the newest choice in how often each option was chosen


class Charges(NamedTuple):
    """Which limits are split (R, T), and what their options are charged in whole cents."""

    split: Bools
    cash: Ints  # (A, T) for the money of a row
    days: Ints  # (A, T) for its crew days
    opened: Ints  # (P, T, 3) for the money of an opening


@dataclass
class Found:
    """What climbing leaves behind; `often` (A, T) is how often each option was chosen of late, between 0 and 1."""

    charges: Charges
    bound: int
    often: Floats


def eligible(problem: Problem) -> Bools:
    """The limits (R, T) that can be split: hard, with nothing kept over or wanted, used in no other way than by the money or
    the crew of works and the money of openings.
    """
    p = problem.arrays
    limited = (p.capacity != UNLIMITED) & ~problem.wants & ((p.soft == 0) & (p.adds_up == 0))[:, None]
    kept = p.carry > 0
    limited[:, 1:] &= ~kept[:, :-1]
    limited[:, :-1] &= ~kept[:, :-1]
    other = np.zeros(len(p.capacity), bool)
    other[p.use_row], other[p.open_row] = True, True
    other[p.budget[(p.budget == p.crew) & (p.budget >= 0)]] = True
    return limited & ~other[:, None]  # type: ignore[no-any-return]


class Items(NamedTuple):
    """The options that use a split limit, by limit and then by work or place."""

    kind: Ints
    who: Ints  # row, or place
    period: Ints
    layer: Ints  # of an opening
    limit: Ints  # resource x periods + period
    use: Ints
    group: Ints  # the work, or the place behind all works: each does one thing in a period
    unit: Ints
    cost: Ints


def items(problem: Problem, split: Bools) -> Items:
    """All options of works and openings in the split limits."""
    p, work = problem.arrays, problem.work_of
    row, t = np.nonzero(p.cost < count.NO)
    zero = np.zeros(len(row), np.int64)
    parts: list[tuple[Ints, ...]] = []
    for kind, who, use in ((CASH, p.budget, p.cash), (DAYS, p.crew, p.days)):
        amount = use[row, t if use.shape[1] > 1 else 0]
        i = work[row]
        parts.append((zero + kind, row, t, zero, who[row], amount, i, problem.unit_of[i], p.cost[row, t]))
    place, u, layer = np.nonzero(_layers(problem)[:, None, :] & np.ones((1, problem.periods, 1), bool))
    amount = p.open_cash[place, u if p.open_cash.shape[1] > 1 else 0, layer]
    unit = np.repeat(np.arange(problem.units), np.diff(p.place))[place]
    opened = np.full(len(place), OPENED)
    cost = p.open_cost[place, u, layer]
    parts.append((opened, place, u, layer, p.open_budget[place], amount, problem.works + place, unit, cost))
    kinds, rows, t, layer, resource, amount, group, unit, cost = (np.concatenate(x) for x in zip(*parts))
    held = (resource >= 0) & (amount > 0)
    held[held] = split[resource[held], t[held]]
    limit = resource * problem.periods + t
    by = np.flatnonzero(held)[np.lexsort((layer[held], group[held], limit[held]))]
    return Items(*(x[by] for x in (kinds, rows, t, layer, limit, amount, group, unit, cost)))


def _layers(problem: Problem) -> Bools:
    """The layers to which each place can be opened (P, 3)."""
    p = problem.arrays
    used = np.zeros((len(p.rest), 3), bool)
    first = p.place[problem.unit_of[problem.work_of]]
    for bit in range(int(p.cover.max(initial=0)).bit_length()):
        hit = (p.layer >= 0) & ((p.cover >> bit) & 1 > 0)
        used[first[hit] + bit, p.layer[hit]] = True
    return used


class Split:
    """A problem with some limits split: what charges prove, and who chooses what at them."""

    def __init__(self, problem: Problem, split: Bools, prices: Ints) -> None:
        self.problem, self.split = problem, split
        self.items = items(problem, split)
        self.others = np.where(split, 0, prices)
        self.worth = -(-int(pricing.worth(problem, self.others)) // MILLION)
        limit, group = self.items.limit, self.items.group
        new = np.ones(len(limit), bool)
        new[1:] = (limit[1:] != limit[:-1]) | (group[1:] != group[:-1])
        self.groups = np.append(np.flatnonzero(new), len(limit))
        limits, first = np.unique(limit[new], return_index=True)
        self.rows = np.append(first, len(self.groups) - 1)
        self.room = problem.arrays.capacity.ravel()[limits]
        self.deeper = np.flatnonzero(~new & (self.items.kind == OPENED))

    @cached_property
    def alone(self) -> Bools:
        """The items of blocks of one work without openings, each option of which uses one split limit."""
        p, it = self.problem.arrays, self.items
        alone = (np.diff(p.first) == 1) & (np.diff(p.place) == 0) & (np.diff(p.tie_start) == 0)
        option = it.who * self.problem.periods + it.period
        both = np.intersect1d(option[it.kind == CASH], option[it.kind == DAYS])
        alone[it.unit[(it.kind != OPENED) & np.isin(option, both)]] = False
        return alone[it.unit]  # type: ignore[no-any-return]

    def first(self, prices: Ints) -> Ints:
        """The charges that are price times use."""
        price, use = prices.ravel()[self.items.limit], self.items.use
        return np.minimum(price * (use // MILLION) + price * (use % MILLION) // MILLION, LARGEST)

    def charges(self, charge: Ints) -> Charges:
        """Charges of items as arrays of the problem."""
        p, it = self.problem.arrays, self.items
        made = Charges(self.split, np.zeros_like(p.cost), np.zeros_like(p.cost), np.zeros_like(p.open_cost))
        for kind, laid in ((CASH, made.cash), (DAYS, made.days)):
            at = it.kind == kind
            laid[it.who[at], it.period[at]] = charge[at]
        at = it.kind == OPENED
        made.opened[it.who[at], it.period[at], it.layer[at]] = charge[at]
        return made

    def of(self, charges: Charges) -> Ints:
        """The charge of every item."""
        it = self.items
        works = np.where(it.kind == CASH, 0, 1)
        made = np.empty(len(it.kind), np.int64)
        at = it.kind != OPENED
        made[at] = np.stack([charges.cash, charges.days])[works[at], it.who[at], it.period[at]]
        made[~at] = charges.opened[it.who[~at], it.period[~at], it.layer[~at]]
        return made

    def blocks(self, charges: Charges) -> pricing.Plans:
        """Every block at its cheapest with the charges."""
        p = self.problem.arrays
        cost = np.where(p.cost < count.NO, p.cost + charges.cash + charges.days, p.cost)
        laid = with_arrays(self.problem, cost=cost, open_cost=p.open_cost + charges.opened)
        return pricing.cheapest(laid, self.others)

    def chosen(self, pick: Ints) -> Bools:
        """The items that a plan takes."""
        p, it = self.problem.arrays, self.items
        row, period = decode(self.problem, pick)
        done = np.full(len(p.layer), -1)
        done[row[row >= 0]] = period[row >= 0]
        deepest = np.full((len(p.rest), self.problem.periods), -1)
        first = p.place[self.problem.unit_of]
        for bit in range(int(p.cover.max(initial=0)).bit_length()):
            hit = (row >= 0) & (p.layer[row] >= 0) & ((p.cover[row] >> bit) & 1 > 0)
            np.maximum.at(deepest, (first[hit] + bit, period[hit]), p.layer[row[hit]])
        taken, at = np.empty(len(it.kind), bool), it.kind != OPENED
        taken[at] = done[it.who[at]] == it.period[at]
        taken[~at] = deepest[it.who[~at], it.period[~at]] == it.layer[~at]
        return taken

    def earned(self, charge: Ints, states: int = STATES) -> tuple[int, Bools]:
        """The most that all limits can earn, or a bound on it, and options that earn as much or nearly."""
        taken = np.zeros(len(charge), bool)
        return int(knapsack.fill_all(self.rows, self.groups, charge, self.items.use, self.room, taken, states)), taken

    def proven(self, charge: Ints) -> int:
        """The bound in whole cents."""
        low = sum(self.blocks(self.charges(charge)).low.tolist())
        return int(low - self.worth - self.earned(charge, PROOF_STATES)[0])

    def settled(self, charge: Floats) -> Ints:
        """Whole charges that prove no less: never below zero, never less for a deeper opening; and where a block is one
        work, each option so dear that all cost the block the same.
        """
        it, p = self.items, self.problem.arrays
        charge = np.maximum(charge, 0.0)
        least = np.full(self.problem.units, np.inf)
        np.minimum.at(least, it.unit, it.cost + charge)
        least = np.minimum(least, np.minimum(p.defer, count.BIG)[p.first[:-1]])
        charge = np.where(self.alone, np.maximum(least[it.unit] - it.cost, 0.0), charge)
        whole = np.minimum(np.rint(charge), LARGEST).astype(np.int64)
        for _ in range(2):
            whole[self.deeper] = np.maximum(whole[self.deeper], whole[self.deeper - 1])
        return whole


def proven_split(problem: Problem, prices: Ints, charges: Charges) -> int:
    """The lower bound in whole cents that charges prove, with a price list for all limits that are not split."""
    split = Split(problem, charges.split, prices)
    return split.proven(split.of(charges))


def still_fitting(problem: Problem, charges: Charges | None) -> Charges | None:
    """Charges of before on a problem to which limits were added at the end; None where they do not belong to it."""
    p = problem.arrays
    if charges is None or charges.cash.shape != p.cost.shape or charges.opened.shape != p.open_cost.shape:
        return None
    split = np.zeros(p.capacity.shape, bool)
    if len(charges.split) > len(split):
        return None
    split[: len(charges.split)] = charges.split
    return charges._replace(split=split) if not (split & ~eligible(problem)).any() else None


def climb(problem: Problem, price: Floats, target: int, until: float) -> Found | None:
    """Charges that prove more than a price list does, and how often each option was chosen; None where nothing is to be gained.

    A step raises the charges of what blocks choose and limits do not, and lowers those of what limits choose and blocks do
    not, in a direction that remembers the last ones; steps grow while they gain and shrink when they do not. `target` is
    what the best programme costs, in cents.
    """
    prices, able = pricing.whole_prices(problem, price), eligible(problem)
    if not able.any() or not problem.units or int((problem.arrays.cost < count.NO).sum()) > MOST_ITEMS:
        return None
    split = Split(problem, able, prices)
    if not 0 < len(split.items.kind) <= MOST_ITEMS:
        return None
    rounds = _rounds(problem)
    if rounds < STRETCH:
        return None
    return _Climb(split, prices, target).run(time.monotonic() + SHARE * (until - time.monotonic()), rounds)


def _rounds(problem: Problem) -> int:
    """Rounds that are worth their time: a count of what is looked at, never of time."""
    return int(min(ROUNDS, EFFORT / max(pricing.effort(problem), 1.0)))


class _Climb:
    """Where a climb is."""

    def __init__(self, split: Split, prices: Ints, target: int) -> None:
        self.split, self.target = split, target
        self.best = split.settled(split.first(prices).astype(float))
        self.often = np.zeros(len(self.best))
        self.bound, self.way = self.look(self.best)

    def look(self, charge: Ints) -> tuple[int, Floats]:
        """The bound at some charges, and where it rises."""
        split, unit = self.split, self.split.items.unit
        plans = split.blocks(split.charges(charge))
        earned, filled = split.earned(charge)
        self.often += SEEN * (filled - self.often)
        rises = split.chosen(plans.pick).astype(float) - filled
        whole = np.bincount(unit, rises, split.problem.units)[unit]
        return sum(plans.low.tolist()) - split.worth - earned, np.where(split.alone, whole, rises)

    def run(self, until: float, rounds: int) -> Found | None:
        """Climb until the steps are small, nothing rises or the rounds are over."""
        step, shrink, idle, at, before = STEP, SEARCH, 0, self.best.astype(float), self.bound
        for round_ in range(rounds):
            size = float((self.way**2).sum())
            if self.bound >= self.target or size == 0 or step < LEAST_STEP or over(until):
                break
            if round_ % STRETCH == 0:
                if round_ and self.bound - before < WORTH * (self.target - before):
                    break
                before = self.bound
            whole = self.split.settled(at + step * (self.target - self.bound) / size * self.way)
            bound, rises = self.look(whole)
            at, idle = whole.astype(float), idle + 1
            self.way = (1 - TURN) * self.way + TURN * rises
            if bound > self.bound:
                self.bound, self.best, step, shrink, idle = bound, whole, GROW * step, SHRINK, 0
            elif idle == PATIENCE:
                at, self.way, step, idle = self.best.astype(float), rises, shrink * step, 0
        return Found(self.split.charges(self.best), self.bound, self._options())

    def _options(self) -> Floats:
        """How often limits chose each option of a work (A, T)."""
        it, often = self.split.items, np.zeros(self.split.problem.arrays.cost.shape)
        at = it.kind != OPENED
        np.maximum.at(often, (it.who[at], it.period[at]), self.often[at])
        return often
