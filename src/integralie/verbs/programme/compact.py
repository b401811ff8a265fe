"""The whole programme as one compact mixed-integer programme, in plain arrays that any solver takes.

A column per row (mode) and period, per exit, per place, period and layer of opening; works are linked to openings one
by one, rest periods are cliques over a window. Money in euros, other uses in their own units, as floating numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from integralie.verbs.programme.count import MILLION
from integralie.verbs.programme.problem import APART, CENTS, EXIT, FORBIDDEN, LATER, UNLIMITED, Ints, Problem

Floats = npt.NDArray[np.float64]


@dataclass
class Compact:
    """min cost x, low <= A x <= high, lower <= x <= upper, x whole where `whole`; `done` (A, T) are columns, -1 none."""

    cost: Floats
    lower: Floats
    upper: Floats
    whole: npt.NDArray[np.bool_]
    matrix: sparse.csr_matrix
    low: Floats
    high: Floats
    done: Ints  # (A, T) column of doing row a in period t
    exits: Ints  # (W,) column of not doing it
    opened: Ints  # (P, T, 3) column of opening
    limit: Ints  # (R, T) row of the matrix that holds the capacity, -1 is none

    def picks(self, problem: Problem, values: Floats) -> Ints:
        """The pick of each work in a solution."""
        pick = np.full(problem.works, EXIT, np.int64)
        a, t = np.nonzero(self.done >= 0)
        taken = values[self.done[a, t]] > 0.5
        a, t = a[taken], t[taken]
        work = problem.work_of[a]
        pick[work] = (a - problem.arrays.alt[work]) * problem.periods + t
        return pick

    def values(self, problem: Problem, pick: Ints) -> Floats:
        """The choices and openings of a plan, others zero: a start for a solver that completes it."""
        out = np.zeros(len(self.cost))
        row = problem.arrays.alt[:-1] + pick // problem.periods
        done = pick >= 0
        out[self.done[row[done], pick[done] % problem.periods]] = 1.0
        out[self.exits[~done]] = 1.0
        covered, place = _covered(problem)
        taken = np.full(len(problem.arrays.layer), -1, np.int64)
        taken[row[done]] = pick[done] % problem.periods
        deep = np.full(self.opened.shape[:2], -1, np.int64)
        held = taken[covered] >= 0
        np.maximum.at(deep, (place[held], taken[covered[held]]), problem.arrays.layer[covered[held]])
        s, t = np.nonzero(deep >= 0)
        out[self.opened[s, t, deep[s, t]]] = 1.0
        return out


@dataclass
class _Growing:
    """Columns and rows while the model grows; entries are kept as arrays."""

    cost: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)
    whole: list[npt.NDArray[np.bool_]] = field(default_factory=list)
    entries: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)
    low: list[Floats] = field(default_factory=list)
    high: list[Floats] = field(default_factory=list)
    columns: int = 0
    rows: int = 0

    def more(self, cost: Floats, upper: float | Floats = 1.0, whole: bool = True) -> Ints:
        """Further columns; their numbers."""
        made = np.arange(self.columns, self.columns + len(cost))
        self.cost.append(np.asarray(cost, float))
        self.upper.append(np.broadcast_to(np.asarray(upper, float), (len(cost),)))
        self.whole.append(np.full(len(cost), whole))
        self.columns += len(cost)
        return made

    def limit(self, many: int, low: float | Floats, high: float | Floats) -> Ints:
        """Further rows; their numbers."""
        made = np.arange(self.rows, self.rows + many)
        self.low.append(np.broadcast_to(np.asarray(low, float), (many,)))
        self.high.append(np.broadcast_to(np.asarray(high, float), (many,)))
        self.rows += many
        return made

    def put(self, row: Ints, column: Ints, value: float | Floats) -> None:
        row = np.asarray(row)
        self.entries.append((row, np.asarray(column), np.broadcast_to(np.asarray(value, float), row.shape)))


def compact(problem: Problem) -> Compact:
    """The compact model of a problem."""
    g, p = _Growing(), problem.arrays
    a, t = np.nonzero(p.cost < FORBIDDEN)
    done = np.full(p.cost.shape, -1, np.int64)
    done[a, t] = g.more(p.cost[a, t] / CENTS)
    free = p.defer < FORBIDDEN
    exits = g.more(np.where(free, p.defer, 0) / CENTS, np.where(free, 1.0, 0.0))
    once = g.limit(problem.works, 1.0, 1.0)
    g.put(once[problem.work_of[a]], done[a, t], 1.0)
    g.put(once, exits, 1.0)
    opened = _openings(problem, g, done)
    _ties(problem, g, done)
    _crowds(problem, g, done)
    limit = _limits(problem, g, done, opened)
    row, column, value = (np.concatenate(x) for x in zip(*g.entries))
    matrix = sparse.csr_matrix((value, (row, column)), shape=(g.rows, g.columns))
    upper = np.concatenate(g.upper)
    return Compact(
        np.concatenate(g.cost), np.zeros(g.columns), upper, np.concatenate(g.whole), matrix, np.concatenate(g.low),
        np.concatenate(g.high), done, exits, opened, limit,
    )  # fmt: skip


def _openings(problem: Problem, g: _Growing, done: Ints) -> Ints:
    """Openings per place, period and layer that some work could use; works need one that is deep enough."""
    p, periods = problem.arrays, problem.periods
    row, place = _covered(problem)
    used = np.zeros((len(p.rest), periods, 3), bool)
    for k in range(3):
        hit = p.layer[row] == k
        np.logical_or.at(used[:, :, k], place[hit], done[row[hit]] >= 0)
    opened = np.full(used.shape, -1, np.int64)
    s, t, layer = np.nonzero(used)
    early = (p.rest_price[s, t] < 0) & (p.at[t] - p.at[0] + p.since[s] < p.rest[s])
    opened[s, t, layer] = g.more(p.open_cost[s, t, layer] / CENTS, np.where(early, 0.0, 1.0))
    x, u = np.nonzero(done[row] >= 0)
    link = g.limit(len(x), -np.inf, 0.0)
    g.put(link, done[row[x], u], 1.0)
    for k in range(3):
        column = opened[place[x], u, k]
        deep = (column >= 0) & (k >= p.layer[row[x]])
        g.put(link[deep], column[deep], -1.0)
    s, t = np.nonzero(used.any(axis=2))
    single = g.limit(len(s), -np.inf, 1.0)
    for k in range(3):
        held = opened[s, t, k] >= 0
        g.put(single[held], opened[s, t, k][held], 1.0)
    if (p.least_price > 0).any() or (np.diff(p.open_amount, axis=1) < 0).any():
        _needed(problem, g, opened, done, row[x], place[x], u)
    _rests(problem, g, opened)
    return opened


def _needed(problem: Problem, g: _Growing, opened: Ints, done: Ints, row: Ints, place: Ints, t: Ints) -> None:
    """No place is opened to a layer that no work needs, only to spend more of what should be spent."""
    spot = np.full(opened.shape, -1, np.int64)
    held = opened >= 0
    spot[held] = g.limit(int(held.sum()), -np.inf, 0.0)
    g.put(spot[held], opened[held], 1.0)
    g.put(spot[place, t, problem.arrays.layer[row]], done[row, t], -1.0)


def _covered(problem: Problem) -> tuple[Ints, Ints]:
    """Every row with every place that it opens."""
    p = problem.arrays
    first = p.place[problem.unit_of[problem.work_of]]
    rows, places = [], []
    for bit in range(int(p.cover.max(initial=0)).bit_length()):
        hit = np.flatnonzero((p.cover >> bit) & 1)
        rows.append(hit)
        places.append(first[hit] + bit)
    none = np.zeros(0, np.int64)
    return (np.concatenate(rows), np.concatenate(places)) if rows else (none, none)


def _rests(problem: Problem, g: _Growing, opened: Ints) -> None:
    p = problem.arrays
    for t in range(problem.periods):
        soon = [u for u in range(t, problem.periods) if u == t or p.at[u] - p.at[t] < p.rest.max(initial=0)]
        hard = np.flatnonzero((p.rest_price[:, t] < 0) & (p.rest > 1))
        window = g.limit(len(hard), -np.inf, 1.0)
        for u in soon:
            near = p.at[u] - p.at[t] < p.rest[hard]
            for k in range(3):
                held = near & (opened[hard, u, k] >= 0)
                g.put(window[held], opened[hard[held], u, k], 1.0)
        _priced_rest(problem, g, opened, t)


def _priced_rest(problem: Problem, g: _Growing, opened: Ints, t: int) -> None:
    """What an opening in period t pays for coming too early after the nearest one before it."""
    p = problem.arrays
    any_: Any = (opened >= 0).any(axis=2)
    priced = np.flatnonzero((p.rest_price[:, t] > 0) & (p.rest > 0) & any_[:, t])
    if not len(priced):
        return
    extra = g.more(np.ones(len(priced)), np.inf, False)
    price = p.rest_price[priced, t] / CENTS
    for u in range(-1, t):
        gap = p.at[t] - p.at[u] if u >= 0 else p.at[t] - p.at[0] + p.since[priced]
        short = price * np.maximum(p.rest[priced] - gap, 0)
        held = np.flatnonzero((short > 0) & (any_[priced, u] if u >= 0 else True))
        row = g.limit(len(held), -short[held] if u >= 0 else 0.0, np.inf)
        g.put(row, extra[held], 1.0)
        for v in (t, u) if u >= 0 else (t,):
            for k in range(3):
                column = opened[priced[held], v, k]
                there = column >= 0
                g.put(row[there], column[there], -short[held][there])


def _by(problem: Problem, done: Ints, work: int, upto: int) -> Ints:
    """The columns of doing a work in a period up to and with `upto`."""
    p = problem.arrays
    held = done[p.alt[work] : p.alt[work + 1], : max(upto + 1, 0)]
    return held[held >= 0]


def _ties(problem: Problem, g: _Growing, done: Ints) -> None:
    p = problem.arrays
    for b in np.flatnonzero(np.diff(p.tie_start)):
        for i, j, kind in p.tie[p.tie_start[b] : p.tie_start[b + 1]]:
            first, second = int(p.first[b] + i), int(p.first[b] + j)
            for t in range(problem.periods):
                if kind == APART:
                    both = np.concatenate([done[p.alt[w] : p.alt[w + 1], t] for w in (first, second)])
                    both = both[both >= 0]
                    row = g.limit(1, -np.inf, 1.0)
                    g.put(np.repeat(row, len(both)), both, 1.0)
                    continue
                later, earlier = _by(problem, done, second, t), _by(problem, done, first, t - int(kind == LATER))
                row = g.limit(1, -np.inf, 0.0)
                g.put(np.repeat(row, len(later)), later, 1.0)
                g.put(np.repeat(row, len(earlier)), earlier, -1.0)


def _crowds(problem: Problem, g: _Growing, done: Ints) -> None:
    p = problem.arrays
    unit = problem.unit_of[problem.work_of]
    for b in np.flatnonzero(p.crowd_price > 0):
        rows = np.flatnonzero((unit == b) & (p.layer >= 0))
        for t in range(problem.periods):
            columns = done[rows, t][done[rows, t] >= 0]
            if len(columns) <= p.crowd[b]:
                continue
            extra = g.more(np.array([p.crowd_price[b] / CENTS]), np.inf, False)
            row = g.limit(1, -np.inf, float(p.crowd[b]))
            g.put(np.repeat(row, len(columns)), columns, 1.0)
            g.put(row, extra, -1.0)


def _limits(problem: Problem, g: _Growing, done: Ints, opened: Ints) -> Ints:
    """Capacities with what is carried over and what bends, and least uses."""
    p = problem.arrays
    resource, period, column, amount = _uses(problem, done, opened)
    limited = p.capacity != UNLIMITED
    wants = problem.wants
    limit, least = np.full(limited.shape, -1, np.int64), np.full(limited.shape, -1, np.int64)
    r, t = np.nonzero(limited)
    limit[r, t] = g.limit(len(r), -np.inf, p.capacity[r, t] / CENTS)
    r, t = np.nonzero(wants)
    least[r, t] = g.limit(len(r), p.least[r, t] / CENTS, np.inf)
    g.put(least[r, t], g.more(p.least_price[r] / MILLION, np.inf, False), 1.0)
    for rows in (limit, least):
        held = rows[resource, period] >= 0
        g.put(rows[resource, period][held], column[held], amount[held])
    r, t = np.nonzero((p.carry[:, :-1] > 0) & limited[:, 1:])
    kept = g.more(np.zeros(len(r)), p.carry[r, t] / CENTS, False)
    here = limit[r, t] >= 0
    g.put(limit[r, t][here], kept[here], 1.0)
    g.put(limit[r, t + 1], kept, -1.0)
    for s in range(p.slope.shape[1]):
        r, t = np.nonzero(limited & (p.soft > s)[:, None])
        top = np.where(p.soft[r] - 1 == s, np.inf, p.width[r, s] / CENTS)
        g.put(limit[r, t], g.more(p.slope[r, s] / MILLION, top, False), -1.0)
    return limit


def _uses(problem: Problem, done: Ints, opened: Ints) -> tuple[Ints, Ints, Ints, Floats]:
    """Who uses what: resource, period, column, amount."""
    p, periods = problem.arrays, problem.periods
    a, t = np.nonzero(done >= 0)
    parts: list[tuple[Ints, Ints, Ints, Ints]] = []
    for who, use in ((p.budget, p.cash), (p.crew, p.days)):
        amount = use[a, t if use.shape[1] > 1 else 0]
        held = (who[a] >= 0) & (amount != 0)
        parts += _spread_out(p.adds_up, periods, who[a][held], t[held], done[a, t][held], amount[held])
    row = np.repeat(np.arange(len(p.layer)), np.diff(p.use_start))
    u, v = np.nonzero(done[row] >= 0) if len(row) else (np.zeros(0, np.int64),) * 2
    parts += _spread_out(p.adds_up, periods, p.use_row[u], v + p.use_shift[u], done[row[u], v], p.use_amount[u])
    s, w, layer = np.nonzero(opened >= 0)
    cash = p.open_cash[s, w if p.open_cash.shape[1] > 1 else 0, layer]
    held = (p.open_budget[s] >= 0) & (cash > 0)
    parts += _spread_out(p.adds_up, periods, p.open_budget[s][held], w[held], opened[s, w, layer][held], cash[held])
    place = np.repeat(np.arange(len(p.rest)), np.diff(p.open_start))
    for k in range(3):
        x, w = np.nonzero(opened[place, :, k] >= 0) if len(place) else (np.zeros(0, np.int64),) * 2
        parts += _spread_out(p.adds_up, periods, p.open_row[x], w, opened[place[x], w, k], p.open_amount[x, k])
    resource, period, column, amount = (np.concatenate(x) for x in zip(*parts))
    return resource, period, column, amount / CENTS


def _spread_out(
    adds_up: Ints, periods: int, resource: Ints, period: Ints, column: Ints, amount: Ints
) -> list[tuple[Ints, Ints, Ints, Ints]]:
    """Uses in their own period, and where use adds up in all later ones as well."""
    inside = (period < periods) & (amount != 0)
    resource, period, column, amount = resource[inside], period[inside], column[inside], amount[inside]
    on = adds_up[resource] > 0 if len(resource) else np.zeros(0, bool)
    out = [(resource[~on], period[~on], column[~on], amount[~on])]
    for later in range(periods if on.any() else 0):
        hit = on & (period <= later)
        out.append((resource[hit], np.full(int(hit.sum()), later), column[hit], amount[hit]))
    return out
