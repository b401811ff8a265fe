"""Living through drawn futures: nothing uncertain changes nothing, what is done stays, and limits tell what they lacked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from integralie.errors import DataError
from integralie.verbs.programme.engine import Result, solve
from integralie.verbs.programme.futures import Chances, Future, draw
from integralie.verbs.programme.problem import Problem
from integralie.verbs.programme.rolling import _Life, rolling

STILL = Chances(price=0, own=0, failing=0, surcharge=0, held_up=0, budget=0, revealed=1)
ROUGH = Chances(price=0.05, own=0.3, failing=0.05, surcharge=0.5, held_up=0.2, budget=0.05, revealed=3)


def street(**further: Any) -> tuple[Problem, Result]:
    """Six works in three streets over six years, with one tight budget."""
    random = np.random.default_rng(4)
    arrays = {
        "block": np.repeat([0, 1, 2], 2), "cost": 100 + random.integers(0, 30, (6, 6)).astype(float), "cash": 50.0,
        "budget": 0, "defer_cost": np.full(6, 400.0), "opening_cost": 20.0, "rest": 2, "capacity": np.full((1, 6), 100.0),
    }  # fmt: skip
    problem = Problem.from_arrays(**{**arrays, **further})
    return problem, solve(problem, 5)


def future(problem: Problem, **changed: Any) -> Any:
    """A future without surprises, but for what is changed."""
    t, w = problem.periods, problem.works
    calm = {
        "price": np.ones(t), "own": np.ones((w, t)), "fails": np.full(w, t), "held_up": np.zeros((w, t), bool),
        "budget": np.ones(t), "surcharge": 0.5,
    }  # fmt: skip
    return lambda p, random: Future(**{**calm, **changed})


def lived(problem: Problem, force: Result, chances: Any, **further: Any) -> Any:
    return rolling(problem, force, chances, **{"futures": 1, "periods": 4, "frozen": 1, "seconds": 0.1, **further})


def test_a_world_that_follows_the_programme_costs_what_was_promised() -> None:
    problem, force = street()
    made = lived(problem, force, STILL, futures=2)
    assert made.cost.tolist() == [force.objective] * 2
    assert made.changed.sum() == made.failed.sum() == made.overdrawn.sum() == 0
    assert made.openings.sum() == 2 * len([t for _, t in force.openings if t < 4])
    assert made.bands()["cost"].low == made.bands()["cost"].high == made.planned == force.objective


def test_dearer_works_cost_more_by_as_much() -> None:
    problem, force = street(capacity=None, budget=-1)
    dearer = lived(problem, force, future(problem, price=np.full(problem.periods, 1.1)), change=1000.0)
    works = force.objective - 20.0 * len(force.openings)
    assert dearer.cost[0] == pytest.approx(force.objective + 0.1 * works)


def test_a_work_that_fails_is_repaired_at_once_in_an_opening_of_its_own() -> None:
    problem, force = street(capacity=None, budget=-1)
    last = int(np.argmax(force.period[problem.work_order]))
    assert force.period[problem.work_order][last] > 0
    fails = np.full(problem.works, problem.periods)
    fails[last] = 0
    made = lived(problem, force, future(problem, fails=fails))
    assert made.failed.tolist() == [[1, 0, 0, 0]] and made.cost[0] > force.objective


def test_a_work_that_fails_before_its_window_stays_repaired() -> None:
    cost = np.full((6, 6), 110.0)
    cost[:, 0] = np.nan  # no work may be done in the first year
    problem, force = street(cost=cost, capacity=None, budget=-1)
    fails = np.full(problem.works, problem.periods)
    fails[2] = 0
    made = lived(problem, force, future(problem, fails=fails))
    assert made.failed.tolist() == [[1, 0, 0, 0]]
    assert force.objective < made.cost[0] < 2 * force.objective, "no programme that breaks a rule is taken for one"
    assert made.late.tolist() == [0]


def test_a_work_that_is_held_up_moves() -> None:
    problem, force = street(capacity=None, budget=-1)
    now = int(force.period[force.period >= 0].min())
    held = np.zeros((problem.works, problem.periods), bool)
    held[force.period[problem.work_order] == now, now] = True
    made = lived(problem, force, future(problem, held_up=held), periods=now + 1)
    assert made.changed[0, now] >= 1 and made.cost[0] > force.objective


def test_what_is_frozen_and_does_not_fit_any_more_is_overdrawn_and_told() -> None:
    problem, force = street()
    now = int(force.period[force.period >= 0].min())
    need = 50.0 * (force.period == now).sum()
    made = lived(problem, force, future(problem, budget=np.full(problem.periods, 0.1)), frozen=now + 1, periods=1)
    assert made.overdrawn.sum() == pytest.approx(need - 10.0)


def test_the_same_seed_draws_the_same_futures() -> None:
    problem, _ = street()
    one, again = (draw(problem, ROUGH, np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(one.own, again.own) and np.array_equal(one.fails, again.fails)
    many = [draw(problem, ROUGH, np.random.default_rng(k)) for k in range(400)]
    assert np.mean([f.price[-1] for f in many]) == pytest.approx(1.0, abs=0.03)
    assert np.mean([f.own[:, -1].mean() for f in many]) == pytest.approx(1.0, abs=0.03)


def test_a_price_for_changes_makes_fewer_of_them() -> None:
    problem, force = street()
    wild, calm = (lived(problem, force, ROUGH, futures=2, change=c) for c in (0.0, 5000.0))
    assert calm.changed.sum() <= wild.changed.sum()


def test_a_rough_world_with_everything_in_it_is_lived_through() -> None:
    cost = 100 + np.random.default_rng(1).integers(0, 30, (8, 5)).astype(float)
    problem, force = street(
        block=np.repeat([0, 1, 2, 3], 2), cost=cost, defer_cost=np.full(8, 300.0), capacity=np.full((1, 5), 120.0), carry=60.0,
        before=([0, 2], [1, 4], [1, 1]), together=([6], [7]), layer=[2, 1, 0, 1, 2, 0, 1, 0], fixed=[-1, -1, -1, 2, -1, -1, -1, -1],
    )  # fmt: skip
    made = lived(problem, force, ROUGH, futures=5, periods=5, frozen=2)
    assert np.isfinite(made.cost).all() and (made.cost > 0).all() and (made.late >= 0).all()
    assert made.failed.sum() > 0 and made.cost.max() < 1e6


def test_wrong_questions_are_refused() -> None:
    problem, force = street()
    with pytest.raises(DataError, match="1 to 6 periods"):
        lived(problem, force, STILL, periods=7)
    with pytest.raises(DataError, match="chances between 0 and 1"):
        Chances(price=0, own=0, failing=2, surcharge=0, held_up=0, budget=0, revealed=1)


def test_what_had_to_be_done_and_found_no_place_has_a_price() -> None:
    problem, force = street(capacity=None, budget=-1, fixed=np.array([2, -1, -1, -1, -1, -1]))
    life = _Life(problem, force, future(problem)(problem, None), 1, 0.0, 0.1)
    whole, at = life.cost(), int(np.flatnonzero(problem.work_order == 0)[0])
    life.pick[at] = -1
    most = max(problem.arrays.cost[problem.arrays.cost < 2**59]) / 100
    assert whole < life.cost() <= whole + 2 * most + 1
