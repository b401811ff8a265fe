"""The restricted master: which mix of the plans seen for each block is cheapest within the capacities."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse

from integralie.verbs.programme import fitting
from integralie.verbs.programme.problem import Ints, Problem, plan_costs
from integralie.verbs.programme.solver import quiet

WHOLE = 1e-6
OVERDRAFT = 20.0  # price of overdrawing a row in the linear programme, in natural prices

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Columns:
    """Distinct plans per unit: column j is unit `unit[j]` with plan `plan[j]` of `plans`, ordered by unit."""

    unit: Ints
    plan: Ints
    plans: Ints  # (P, W)
    cost: Ints  # (C,) cents
    use: sparse.csc_matrix  # (R*T, C)


def columns(problem: Problem, plans: Ints) -> Columns:
    """The distinct plans of every unit among whole plans (P, W)."""
    weight = np.random.default_rng(7).integers(1, 2**62, problem.works, dtype=np.uint64)
    mark = np.add.reduceat((plans.astype(np.uint64) + np.uint64(1)) * weight, problem.first[:-1], axis=1)
    unit = np.tile(np.arange(problem.units), len(plans))
    order = np.lexsort((mark.ravel(), unit))
    flat, units = mark.ravel()[order], unit[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (units[1:] != units[:-1]) | (flat[1:] != flat[:-1])
    kept = order[new]
    return make_columns(problem, kept % problem.units, kept // problem.units, plans)


def make_columns(problem: Problem, unit: Ints, plan: Ints, plans: Ints) -> Columns:
    """Columns with their cost and use."""
    p = problem
    costs = np.stack([plan_costs(problem, row) for row in plans])
    start, row, amount = fitting.column_use(
        unit, plan, plans, p.cash, p.days, p.budget, p.crew, p.layer, p.first, p.open_cash, p.open_budget
    )
    use = sparse.csc_matrix((amount.astype(float), row, start), shape=(p.capacity.size, len(unit)))
    use.sum_duplicates()
    return Columns(unit, plan, plans, costs[plan, unit], use)


def model(
    cost: Floats, unit: Ints, use: sparse.csc_matrix, room: Floats, overdraft: Floats | None, whole: bool
) -> highspy.Highs:
    """The programme in HiGHS: one plan per unit, rows within `room`; every row scaled to a size near one."""
    names, member = np.unique(unit, return_inverse=True)
    size = np.maximum(np.abs(use).max(axis=1).toarray().ravel(), 1.0)
    scaled = sparse.diags(1.0 / size) @ use
    extra = (
        sparse.vstack([sparse.csc_matrix((len(names), len(room))), -sparse.identity(len(room))])
        if overdraft is not None
        else None
    )
    pick = sparse.csc_matrix((np.ones(len(unit)), (member, np.arange(len(unit)))), shape=(len(names), len(unit)))
    matrix = sparse.vstack([pick, scaled])
    matrix = sparse.csc_matrix(matrix if extra is None else sparse.hstack([matrix, extra]))
    unit_cost = max(float(np.abs(cost).mean()), 1.0)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = matrix.shape[1], matrix.shape[0]
    lp.col_cost_ = np.concatenate([cost, [] if overdraft is None else overdraft * size]) / unit_cost
    lp.col_lower_ = np.zeros(matrix.shape[1])
    lp.col_upper_ = np.concatenate(
        [np.ones(len(unit)), [] if overdraft is None else np.full(len(room), highspy.kHighsInf)]
    )
    lp.row_lower_ = np.concatenate([np.ones(len(names)), np.full(len(room), -highspy.kHighsInf)])
    lp.row_upper_ = np.concatenate([np.ones(len(names)), room / size])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * len(unit)
    h = quiet()
    h.passModel(lp)
    return h


def mix(problem: Problem, found: Columns, natural: Floats, seconds: float) -> Floats:
    """The share of every column in the cheapest mix; nearly all are 0 or 1."""
    many = np.bincount(found.unit, minlength=problem.units)
    alone = many[found.unit] == 1
    share = np.where(alone, 1.0, 0.0)
    rows = np.flatnonzero(problem.capacity.ravel() >= 0)
    if alone.all():
        return share
    left = problem.capacity.ravel()[rows] - np.asarray(found.use[rows][:, alone].sum(axis=1)).ravel()
    free = np.flatnonzero(~alone)
    price = OVERDRAFT * np.repeat(natural, problem.periods)[rows]
    h = model(
        found.cost[free].astype(float), found.unit[free], found.use[rows][:, free], left.astype(float), price, False
    )
    h.setOptionValue("time_limit", max(seconds, 1.0))
    h.run()
    values = np.asarray(h.getSolution().col_value)
    if len(values):
        share[free] = values[: len(free)]
    return share
