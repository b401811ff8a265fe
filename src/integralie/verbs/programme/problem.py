"""The problem of the programme as frozen whole-number arrays: works in blocks, options per period, capacities.

Inside, money is whole cents and crew time is hundredths of a working day, so that every sum is exact. Works are
sorted, so that the order in which they were given cannot matter.

A *work* has one or more *modes* (rows); each mode may be done in some periods. Works that share openings form a
*block*; a block has one or more *places* (street sections), each with openings of its own. A *resource* has a row per
period: money, crews, openings of a neighbourhood, a goal; what is used of it in a period stays within what there is,
or costs something where it does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from integralie.errors import Infeasible

FORBIDDEN = np.int64(2**60)  # cost of a period that a work may not take
LARGEST = 10**12  # largest amount in cents (10 billion euro) that fits the exact arithmetic with prices
CENTS = 100
LAYERS = 3
LONG_AGO = 1000  # periods since the last opening of a place that was never opened
UNLIMITED = np.int64(-(2**62))  # capacity of a period without a limit
NOTHING = np.int64(-(2**62))  # least use of a period without one
NEVER = -(2**61)  # what lies above this is a limit or a least use; what lies below is none
EXIT = -1  # pick of a work that is not done within the horizon
NOT_BEFORE, LATER, APART = 0, 1, 2  # kinds of ties between two works of one block

Ints = npt.NDArray[np.int64]


class Arrays(NamedTuple):
    """The problem as the compiled kernels take it; whole numbers throughout.

    `A` modes (rows), `W` works, `B` blocks, `P` places, `T` periods, `R` resources, 3 layers (surface, shallow, deep).
    Arrays marked * have one column when they are the same in all periods.
    """

    cost: Ints  # (A, T) cents of present value, FORBIDDEN where not allowed
    cash: Ints  # (A, T*) cents that leave the budget
    days: Ints  # (A, T*) hundredths of a crew day
    budget: Ints  # (A,) resource that pays, -1 is none
    crew: Ints  # (A,) resource that does it, -1 is none
    layer: Ints  # (A,) how deep it opens its places: 0, 1, 2; -1 opens nothing
    cover: Ints  # (A,) bits of the places of its block that it opens
    use_start: Ints  # (A + 1,) further uses of row a
    use_row: Ints  # resource
    use_amount: Ints  # hundredths of its unit, may be negative
    use_shift: Ints  # periods after which it counts (resources that add up only)
    alt: Ints  # (W + 1,) modes of work i are rows alt[i] to alt[i + 1]
    defer: Ints  # (W,) cents of present value beyond the horizon; FORBIDDEN when it must be done
    first: Ints  # (B + 1,) works of block b are first[b] to first[b + 1]
    place: Ints  # (B + 1,) places of block b are place[b] to place[b + 1]
    crowd: Ints  # (B,) works that open in one period without a surcharge
    crowd_price: Ints  # (B,) cents for each work above that
    tie_start: Ints  # (B + 1,) ties of block b
    tie: Ints  # (K, 3) first work and second work, counted within the block, and the kind of tie
    open_cost: Ints  # (P, T, 3) cents for opening to that layer
    open_cash: Ints  # (P, T*, 3) cents that leave the budget for it
    open_budget: Ints  # (P,) resource that pays for it
    rest: Ints  # (P,) time between two openings
    rest_price: Ints  # (P, T) cents per unit of time too early; -1 means that too early is forbidden
    since: Ints  # (P,) time from the last opening of the past to period 0
    open_start: Ints  # (P + 1,) further uses of an opening
    open_row: Ints  # resource
    open_amount: Ints  # (K, 3) per layer, hundredths of its unit
    capacity: Ints  # (R, T), UNLIMITED where there is no limit
    least: Ints  # (R, T) what should at least be used, NOTHING where that does not matter
    least_price: Ints  # (R,) millionths of a cent for each unit below
    carry: Ints  # (R, T) how much may be kept for the next period
    adds_up: Ints  # (R,) 1 where use counts in its own period and all after it (goals, order)
    width: Ints  # (R, S) use above capacity comes in steps: so much ...
    slope: Ints  # (R, S) ... at so many millionths of a cent each; the last step has no end
    soft: Ints  # (R,) number of steps; 0 is a hard limit
    at: Ints  # (T,) moment at which each period begins (periods of unequal length)
    own_start: Ints  # (B + 1,) resources that block b can use
    own: Ints  # their numbers


@dataclass(frozen=True)
class Problem:
    """The arrays of the problem with the names that they had; made by `from_arrays`."""

    arrays: Arrays
    order: Ints  # (A,) place of each row among the rows as they were given
    work_order: Ints  # (W,) place of each work among the works as they were given
    labels: npt.NDArray[Any]  # (B,) label of each block (a work that opens nothing is a block of its own)
    place_labels: npt.NDArray[Any]  # (P,) label of each place
    given: int  # resources that were given; those after them keep works in order or apart

    def __getattr__(self, name: str) -> Any:
        with suppress(KeyError):
            return getattr(self.__dict__["arrays"], name)
        raise AttributeError(name)

    @property
    def works(self) -> int:
        return len(self.arrays.defer)

    @property
    def units(self) -> int:
        return len(self.arrays.crowd)

    @property
    def periods(self) -> int:
        return self.arrays.cost.shape[1]

    @property
    def work_of(self) -> Ints:
        """The work of each row."""
        return np.repeat(np.arange(self.works), np.diff(self.arrays.alt))

    @property
    def unit_of(self) -> Ints:
        """The block of each work."""
        return np.repeat(np.arange(self.units), np.diff(self.arrays.first))

    @property
    def wants(self) -> npt.NDArray[np.bool_]:
        """Rows and periods (R, T) in which something should at least be used."""
        return (self.arrays.least > NEVER) & (self.arrays.least_price > 0)[:, None]

    @property
    def opens(self) -> npt.NDArray[np.bool_]:
        """Whether each block has a place at all."""
        return np.diff(self.arrays.place) > 0

    @classmethod
    def from_arrays(cls, block: Any, cost: Any, *args: Any, **named: Any) -> Problem:
        """A problem from plain numpy arrays; all money in euros, all crew time in working days.

        One row per work, or per work and mode when `work` says which rows belong together. See
        `integralie.verbs.programme.reading.Reading` for the arguments and `docs/reference/engine.md` for an example.

        Raises
        ------
        DataError
            A wrong shape, a negative amount, a row that does not exist, a work without exit.
        Infeasible
            The fixed works alone need more than there is, or break a rule.
        """
        from integralie.verbs.programme.reading import Reading

        return Reading(block, cost, *args, **named).problem()


def rows_of(start: Ints, chosen: Ints) -> Ints:
    """The members of the chosen sets, where set k holds start[k] to start[k + 1]."""
    size = np.diff(start)[chosen]
    total = int(size.sum())
    return np.repeat(start[chosen] - np.concatenate([[0], np.cumsum(size)[:-1]]), size) + np.arange(total)


def picks(problem: Problem, row: Ints, period: Ints) -> Ints:
    """The pick of each work, from a row (mode) and a period of each; -1 is not done, and so is what is no option.

    An option that costs no less than the exit is no option where doing a work can gain nothing.
    """
    p = problem.arrays
    done = (row >= 0) & (period >= 0)
    pick = np.where(done, (row - p.alt[:-1]) * problem.periods + period, EXIT)
    none = p.cost[np.where(done, row, 0), np.where(done, period, 0)] >= FORBIDDEN if len(row) else done
    return np.where(done & none & (p.defer < FORBIDDEN), EXIT, pick)


def decode(problem: Problem, pick: Ints) -> tuple[Ints, Ints]:
    """The row and period of each work, both -1 where it is not done."""
    done = pick >= 0
    row = np.where(done, problem.arrays.alt[:-1] + pick // problem.periods, -1)
    return row, np.where(done, pick % problem.periods, -1)


def needed_by_fixed(problem: Problem) -> Ints:
    """The plan that does only what must be done, and what must come before that; all others wait.

    Each takes its cheapest mode and period; where these do not fit together, a complete search among what must be done
    tells which do.
    """
    known = problem.__dict__.get("_needed")
    if known is None:
        from integralie.verbs.programme.needed import fitted

        known = fitted(problem, _cheapest_needed(problem))
        object.__setattr__(problem, "_needed", known)
    return known.copy()  # type: ignore[no-any-return]


def _cheapest_needed(problem: Problem) -> Ints:
    """What must be done, each in its cheapest mode and period."""
    p, must = problem.arrays, problem.arrays.defer >= FORBIDDEN
    pick = np.full(problem.works, EXIT, np.int64)
    for i in np.flatnonzero(must):
        pick[i] = int(np.argmin(p.cost[p.alt[i] : p.alt[i + 1]]))
    for _ in range(len(p.tie) + problem.arrays.capacity.shape[0] - problem.given if must.any() else 0):
        lacking = [k for k in orders(problem) if _lacks(problem, pick, *k)]
        if not lacking:
            break
        for k in lacking:
            _pull(problem, pick, *k)
    return pick


def orders(problem: Problem) -> Iterator[tuple[int, int, int]]:
    """All pairs (earlier, later, lag) of works that keep an order."""
    p = problem.arrays
    for b in np.flatnonzero(np.diff(p.tie_start)):
        for i, j, kind in p.tie[p.tie_start[b] : p.tie_start[b + 1]]:
            if kind != APART:
                yield int(p.first[b] + i), int(p.first[b] + j), int(kind == LATER)
    work = problem.work_of
    rows = np.repeat(np.arange(len(work)), np.diff(p.use_start))
    held = (p.use_row >= problem.given) & (p.adds_up[p.use_row] > 0) if len(p.use_row) else np.zeros(0, bool)
    first: dict[int, tuple[int, int]] = {}
    second: dict[int, int] = {}
    for k in np.flatnonzero(held):
        if p.use_amount[k] < 0:
            first[int(p.use_row[k])] = int(work[rows[k]]), int(p.use_shift[k])
        else:
            second[int(p.use_row[k])] = int(work[rows[k]])
    for r, (i, lag) in first.items():
        if r in second:
            yield i, second[r], lag


def _lacks(problem: Problem, pick: Ints, i: int, j: int, lag: int) -> bool:
    t = problem.periods
    return bool(pick[j] >= 0 and (pick[i] < 0 or pick[i] % t + lag > pick[j] % t))


def _pull(problem: Problem, pick: Ints, i: int, j: int, lag: int) -> None:
    """Do the earlier work in time, where it has a period for that."""
    p, t = problem.arrays, problem.periods
    held = p.cost[p.alt[i] : p.alt[i + 1], : max(int(pick[j] % t) - lag + 1, 0)]
    if held.size and held.min() < FORBIDDEN:
        mode, period = np.unravel_index(int(np.argmin(held)), held.shape)
        pick[i] = int(mode) * t + int(period)


def refuse_impossible(problem: Problem) -> None:
    """Stop when the fixed works alone do not fit."""
    from integralie.verbs.programme.count import room, unit_costs, usage

    least = needed_by_fixed(problem)
    left = room(problem, usage(problem, least))
    short = (left < 0) & (problem.arrays.soft == 0)[:, None]
    if short.any():
        row, period = (int(v[0]) for v in np.nonzero(short))
        if row >= problem.given:
            raise Infeasible("A fixed work contradicts the order in which works must follow each other; release one.")
        raise Infeasible(
            f"The fixed works need {-int(left[row, period]) / CENTS:,.2f} more of resource {row} in period {period} "
            "than there is; raise that capacity or release a fixed work."
        )
    if (unit_costs(problem, least) >= FORBIDDEN).any():
        raise Infeasible(
            "Two fixed works of one block break its hard rest period or their order; release one, or give the rest "
            "period a price."
        )
