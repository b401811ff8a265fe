"""SCIP on the whole problem as one mixed-integer programme (needs `pyscipopt`)."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from integralie.verbs.programme.compact import Compact, compact
from integralie.verbs.programme.complete import loaded
from integralie.verbs.programme.problem import CENTS, Problem
from rivals.answer import Answer
from rivals.start import all_values, better, first


def solve(problem: Problem, seconds: float, seed: int, seen: Any) -> Answer:
    """The best solution within the time, building and reading the model included."""
    until = time.monotonic() + seconds
    begin = first(problem, seconds, seen)
    model = compact(problem)
    scip, columns = _read(model)
    scip.setParam("randomization/randomseedshift", seed)
    _start(scip, columns, all_values(problem, model, begin))
    _watch(scip, seen)
    scip.setParam("limits/time", max(until - time.monotonic(), 1.0))
    scip.optimize()
    bound = scip.getDualbound() * CENTS
    if scip.getNSols() == 0:
        return Answer(begin, bound, "no solution of its own; the start is handed in")
    best = scip.getBestSol()
    return Answer(better(problem, begin, model.picks(problem, _values(scip, best, columns))), bound)


def _read(model: Compact) -> tuple[Any, list[Any]]:
    """The model in SCIP, by way of a file, and its variables in the order of the columns."""
    from pyscipopt import Model

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.mps"
        loaded(model).writeModel(str(path))
        scip = Model()
        scip.hideOutput()
        scip.readProblem(str(path))
    by_name = {v.name: v for v in scip.getVars()}
    return scip, [by_name.get(f"c{k}") for k in range(len(model.cost))]


def _start(scip: Any, columns: list[Any], values: Any) -> None:
    """Hand in the start."""
    solution = scip.createSol()
    for column, value in zip(columns, values.tolist()):
        if column is not None:
            scip.setSolVal(solution, column, value)
    scip.addSol(solution)


def _values(scip: Any, solution: Any, columns: list[Any]) -> Any:
    return np.array([0.0 if v is None else scip.getSolVal(solution, v) for v in columns])


def _watch(scip: Any, seen: Any) -> None:
    from pyscipopt import SCIP_EVENTTYPE, Eventhdlr

    class Found(Eventhdlr):  # type: ignore[misc]
        def eventinit(self) -> None:
            self.model.catchEvent(SCIP_EVENTTYPE.BESTSOLFOUND, self)

        def eventexec(self, event: Any) -> None:
            seen(self.model.getSolObjVal(self.model.getBestSol()) * CENTS)

    scip.includeEventhdlr(Found(), "found", "notes better solutions")
