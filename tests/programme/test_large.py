"""What is only used where there are many blocks or many local limits, tried on problems small enough to judge."""

from __future__ import annotations

import time

import numpy as np
import pytest
from brute import cheapest, random_arrays
from families import make
from hypothesis import given, settings
from hypothesis import strategies as st

from integralie.checker import check_arrays
from integralie.verbs.programme import Problem, count, focus, improve, solve
from integralie.verbs.programme import prices as search_for_prices
from integralie.verbs.programme.climbing import climb, slope_of_worth
from integralie.verbs.programme.focus import focused, regret
from integralie.verbs.programme.in_turn import in_turn
from integralie.verbs.programme.prices import Dual, binding, search
from integralie.verbs.programme.pricing import cheapest as cheapest_at
from integralie.verbs.programme.pricing import least_price, most_price, worth
from integralie.verbs.programme.round import Plan


@pytest.fixture(scope="module")
def town() -> Problem:
    return Problem.from_arrays(**make("all_terms", 600, 3).arrays)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**9))
def test_no_price_of_the_climb_promises_more_than_the_best_programme(seed: int) -> None:
    arrays = random_arrays(np.random.default_rng(seed))
    best = cheapest(arrays)
    if best is None:
        return
    problem = Problem.from_arrays(**arrays)
    price, bound, plans = climb(problem, binding(problem), time.monotonic() + 20, 30)
    assert bound <= best + 1e-6 * abs(best) + 1
    assert (price >= least_price(problem)).all() and (price <= most_price(problem)).all()
    assert plans
    plan = Plan(problem)
    in_turn(plan, price)
    assert plan.feasible and plan.cost >= best


def test_the_slope_of_worth_is_what_worth_changes_by(town: Problem) -> None:
    random = np.random.default_rng(5)
    low, high = least_price(town), np.minimum(most_price(town), 50.0)
    price = low + (high - low) * random.random(low.shape) * (random.random(low.shape) < 0.5)
    step = 1e-7 * (high - low)
    for _ in range(5):
        toward = step * random.random(low.shape)
        change = worth(town, price + toward) - worth(town, price)
        assert change == pytest.approx((slope_of_worth(town, price + toward / 2) * toward).sum(), rel=1e-3, abs=1.0)


def test_the_climb_comes_near_the_linear_programme(town: Problem) -> None:
    until = time.monotonic() + 60
    nothing = float(cheapest_at(town, np.zeros(town.capacity.shape)).low.sum())
    _, climbed, _ = climb(town, binding(town), until, 80)
    best = search(town, until).bound
    assert nothing < climbed
    assert climbed - nothing > 0.85 * (best - nothing)


def test_the_worst_placed_blocks_are_put_back_better(town: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(focus, "MOST_LAPS", 3)
    until = time.monotonic() + 60
    price, bound, plans = climb(town, binding(town), until, 30)
    plan = Plan(town)
    in_turn(plan, price)
    low = cheapest_at(town, price).low
    lost = regret(town, plan.pick, price, low)
    assert (lost >= -1e-6 * np.abs(low) - 1).all()
    better = focused(town, plan, Dual(price, bound, plans), until)
    assert better.feasible and better.cost < plan.cost
    assert better.cost == count.total_cost(town, better.pick)


def test_a_large_programme_is_certified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_for_prices, "SAMPLE", 40)
    monkeypatch.setattr(search_for_prices, "ALL_ROWS", 100)
    monkeypatch.setattr(improve, "MOST_UNITS", 100)
    monkeypatch.setattr(focus, "MOST_LAPS", 3)
    problem = Problem.from_arrays(**make("all_terms", 800, 4).arrays)
    assert search_for_prices.many_local(problem)
    result = solve(problem, 30)
    verdict = check_arrays(
        problem, result.period, result.certificate.prices, row=result.row, charges=result.certificate.charges
    )
    assert verdict.proven, verdict.sentences
    assert verdict.objective == result.objective and result.gap < 0.05


def test_prices_from_ever_larger_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_for_prices, "SAMPLE", 20)
    problem = Problem.from_arrays(**make("sections", 3000, 4).arrays)
    assert problem.units > 3 * 10 * 20
    sampled = search_for_prices.find_prices(problem, time.monotonic() + 30)
    whole = search(problem, time.monotonic() + 30)
    assert sampled.bound == pytest.approx(whole.bound, rel=1e-3)
