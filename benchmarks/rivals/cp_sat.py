"""CP-SAT on the whole problem, in whole cents (needs `ortools`)."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from integralie.verbs.programme.compact import Compact, compact
from integralie.verbs.programme.problem import CENTS, Problem
from rivals.answer import Answer
from rivals.start import all_values, better, first

WORKERS = 2


def solve(problem: Problem, seconds: float, seed: int, seen: Any) -> Answer:
    """The best solution within the time, building the model included."""
    from ortools.sat.python import cp_model

    until = time.monotonic() + seconds
    begin = first(problem, seconds, seen)
    model = compact(problem)
    cp, columns = built(model)
    values = np.ceil(all_values(problem, model, begin) * np.where(model.whole, 1, CENTS) - 1e-4).astype(np.int64)
    for column, value in zip(columns, values.tolist()):
        cp.add_hint(column, value)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed = WORKERS, seed
    solver.parameters.max_time_in_seconds = max(until - time.monotonic(), 1.0)

    class Seen(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            seen(self.objective_value)

    status = solver.solve(cp, Seen())
    bound = solver.best_objective_bound
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(begin, bound, "no solution of its own; the start is handed in")
    found = np.zeros(len(columns))
    chosen = np.concatenate([model.done[model.done >= 0], model.exits])
    found[chosen] = [solver.value(columns[k]) for k in chosen]
    return Answer(better(problem, begin, model.picks(problem, found)), bound)


def built(model: Compact) -> tuple[Any, list[Any]]:
    """The model in CP-SAT: columns that are not whole count in cents, and so do the rows that hold amounts."""
    from ortools.sat.python import cp_model

    cp = cp_model.CpModel()
    matrix = model.matrix.tocsr()
    top = np.where(model.whole, model.upper, np.minimum(model.upper, _most(model)) * CENTS)
    columns = [cp.new_int_var(0, int(np.floor(u + 1e-6)), "") for u in top]
    for k in range(matrix.shape[0]):
        at = matrix.indices[matrix.indptr[k] : matrix.indptr[k + 1]]
        value = matrix.data[matrix.indptr[k] : matrix.indptr[k + 1]]
        if not len(at):
            continue
        plain = model.whole[at].all() and (value == np.rint(value)).all() and abs(value).max() == 1
        scale = np.where(model.whole[at], 1 if plain else CENTS, 1)
        whole = np.rint(value * scale).astype(np.int64)
        low, high = (_whole(v, 1 if plain else CENTS) for v in (model.low[k], model.high[k]))
        cp.add_linear_expression_in_domain(
            cp_model.LinearExpr.weighted_sum([columns[j] for j in at], whole.tolist()), cp_model.Domain(low, high)
        )
    cost = model.cost * np.where(model.whole, CENTS, 1.0)
    held = np.flatnonzero(cost)
    cp.minimize(cp_model.LinearExpr.weighted_sum([columns[j] for j in held], cost[held].tolist()))
    return cp, columns


def _most(model: Compact) -> Any:
    """More than any column that is not whole can need: all that stands in its rows at once."""
    size = abs(model.matrix).tocsr()
    ends = [np.where(np.isfinite(v), abs(v), 0.0) for v in (model.low, model.high)]
    row = size @ np.where(model.whole, model.upper, 0.0) + ends[0] + ends[1]
    entries = size.tocoo()
    most = np.zeros(len(model.cost))
    np.maximum.at(most, entries.col, row[entries.row])
    return np.ceil(most) + 1


def _whole(value: float, scale: int) -> int:
    if not np.isfinite(value):
        return int(np.sign(value)) * 10**17
    return int(np.floor(value * scale + 1e-6)) if value >= 0 else -int(np.floor(-value * scale + 1e-6))
