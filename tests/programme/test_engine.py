"""The engine on plain arrays: against all programmes of tiny problems, and on instances that nobody would make by
hand.
"""

from __future__ import annotations

import numpy as np
import pytest
from brute import cheapest, random_arrays
from hypothesis import given, settings
from hypothesis import strategies as st

from integralie.checker import check_arrays
from integralie.errors import DataError, Infeasible
from integralie.verbs.programme import Problem, solve

BASE = {
    "block": np.array([0, 0, 1]),
    "cost": np.array([[10.0, 12.0, 14.0], [11.0, 10.0, 12.0], [5.0, 4.0, 3.0]]),
    "defer_cost": np.array([50.0, 50.0, 50.0]),
    "opening_cost": 5.0,
}


def certified(problem: Problem, **options: object):
    """The result, after the stand-alone checker agreed with every number of it."""
    result = solve(problem, **options)
    verdict = check_arrays(problem, result.period, result.certificate.prices)
    assert verdict.proven, verdict.sentences
    assert verdict.objective == result.objective
    assert verdict.lower_bound <= result.objective
    return result


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_tiny_problems_are_solved_to_the_best(seed: int) -> None:
    arrays = random_arrays(np.random.default_rng(seed))
    best = cheapest(arrays)
    result = certified(Problem.from_arrays(**arrays))
    assert result.objective == pytest.approx(best, abs=1e-6)
    assert result.lower_bound <= best + 1e-6


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 2))
def test_more_budget_never_scores_worse(seed: int, row: int) -> None:
    arrays = random_arrays(np.random.default_rng(seed))
    before = solve(Problem.from_arrays(**arrays)).objective
    more = arrays["capacity"].copy()
    more[row % len(more)] += 7
    assert solve(Problem.from_arrays(**{**arrays, "capacity": more})).objective <= before + 1e-9


def test_a_start_is_never_made_worse() -> None:
    arrays = large(60, np.random.default_rng(5))
    first = solve(Problem.from_arrays(**arrays))
    more = {**arrays, "capacity": arrays["capacity"] * 1.05}
    assert solve(Problem.from_arrays(**more), start=first.period).objective <= first.objective


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**9))
def test_row_order_does_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    arrays = random_arrays(rng)
    order = rng.permutation(len(arrays["defer_cost"]))
    by_work = ("block", "cost", "cash", "budget", "crew_days", "crew", "defer_cost", "layer", "opens")
    other = {**arrays, **{k: arrays[k][order] for k in by_work}}
    assert solve(Problem.from_arrays(**other)).objective == solve(Problem.from_arrays(**arrays)).objective


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


def test_the_same_problem_gives_the_same_programme() -> None:
    problem = Problem.from_arrays(**large(80, np.random.default_rng(9)))
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
