"""The problem of the programme as frozen whole-number arrays: works in blocks, options per period, capacities.

Inside, money is whole cents and crew time is hundredths of a working day, so that every sum is exact. Works are
sorted, so that the order in which they were given cannot matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from integralie.errors import DataError, Infeasible

FORBIDDEN = np.int64(2**60)  # cost of a period that a work may not take
LARGEST = 10**12  # largest amount in cents (10 billion euro) that fits the exact arithmetic with prices
CENTS = 100
LAYERS = 3
LONG_AGO = 1000  # periods since the last opening of a block that was never opened

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Problem:
    """Works in blocks, what each option costs and uses, and what there is; made by `from_arrays`.

    `W` works, `B` units (a block, or one work that opens nothing), `T` periods, `R` resources, 3 layers (surface,
    shallow, deep). A work that is not allowed in a period has cost `FORBIDDEN` there.
    """

    cost: Ints  # (W, T) cents of present value
    defer: Ints  # (W,) the same beyond the horizon
    cash: Ints  # (W, T) cents that leave the budget
    days: Ints  # (W, T) hundredths of a crew day
    budget: Ints  # (W,) resource that pays, -1 is none
    crew: Ints  # (W,) resource that does it, -1 is none
    layer: Ints  # (W,) how deep it opens: 0, 1, 2
    first: Ints  # (B + 1,) works of unit b are first[b] to first[b + 1]
    open_cost: Ints  # (B, T, 3) cents for opening to that layer
    open_cash: Ints  # (B, T, 3) cents that leave the budget for it
    open_budget: Ints  # (B,) resource that pays for it
    rest: Ints  # (B,) periods between two openings
    rest_price: Ints  # (B, T) cents per period too early; -1 means that too early is forbidden
    since: Ints  # (B,) periods from the last opening of the past to period 0
    capacity: Ints  # (R, T), -1 is no limit
    order: Ints  # (W,) place of each work in the arrays as they were given
    labels: npt.NDArray[Any]  # (B,) label of the block of each unit
    opens: npt.NDArray[np.bool_]  # (B,) whether the unit opens the street at all

    @property
    def works(self) -> int:
        return len(self.defer)

    @property
    def units(self) -> int:
        return len(self.rest)

    @property
    def periods(self) -> int:
        return self.cost.shape[1]

    @property
    def unit_of(self) -> Ints:
        """The unit of each work."""
        return np.repeat(np.arange(self.units), np.diff(self.first))

    @classmethod
    def from_arrays(
        cls,
        block: Any,
        cost: Any,
        cash: Any = 0.0,
        budget: Any = -1,
        crew_days: Any = 0.0,
        crew: Any = -1,
        defer_cost: Any = None,
        opening_cost: Any = 0.0,
        rest: Any = 0,
        capacity: Any = None,
        *,
        opening_cash: Any = 0.0,
        opening_budget: Any = -1,
        rest_price: Any = None,
        last_opened: Any = None,
        layer: Any = 0,
        opens: Any = True,
        fixed: Any = -1,
        id: Any = None,
        blocks: Any = None,
    ) -> Problem:
        """A problem from plain numpy arrays; all money in euros, all crew time in working days.

        Parameters ---------- block : (W,) label of the block that each work lies in. cost : (W, T) present value in
        euros of doing the work in that period; `nan` or `inf` where it may not be done. cash : (W, T), (W,) or one
        number: euros that leave the budget in that period. budget : (W,) row of `capacity` that pays; -1 is none.
        crew_days : (W, T), (W,) or one number: working days. crew : (W,) row of `capacity` whose days are used; -1 is
        none. defer_cost : (W,) present value in euros of not doing it within the horizon. Every work needs this exit.
        opening_cost : present value of opening a block: one number, (B,), (B, T) or (B, T, 3) with a price per layer.
        rest : one number or (B,): periods between two openings of a block (5: open in 0, again in 5 at the earliest).
        capacity : (R, T) what there is; `nan` or `inf` where there is no limit. None: no limits at all. opening_cash,
        opening_budget : euros that an opening takes from which row of `capacity`; shapes as `opening_cost` and (B,).
        rest_price : None (too early is forbidden), or one number, (B,) or (B, T): euros per period too early;
        negative is forbidden. last_opened : one number or (B,): period of the last opening before the horizon, so
        negative; `nan` is never. layer : (W,) 0 surface, 1 shallow, 2 deep: an opening is paid once for its deepest
        work. opens : (W,) False for a work that needs no opening. fixed : (W,) period in which the work must be done;
        -1 is free. id : (W,) names that settle the order; without them the contents do. blocks : (B,) labels in the
        order of the arrays per block; without it the sorted distinct labels.

        Raises
        ------
        DataError
            A wrong shape, a negative amount, a row that does not exist, a work without exit.
        Infeasible
            The fixed works alone need more than there is, or break a hard rest period.
        """
        from integralie.verbs.programme.reading import Reading

        return Reading(
            block,
            cost,
            cash,
            budget,
            crew_days,
            crew,
            defer_cost,
            opening_cost,
            rest,
            capacity,
            opening_cash,
            opening_budget,
            rest_price,
            last_opened,
            layer,
            opens,
            fixed,
            id,
            blocks,
        ).problem()


def usage(problem: Problem, period: Ints) -> Ints:
    """What a plan uses of each resource in each period (R, T), in whole cents and hundredths of a day."""
    from integralie.verbs.programme.oracle import plan_use

    return plan_use(period, *kernel_arrays(problem), np.zeros(problem.units, np.int64), 1)[0][0]  # type: ignore[call-arg]


def plan_costs(problem: Problem, period: Ints) -> Ints:
    """What a plan costs per unit, in whole cents: its works, its openings, and openings that come too early."""
    from integralie.verbs.programme.oracle import plan_use

    return plan_use(period, *kernel_arrays(problem), np.zeros(problem.units, np.int64), 1)[1]  # type: ignore[call-arg]


def kernel_arrays(problem: Problem) -> tuple[Any, ...]:
    """The arrays in the order in which the compiled kernels take them."""
    p = problem
    return (
        p.cost, p.defer, p.cash, p.days, p.budget, p.crew, p.layer, p.first, p.open_cost, p.open_cash, p.open_budget, p.rest,
        p.rest_price, p.since, p.capacity,
    )  # fmt: skip


def needed_by_fixed(problem: Problem) -> Ints:
    """The plan that does only what must be done: works without an exit take their one period, all others wait."""
    free = problem.defer < FORBIDDEN
    return np.where(free, problem.periods, np.argmin(problem.cost, axis=1))


def refuse_impossible(problem: Problem) -> None:
    """Stop when the fixed works alone do not fit."""
    least = usage(problem, needed_by_fixed(problem))
    short = (problem.capacity >= 0) & (least > problem.capacity)
    if short.any():
        row, period = (int(v[0]) for v in np.nonzero(short))
        lacking = (int(least[row, period]) - int(problem.capacity[row, period])) / CENTS
        raise Infeasible(
            f"The fixed works need {lacking:,.2f} more of resource {row} in period {period} than there is; "
            "raise that capacity or release a fixed work."
        )
    if (plan_costs(problem, needed_by_fixed(problem)) >= FORBIDDEN).any():
        raise Infeasible(
            "Two fixed works of one block break its hard rest period; release one, or give the rest period a price."
        )


def check_amounts(name: str, values: npt.NDArray[Any]) -> None:
    """Refuse amounts that the exact arithmetic cannot hold."""
    if values.size and np.abs(values).max() > LARGEST:
        raise DataError(f"'{name}' holds an amount above {LARGEST / CENTS:,.0f}; check its unit.")
