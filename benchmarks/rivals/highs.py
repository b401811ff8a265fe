"""HiGHS on the whole problem as one mixed-integer programme."""

from __future__ import annotations

import time
from typing import Any

import highspy
import numpy as np

from integralie.verbs.programme.compact import Compact, compact
from integralie.verbs.programme.complete import loaded as silent
from integralie.verbs.programme.problem import CENTS, Problem
from rivals.answer import Answer
from rivals.start import all_values, better, first

THREADS = 2


def loaded(model: Compact) -> highspy.Highs:
    """The model in a HiGHS that tells when it finds something."""
    highspy.Highs.resetGlobalScheduler(True)  # HiGHS keeps the number of threads of its first run in a process
    h = highspy.Highs()
    h.setOptionValue("output_flag", False)
    h.passModel(silent(model).getModel())
    return h


def solve(problem: Problem, seconds: float, seed: int, seen: Any) -> Answer:
    """The best solution within the time, building the model included."""
    until = time.monotonic() + seconds
    begin = first(problem, seconds, seen)
    model = compact(problem)
    start, h = all_values(problem, model, begin), loaded(model)
    for option, value in (("threads", THREADS), ("random_seed", seed), ("mip_rel_gap", 1e-6)):
        h.setOptionValue(option, value)
    columns = np.arange(len(model.cost), dtype=np.int32)
    h.setSolution(len(columns), columns, start)
    h.cbMipImprovingSolution += lambda event: seen(event.data_out.objective_function_value * CENTS)
    h.setOptionValue("time_limit", max(until - time.monotonic(), 1.0))
    h.run()
    bound = h.getInfo().mip_dual_bound * CENTS
    if not h.getSolution().value_valid:
        return Answer(begin, bound, "no solution of its own; the start is handed in")
    return Answer(better(problem, begin, model.picks(problem, np.asarray(h.getSolution().col_value))), bound)
