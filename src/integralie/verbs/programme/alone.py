"""Options that do not even fit when nothing else is done: they are no options, and no part of one should count.

The prices that prove how good a programme is see a tenth of a work as readily as a whole one. Where a year's budget
pays for one or two works, leaving out what can never be done makes the proof a great deal sharper.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from integralie.verbs.programme import count
from integralie.verbs.programme.problem import FORBIDDEN, Ints, Problem, rows_of

Bools = npt.NDArray[np.bool_]


def without_hopeless(problem: Problem) -> Problem:
    """The problem without the options that alone need more than there is; what must be done keeps all of its own."""
    rows, hopeless = _hopeless(problem)
    if not hopeless.any():
        return problem
    cost = problem.arrays.cost.copy()
    cost[rows] = np.where(hopeless, np.maximum(cost[rows], FORBIDDEN), cost[rows])
    made = replace(problem, arrays=problem.arrays._replace(cost=cost))
    if "_needed" in problem.__dict__:  # what must be done is the same
        object.__setattr__(made, "_needed", problem.__dict__["_needed"])
    return made


def _hopeless(problem: Problem) -> tuple[Ints, Bools]:
    """Some rows, and the periods (rows, T) in which they can never be done; all others always fit alone."""
    p, most = problem.arrays, most_room(problem)
    row, resource, amount = _entries(problem, np.arange(len(p.layer)), whole=False)
    total, row, resource = _sums(problem, row, resource, amount)
    waits = p.defer[problem.work_of] < FORBIDDEN
    suspect = np.unique(row[(total[:, 0] > most.min(axis=1)[resource]) & waits[row]])
    row, resource, amount = _entries(problem, suspect, whole=True)
    total, row, resource = _sums(problem, row, resource, amount)
    out = np.zeros((len(suspect), problem.periods), bool)
    np.logical_or.at(out, np.searchsorted(suspect, row), total > most[resource])
    return suspect, out


def most_room(problem: Problem) -> Ints:
    """What could be used of every resource in every period if nothing else used it (R, T); plenty where use may be
    given back, adds up, or costs something only above the limit.
    """
    p = problem.arrays
    room = count.all_room(count.left_of(problem, np.zeros_like(p.capacity)), p)
    free = (p.soft > 0) | (p.adds_up > 0)
    free[p.use_row[p.use_amount < 0]] = True
    free[p.open_row[(p.open_amount < 0).any(axis=1)]] = True
    return np.where(free[:, None], count.PLENTY, room)


def _entries(problem: Problem, rows: Ints, whole: bool) -> tuple[Ints, Ints, Ints]:
    """What some rows use when they are done alone, their openings included: row, resource, amount (N, T); or its
    largest of all periods (N, 1).
    """
    p, periods = problem.arrays, problem.periods

    def shaped(values: Ints) -> Ints:
        return np.broadcast_to(values, (len(values), periods)) if whole else values.max(axis=1, keepdims=True)

    parts = [(rows, p.budget[rows], shaped(p.cash[rows])), (rows, p.crew[rows], shaped(p.days[rows]))]
    uses = rows_of(p.use_start, rows)
    owner = np.repeat(rows, np.diff(p.use_start)[rows])
    at_once = np.where(p.use_shift == 0, p.use_amount, 0)  # what counts later may fall beyond the horizon
    parts.append((owner, p.use_row[uses], shaped(at_once[uses, None])))
    row, place = _places(problem, rows)
    parts.append((row, p.open_budget[place], shaped(p.open_cash[place, :, p.layer[row]])))
    opened = rows_of(p.open_start, place)
    size = np.diff(p.open_start)[place]
    owner = np.repeat(row, size)
    deeper = np.minimum.accumulate(p.open_amount[:, ::-1], axis=1)[:, ::-1]  # a deeper opening may use less
    parts.append((owner, p.open_row[opened], shaped(deeper[opened, p.layer[owner]][:, None])))
    held = [who >= 0 for _, who, _ in parts]
    return tuple(np.concatenate([x[k][h] for x, h in zip(parts, held)]) for k in range(3))  # type: ignore[return-value]


def _places(problem: Problem, rows: Ints) -> tuple[Ints, Ints]:
    """Every row that opens the street with every place that it opens."""
    p = problem.arrays
    first = p.place[problem.unit_of[problem.work_of[rows]]]
    cover = np.where(p.layer[rows] >= 0, p.cover[rows], 0)
    hit = [np.flatnonzero((cover >> bit) & 1) for bit in range(int(cover.max(initial=0)).bit_length())]
    if not hit:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate([rows[h] for h in hit]), np.concatenate([first[h] + bit for bit, h in enumerate(hit)])


def _sums(problem: Problem, row: Ints, resource: Ints, amount: Ints) -> tuple[Ints, Ints, Ints]:
    """The amounts of one row and resource together."""
    many = max(len(problem.arrays.capacity), 1)
    key, place = np.unique(row * many + resource, return_inverse=True)
    total = np.zeros((len(key), amount.shape[1]), np.int64)
    np.add.at(total, place, amount)
    return total, key // many, key % many
