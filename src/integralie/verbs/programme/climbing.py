"""Shadow prices without a linear programme, for problems with many limits that are local.

Every price climbs while more is used than there is and falls while less is; its own step grows while it goes on in one
direction and is halved when it turns. A cap on the openings of one neighbourhood and the budget of a whole party then
each find their own pace, and a pass over the blocks is all that a step costs. (Resilient propagation, Riedmiller and
Braun 1993, laid on the Lagrangian dual.)
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from integralie.verbs.programme import count, pricing
from integralie.verbs.programme.clock import over
from integralie.verbs.programme.problem import UNLIMITED, Ints, Problem

FIRST, LARGEST = 0.05, 0.3  # step in units of the natural price
GROW, TURN = 1.2, 0.5
FULL = 1 / 3  # share of the usual use by which a row must be off for a whole step
SHARE_OF_ROOM = 0.3  # of what there is: the least that counts as usual use
KEPT = 15  # plans that are kept, the last ones
LOOK, GAIN = 10, 1e-4  # the climb ends when so many passes gain less than this share of the bound

Floats = npt.NDArray[np.float64]


def slope_of_worth(problem: Problem, price: Floats) -> Floats:
    """How much more all capacity is worth per unit of price: what would have to be used for the price to stay."""
    p = problem.arrays
    wants = problem.wants
    capacity = np.where(p.capacity == UNLIMITED, 0, p.capacity).astype(float)
    least = np.where(wants, p.least, 0).astype(float)
    below = (price < 0) | ((price == 0) & wants)
    total = np.where(below, least, capacity)
    plus = np.maximum(price, 0)
    kept = np.where(plus[:, 1:] > plus[:, :-1], p.carry[:, :-1], 0)
    total[:, 1:] += kept
    total[:, :-1] -= np.where(price[:, :-1] < 0, 0, kept)
    for k in range(p.width.shape[1]):
        steep = (p.soft - 1 > k)[:, None] & (price > (p.slope[:, k] / pricing.MILLION)[:, None])
        total += np.where(steep, p.width[:, [k]], 0)
    return total


class Climb:
    """The prices on their way up, the best of them so far, and the plans seen."""

    def __init__(self, problem: Problem, rows: Ints, start: Floats | None = None) -> None:
        shape = problem.arrays.capacity.shape
        self.problem, self.active = problem, np.zeros(shape, bool)
        self.active.ravel()[rows] = True
        self.low, self.high = pricing.least_price(problem), pricing.most_price(problem)
        self.natural = pricing.natural_prices(problem)[:, None]
        self.price = np.zeros(shape) if start is None else np.clip(start, self.low, self.high)
        self.best, self.bound = self.price, -np.inf
        self.step, self.sign = np.full(shape, FIRST), np.zeros(shape)
        self.usual: Floats | None = None

    def pass_over(self) -> Ints:
        """Plan every block at the prices of now, keep these when their bound is the best, and step on."""
        plans = pricing.cheapest(self.problem, self.price)
        bound = float(plans.low.sum() - pricing.worth(self.problem, self.price))
        if bound > self.bound:
            self.best, self.bound = self.price, bound
        self._step(count.usage(self.problem, plans.pick).astype(float))
        return plans.pick

    def _step(self, use: Floats) -> None:
        worth = slope_of_worth(self.problem, self.price)
        if self.usual is None:
            usual = np.maximum(use.mean(axis=1), SHARE_OF_ROOM * np.abs(worth).mean(axis=1))
            self.usual = np.maximum(usual, 1.0)[:, None]
        off = np.where(self.active, use - worth, 0.0) / self.usual
        off[(self.price <= self.low) & (off < 0)] = 0.0
        sign = np.sign(off)
        same = sign * self.sign
        self.step = np.where(same > 0, np.minimum(self.step * GROW, LARGEST), self.step * np.where(same < 0, TURN, 1.0))
        move = self.natural * self.step * np.clip(off / FULL, -1, 1)
        self.price, self.sign = np.clip(self.price + move, self.low, self.high), sign


def climb(
    problem: Problem, rows: Ints, until: float, passes: int, start: Floats | None = None, gain: float = GAIN
) -> tuple[Floats, float, list[Ints]]:
    """The best prices (R, T) after at most so many passes, their bound in cents, and the last plans seen."""
    work, plans, seen = Climb(problem, rows, start), [], []  # type: ignore[var-annotated]
    for k in range(passes):
        plans = [*plans[1 - KEPT :], work.pass_over()]
        seen.append(work.bound)
        slow = k >= 2 * LOOK and work.bound - seen[k - LOOK] < gain * abs(work.bound)
        if slow or over(until):
            break
    return work.best, work.bound, plans
