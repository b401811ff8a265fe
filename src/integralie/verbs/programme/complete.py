"""Complete search for small problems: the whole programme as one mixed-integer programme in HiGHS."""

from __future__ import annotations

import time

import highspy
import numpy as np

from integralie.verbs.programme import count
from integralie.verbs.programme.compact import Compact, compact
from integralie.verbs.programme.problem import CENTS, Ints, Problem
from integralie.verbs.programme.solver import quiet, run

NODES = ((500, 3000), (1500, 150))  # options, and nodes of the search up to so many
CUTS = 4  # times that a programme that is a cent over a capacity is refused and another is asked for


def complete(problem: Problem, start: Ints, until: float) -> tuple[Ints, bool]:
    """The best programme that complete search finds, from a given one, and whether it is proven to be the best of
    all.
    """
    options = int((problem.arrays.cost < count.NO).sum())
    nodes = next((n for most, n in NODES if options <= most), NODES[-1][1])
    return search(problem, start, until, nodes)[:2]


def search(
    problem: Problem, start: Ints, until: float, nodes: int = NODES[0][1], warm: bool = False
) -> tuple[Ints, bool, float]:
    """The same, with the lower bound that HiGHS gives (EUR, floating point).

    `warm` gives HiGHS the programme to begin with; it then says *optimal* too easily, so nothing is called proven.
    """
    model = compact(problem)
    best, best_cost, low = start, count.total_cost(problem, start), -np.inf
    for _ in range(CUTS):
        pick, proven, low = solved(problem, model, until, nodes, best if warm else None)
        proven = proven and not warm
        if pick is None:
            return best, proven, low
        room = count.room(problem, count.usage(problem, pick))
        over = (room < 0) & (problem.arrays.soft == 0)[:, None] & (model.limit >= 0)
        cost = count.total_cost(problem, pick)
        if not over.any() and cost < count.NO:
            return (pick, proven, low) if cost < best_cost else (best, proven and cost == best_cost, low)
        model.high[model.limit[over]] += room[over] / CENTS
    return best, False, low


def solved(
    problem: Problem, model: Compact, until: float, nodes: int, start: Ints | None = None
) -> tuple[Ints | None, bool, float]:
    """The programme that HiGHS finds within its number of nodes, and whether it is the best."""
    h = loaded(model)
    h.setOptionValue("mip_max_nodes", nodes)
    h.setOptionValue("mip_rel_gap", 0.0)
    h.setOptionValue("mip_abs_gap", 1e-3)
    h.setOptionValue("time_limit", max(until - time.monotonic(), 0.1))
    if start is not None:
        given = highspy.HighsSolution()
        given.col_value = model.values(problem, start).tolist()
        h.setSolution(given)
    run(h)
    low = h.getInfo().mip_dual_bound
    if not h.getSolution().value_valid:
        return None, False, low
    values = np.asarray(h.getSolution().col_value)
    return model.picks(problem, values), h.getModelStatus() == highspy.HighsModelStatus.kOptimal, low


def loaded(model: Compact) -> highspy.Highs:
    """The model in HiGHS."""
    lp, matrix = highspy.HighsLp(), model.matrix.tocsc()
    lp.num_col_, lp.num_row_ = matrix.shape[1], matrix.shape[0]
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = model.cost, model.lower, model.upper
    lp.row_lower_, lp.row_upper_ = model.low, model.high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[int(w)] for w in model.whole]
    h = quiet()
    h.passModel(lp)
    return h
