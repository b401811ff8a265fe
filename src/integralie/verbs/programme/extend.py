"""A problem with further limits or other amounts: the same arrays, changed where a question changes them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from integralie.verbs.programme import count
from integralie.verbs.programme.problem import CENTS, FORBIDDEN, NEVER, NOTHING, Ints, Problem, needed_by_fixed

Floats = npt.NDArray[np.float64]


def with_arrays(problem: Problem, **changed: Any) -> Problem:
    """The problem with some of its arrays replaced."""
    return replace(problem, arrays=problem.arrays._replace(**changed))


def with_caps(problem: Problem, sets: list[Ints], most: list[int]) -> Problem:
    """The problem in which of each set of places at most so many are opened in one period (new resources at the end)."""
    p, first = problem.arrays, len(problem.arrays.capacity)
    place = np.concatenate([np.repeat(np.arange(len(p.rest)), np.diff(p.open_start)), *sets])
    row = np.concatenate([p.open_row, *(np.full(len(s), first + k) for k, s in enumerate(sets))])
    amount = np.concatenate([p.open_amount, np.full((len(place) - len(p.open_row), 3), CENTS)])
    by = np.lexsort((row, place))
    start = np.searchsorted(place[by], np.arange(len(p.rest) + 1)).astype(np.int64)
    capacity = np.repeat(np.array(most, np.int64)[:, None] * CENTS, problem.periods, axis=1)
    new, one = (len(sets), problem.periods), len(sets)
    grown = {
        "capacity": np.concatenate([p.capacity, capacity]),
        "carry": np.concatenate([p.carry, np.zeros(new, np.int64)]),
        "least": np.concatenate([p.least, np.full(new, NOTHING)]),
        "width": np.concatenate([p.width, np.zeros((one, p.width.shape[1]), np.int64)]),
        "slope": np.concatenate([p.slope, np.zeros((one, p.slope.shape[1]), np.int64)]),
        **{k: np.concatenate([getattr(p, k), np.zeros(one, np.int64)]) for k in ("least_price", "soft", "adds_up")},
    }
    unit = np.repeat(np.arange(problem.units), np.diff(p.place))
    owner = np.concatenate([np.repeat(np.arange(problem.units), np.diff(p.own_start)), *(unit[s] for s in sets)])
    own = np.concatenate([p.own, *(np.full(len(s), first + k) for k, s in enumerate(sets))])
    pairs = np.unique(np.stack([owner, own], axis=1), axis=0)
    own_start = np.searchsorted(pairs[:, 0], np.arange(problem.units + 1)).astype(np.int64)
    return with_arrays(
        problem, open_start=start, open_row=row[by], open_amount=np.ascontiguousarray(amount[by]), own_start=own_start,
        own=np.ascontiguousarray(pairs[:, 1]), **grown,
    )  # fmt: skip


def bearable(problem: Problem) -> npt.NDArray[np.bool_]:
    """The resources that what must be done keeps."""
    room = count.room(problem, count.usage(problem, needed_by_fixed(problem)))
    return (room >= 0).all(axis=1) | (problem.arrays.soft > 0)  # type: ignore[no-any-return]


def scaled(problem: Problem, rows: Ints, share: float) -> Problem:
    """The problem with a share of some capacities, never below what must be done."""
    p = problem.arrays
    limited = p.capacity[rows] > NEVER
    capacity = p.capacity.copy()
    capacity[rows] = np.where(limited, np.floor(p.capacity[rows] * share).astype(np.int64), p.capacity[rows])
    least = count.usage(problem, needed_by_fixed(problem))
    capacity[rows] = np.where(
        limited, np.maximum(capacity[rows], np.minimum(least[rows], p.capacity[rows])), capacity[rows]
    )
    return with_arrays(problem, capacity=capacity)


def forced(problem: Problem, work: int, period: int, row: int | None = None) -> Problem:
    """The problem in which one work (in sorted order) is done in that period; -1 is not at all."""
    p = problem.arrays
    cost, defer = p.cost.copy(), p.defer.copy()
    held = np.arange(p.alt[work], p.alt[work + 1])
    kept = p.cost[held, period].copy() if period >= 0 else None
    cost[held] = FORBIDDEN
    if kept is not None:
        cost[held, period] = np.where((held == row) | (row is None), kept, FORBIDDEN)
        defer[work] = FORBIDDEN
    return with_arrays(problem, cost=cost, defer=defer)
