"""Complete search for small problems: the whole programme as one mixed-integer programme in HiGHS."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np

from integralie.verbs.programme.problem import CENTS, FORBIDDEN, Ints, Problem, plan_costs, usage
from integralie.verbs.programme.solver import quiet

NODES = 3000
CUTS = 4  # times that a programme that is a cent over a capacity is refused and another is asked for


@dataclass
class _Rows:
    """Rows and columns as lists, while the model grows."""

    cost: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    top: list[float] = field(default_factory=list)
    rows: list[tuple[list[int], list[float], float, float]] = field(default_factory=list)

    def column(self, cost: float, whole: bool = True, top: float = 1.0) -> int:
        self.cost.append(cost)
        self.whole.append(whole)
        self.top.append(top)
        return len(self.cost) - 1

    def row(self, terms: list[tuple[int, float]], low: float, high: float) -> None:
        merged: dict[int, float] = {}
        for column, value in terms:
            merged[column] = merged.get(column, 0.0) + value
        self.rows.append((list(merged), list(merged.values()), low, high))


def complete(problem: Problem, start: Ints, until: float) -> tuple[Ints, bool]:
    """The best programme that complete search finds, from a given one, and whether it is proven to be the best of
    all.
    """
    return search(problem, start, until)[:2]


def search(problem: Problem, start: Ints, until: float) -> tuple[Ints, bool, float]:
    """The same, with the lower bound that HiGHS gives (EUR, floating point)."""
    held = _Rows()
    done: dict[Any, Any] = {}
    exits: dict[Any, Any] = {}
    uses: dict[Any, Any] = {}
    _works(problem, held, done, exits, uses)
    _openings(problem, held, done, uses)
    room = problem.capacity.astype(float)
    low = -np.inf
    best, best_cost = start, sum(plan_costs(problem, start).tolist())
    for _ in range(CUTS):
        period, proven, low = _solve(problem, held, uses, room, done, until)
        if period is None:
            return best, proven, low
        over = (problem.capacity >= 0) & (usage(problem, period) > problem.capacity)
        if not over.any():
            cost = sum(plan_costs(problem, period).tolist())
            return (period, proven, low) if cost < best_cost else (best, proven and cost == best_cost, low)
        room = np.where(over, np.maximum(room - (usage(problem, period) - problem.capacity), 0.0), room)
    return best, False, low


def _works(problem: Problem, held: _Rows, done: dict, exits: dict, uses: dict) -> None:
    """A column per work and period or exit, one of them chosen."""
    for i in range(problem.works):
        terms = []
        for t in np.flatnonzero(problem.cost[i] < FORBIDDEN):
            column = done[i, int(t)] = held.column(problem.cost[i, t] / CENTS)
            terms.append((column, 1.0))
            for who, amount in ((problem.budget[i], problem.cash[i, t]), (problem.crew[i], problem.days[i, t])):
                if who >= 0 and amount > 0:
                    uses.setdefault((int(who), int(t)), []).append((column, float(amount)))
        if problem.defer[i] < FORBIDDEN:
            exits[i] = held.column(problem.defer[i] / CENTS)
            terms.append((exits[i], 1.0))
        held.row(terms, 1.0, 1.0)


def _openings(problem: Problem, held: _Rows, done: dict, uses: dict) -> None:
    """A column per unit, period and layer; works need one that is deep enough; rest periods as windows or prices."""
    for b in range(problem.units):
        if not problem.opens[b]:
            continue
        works = range(problem.first[b], problem.first[b + 1])
        opened: dict[int, list[int]] = {}
        for t in range(problem.periods):
            layers = sorted({int(problem.layer[i]) for i in works if (i, t) in done})
            for k in layers:
                column = held.column(problem.open_cost[b, t, k] / CENTS)
                opened.setdefault(t, []).append(column)
                if problem.open_budget[b] >= 0 and problem.open_cash[b, t, k] > 0:
                    uses.setdefault((int(problem.open_budget[b]), t), []).append(
                        (column, float(problem.open_cash[b, t, k]))
                    )
            for i in works:
                if (i, t) in done:
                    deep = [c for c, k in zip(opened[t], layers) if k >= problem.layer[i]]
                    held.row([(done[i, t], 1.0), *((c, -1.0) for c in deep)], -np.inf, 0.0)
            if layers:
                held.row([(c, 1.0) for c in opened[t]], -np.inf, 1.0)
        _rest(problem, held, b, opened)


def _rest(problem: Problem, held: _Rows, b: int, opened: dict[int, list[int]]) -> None:
    rest, since = int(problem.rest[b]), int(problem.since[b])
    for t, now in opened.items():
        early = [s for s in opened if t - rest < s < t]
        lack = rest - (t + since)
        if problem.rest_price[b, t] < 0:
            if lack > 0:
                held.row([(c, 1.0) for c in now], 0.0, 0.0)
            window = [s for s in opened if t <= s < t + rest]
            if len(window) > 1:
                held.row([(c, 1.0) for s in window for c in opened[s]], -np.inf, 1.0)
        elif problem.rest_price[b, t] > 0 and (early or lack > 0):
            price = problem.rest_price[b, t] / CENTS
            extra = held.column(1.0, False, np.inf)
            if lack > 0:
                held.row([(extra, 1.0), *((c, -price * lack) for c in now)], 0.0, np.inf)
            for s in early:
                short = price * (rest - (t - s))
                held.row([(extra, 1.0), *((c, -short) for c in (*now, *opened[s]))], -short, np.inf)


def _solve(
    problem: Problem, held: _Rows, uses: dict, room: np.ndarray, done: dict, until: float
) -> tuple[Ints | None, bool, float]:
    """The programme that HiGHS finds within its number of nodes, and whether it is the best."""
    h = quiet()
    n = len(held.cost)
    none = np.zeros(0)
    h.addCols(
        n, np.array(held.cost), np.zeros(n), np.array(held.top), 0, none.astype(np.int32), none.astype(np.int32), none
    )
    whole = np.flatnonzero(held.whole).astype(np.int32)
    h.changeColsIntegrality(len(whole), whole, np.full(len(whole), highspy.HighsVarType.kInteger))
    limits = _Rows()
    for (r, t), terms in uses.items():
        if problem.capacity[r, t] >= 0:
            limits.row([(c, a / CENTS) for c, a in terms], -np.inf, room[r, t] / CENTS)
    rows = [*held.rows, *limits.rows]
    for index, value, low, high in rows:
        h.addRow(low, high, len(index), np.array(index, np.int32), np.array(value))
    h.setOptionValue("mip_max_nodes", NODES)
    h.setOptionValue("mip_rel_gap", 0.0)
    h.setOptionValue("mip_abs_gap", 1e-3)
    h.setOptionValue("time_limit", max(until - time.monotonic(), 0.1))
    h.run()
    low = h.getInfo().mip_dual_bound
    if not h.getSolution().value_valid:
        return None, False, low
    values = np.asarray(h.getSolution().col_value)
    period = np.full(problem.works, problem.periods, np.int64)
    for (i, t), column in done.items():
        if values[column] > 0.5:
            period[i] = t
    return period, h.getModelStatus() == highspy.HighsModelStatus.kOptimal, low
