"""From plain arrays to a `Problem`: shapes, signs and units are checked, works are put in a fixed order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from integralie.errors import DataError
from integralie.verbs.programme.problem import (
    CENTS,
    FORBIDDEN,
    LARGEST,
    LAYERS,
    LONG_AGO,
    Ints,
    Problem,
    check_amounts,
    refuse_impossible,
)

NEARLY = 1e-6  # a capacity of 0.29 is 29 hundredths although the machine says 28.999999
MOST_PERIODS = 120


def _floats(name: str, values: Any) -> npt.NDArray[np.float64]:
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise DataError(f"'{name}' should hold numbers; give a numpy array of floats.") from None


def _spread(name: str, values: Any, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """The values over that shape: a missing axis at the end is repeated."""
    array = _floats(name, values)
    if array.ndim > len(shape) or array.shape != shape[: array.ndim]:
        raise DataError(
            f"'{name}' has shape {array.shape}; it should be one number or have shape {shape} (trailing axes may be left out)."
        )
    return np.broadcast_to(array.reshape(array.shape + (1,) * (len(shape) - array.ndim)), shape)


def _amounts(name: str, values: Any, shape: tuple[int, ...]) -> Ints:
    """Non-negative amounts in whole hundredths; halves round up."""
    array = _spread(name, values, shape)
    if not np.isfinite(array).all():
        raise DataError(f"'{name}' holds an unknown or infinite amount; fill it in.")
    if (array < 0).any():
        raise DataError(f"'{name}' holds a negative amount; amounts are zero or more.")
    whole = np.floor(array * CENTS + 0.5)
    check_amounts(name, whole)
    return whole.astype(np.int64)


def _rows(name: str, values: Any, shape: tuple[int, ...], least: int, most: int) -> Ints:
    """Whole numbers within bounds."""
    array = _spread(name, values, shape)
    if not np.isfinite(array).all() or (array != np.floor(array)).any():
        raise DataError(f"'{name}' should hold whole numbers.")
    if array.size and (array.min() < least or array.max() > most):
        raise DataError(
            f"'{name}' should lie between {least} and {most}; it goes from {array.min():g} to {array.max():g}."
        )
    return array.astype(np.int64)


@dataclass
class Reading:
    """The arguments of `Problem.from_arrays`, in the same order."""

    block: Any
    cost: Any
    cash: Any
    budget: Any
    crew_days: Any
    crew: Any
    defer_cost: Any
    opening_cost: Any
    rest: Any
    capacity: Any
    opening_cash: Any
    opening_budget: Any
    rest_price: Any
    last_opened: Any
    layer: Any
    opens: Any
    fixed: Any
    id: Any
    blocks: Any

    def problem(self) -> Problem:
        """The problem, sorted, exact and checked."""
        self._sizes()
        works = self._works()
        order, unit, place, opens = self._order(works)
        units = self._units(place, opens)
        first = np.searchsorted(unit, np.arange(len(place) + 1))
        made = {k: np.ascontiguousarray(v[order]) for k, v in works.items()}
        problem = Problem(
            **made, **units, first=first, capacity=self._capacity(), order=order, labels=self.labels[place], opens=opens
        )
        refuse_impossible(problem)
        return problem

    def _sizes(self) -> None:
        self.cost = _floats("cost", self.cost)
        label = np.asarray(self.block)
        if self.cost.ndim != 2 or label.shape != self.cost.shape[:1]:
            raise DataError(
                f"'cost' has shape {self.cost.shape} and 'block' {label.shape}; give (works, periods) and (works,)."
            )
        if not 1 <= self.cost.shape[1] <= MOST_PERIODS:
            raise DataError(f"There are {self.cost.shape[1]} periods; give 1 to {MOST_PERIODS}.")
        self.shape = (int(self.cost.shape[0]), int(self.cost.shape[1]))
        self.labels, self.block_of = (
            np.unique(label, return_inverse=True) if self.blocks is None else self._given(label)
        )
        self.shape_capacity = None if self.capacity is None else _floats("capacity", self.capacity)
        if self.shape_capacity is not None and (
            self.shape_capacity.ndim != 2 or self.shape_capacity.shape[1] != self.shape[1]
        ):
            raise DataError(
                f"'capacity' has shape {self.shape_capacity.shape}; give (resources, {self.shape[1]} periods)."
            )
        self.resources = 0 if self.shape_capacity is None else len(self.shape_capacity)

    def _given(self, label: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], Ints]:
        """Blocks in the order that was given."""
        known = np.asarray(self.blocks)
        order = np.argsort(known, kind="stable")
        if len(np.unique(known)) != len(known):
            raise DataError("'blocks' names a block more than once.")
        at = np.searchsorted(known[order], label).clip(0, max(len(known) - 1, 0))
        if len(label) and (len(known) == 0 or (known[order][at] != label).any()):
            raise DataError("A work lies in a block that 'blocks' does not name.")
        return known, order[at] if len(known) else np.zeros(0, np.int64)

    def _costs(self) -> tuple[Ints, Ints]:
        """Cost per period and of the exit, with fixed works left only their period."""
        allowed = np.isfinite(self.cost)
        whole = np.where(allowed, np.floor(np.where(allowed, self.cost, 0.0) * CENTS + 0.5), 0.0)
        if self.defer_cost is None:
            raise DataError(
                "'defer_cost' is missing; every work needs an exit: give what it costs not to do it within the horizon."
            )
        late = _floats("defer_cost", self.defer_cost)
        late = _spread("defer_cost", late, self.shape[:1])
        if not np.isfinite(late).all():
            raise DataError(
                "'defer_cost' is unknown or infinite for a work; every work needs an exit at a cost that can be told."
            )
        check_amounts("cost", whole)
        exits = np.floor(late * CENTS + 0.5)
        check_amounts("defer_cost", exits)
        cost = np.where(allowed, whole.astype(np.int64), FORBIDDEN)
        return self._fix(cost, exits.astype(np.int64))

    def _fix(self, cost: Ints, exits: Ints) -> tuple[Ints, Ints]:
        fixed = _rows("fixed", self.fixed, self.shape[:1], -1, self.shape[1] - 1)
        held = np.flatnonzero(fixed >= 0)
        if (cost[held, fixed[held]] >= FORBIDDEN).any():
            raise DataError("A work is fixed in a period in which it has no cost; give that cost or release the work.")
        only = np.full((len(held), self.shape[1]), FORBIDDEN)
        only[np.arange(len(held)), fixed[held]] = cost[held, fixed[held]]
        dominated = cost >= exits[:, None]  # dearer than the exit and it uses money too: never better
        cost = np.where(dominated, FORBIDDEN, cost)
        cost[held] = only
        exits = exits.copy()
        exits[held] = FORBIDDEN
        return cost, exits

    def _works(self) -> dict[str, Ints]:
        cost, exits = self._costs()
        one = self.shape[:1]
        return {
            "cost": cost,
            "defer": exits,
            "cash": np.where(cost < FORBIDDEN, _amounts("cash", self.cash, self.shape), 0),
            "days": np.where(cost < FORBIDDEN, _amounts("crew_days", self.crew_days, self.shape), 0),
            "budget": _rows("budget", self.budget, one, -1, self.resources - 1),
            "crew": _rows("crew", self.crew, one, -1, self.resources - 1),
            "layer": _rows("layer", self.layer, one, 0, LAYERS - 1),
        }

    def _order(self, works: dict[str, Ints]) -> tuple[Ints, Ints, Ints, npt.NDArray[np.bool_]]:
        """The order of works, the unit of each, the block of each unit and whether it opens.

        A work that opens nothing is a unit of its own: it shares nothing.
        """
        opens = np.broadcast_to(np.asarray(self.opens, dtype=bool), self.shape[:1])
        if self.id is not None:
            keys: list[npt.NDArray[Any]] = [np.asarray(self.id)]
        else:
            keys = [
                v if v.ndim == 1 else v[:, t]
                for v in works.values()
                for t in range(1 if v.ndim == 1 else self.shape[1])
            ]
        order = np.lexsort((*keys, ~opens, self.block_of)) if self.shape[0] else np.zeros(0, np.int64)
        block, own = self.block_of[order], ~opens[order]
        new = np.ones(len(order), dtype=bool)
        new[1:] = (block[1:] != block[:-1]) | own[1:]
        unit = np.cumsum(new) - 1
        return order, unit, block[new], ~own[new]

    def _units(self, place: Ints, opens: npt.NDArray[np.bool_]) -> dict[str, Ints]:
        """What holds per block, laid out per unit; a unit that opens nothing has no opening cost and no rest period."""
        blocks, periods = len(self.labels), self.shape[1]
        cost = _amounts("opening_cost", self.opening_cost, (blocks, periods, LAYERS))
        cash = _amounts("opening_cash", self.opening_cash, (blocks, periods, LAYERS))
        if (np.diff(cost, axis=2) < 0).any() or (np.diff(cash, axis=2) < 0).any():
            raise DataError(
                "A deeper opening must not be cheaper than a shallow one; correct 'opening_cost' or 'opening_cash'."
            )
        rest = np.minimum(_rows("rest", self.rest, (blocks,), 0, LONG_AGO), periods + LONG_AGO)
        held = opens[:, None, None]
        return {
            "open_cost": np.where(held, cost[place], 0),
            "open_cash": np.where(held, cash[place], 0),
            "open_budget": np.where(
                opens, _rows("opening_budget", self.opening_budget, (blocks,), -1, self.resources - 1)[place], -1
            ),
            "rest": np.where(opens, rest[place], 0),
            "rest_price": self._rest_price(blocks, periods)[place],
            "since": self._since(blocks)[place],
        }

    def _rest_price(self, blocks: int, periods: int) -> Ints:
        if self.rest_price is None:
            return np.full((blocks, periods), -1, np.int64)
        given = _spread("rest_price", self.rest_price, (blocks, periods))
        hard = (given < 0).any(axis=1, keepdims=True)
        return np.where(hard, -1, _amounts("rest_price", np.where(hard, 0.0, given), (blocks, periods)))

    def _since(self, blocks: int) -> Ints:
        if self.last_opened is None:
            return np.full(blocks, LONG_AGO, np.int64)
        given = _spread("last_opened", self.last_opened, (blocks,))
        if (given >= 0).any():
            raise DataError(
                "'last_opened' should lie before period 0, so below zero; leave openings of the horizon to the programme."
            )
        return np.where(np.isnan(given), LONG_AGO, np.minimum(-np.nan_to_num(given, nan=-1.0), LONG_AGO)).astype(
            np.int64
        )

    def _capacity(self) -> Ints:
        """What there is in whole hundredths, rounded down; -1 where there is no limit."""
        if self.shape_capacity is None:
            return np.zeros((0, self.shape[1]), np.int64)
        given = self.shape_capacity
        if (given < 0).any():
            raise DataError(
                "'capacity' holds a negative amount; give zero where there is nothing, and nan where there is no limit."
            )
        limited = np.isfinite(given) & (given * CENTS < LARGEST)
        return np.where(limited, np.floor(np.where(limited, given, 0.0) * CENTS + NEARLY), -1).astype(np.int64)
