"""Explaining a programme on arrays: why not another period, what else is as good, what more or less money does.

All values are euros of present value. What is said of one work holds *given the rest of the programme*: only where a
difference is larger than the gap of the programme as a whole can it be called proven.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from integralie.errors import DataError
from integralie.verbs.programme import count, oracle, pricing
from integralie.verbs.programme.engine import Result, solve
from integralie.verbs.programme.extend import forced, scaled, with_arrays
from integralie.verbs.programme.prices import select
from integralie.verbs.programme.problem import CENTS, EXIT, FORBIDDEN, NEVER, Ints, Problem, decode, picks
from integralie.verbs.programme.round import Plan

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class WhyNot:
    """What another period for one work would cost, given the rest of the programme.

    `at_prices`: the difference with scarce money and crews at their prices, between the best plans of the block with
    the work in that period and in its own; `terms` takes it apart (works, openings, rest, contract, and each resource
    by number). `given_rest`: the difference to the programme as it stands, when only this block may be planned anew
    within what the rest leaves; None where that does not fit at all. `proven`: the difference at prices is larger than
    the gap of the whole programme.
    """

    at_prices: float | None
    terms: dict[str, float]
    given_rest: float | None
    proven: bool
    moved: tuple[tuple[int, int], ...]  # works (as given) that move when it fits, with their period, -1 is not at all


def sorted_place(problem: Problem, work: int) -> int:
    """The place in the arrays of a work as it was given."""
    hit = np.flatnonzero(problem.work_order == work)
    if not len(hit):
        raise DataError(f"There is no work {work}; the problem has {problem.works} works, counted from 0.")
    return int(hit[0])


def current(problem: Problem, result: Result) -> Ints:
    """The picks of a result, in sorted order."""
    row = np.full(len(problem.order) + 1, -1, np.int64)
    row[problem.order] = np.arange(len(problem.order))
    return picks(problem, row[result.row[problem.work_order]], result.period[problem.work_order])


def why_not(problem: Problem, result: Result, work: int, period: int) -> WhyNot:
    """Why a work is not done in another period (-1: not at all): the block planned anew with the work held there."""
    if not -1 <= period < problem.periods:
        raise DataError(f"There is no period {period}; periods go from 0 to {problem.periods - 1}, -1 is not at all.")
    i = sorted_place(problem, work)
    unit = int(problem.unit_of[i])
    pick = current(problem, result)
    one, local = _alone(problem, result, pick, unit), i - int(problem.arrays.first[unit])
    held = pick[problem.arrays.first[unit] : problem.arrays.first[unit + 1]]
    row, now = decode(one, held)
    stays, other = forced(one, local, int(now[local]), int(row[local])), forced(one, local, period)
    base, best = pricing.cheapest(stays, result.prices), pricing.cheapest(other, result.prices)
    before, after = _apart(one, base.pick, result.prices), _apart(one, best.pick, result.prices)
    possible = bool(max(base.value[0], best.value[0]) < count.BIG / 2)
    terms = {k: after.get(k, 0.0) - before.get(k, 0.0) for k in sorted({*before, *after})}
    total = float(sum(terms.values())) if possible else None
    gap = result.objective - result.lower_bound
    rest, pick = _given_rest(one, other, held, result)
    return WhyNot(
        total, {k: v for k, v in terms.items() if possible and abs(v) > 1 / CENTS}, rest,
        total is not None and total > gap, () if rest is None else _moved(problem, unit, held, pick),
    )  # fmt: skip


def _alone(problem: Problem, result: Result, pick: Ints, unit: int) -> Problem:
    """One block with all that the rest of the programme leaves of every resource."""
    p = problem.arrays
    one = select(problem, np.array([unit]), 1.0)
    own = count.usage(one, pick[p.first[unit] : p.first[unit + 1]])
    others = result.certificate.used - own
    limit = np.where(p.capacity > NEVER, p.capacity - others, p.capacity)
    least = np.where(p.least > NEVER, p.least - others, p.least)
    return with_arrays(one, capacity=limit, least=least)


def _given_rest(one: Problem, other: Problem, held: Ints, result: Result) -> tuple[float | None, Ints]:
    """The difference when the block is planned anew within what is left, and that plan."""
    before = count.total_cost(one, held)
    plan = Plan(other)
    plan.refit(np.zeros(1, np.int64), result.prices, 0.0)
    if not plan.feasible or plan.cost >= count.BIG / 2:
        return None, held
    return (plan.cost - before) / CENTS, plan.pick


def _apart(one: Problem, pick: Ints, prices: Floats) -> dict[str, float]:
    """What a plan of one block costs, taken apart: its works, openings, rest, contract and resources at their prices."""
    p, row, period = one.arrays, *decode(one, pick)
    done = row >= 0
    works = float(p.cost[row[done], period[done]].sum() + p.defer[~done].clip(max=count.BIG).sum())
    total = float(count.unit_costs(one, pick)[0])
    deep = np.full((max(len(p.rest), 1), one.periods), -1, np.int64)
    count.dug(0, pick, p, deep)
    s, t = np.nonzero(deep[: len(p.rest)] >= 0)
    openings = float(p.open_cost[s, t, deep[s, t]].sum())
    rest = float(sum(count.rest_cost(k, deep[k], p) for k in range(len(p.rest))))
    contract = float(count.crowding(0, pick, p))
    out = {"works": works, "openings": openings, "rest": rest, "contract": contract}
    if total >= count.NO:
        out["order"] = float(FORBIDDEN)
    used = count.usage(one, pick)
    for r in np.unique(p.own):
        out[f"resource {r}"] = float((used[r] * prices[r]).sum())
    return {k: v / CENTS for k, v in out.items()}


def _moved(problem: Problem, unit: int, held: Ints, wanted: Ints) -> tuple[tuple[int, int], ...]:
    first = int(problem.arrays.first[unit])
    differ = np.flatnonzero(held != wanted)
    return tuple(
        (int(problem.work_order[first + j]), int(wanted[j] % problem.periods) if wanted[j] >= 0 else -1) for j in differ
    )


def alternatives(
    problem: Problem, result: Result, share: float = 0.005, number: int = 2, seconds: float = 30
) -> list[tuple[Result, float, int]]:
    """Other programmes within a share of the cost of this one, each as different as the engine finds.

    Gives (programme, extra cost in euros, number of works in another period). Every choice that was made before pays a
    little, so that other choices win where they cost nearly the same; the programmes are judged without that. The search
    begins at this programme, and together all that it pays is no more than the share, so what is found stays within it.
    """
    made: list[tuple[Result, float, int]] = []
    taken = [current(problem, result)]
    limit = result.objective * (1 + share)
    for _ in range(number):
        paid = abs(result.objective) * CENTS * share / max(int((taken[0] >= 0).sum()), 1) / len(taken)
        pushed = _pushed(problem, taken, int(paid))
        found = solve(pushed, seconds / number, prices=result.prices, start=(result.row, result.period))
        pick = current(problem, found)
        cost = count.total_cost(problem, pick) / CENTS
        if cost > limit or any((pick == t).all() for t in taken):
            break
        made.append((_judged(problem, found, pick), cost - result.objective, differing(problem, pick, taken[0])))
        taken.append(pick)
    return made


def differing(problem: Problem, one: Ints, other: Ints) -> int:
    """Works that two programmes have in other periods."""
    return int((decode(problem, one)[1] != decode(problem, other)[1]).sum())


def _pushed(problem: Problem, taken: list[Ints], penalty: int) -> Problem:
    """The problem in which every choice that was made before costs a little more."""
    p, cost, defer = problem.arrays, problem.arrays.cost.copy(), problem.arrays.defer.copy()
    for pick in taken:
        row, period = decode(problem, pick)
        done = row >= 0
        cost[row[done], period[done]] += np.where(p.cost[row[done], period[done]] < FORBIDDEN, penalty, 0)
        defer[~done] += np.where(defer[~done] < FORBIDDEN, penalty, 0)
    return with_arrays(problem, cost=cost, defer=defer)


def _judged(problem: Problem, found: Result, pick: Ints) -> Result:
    """The programme as the problem itself counts it."""
    from dataclasses import replace

    from integralie.verbs.programme.certificate import certify

    proof = certify(problem, pick, found.prices, found.certificate.charges)
    gap = (proof.objective - proof.lower_bound) / max(abs(proof.lower_bound), 1)
    return replace(
        found, objective=proof.objective / CENTS, lower_bound=proof.lower_bound / CENTS, gap=gap, certificate=proof
    )


def curve(
    problem: Problem, result: Result, rows: Any, shares: tuple[float, ...] = (0.9, 0.95, 1.05, 1.1), seconds: float = 60
) -> list[tuple[float, Result]]:
    """The programme when some resources are less or more: (share, programme), with the given one at share 1."""
    held = np.unique(np.asarray(rows, np.int64))
    made = [(1.0, result)]
    for share in shares:
        changed = scaled(problem, held, share)
        found = solve(changed, seconds / len(shares), prices=result.prices, start=(result.row, result.period))
        made.append((share, found))
    return sorted(made, key=lambda m: m[0])


def conflicts(problem: Problem, fixed: Ints, capacity: Ints) -> list[tuple[int, int, list[int], int]]:
    """For every resource and period that fixed works overdraw: the smallest set of them that is too much together.

    `fixed` (W,) marks the works that must be done (sorted order), `capacity` (R, T) is what there is. Gives (resource,
    period, works as given, lacking amount): each set loses its conflict when any one of its works is released.
    """
    from integralie.verbs.programme.problem import needed_by_fixed

    pick, p = needed_by_fixed(problem), problem.arrays
    row, period = decode(problem, pick)
    out = []
    over = (count.usage(problem, pick) > capacity) & (capacity > NEVER) & (p.adds_up == 0)[:, None]
    for r, t in zip(*np.nonzero(over)):
        at = np.flatnonzero(fixed & (row >= 0) & (period == t))
        cash = p.cash[row[at], t if p.cash.shape[1] > 1 else 0] * (p.budget[row[at]] == r)
        days = p.days[row[at], t if p.days.shape[1] > 1 else 0] * (p.crew[row[at]] == r)
        amount = cash + days
        order = np.argsort(-amount, kind="stable")
        enough = int(np.searchsorted(np.cumsum(amount[order]), capacity[r, t], side="right"))
        works = [int(problem.work_order[at[k]]) for k in order[: enough + 1] if amount[k] > 0]
        out.append((int(r), int(t), works, int(count.usage(problem, pick)[r, t] - capacity[r, t])))
    return out


def flexibility(problem: Problem, result: Result, earlier: Floats, later: Floats) -> tuple[Floats, Floats]:
    """What a period more at each end of the window of each work is worth (euros, as given; never below zero).

    `earlier`, `later` (N,): present cost in euros of every row in the period before its first and after its last
    allowed one, `nan` where there is none. At the prices of the programme, block by block.
    """
    p = problem.arrays
    base = pricing.cheapest(problem, result.prices)
    out = []
    laid = np.ascontiguousarray(pricing.effective(problem, result.prices))
    allowed = p.cost < FORBIDDEN
    first = np.where(allowed.any(axis=1), np.argmax(allowed, axis=1) - 1, -1)
    last = np.where(allowed.any(axis=1), problem.periods - np.argmax(allowed[:, ::-1], axis=1), problem.periods)
    for at, told in ((first, earlier), (last, later)):
        cost = np.asarray(told, float)[problem.order]
        open_ = np.isfinite(cost) & (at >= 0) & (at < problem.periods)
        cents = np.where(open_, np.floor(np.where(open_, cost, 0) * CENTS + 0.5), FORBIDDEN).astype(np.int64)
        value = np.zeros(problem.works)
        oracle.extended(laid, p, np.where(open_, at, EXIT), cents, value)
        worth = np.maximum(base.value[problem.unit_of] - value, 0.0) / CENTS
        given = np.zeros(problem.works)
        given[problem.work_order] = worth
        out.append(given)
    return out[0], out[1]
