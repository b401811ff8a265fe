"""The restricted master: which mix of the plans seen for each block is cheapest within the capacities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse

from integralie.verbs.programme import count, fitting
from integralie.verbs.programme.pricing import MILLION
from integralie.verbs.programme.problem import UNLIMITED, Ints, Problem
from integralie.verbs.programme.solver import quiet, run

WHOLE = 1e-6
OVERDRAFT = 20.0  # price of overdrawing a row in the linear programme, in natural prices

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Columns:
    """Distinct plans per block: column j is block `unit[j]` with plan `plan[j]` of `plans`, ordered by block."""

    unit: Ints
    plan: Ints
    plans: Ints  # (K, W)
    cost: Ints  # (C,) cents
    use: sparse.csc_matrix  # (R*T, C)


def columns(problem: Problem, plans: Ints) -> Columns:
    """The distinct plans of every block among whole plans (K, W)."""
    weight = np.random.default_rng(7).integers(1, 2**62, problem.works, dtype=np.uint64)
    mark = np.add.reduceat((plans + 2).astype(np.uint64) * weight, problem.arrays.first[:-1], axis=1)
    unit = np.tile(np.arange(problem.units), len(plans))
    order = np.lexsort((mark.ravel(), unit))
    flat, units = mark.ravel()[order], unit[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (units[1:] != units[:-1]) | (flat[1:] != flat[:-1])
    kept = order[new]
    return make_columns(problem, kept % problem.units, kept // problem.units, plans)


def make_columns(problem: Problem, unit: Ints, plan: Ints, plans: Ints) -> Columns:
    """Columns with their cost and use."""
    costs = np.stack([count.unit_costs(problem, row) for row in plans])
    start, row, amount = fitting.column_use(unit, plan, plans, problem.arrays)
    use = sparse.csc_matrix((amount.astype(float), row, start), shape=(problem.arrays.capacity.size, len(unit)))
    use.sum_duplicates()
    return Columns(unit, plan, plans, costs[plan, unit], use)


@dataclass
class _Bends:
    """The columns of a linear programme that let a row bend: what it costs above capacity, below its least, kept over."""

    cost: list[float]
    top: list[float]
    row: list[int]
    column: list[int]
    value: list[float]

    def add(self, cost: float, top: float, entries: list[tuple[int, float]]) -> None:
        at = len(self.cost)
        self.cost.append(cost)
        self.top.append(top)
        for row, value in entries:
            self.row.append(row)
            self.column.append(at)
            self.value.append(value)


def _bends(problem: Problem, rows: Ints, price: Floats | None) -> tuple[_Bends, Ints]:
    """The bending columns of the rows, and which rows want a least use (they stand behind the others)."""
    p, made = problem.arrays, _Bends([], [], [], [], [])
    spot = {int(r): k for k, r in enumerate(rows)}
    wants = np.flatnonzero(problem.wants.ravel()[rows])
    behind = {int(k): len(rows) + j for j, k in enumerate(wants)}
    for k, flat in enumerate(rows):
        r, t = divmod(int(flat), problem.periods)
        for s in range(int(p.soft[r])):
            top = highspy.kHighsInf if s == p.soft[r] - 1 else float(p.width[r, s])
            made.add(p.slope[r, s] / MILLION, top, [(k, -1.0)])
        if p.soft[r] == 0 and price is not None:
            made.add(float(price[k]), highspy.kHighsInf, [(k, -1.0)])
        if t + 1 < problem.periods and p.carry[r, t] > 0:
            after = spot.get(int(flat) + 1)
            made.add(0.0, float(p.carry[r, t]), [(k, 1.0), *([(after, -1.0)] if after is not None else [])])
        if k in behind:
            made.add(p.least_price[r] / MILLION, highspy.kHighsInf, [(behind[k], 1.0)])
    return made, wants


def model(
    problem: Problem, cost: Floats, unit: Ints, use: sparse.csc_matrix, rows: Ints, used: Floats,
    price: Floats | None, whole: bool,
) -> highspy.Highs:  # fmt: skip
    """The programme in HiGHS: one plan per block, rows within what `used` leaves; rows scaled to a size near one.

    `price` is what overdrawing a hard row costs; None forbids it. The first columns are the plans.
    """
    p = problem.arrays
    names, member = np.unique(unit, return_inverse=True)
    bends, wants = _bends(problem, rows, price)
    size = np.maximum(np.abs(use).max(axis=1).toarray().ravel() if use.shape[1] else np.zeros(len(rows)), 1.0)
    size = np.concatenate([size, size[wants]])
    body = sparse.vstack([use, use[wants]]) if len(wants) else use
    extra = sparse.csc_matrix((bends.value, (bends.row, bends.column)), shape=(len(size), len(bends.cost)))
    pick = sparse.csc_matrix((np.ones(len(unit)), (member, np.arange(len(unit)))), shape=(len(names), len(unit)))
    lower = sparse.diags(1.0 / size) @ sparse.hstack([body, extra])
    upper = sparse.hstack([pick, sparse.csc_matrix((len(names), len(bends.cost)))])
    matrix = sparse.csc_matrix(sparse.vstack([upper, lower]))
    scale = max(float(np.abs(cost).mean()), 1.0)
    capacity = p.capacity.ravel()[rows]
    roof = np.where(capacity == UNLIMITED, highspy.kHighsInf, capacity - used)
    floor = p.least.ravel()[rows][wants] - used[wants]
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = matrix.shape[1], matrix.shape[0]
    lp.col_cost_ = np.concatenate([cost, bends.cost]) / scale
    lp.col_lower_ = np.zeros(matrix.shape[1])
    lp.col_upper_ = np.concatenate([np.ones(len(unit)), bends.top])
    none = -highspy.kHighsInf
    lp.row_lower_ = np.concatenate([np.ones(len(names)), np.full(len(rows), none), floor / size[len(rows) :]])
    lp.row_upper_ = np.concatenate([np.ones(len(names)), roof / size[: len(rows)], np.full(len(wants), -none)])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    if whole:
        kinds = [highspy.HighsVarType.kInteger] * len(unit) + [highspy.HighsVarType.kContinuous] * len(bends.cost)
        lp.integrality_ = kinds
    h = quiet()
    h.passModel(lp)
    return h


def touched(problem: Problem, use: sparse.csc_matrix) -> Ints:
    """The rows that matter: with a limit or a least use, and used by one of the columns; all of a row kept over."""
    p = problem.arrays
    limited = (p.capacity != UNLIMITED) | problem.wants
    used = np.zeros(limited.size, bool)
    used[np.unique(use.indices)] = True
    carries: Any = (p.carry > 0).any(axis=1)
    met: Any = used.reshape(limited.shape).any(axis=1)
    kept = carries[:, None] & met[:, None]
    return np.flatnonzero((limited & (used.reshape(limited.shape) | kept)).ravel())


def mix(problem: Problem, found: Columns, natural: Floats, seconds: float) -> Floats:
    """The share of every column in the cheapest mix; nearly all are 0 or 1."""
    many = np.bincount(found.unit, minlength=problem.units)
    alone = many[found.unit] == 1
    share = np.where(alone, 1.0, 0.0)
    free = np.flatnonzero(~alone)
    rows = touched(problem, found.use[:, free])
    if not len(free):
        return share
    used = np.asarray(found.use[rows][:, alone].sum(axis=1)).ravel()
    price = OVERDRAFT * np.repeat(natural, problem.periods)[rows]
    cost = found.cost[free].astype(float)
    h = model(problem, cost, found.unit[free], found.use[rows][:, free], rows, used, price, False)
    h.setOptionValue("time_limit", max(seconds, 1.0))
    run(h)
    values = np.asarray(h.getSolution().col_value)
    if len(values):
        share[free] = values[: len(free)]
    return share
