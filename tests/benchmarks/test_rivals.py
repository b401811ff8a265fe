"""Every rival hands in a programme that keeps every limit, judged by the same counting; bounds are bounds."""

from __future__ import annotations

import numpy as np
import pytest
from families import make
from rivals import RIVALS
from rivals.answer import Trail, violation

from integralie.verbs.programme import count
from integralie.verbs.programme.problem import Problem

SECONDS = 0.5


@pytest.fixture(scope="module")
def problem() -> Problem:
    return make("all_terms", 250).problem()


@pytest.fixture(scope="module")
def bound(problem: Problem) -> float:
    from integralie.verbs.programme.engine import solve

    return 100 * solve(problem, 2).lower_bound


@pytest.mark.parametrize("name", RIVALS)
def test_a_rival_keeps_every_limit_and_no_bound_is_beaten(name: str, problem: Problem, bound: float) -> None:
    if RIVALS[name].needs:
        pytest.importorskip(RIVALS[name].needs, reason=f"'{RIVALS[name].needs}' of requirements/bench.txt is absent")
    seen = Trail()
    answer = RIVALS[name].solve(problem, SECONDS, 1, seen)
    cost = count.total_cost(problem, answer.pick)
    assert violation(problem, answer.pick) == {"over": 0, "broken": 0}
    assert cost >= bound - 1
    assert answer.bound is None or answer.bound <= cost + 100
    assert seen.points and seen.points[-1][1] >= bound - 1
    assert (answer.pick >= 0).mean() > 0.5


def test_moves_count_what_they_gain(problem: Problem) -> None:
    from rivals.answer import empty
    from rivals.moves import cheapest, options, tools

    pick = empty(problem)
    left = count.left_of(problem, count.usage(problem, pick))
    (start, pick_of), before = options(problem), count.total_cost(problem, pick)
    gained = [
        cheapest(i, problem.unit_of[i], start, pick_of, pick, left, problem.arrays, *tools(problem))
        for i in range(problem.works)
    ]
    assert sum(gained) == before - count.total_cost(problem, pick) > 0
    assert np.array_equal(left, count.left_of(problem, count.usage(problem, pick)))


def test_annealing_knows_its_own_cost() -> None:
    problem = make("all_terms", 250).problem()
    seen = Trail()
    answer = RIVALS["annealing"].solve(problem, 0.5, 3, seen)
    assert seen.points[-1][1] == count.total_cost(problem, answer.pick)


def test_an_owner_alone_has_its_own_works_and_limits() -> None:
    from rivals.silo import alone, owners

    problem = make("all_terms", 250).problem()
    owner = owners(problem)
    parts = [alone(problem, owner == name) for name in np.unique(owner)]
    assert sum(p.works for p in parts) == problem.works
    for name, part in zip(np.unique(owner), parts):
        assert set(part.arrays.budget[part.arrays.layer >= 0].tolist()) <= {name, -1}
        assert (np.diff(part.arrays.first) > 0).all()
        nobody = np.where(part.arrays.defer < 2**60, -1, 0)
        assert count.usage(part, nobody).shape == problem.arrays.capacity.shape


def test_due_dates_join_an_opening_within_five_years() -> None:
    cost = np.full((2, 12), 100.0) + np.abs(np.arange(12)[None, :] - np.array([[2], [6]]))
    far = np.full((2, 12), 100.0) + np.abs(np.arange(12)[None, :] - np.array([[2], [9]]))
    for given, joined in ((cost, True), (far, False)):
        problem = Problem.from_arrays(["a", "a"], given, defer_cost=[900.0, 900], opening_cost=10.0, capacity=None)
        pick = RIVALS["due_date"].solve(problem, 1, 1, lambda cost: None).pick
        assert (pick[0] == pick[1]) == joined
