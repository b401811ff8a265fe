"""Every owner alone, with the same engine: nobody knows what the others do in the street.

An owner is who pays for a work (its budget). Each plans its own works within its own budget and whatever limits its
works use, which it sees in full. The plans are laid on top of each other and made feasible: in order of their years,
each work takes the year its owner wants, or else the cheapest that is left. Openings that happen to fall together
are shared, which is more than would happen without talking.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from integralie.verbs.programme import count
from integralie.verbs.programme.engine import solve as engine
from integralie.verbs.programme.prices import select
from integralie.verbs.programme.problem import NOTHING, UNLIMITED, Arrays, Ints, Problem, rows_of
from rivals.answer import Answer, empty
from rivals.moves import cheapest, options, tools, tried
from rivals.ours import picks_of


def owners(problem: Problem) -> Ints:
    """The owner of each work: the budget that pays its first mode."""
    return np.asarray(problem.arrays.budget[problem.arrays.alt[:-1]])


def alone(problem: Problem, mine: Any) -> Problem:
    """The problem of some works alone: their blocks without the works of others, limits that they use in full."""
    kept = np.flatnonzero(np.bincount(problem.unit_of[mine], minlength=problem.units) > 0)
    return _limits_of(problem, _without(select(problem, kept, 1.0), mine[rows_of(problem.arrays.first, kept)]))


def _without(problem: Problem, mine: Any) -> Problem:
    """The problem without the other works; their ties and uses go along."""
    p, works = problem.arrays, np.flatnonzero(mine)
    rows = rows_of(p.alt, works)
    uses = rows_of(p.use_start, rows)
    number = np.cumsum(mine) - 1
    unit_of_tie = np.repeat(np.arange(problem.units), np.diff(p.tie_start))
    first, second = (p.first[unit_of_tie] + p.tie[:, k] for k in (0, 1))
    held = mine[first] & mine[second]
    starts = _starts(np.bincount(problem.unit_of[works], minlength=problem.units))
    tie = np.stack(
        [
            number[first[held]] - starts[unit_of_tie[held]],
            number[second[held]] - starts[unit_of_tie[held]],
            p.tie[held, 2],
        ],
        axis=1,
    )
    parts: dict[str, Any] = {
        k: getattr(p, k)[rows] for k in ("cost", "cash", "days", "budget", "crew", "layer", "cover")
    }
    parts |= {k: getattr(p, k)[uses] for k in ("use_row", "use_amount", "use_shift")}
    parts |= {"use_start": _starts(np.diff(p.use_start)[rows]), "alt": _starts(np.diff(p.alt)[works]), "first": starts}
    parts |= {
        "tie": np.ascontiguousarray(tie),
        "tie_start": _starts(np.bincount(unit_of_tie[held], minlength=problem.units)),
    }
    parts["defer"] = p.defer[works]
    return Problem(
        p._replace(**parts), np.arange(len(rows)), np.arange(len(works)), problem.labels, problem.place_labels,
        problem.given,
    )  # fmt: skip


def _starts(size: Any) -> Ints:
    return np.concatenate([[0], np.cumsum(size)]).astype(np.int64)


def _limits_of(whole: Problem, part: Problem) -> Problem:
    """Without limits that the works do not use, and without pairs of which the other is not there."""
    p, many = part.arrays, part.arrays.capacity.shape[0]
    used = np.zeros(many, bool)
    for rows in (p.budget, p.crew, p.use_row, p.open_budget, p.open_row):
        used[rows[rows >= 0]] = True
    lost = np.bincount(whole.arrays.use_row, minlength=many) > np.bincount(p.use_row, minlength=many)
    free = ~used | (lost & (np.arange(many) >= part.given))
    own = np.zeros(many, bool)
    own[p.budget[p.budget >= 0]] = own[p.use_row] = True
    none = (~own)[:, None] | free[:, None]
    arrays: Arrays = p._replace(
        capacity=np.where(free[:, None], UNLIMITED, p.capacity), least=np.where(none, NOTHING, p.least),
        least_price=np.where(none[:, 0], 0, p.least_price), carry=np.where(free[:, None], 0, p.carry),
    )  # fmt: skip
    return Problem(arrays, part.order, part.work_order, part.labels, part.place_labels, part.given)


def apart(problem: Problem, seconds: float) -> tuple[Ints, float, float]:
    """The wishes of all owners as picks, what they cost them together, and the bound on that (cents)."""
    wish, cost, low = np.full(problem.works, -1, np.int64), 0.0, 0.0
    owner = owners(problem)
    names, size = np.unique(owner, return_counts=True)
    for name, works in zip(names, size):
        mine = owner == name
        part = alone(problem, mine)
        result = engine(part, seconds * works / problem.works)
        wish[mine] = picks_of(part, result.row, result.period)
        cost, low = cost + result.objective * 100, low + result.lower_bound * 100
    return wish, cost, low


def solve(problem: Problem, seconds: float, seed: int, seen: Any) -> Answer:
    """The plans of all owners together, made feasible."""
    begin = time.monotonic()
    wish, cost, low = apart(problem, 0.8 * seconds)
    pick = empty(problem)
    left = count.left_of(problem, count.usage(problem, pick))
    start, pick_of = options(problem)
    kit, unit = tools(problem), problem.unit_of
    order = np.argsort(np.where(wish < 0, problem.periods, wish % problem.periods), kind="stable")
    moved = 0
    for last in (False, True):
        for i in order:
            if (
                wish[i] >= 0
                and pick[i] < 0
                and not tried(i, unit[i], wish[i], pick, left, problem.arrays, *kit)
                and last
            ):
                cheapest(i, unit[i], start, pick_of, pick, left, problem.arrays, *kit)
                moved += 1
    seen(count.total_cost(problem, pick))
    return Answer(
        pick,
        note=f"{moved} works had to move after all",
        more={"alone": cost / 100, "alone_low": low / 100, "seconds": time.monotonic() - begin},
    )
