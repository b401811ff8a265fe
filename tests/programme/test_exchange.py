"""Exchange of places: near the best of small assignment problems, never dearer, feasible, and others left alone."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from integralie.verbs.programme import Problem, exchange
from integralie.verbs.programme.choices import choices, movable
from integralie.verbs.programme.exchange import exchanged
from integralie.verbs.programme.prices import Dual, find_prices
from integralie.verbs.programme.problem import EXIT, decode
from integralie.verbs.programme.round import Plan, from_prices

Arrays = dict[str, Any]


@pytest.fixture(autouse=True)
def few_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "ROUNDS", 200_000)
    monkeypatch.setattr(exchange, "STRETCHES", 6)


def assignment(seed: int, works: int = 14, periods: int = 3, modes: int = 2) -> Arrays:
    """Works of two modes: each uses cash of a year, and days of a crew; what is cheap takes much of both."""
    random, many = np.random.default_rng(seed), works * modes
    cash = random.integers(20, 90, (many, periods)).astype(float)
    return {
        "block": np.repeat(np.arange(works), modes), "work": np.repeat(np.arange(works), modes),
        "cost": 110 - cash + random.integers(0, 30, (many, periods)), "cash": cash, "budget": np.zeros(many, int),
        "crew": np.ones(many, int), "crew_days": random.integers(1, 9, many).astype(float),
        "defer_cost": np.repeat(random.integers(150, 300, works), modes).astype(float), "opens": np.zeros(many, bool),
        "capacity": np.array([[0.7 * 50 * works / periods], [0.9 * 5 * works / periods]]) * np.ones((2, periods)),
    }  # fmt: skip


def best_of_all(problem: Problem) -> int:
    """The cheapest programme in whole cents, by a mixed-integer programme of its own."""
    p, size = problem.arrays, problem.arrays.cost.size
    row, t = np.divmod(np.arange(size), problem.periods)
    cost = np.concatenate([p.cost.ravel(), p.defer])
    once = np.zeros((problem.works, len(cost)))
    once[problem.work_of[row], np.arange(size)] = 1
    once[:, size:] = np.eye(problem.works)
    used = np.zeros(p.capacity.shape + (len(cost),))
    used[p.budget[row], t, np.arange(size)] = p.cash[row, t]
    used[p.crew[row], t, np.arange(size)] = p.days[row, t if p.days.shape[1] > 1 else 0]
    keeps = [LinearConstraint(once, 1, 1), LinearConstraint(used.reshape(-1, len(cost)), -np.inf, p.capacity.ravel())]
    found = milp(
        cost / 100, integrality=np.ones(len(cost)), bounds=Bounds(0, 1), constraints=keeps, options={"mip_rel_gap": 0}
    )
    return int(np.rint(cost @ np.rint(found.x)))


def priced(arrays: Arrays) -> tuple[Problem, Plan, Dual]:
    problem = Problem.from_arrays(**arrays)
    dual = find_prices(problem, time.monotonic() + 20)
    return problem, from_prices(problem, dual.price, dual.plans, time.monotonic() + 20), dual


@pytest.mark.parametrize("seed", range(6))
def test_it_comes_to_the_best_programme_of_small_assignments(seed: int) -> None:
    problem, first, dual = priced(assignment(seed))
    best, found = best_of_all(problem), exchanged(problem, Plan(problem), dual, time.monotonic() + 20)
    assert found.feasible
    assert best <= found.cost <= 1.01 * best
    again = exchanged(problem, first, dual, time.monotonic() + 20)
    assert again.feasible
    assert best <= again.cost <= min(first.cost, 1.01 * best)


def test_the_same_problem_gives_the_same_programme() -> None:
    problem, first, dual = priced(assignment(7))
    one, two = (exchanged(problem, first, dual, time.monotonic() + 20) for _ in range(2))
    assert (one.pick == two.pick).all()


@pytest.mark.parametrize("seed", range(8))
def test_works_of_another_kind_stay_and_keep_their_room(seed: int) -> None:
    arrays = assignment(seed)
    random = np.random.default_rng(seed)
    shared = np.flatnonzero(random.random(14) < 0.4)
    arrays["block"] = np.where(np.isin(arrays["work"], shared), 100 + arrays["work"] // 2, arrays["work"])
    problem, first, dual = priced(arrays)
    movers = np.zeros(problem.works, bool)
    movers[problem.work_of[movable(problem, first.pick).any(axis=1)]] = True
    alone = (np.bincount(problem.unit_of) == 1)[problem.unit_of]
    assert (movers <= alone).all()
    found = exchanged(problem, first, dual, time.monotonic() + 20)
    assert found.feasible
    assert found.cost <= first.cost
    assert (found.pick == first.pick)[~movers].all()


def test_what_opens_or_counts_in_all_later_years_stays() -> None:
    arrays = assignment(3)
    arrays["opens"] = np.isin(arrays["work"], (2, 3))
    problem, first, _ = priced(arrays)
    moves = movable(problem, first.pick).any(axis=1)
    assert not moves[problem.opens[problem.unit_of[problem.work_of]]].any()
    kept = arrays | {"carry": np.array([5.0, 0.0])}
    assert not movable(Problem.from_arrays(**kept), Plan(Problem.from_arrays(**kept)).pick).any()


def test_choices_tell_what_is_left_and_where_each_work_stands() -> None:
    problem, first, dual = priced(assignment(5))
    c, who, option, now = choices(problem, first, dual.price)
    assert (option[now] == first.pick[who[now]]).all()
    assert len(now) == problem.works
    used = np.zeros(len(c.room), np.int64)
    np.add.at(used, c.limit[now], c.use[now])
    row, _ = decode(problem, first.pick)
    assert used.sum() == sum(
        problem.cash[a, first.pick[i] % 3] + problem.days[a, 0] for i, a in enumerate(row) if a >= 0
    )
    assert (c.room - used >= 0).all()
    assert (c.cost[option == EXIT] == problem.defer[who[option == EXIT]]).all()


def test_without_time_or_with_nothing_to_move_the_programme_stays() -> None:
    problem, first, dual = priced(assignment(6))
    assert (exchanged(problem, first, dual, time.monotonic() - 1).pick == first.pick).all()
    one = Problem.from_arrays(
        [0], [[5.0, 4.0]], cash=1.0, budget=0, defer_cost=9.0, opening_cost=1.0, capacity=[[2.0, 2.0]]
    )
    plan = Plan(one)
    assert exchanged(one, plan, Dual(np.zeros((1, 2)), 0.0), time.monotonic() + 5) is plan
