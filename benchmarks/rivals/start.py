"""A first programme for the solvers: the greedy one, as values for all columns of the compact model."""

from __future__ import annotations

import time
from typing import Any

import highspy
import numpy as np

from integralie.verbs.programme import count
from integralie.verbs.programme.compact import Compact
from integralie.verbs.programme.complete import loaded
from integralie.verbs.programme.problem import Ints, Problem, decode
from rivals.greedy import built

SHARE = 0.1  # of the time, for the first programme


def first(problem: Problem, seconds: float, seen: Any) -> Ints:
    pick = built(problem, time.monotonic() + SHARE * seconds)
    seen(count.total_cost(problem, pick))
    return pick


def whole_values(problem: Problem, model: Compact, pick: Ints) -> Any:
    """Values of the whole columns: choices, and the openings that they need."""
    values, p = model.values(problem, pick), problem.arrays
    row, period = decode(problem, pick)
    deepest = np.full((len(p.rest), problem.periods), -1)
    unit = problem.unit_of
    for bit in range(int(p.cover.max(initial=0)).bit_length()):
        held = (row >= 0) & ((p.cover[row] >> bit) & 1 > 0)
        np.maximum.at(deepest, (p.place[unit[held]] + bit, period[held]), p.layer[row[held]])
    place, at = np.nonzero(deepest >= 0)
    values[model.opened[place, at, deepest[place, at]]] = 1.0
    return values


def all_values(problem: Problem, model: Compact, pick: Ints) -> Any:
    """Values of all columns: with the whole ones settled, the others follow from a linear programme."""
    values = whole_values(problem, model, pick)
    whole = np.flatnonzero(model.whole).astype(np.int32)
    h = loaded(model)
    h.changeColsIntegrality(len(whole), whole, np.full(len(whole), highspy.HighsVarType.kContinuous))
    h.changeColsBounds(len(whole), whole, values[whole], values[whole])
    h.run()
    found = np.asarray(h.getSolution().col_value)
    return found if len(found) == len(values) and h.getSolution().value_valid else values


def better(problem: Problem, begin: Ints, found: Ints) -> Ints:
    """The start, where the solver found nothing better that keeps every rule."""
    return found if count.total_cost(problem, found) < count.total_cost(problem, begin) else begin
