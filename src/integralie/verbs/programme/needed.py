"""What must be done, made to fit: which modes and periods of the works without an exit go together."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from integralie.verbs.programme import count
from integralie.verbs.programme.compact import compact
from integralie.verbs.programme.complete import solved
from integralie.verbs.programme.prices import select
from integralie.verbs.programme.problem import EXIT, FORBIDDEN, Ints, Problem, orders, rows_of

MOST_OPTIONS = 20_000  # options of what must be done up to which all are searched
NODES, SECONDS = 3000, 20.0  # the clock is only a last resort


def fitted(problem: Problem, pick: Ints) -> Ints:
    """The plan itself where it keeps all limits and rules; otherwise one that does, when there is one."""
    must = problem.arrays.defer >= FORBIDDEN
    if not must.any() or fits(problem, pick):
        return pick
    needed = _with_earlier(problem, must) | _makes_room(problem)
    units = np.unique(problem.unit_of[needed])
    part = _only(select(problem, units, 1.0), needed[rows_of(problem.arrays.first, units)])
    if int((part.arrays.cost < FORBIDDEN).sum()) > MOST_OPTIONS:
        return pick
    found = solved(part, compact(part), time.monotonic() + SECONDS, NODES)[0]
    if found is None:
        return pick
    whole = np.full(problem.works, EXIT, np.int64)
    whole[rows_of(problem.arrays.first, units)] = found
    return whole if fits(problem, whole) else pick


def fits(problem: Problem, pick: Ints) -> bool:
    """Whether a plan keeps all limits and rules."""
    return count.keeps(problem, count.usage(problem, pick)) and bool(
        (count.unit_costs(problem, pick) < FORBIDDEN).all()
    )


def _with_earlier(problem: Problem, must: np.ndarray) -> np.ndarray:
    """The works that must be done and all that must come before them."""
    needed, pairs = must.copy(), list(orders(problem))
    more = True
    while more:
        more = False
        for i, j, _ in pairs:
            if needed[j] and not needed[i]:
                needed[i] = more = True
    return needed


def _makes_room(problem: Problem) -> np.ndarray:
    """The works that may be done to make room for others: in some way they give back what is limited."""
    p = problem.arrays
    row = np.repeat(np.arange(len(p.layer)), np.diff(p.use_start))
    gives = np.zeros(len(p.layer), bool)
    gives[row[(p.use_amount < 0) & (p.use_row < problem.given)]] = True
    place = np.repeat(np.arange(len(p.rest)), np.diff(p.open_start))
    brings = np.zeros(problem.units, bool)
    unit_of_place = np.repeat(np.arange(problem.units), np.diff(p.place))
    brings[unit_of_place[place[(p.open_amount < 0).any(axis=1)]]] = True
    out = brings[problem.unit_of]
    out[problem.work_of[gives]] = True
    return out


def _only(problem: Problem, needed: np.ndarray) -> Problem:
    """The problem in which the others cannot be done."""
    cost = np.where(needed[problem.work_of][:, None], problem.arrays.cost, FORBIDDEN)
    return replace(problem, arrays=problem.arrays._replace(cost=cost))
