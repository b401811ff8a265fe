"""The engine on plain arrays: against all programmes of tiny problems, and on instances that nobody would make by
hand.
"""

from __future__ import annotations

import itertools
import time

import highspy
import numpy as np
import pytest
from brute import (
    Arrays,
    Plan,
    block_cost,
    charges,
    cheapest,
    cost_of,
    each,
    options,
    plan_of,
    random_arrays,
    used,
    works_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from integralie.checker import check_arrays
from integralie.checker.prices import allowed, bound
from integralie.errors import DataError, Infeasible
from integralie.verbs.programme import Problem, count, pricing, solve
from integralie.verbs.programme.complete import complete
from integralie.verbs.programme.problem import decode, needed_by_fixed

BASE = {
    "block": np.array([0, 0, 1]),
    "cost": np.array([[10.0, 12.0, 14.0], [11.0, 10.0, 12.0], [5.0, 4.0, 3.0]]),
    "defer_cost": np.array([50.0, 50.0, 50.0]),
    "opening_cost": 5.0,
}


def certified(problem: Problem, **options: object):
    """The result, after the stand-alone checker agreed with every number of it."""
    result = solve(problem, **options)
    verdict = check_arrays(
        problem, result.period, result.certificate.prices, row=result.row, charges=result.certificate.charges
    )
    assert verdict.proven, verdict.sentences
    assert verdict.objective == result.objective
    assert verdict.lower_bound <= result.objective
    return result


def drawn(seed: int) -> tuple[Arrays, int | None]:
    """A tiny problem and the least that it can cost."""
    arrays = random_arrays(np.random.default_rng(seed))
    return arrays, cheapest(arrays)


def made(arrays: Arrays) -> Problem:
    problem = Problem.from_arrays(**arrays)
    assert (problem.cost < 2**60).sum() <= 1500, "small enough for complete search"
    return problem


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_tiny_problems_are_solved_to_the_best(seed: int) -> None:
    arrays, best = drawn(seed)
    if best is None:
        with pytest.raises(Infeasible):
            Problem.from_arrays(**arrays)
        return
    result = certified(made(arrays))
    plan = plan_of(arrays, result)
    assert cost_of(arrays, plan) == result.certificate.objective
    assert result.certificate.used[: len(arrays["capacity"])].tolist() == used_of(arrays, plan)
    assert result.certificate.lower_bound <= best
    assert result.certificate.objective == best
    for work, rows in zip(plan, works_of(arrays)):
        fixed = int(each(arrays, "fixed", -1, rows[0]))
        assert fixed < 0 or work[1] == fixed


def used_of(arrays: Arrays, plan: Plan) -> list:
    """What the plan uses; where use adds up, in the period itself (the certificate adds up too)."""
    return used(arrays, plan).tolist()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_the_compact_model_is_the_same_problem(seed: int) -> None:
    arrays, best = drawn(seed)
    if best is None:
        return
    problem = made(arrays)
    pick, proven = complete(problem, needed_by_fixed(problem), time.monotonic() + 20)
    assert proven
    assert count.total_cost(problem, pick) == best


def test_who_used_highs_before_in_this_process_changes_nothing() -> None:
    problem = Problem.from_arrays(**BASE)
    alone = complete(problem, needed_by_fixed(problem), time.monotonic() + 20)
    highspy.Highs.resetGlobalScheduler(True)
    other = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 2)):
        other.setOptionValue(option, value)
    other.addVar(0.0, 1.0)
    assert other.run() == highspy.HighsStatus.kOk
    after = complete(problem, needed_by_fixed(problem), time.monotonic() + 20)
    assert after[1] and after[0].tolist() == alone[0].tolist()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_any_price_list_gives_a_bound_and_the_checker_proves_no_less(seed: int) -> None:
    arrays, best = drawn(seed)
    if best is None:
        return
    problem, rng = Problem.from_arrays(**arrays), np.random.default_rng(seed)
    for _ in range(4):
        price = rng.integers(-4 * 10**6, 9 * 10**6, problem.capacity.shape)
        price = allowed(problem, np.where(rng.random(price.shape) < 0.6, price, 0))
        low = pricing.proven_bound(problem, price)
        assert low <= bound(problem, price) <= best


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_the_checker_counts_any_plan_as_the_judge_does(seed: int) -> None:
    arrays, best = drawn(seed)
    if best is None:
        return
    problem, rng = Problem.from_arrays(**arrays), np.random.default_rng(seed)
    position = np.argsort(problem.order)
    none = np.zeros(problem.capacity.shape, np.int64)
    for _ in range(8):
        plan = tuple(held[rng.integers(len(held))] for held in options(arrays))
        if any(d is not None and problem.cost[position[d[0]], d[1]] >= 2**60 for d in plan):
            continue  # dearer than the exit, so not an option of the engine
        row, period = (np.array([-1 if d is None else d[k] for d in plan]) for k in (0, 1))
        verdict, cost = check_arrays(problem, period, none, row), cost_of(arrays, plan)
        assert verdict.proven == (cost is not None)
        assert cost is None or round(verdict.objective * 100) == cost


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.booleans())
def test_the_oracle_finds_the_cheapest_plan_of_every_block(seed: int, whole: bool) -> None:
    rng = np.random.default_rng(seed)
    arrays = {k: v for k, v in random_arrays(rng).items() if k not in ("before", "apart", "together", "fixed")}
    problem = Problem.from_arrays(**arrays)
    price = allowed(problem, rng.integers(-4 * 10**6, 9 * 10**6, problem.capacity.shape))
    laid = pricing.effective(problem, price)
    plans = pricing.cheapest(problem, price if whole else price / pricing.MILLION)
    for label in np.unique(problem.labels):
        units = np.flatnonzero(problem.labels == label)
        apart, works = _of_block(arrays, problem, units)
        best = min(c for plan in itertools.product(*options(apart)) if (c := _priced(apart, plan, laid)) is not None)
        own = _priced(apart, _picked(apart, problem, plans.pick, works), laid)
        slack = 0.0 if whole else 30.0  # whole prices round every charge down to a cent
        assert plans.low[units].sum() <= best + slack
        assert own is not None
        assert own == pytest.approx(plans.value[units].sum(), abs=slack)
        if _exact(problem, units):
            assert plans.low[units].sum() == pytest.approx(best, abs=slack)


def _of_block(arrays: Arrays, problem: Problem, units: np.ndarray) -> tuple[Arrays, list[int]]:
    """The same arguments with only the works of these units able to be done, the others free to leave out."""
    works = [int(problem.work_order[i]) for u in units for i in range(problem.first[u], problem.first[u + 1])]
    rows = [a for i, held in enumerate(works_of(arrays)) if i not in works for a in held]
    cost, wait = arrays["cost"].copy(), np.array(arrays["defer_cost"])
    cost[rows], wait[rows] = np.nan, 0.0
    return {**arrays, "cost": cost, "defer_cost": wait}, works


def _picked(arrays: Arrays, problem: Problem, pick: np.ndarray, works: list[int]) -> Plan:
    """The picks of some works as a plan of the judge."""
    row, period = decode(problem, pick)
    out: list = [None] * problem.works
    for i, work in enumerate(problem.work_order):
        if work in works and row[i] >= 0:
            out[work] = (int(problem.order[row[i]]), int(period[i]))
    return tuple(out)


def _priced(arrays: Arrays, plan: Plan, laid: np.ndarray) -> int | None:
    """What a plan costs with every use paid, each charge rounded down to a cent."""
    own = block_cost(arrays, plan)
    return None if own is None else own + sum(int(laid[r, t]) * a // 10**6 for r, t, a in charges(arrays, plan))


def _exact(problem: Problem, units: np.ndarray) -> bool:
    """Whether the oracle promises the very least: one place at most, or no rest period; all modes open it."""
    places = [s for u in units for s in range(problem.place[u], problem.place[u + 1])]
    rows = [a for u in units for a in range(problem.alt[problem.first[u]], problem.alt[problem.first[u + 1]])]
    return not any(problem.rest[s] > 0 for s in places) or (len(places) == 1 and (problem.layer[rows] >= 0).all())


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 2))
def test_more_budget_never_costs_more(seed: int, row: int) -> None:
    arrays, best = drawn(seed)
    if best is None or "minimum" in arrays:
        return
    more = arrays["capacity"].copy()
    more[row % len(more)] += 7
    assert solve(made({**arrays, "capacity": more})).objective <= best / 100


def test_a_start_is_never_made_worse() -> None:
    arrays = large(60, np.random.default_rng(5))
    first = solve(Problem.from_arrays(**arrays))
    more = {**arrays, "capacity": arrays["capacity"] * 1.05}
    assert solve(Problem.from_arrays(**more), start=first.period).objective <= first.objective


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**9))
def test_any_start_that_fits_is_a_floor_at_once(seed: int) -> None:
    arrays, best = drawn(seed)
    if best is None:
        return
    rng = np.random.default_rng(seed)
    plans = [tuple(held[rng.integers(len(held))] for held in options(arrays)) for _ in range(10)]
    told = [(c, plan) for plan in plans if (c := cost_of(arrays, plan)) is not None]
    if not told:
        return
    cost, plan = min(told, key=lambda x: x[0])
    row, period = (np.array([-1 if d is None else d[k] for d in plan]) for k in (0, 1))
    result = solve(Problem.from_arrays(**arrays), seconds=0, start=(row, period))
    assert result.certificate.objective <= cost
    assert cost_of(arrays, plan_of(arrays, result)) == result.certificate.objective


def test_a_free_work_that_gives_back_makes_room_for_a_fixed_one() -> None:
    arrays, best = drawn(920188)
    assert certified(made(arrays)).certificate.objective == best


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**9))
def test_row_order_does_not_matter(seed: int) -> None:
    arrays, best = drawn(seed)
    if best is None:
        return
    order = np.random.default_rng(seed).permutation(len(arrays["block"]))
    to = np.argsort(order)
    other = {**arrays, **{k: arrays[k][order] for k in ROWS if k in arrays}}
    for name, columns in (("covers", 1), ("uses", 1), ("before", 2), ("apart", 2), ("together", 2)):
        if name in arrays:
            other[name] = tuple(to[v] if n < columns else v for n, v in enumerate(arrays[name]))
    if "fixed" in arrays:  # the first row speaks for its work
        lead = {a: rows[0] for rows in works_of(arrays) for a in rows}
        other["fixed"], other["defer_cost"] = (arrays[k][[lead[a] for a in order]] for k in ("fixed", "defer_cost"))
    other["defer_cost"] = arrays["defer_cost"][[rows[0] for a in order for rows in works_of(arrays) if a in rows]]
    assert cheapest(other) == best
    result = solve(made(other))
    assert result.certificate.objective == best


ROWS = ("block", "cost", "cash", "budget", "crew_days", "crew", "layer", "opens", "work")


def large(blocks: int, rng: np.random.Generator, periods: int = 12, most: int = 6, rest: int = 3) -> dict:
    """A random instance of some size."""
    size = rng.integers(1, most + 1, blocks)
    works = int(size.sum())
    cost = rng.uniform(1e3, 1e5, (works, 1)) * rng.uniform(0.8, 1.3, (works, periods))
    cost[rng.random((works, periods)) < 0.3] = np.nan
    cash = rng.uniform(1e3, 1e5, works)
    owner = rng.integers(0, 3, works)
    return {
        "block": np.repeat(np.arange(blocks), size), "cost": cost, "cash": cash, "budget": owner,
        "crew_days": rng.uniform(1, 30, works), "crew": 3 + owner, "defer_cost": rng.uniform(5e4, 3e5, works),
        "opening_cost": rng.uniform(0, 3e4, blocks), "opening_cash": rng.uniform(0, 3e4, blocks), "opening_budget": np.zeros(blocks, int),
        "rest": rest, "capacity": np.concatenate([
            np.full((3, periods), cash.sum() / 3 / periods * 0.8), np.full((3, periods), 15.0 * works / 3 / periods)]),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("blocks", "periods", "most", "rest"),
    [(1, 1, 1, 0), (5, 40, 20, 1), (4, 40, 20, 5), (40, 20, 1, 0), (30, 3, 3, 9), (3, 12, 15, 0), (150, 15, 8, 4)],
)
def test_any_shape_is_solved_and_certified(blocks: int, periods: int, most: int, rest: int) -> None:
    arrays = large(blocks, np.random.default_rng(blocks), periods, most, rest)
    result = certified(Problem.from_arrays(**arrays), seconds=20)
    assert result.gap >= 0


@pytest.mark.parametrize("factor", [0.0, 1e-3, 1e4, np.nan])
def test_any_capacity_is_kept(factor: float) -> None:
    arrays = large(20, np.random.default_rng(2))
    arrays["capacity"] = arrays["capacity"] * factor
    result = certified(Problem.from_arrays(**arrays))
    if factor == 0.0:
        assert (result.period == -1).all()
    if np.isnan(factor):
        assert result.gap == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("blocks", [12, 60])  # searched completely, and with ruin and recreate
def test_the_same_problem_gives_the_same_programme(blocks: int) -> None:
    problem = Problem.from_arrays(**large(blocks, np.random.default_rng(5)))
    first, second = solve(problem), solve(problem)
    assert (first.period == second.period).all()
    assert (first.certificate.prices == second.certificate.prices).all()


def test_works_of_one_block_share_an_opening() -> None:
    result = solve(Problem.from_arrays(**BASE))
    assert result.period[0] == result.period[1]
    assert len(result.openings) == 2


def test_a_fixed_work_stays_fixed() -> None:
    result = solve(Problem.from_arrays(**BASE, fixed=np.array([2, -1, -1])))
    assert result.period[0] == 2


def test_fixed_works_that_do_not_fit_are_refused() -> None:
    with pytest.raises(Infeasible, match="fixed works need"):
        Problem.from_arrays(**BASE, cash=9.0, budget=0, capacity=np.zeros((1, 3)), fixed=np.array([2, -1, -1]))


def test_no_works_is_a_programme_too() -> None:
    result = solve(Problem.from_arrays(np.zeros(0, int), np.zeros((0, 4)), defer_cost=np.zeros(0)))
    assert result.objective == 0.0
    assert result.lower_bound == 0.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"defer_cost": None}, "exit"),
        ({"defer_cost": np.array([1.0, np.nan, 1.0])}, "exit"),
        ({"cash": -1.0}, "negative"),
        ({"cash": np.ones(2)}, "shape"),
        ({"budget": 3}, "between"),
        ({"cost": np.ones(3)}, "shape"),
        ({"cost": np.full((3, 3), 1e15)}, "unit"),
        ({"capacity": np.ones((1, 2))}, "shape"),
        ({"capacity": -np.ones((1, 3))}, "negative"),
        ({"last_opened": 2}, "before period 0"),
        ({"block": np.array([0, 1])}, "block"),
        ({"crew_days": "many"}, "numbers"),
        ({"fixed": 7}, "between"),
    ],
)
def test_wrong_arrays_are_told_in_one_sentence(change: dict, message: str) -> None:
    with pytest.raises(DataError, match=message):
        Problem.from_arrays(**{**BASE, **change})
