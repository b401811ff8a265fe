"""Works in different blocks that are done in one period or not at all: they find and leave their period together.

One block at a time can never do that, since each of them would go alone. So the blocks of such a group are planned
anew together, with the group held in each period in turn, and the best is kept. Once it stands, the blocks around it
are improved as all others are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from integralie.verbs.programme import fitting
from integralie.verbs.programme.clock import over
from integralie.verbs.programme.problem import EXIT, FORBIDDEN, Ints, Problem, decode, needed_by_fixed

LOOSE = 1 << 40  # more than any order between works can use
BETTER = 0.5  # cents by which another period must be cheaper

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Group:
    """Works (sorted) that go together, their blocks, the limits that tie them, and all limits that the blocks use."""

    works: Ints
    units: Ints
    ties: Ints
    own: Ints


def groups(problem: Problem) -> list[Group]:
    """All groups: works of different blocks of which each is put before the other. Found once per problem."""
    known: list[Group] | None = problem.__dict__.get("_groups")
    if known is None:
        known = _found(problem)
        object.__setattr__(problem, "_groups", known)
    return known


def _found(problem: Problem) -> list[Group]:
    p = problem.arrays
    row = np.repeat(np.arange(len(p.layer)), np.diff(p.use_start))
    held = (p.use_row >= problem.given) & (p.use_shift == 0)
    held &= (p.adds_up[p.use_row] > 0) if len(p.use_row) else False
    work, tie, first = problem.work_of[row[held]], p.use_row[held], p.use_amount[held] < 0
    one, two = (np.full(len(p.capacity), -1) for _ in range(2))
    one[tie[first]], two[tie[~first]] = work[first], work[~first]
    ties = np.flatnonzero((one >= 0) & (two >= 0))
    a, b = one[ties], two[ties]
    both = np.isin(a * problem.works + b, b * problem.works + a)
    ties, a, b = ties[both], a[both], b[both]
    if not len(ties):
        return []
    graph = csr_array((np.ones(len(a)), (a, b)), shape=(problem.works, problem.works))
    _, label = connected_components(graph, directed=False)
    members = np.unique(np.concatenate([a, b]))
    found = (members[label[members] == k] for k in np.unique(label[members]))
    return [_group(problem, works, ties[np.isin(a, works)]) for works in found]


def _group(problem: Problem, works: Ints, ties: Ints) -> Group:
    p, units = problem.arrays, np.unique(problem.unit_of[works])
    own = np.unique(np.concatenate([p.own[p.own_start[u] : p.own_start[u + 1]] for u in units]))
    return Group(works, units, ties, own)


def settle(plan: Any, price: Floats, share: float, until: float, some: Iterable[Group] | None = None) -> None:
    """Give every group its best period, with what it uses counted at so large a share of the prices; `plan` changes."""
    found = list(groups(plan.problem) if some is None else some)
    if not found:
        return
    p = plan.problem.arrays
    free = p._replace(cost=p.cost.copy(), defer=p.defer.copy())
    for group in found:
        if over(until):
            break
        _settle(plan, group, free, price, share)


def adopt(plan: Any, units: Ints, wanted: Ints) -> npt.NDArray[np.bool_]:
    """As `plan.adopt`, with groups as they are wanted in all their blocks or in none; tells which blocks got their plan."""
    found = groups(plan.problem)
    ties = np.concatenate([g.ties for g in found]) if found else np.zeros(0, np.int64)
    plan.left[ties] += LOOSE
    got = np.asarray(plan.adopt(units, wanted), bool)
    least, p = needed_by_fixed(plan.problem), plan.problem.arrays
    at = decode(plan.problem, wanted)[1]
    parted = {k for k, g in enumerate(found) if np.ptp(at[g.works]) > 0}  # wanted in different periods
    while broken := [g for k, g in enumerate(found) if got[g.units].any() and (k in parted or not got[g.units].all())]:
        out = np.unique(np.concatenate([g.units[got[g.units]] for g in broken]))
        fitting.adopt(out, least, plan.pick, plan.left, p)
        got[out] = False
    plan.left[ties] -= LOOSE
    return got


def apart(plan: Any, wanted: Ints) -> list[Group]:
    """The groups that do not stand as was wanted."""
    return [g for g in groups(plan.problem) if (plan.pick[g.works] != wanted[g.works]).any()]


def _settle(plan: Any, group: Group, free: Any, price: Floats, share: float) -> None:
    p, spans = plan.problem.arrays, _spans(plan.problem, group)
    before = plan.pick[spans].copy(), plan.left[group.own].copy()
    best, lowest = before, _value(plan, group, price, share) - BETTER
    for period in _periods(plan.problem, group):
        _hold(plan.problem, group, free, period)
        plan.left[group.ties] += LOOSE
        fitting.refit(group.units, price, share, plan.natural, plan.pick, plan.left, free)
        plan.left[group.ties] -= LOOSE
        stands = (decode(plan.problem, plan.pick)[1][group.works] == period).all()
        value = _value(plan, group, price, share) if stands else np.inf
        if value < lowest:
            best, lowest = (plan.pick[spans].copy(), plan.left[group.own].copy()), value
        plan.pick[spans], plan.left[group.own] = before
    plan.pick[spans], plan.left[group.own] = best
    rows = _rows(plan.problem, group)
    free.cost[rows], free.defer[group.works] = p.cost[rows], p.defer[group.works]


def _spans(problem: Problem, group: Group) -> Ints:
    """The places of all works of the blocks."""
    first = problem.arrays.first
    return np.concatenate([np.arange(first[u], first[u + 1]) for u in group.units])


def _rows(problem: Problem, group: Group) -> Ints:
    """The rows (modes) of the works of the group."""
    alt = problem.arrays.alt
    return np.concatenate([np.arange(alt[w], alt[w + 1]) for w in group.works])


def _periods(problem: Problem, group: Group) -> list[int]:
    """The periods in which all works of the group can be done; -1 where all can be left."""
    p = problem.arrays
    can = np.all([(p.cost[p.alt[w] : p.alt[w + 1]] < FORBIDDEN).any(axis=0) for w in group.works], axis=0)
    exits = [EXIT] if (p.defer[group.works] < FORBIDDEN).all() else []
    return [*np.flatnonzero(can).tolist(), *exits]


def _hold(problem: Problem, group: Group, free: Any, period: int) -> None:
    """The costs with no other period for the works of the group."""
    p, rows = problem.arrays, _rows(problem, group)
    free.cost[rows] = FORBIDDEN
    free.defer[group.works] = p.defer[group.works] if period == EXIT else FORBIDDEN
    if period != EXIT:
        free.cost[rows, period] = p.cost[rows, period]


def _value(plan: Any, group: Group, price: Floats, share: float) -> float:
    """What the blocks of the group cost, with what they use of hard limits at a share of the prices."""
    p = plan.problem.arrays
    hard = group.own[(p.soft[group.own] == 0) & (p.least_price[group.own] == 0)]
    used = -float((np.maximum(price[hard], 0.0) * plan.left[hard]).sum()) if share else 0.0
    return float(fitting.standing(group.units, group.own, plan.pick, plan.left, p)) + share * used
