"""The engine itself."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from integralie.verbs.programme.engine import solve as engine
from integralie.verbs.programme.problem import CENTS, Problem, picks
from rivals.answer import Answer


def picks_of(problem: Problem, row: Any, period: Any) -> Any:
    """Picks in the order of the problem, from rows and periods in the order in which works were given."""
    position = np.empty(len(problem.order) + 1, np.int64)
    position[problem.order], position[-1] = np.arange(len(problem.order)), -1
    return picks(problem, position[row[problem.work_order]], period[problem.work_order])


def solve(problem: Problem, seconds: float, seed: int, seen: Any) -> Answer:
    """The engine, with its proven bound."""
    further = {}
    if "watch" in inspect.signature(engine).parameters:
        further["watch"] = lambda done: (seen(done["cost"] * CENTS), True)[1]
    result = engine(problem, seconds, **further)
    seen(result.objective * CENTS)
    note = "shown to be the cheapest" if result.optimal else ""
    return Answer(picks_of(problem, result.row, result.period), result.lower_bound * CENTS, note)
