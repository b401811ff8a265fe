"""What a programme turns out to cost when the world does not follow it: futures are drawn, and every period the
programme is made again.

The rolling policy is what a municipality really does: the programme in force stands, the first periods are frozen, the
rest is planned again with what has become known. Each drawn future is lived through period by period; what was done
stays done at what it cost. The result is a band (of cost, openings, changed works, overdrafts), not a number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from integralie.errors import DataError
from integralie.verbs.programme import count
from integralie.verbs.programme.engine import Result, replan, solve
from integralie.verbs.programme.engine import openings as opened
from integralie.verbs.programme.futures import Chances, Future, draw
from integralie.verbs.programme.problem import CENTS, FORBIDDEN, UNLIMITED, Ints, Problem, decode, picks

__all__ = ["Bands", "Chances", "Future", "Rolling", "draw", "rolling"]

Floats = npt.NDArray[np.float64]
MOST_LIFTS = 10  # passes in which what is fixed may overdraw limits, each pass for the first period of every row


@dataclass(frozen=True)
class Bands:
    """Quantiles of one figure over the futures, and its mean."""

    low: float
    middle: float
    high: float
    mean: float

    @classmethod
    def of(cls, values: Any, share: float) -> Bands:
        low, middle, high = np.quantile(np.asarray(values, float), [share, 0.5, 1 - share])
        return cls(float(low), float(middle), float(high), float(np.mean(values)))


@dataclass(frozen=True)
class Rolling:
    """What happened: `F` futures, `Y` periods that were lived through. Money in euros.

    cost (F,): the whole programme in the world of its future, over the horizon, what was put off included; the price
    of changes is not in it. openings, changed, failed (F, Y): places opened, works that were given another period or
    way, works that failed before their turn. overdrawn (F, Y): use above hard limits that fixed works and failures
    could not avoid, in units of the limits of money (rows in `budget` of some work). late (F,): works never done.
    """

    cost: Floats
    openings: Ints
    changed: Ints
    failed: Ints
    overdrawn: Floats
    late: Ints
    planned: float  # what the programme in force promised

    def bands(self, share: float = 0.1) -> dict[str, Bands]:
        """Each figure as a band: `share` of the futures lie below it and as many above."""
        totals = {"cost": self.cost, "late": self.late, "overdrawn": self.overdrawn.sum(axis=1)}
        totals |= {k: getattr(self, k).sum(axis=1) for k in ("openings", "changed", "failed")}
        return {k: Bands.of(v, share) for k, v in totals.items()}


def rolling(
    problem: Problem,
    force: Result,
    chances: Chances | Callable[[Problem, np.random.Generator], Future],
    *,
    futures: int,
    periods: int,
    frozen: int,
    change: float = 0.0,
    seconds: float = 1.0,
    seed: int = 1,
) -> Rolling:
    """Live through drawn futures with a programme that is made again every period.

    In each period: costs become what is known by then; works that fail are repaired at once, outside their opening
    and at a surcharge; works whose turn it is but that third parties hold up must wait; works of the first `frozen`
    periods otherwise keep theirs; all others are planned again, from the programme and prices of the period before.
    `change` euros are counted for each work that leaves its period, so that programmes do not jump for nothing; they
    steer the planning and are not part of the cost. What fixed works need above a limit is overdrawn and told.

    Parameters
    ----------
    problem, force
        The problem, and the programme in force: a `Result` of `solve` for it.
    chances
        `Chances` for `draw`, or a function of your own that draws a `Future`.
    futures, periods, frozen, change, seconds, seed
        How many futures; how many periods to live through; periods that are frozen at each re-planning; euros per
        changed work; seconds for each re-planning; seed of the draw. The same seed draws the same futures for every
        policy, so that policies can be compared.

    Raises
    ------
    DataError
        More periods than the problem has, fewer than one future, or a programme for another problem.
    """
    if not 1 <= periods <= problem.periods or futures < 1 or frozen < 0:
        raise DataError(f"Give at least one future, 1 to {problem.periods} periods, and zero or more frozen periods.")
    if len(force.period) != problem.works:
        raise DataError("The programme in force belongs to another problem; solve this problem first.")
    chance = chances if callable(chances) else (lambda p, random: draw(p, chances, random))
    lives = []
    for k in range(futures):
        life = _Life(problem, force, chance(problem, np.random.default_rng([seed, k])), frozen, change, seconds)
        for now in range(periods):
            life.step(now)
        lives.append(life)
    return Rolling(
        np.array([v.cost() for v in lives]), np.array([v.openings(periods) for v in lives]),
        np.array([v.changed for v in lives]), np.array([v.failed_in for v in lives]),
        np.array([v.overdrawn for v in lives]), np.array([int((v.pick < 0).sum()) for v in lives]), force.objective,
    )  # fmt: skip


class _Life:
    """One future: what is known, what is done, and the programme that stands."""

    def __init__(
        self, problem: Problem, force: Result, future: Future, frozen: int, change: float, seconds: float
    ) -> None:
        self.problem, self.future, self.frozen, self.seconds = problem, future, frozen, seconds
        self.change = round(change * CENTS)
        self.known = np.ones(problem.works)  # factor on the cost of every work, as far as is known
        self.failed = np.zeros(problem.works, bool)
        self.closed = np.zeros((problem.works, problem.periods), bool)
        self.lifted = np.zeros(problem.arrays.capacity.shape, np.int64)
        self.prices = force.prices
        self.pick = self._picks(force)
        self.changed: list[int] = []
        self.failed_in: list[int] = []
        self.overdrawn: list[float] = []

    def _picks(self, result: Result) -> Ints:
        position = np.empty(len(self.problem.order) + 1, np.int64)
        position[self.problem.order], position[-1] = np.arange(len(self.problem.order)), -1
        given = self.problem.work_order
        return picks(self.problem, position[result.row[given]], result.period[given])

    def step(self, now: int) -> None:
        """Learn what this period brings, and plan again."""
        row, period = decode(self.problem, self.pick)
        done = (period >= 0) & (period < now)
        self._learn(now, done)
        held = done | ((period >= now) & (period < now + self.frozen) & ~self._stopped(now, period))
        self._fail(now, done)
        world = self._released(self.world(now), now, done, held | self.failed)
        before, world = self.pick, self._lifted(world)
        made = self._planned(world, before, now)
        self.pick = np.where(self.failed, before, self._picks(made))  # a failure asks for no window
        self.prices = made.prices
        self.changed.append(int(((self.pick != before) & ~done & ~self.failed).sum()))

    def _learn(self, now: int, done: Any) -> None:
        """Costs of what is not done become what is known now."""
        free = ~done & ~self.failed
        self.known[free] = (self.future.price[now] * self.future.own[:, now])[free]

    def _stopped(self, now: int, period: Ints) -> Any:
        """Works whose turn it is, but that are held up; they cannot be done in this period."""
        stopped = (period == now) & self.future.held_up[:, now] & (self.problem.arrays.defer < FORBIDDEN)
        self.closed[stopped, now] = True
        return stopped

    def _fail(self, now: int, done: Any) -> None:
        """Works that fail now are repaired now, whatever the programme says."""
        fails = (self.future.fails == now) & ~done & ~self.failed & (self.problem.arrays.defer < FORBIDDEN)
        row, period = decode(self.problem, self.pick)
        fails &= period != now
        self.failed |= fails
        self.failed_in.append(int(fails.sum()))
        self.pick = np.where(fails, now, self.pick)  # in its first mode

    def world(self, now: int) -> Problem:
        """The problem as it is known: costs, failures, limits; nothing fixed yet."""
        p, problem = self.problem.arrays, self.problem
        factor = self.known[problem.work_of]
        cost = np.where(p.cost < FORBIDDEN, np.rint(np.minimum(p.cost, count.BIG) * factor[:, None]), p.cost)
        parts: dict[str, Any] = {
            "cost": cost.astype(np.int64),
            "cash": np.rint(p.cash * factor[:, None]).astype(np.int64),
            "defer": np.where(p.defer < FORBIDDEN, np.rint(np.minimum(p.defer, count.BIG) * self.known), p.defer),
            "capacity": self._capacity(now),
        }
        parts["defer"] = parts["defer"].astype(np.int64)
        made = Problem(
            p._replace(**parts), problem.order, problem.work_order, problem.labels, problem.place_labels, problem.given
        )
        return self._with_failures(made) if self.failed.any() else made

    def _capacity(self, now: int) -> Ints:
        """Budgets grow and shrink with what is known; past and orders between works stay."""
        p = self.problem.arrays
        money = np.unique(p.budget[p.budget >= 0])
        factor = np.ones(p.capacity.shape)
        factor[money, now:] = self.future.budget[now]
        for past in range(now):
            factor[money, past] = self.future.budget[past]
        made = np.where(p.capacity == UNLIMITED, p.capacity, np.floor(p.capacity * factor)).astype(np.int64)
        return np.where(made == UNLIMITED, made, made + self.lifted)

    def _with_failures(self, world: Problem) -> Problem:
        """Failed works open the street for themselves, cost more, and are out of every order with others."""
        p, works = world.arrays, np.flatnonzero(self.failed)
        cost, layer, cover, capacity = p.cost.copy(), p.layer.copy(), p.cover.copy(), p.capacity.copy()
        for i in works:
            a, at = int(p.alt[i]), int(self.pick[i])
            least = self.problem.arrays.cost[a].min()
            places = np.flatnonzero([(int(p.cover[a]) >> q) & 1 for q in range(int(p.cover[a]).bit_length())])
            place = p.place[world.unit_of[i]] + places
            opening = int(p.open_cost[place, at, max(int(p.layer[a]), 0)].sum()) if len(place) else 0
            cost[a : p.alt[i + 1]] = FORBIDDEN
            cost[a, at] = int(least * self.known[i] * (1 + self.future.surcharge)) + opening
            layer[a], cover[a] = -1, 0
            use = p.use_row[p.use_start[a] : p.use_start[p.alt[i + 1]]]
            capacity[use[use >= world.given]] = UNLIMITED
        unit = np.repeat(np.arange(world.units), np.diff(p.tie_start))
        lost = self.failed[p.first[unit] + p.tie[:, 0]] | self.failed[p.first[unit] + p.tie[:, 1]]
        start = np.searchsorted(unit[~lost], np.arange(world.units + 1)).astype(np.int64)
        arrays = p._replace(
            cost=cost, layer=layer, cover=cover, capacity=capacity, tie=p.tie[~lost].copy(), tie_start=start
        )
        return Problem(arrays, world.order, world.work_order, world.labels, world.place_labels, world.given)

    def _released(self, world: Problem, now: int, done: Any, held: Any) -> Problem:
        """The world with what is held fixed; where what is held breaks a rule, the frozen works there are let go."""
        for _ in range(2):
            wrong = count.unit_costs(world, np.where(held, self.pick, -1)) >= count.NO
            held = held & (done | self.failed | ~wrong[world.unit_of])
        room = count.room(world, count.usage(world, np.where(held, self.pick, -1)))
        for r in np.flatnonzero((room < 0).any(axis=1)):
            if r >= world.given:
                users = world.work_of[
                    np.repeat(np.arange(len(world.layer)), np.diff(world.use_start))[world.use_row == r]
                ]
                held[users] &= done[users] | self.failed[users]
        self.held = held
        return self._fixed(world, now)

    def _fixed(self, world: Problem, now: int) -> Problem:
        p, held = world.arrays, self.held
        row, period = decode(world, np.where(held, self.pick, -1))
        allowed = ~held[world.work_of][:, None] & (np.arange(world.periods) >= now)[None, :]
        allowed &= ~self.closed[world.work_of]
        cost = np.where(allowed, p.cost, FORBIDDEN)
        i = np.flatnonzero(held)
        cost[row[i], period[i]] = p.cost[row[i], period[i]]
        defer = np.where(held, FORBIDDEN, p.defer)
        stuck = ~held & (p.defer >= FORBIDDEN)  # had to be done, was let go: it may wait at a price
        defer[stuck] = _waiting(p)
        arrays = p._replace(cost=cost, defer=defer)
        return Problem(arrays, world.order, world.work_order, world.labels, world.place_labels, world.given)

    def _lifted(self, world: Problem) -> Problem:
        """The world with hard limits raised to what is held; how much money that is, is noted."""
        p, total = world.arrays, 0
        used = count.usage(world, np.where(self.held, self.pick, -1))
        money = np.isin(np.arange(len(p.capacity)), p.budget)
        hard = (p.soft == 0)[:, None] & (p.capacity != UNLIMITED)
        more = np.zeros(p.capacity.shape, np.int64)
        for _ in range(MOST_LIFTS * world.periods):
            left = count.left_of(world, used) + more
            short = np.where(hard, np.minimum(count.all_room(left, p), 0), 0)
            if not short.any():
                break
            r = np.flatnonzero(short.any(axis=1))
            t = (short[r] < 0).argmax(axis=1)
            more[r, t] -= short[r, t]
            total += int(-(short[r, t] * money[r]).sum())
        self.lifted += more
        self.overdrawn.append(total / CENTS)
        arrays = p._replace(capacity=np.where(p.capacity == UNLIMITED, UNLIMITED, p.capacity + more))
        return Problem(arrays, world.order, world.work_order, world.labels, world.place_labels, world.given)

    def _planned(self, world: Problem, before: Ints, now: int) -> Result:
        """The programme made again, from the one that stands."""
        p = world.arrays
        row, period = decode(world, before)
        free = np.flatnonzero(~self.held & (period >= 0))
        extra, defer = np.zeros(p.cost.shape, np.int64), p.defer.copy()
        if self.change:
            told = np.isin(world.work_of, free)
            extra[told] = self.change
            extra[row[free], period[free]] = 0
            defer[free] += np.where(defer[free] < FORBIDDEN, self.change, 0)
        steered = Problem(
            p._replace(cost=np.where(p.cost < FORBIDDEN, p.cost + extra, p.cost), defer=defer), world.order, world.work_order,
            world.labels, world.place_labels, world.given,
        )  # fmt: skip
        start = np.full(world.works, -1), np.full(world.works, -1)
        start[0][world.work_order], start[1][world.work_order] = np.where(row >= 0, world.order[row], -1), period
        first = replan(steered, start, self.prices, self.seconds)
        return solve(steered, self.seconds, start=(first.row, first.period), prices=self.prices)

    def cost(self) -> float:
        """What the programme that stands costs in the world as it was known last."""
        world = self.world(self.problem.periods - 1) if not self.changed else self.world(len(self.changed) - 1)
        p = world.arrays
        stuck = (self.pick < 0) & (p.defer >= FORBIDDEN)  # had to be done, was let go, and found no place
        arrays = p._replace(defer=np.where(stuck, _waiting(p), p.defer))
        priced = Problem(arrays, world.order, world.work_order, world.labels, world.place_labels, world.given)
        return count.total_cost(priced, self.pick) / CENTS

    def openings(self, periods: int) -> Ints:
        """Places opened in each period that was lived through, repairs after failures included."""
        made = np.zeros(self.problem.periods, np.int64)
        planned = np.where(self.failed, -1, self.pick)
        np.add.at(made, [t for _, t in opened(self.problem, planned)], 1)
        np.add.at(made, self.pick[self.failed], 1)
        return made[:periods]


def _waiting(p: Any) -> int:
    """What waiting costs a work that has no exit, once it is let go: twice the dearest option of any work (cents)."""
    return 2 * int(np.where(p.cost < FORBIDDEN, p.cost, 0).max(initial=1))
