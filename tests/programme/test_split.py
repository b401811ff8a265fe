"""Limits counted in whole works: the bound against all programmes of tiny problems, and what the checker refuses."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import numpy as np
import pytest
from brute import Arrays, cheapest, random_arrays
from small_town import SETTINGS, town

from integralie import checker
from integralie.checker import check_arrays
from integralie.checker.prices import bound
from integralie.checker.whole import _by_choice, _by_room, refused, whole_bound
from integralie.figures import shipped
from integralie.verbs.programme import Problem, pricing, programme, solve
from integralie.verbs.programme.alone import without_hopeless
from integralie.verbs.programme.knapsack import fill_all
from integralie.verbs.programme.prices import find_prices
from integralie.verbs.programme.split import Charges, Found, Split, climb, eligible, proven_split


def few_per_limit(seed: int) -> Arrays:
    """Six works of two owners in three years, of which a year's budget pays for one or two; some share an opening."""
    random = np.random.default_rng(seed)
    cash = random.integers(10, 40, 6).astype(float)
    return {
        "block": random.integers(0, 5, 6), "cost": random.integers(10, 60, (6, 3)).astype(float), "cash": cash,
        "budget": random.integers(0, 2, 6), "defer_cost": random.integers(60, 120, 6).astype(float),
        "crew": np.full(6, 2), "crew_days": random.integers(1, 5, 6).astype(float),
        "opening_cost": 12.0, "opening_cash": 6.0, "opening_budget": 0, "rest": 2,
        "capacity": np.concatenate([random.integers(30, 60, (2, 3)), random.integers(4, 9, (1, 3))]).astype(float),
    }  # fmt: skip


def climbed(problem: Problem, target: int) -> tuple[np.ndarray, Found | None]:
    dual = find_prices(problem, time.monotonic() + 20)
    return pricing.whole_prices(problem, dual.price), climb(problem, dual.price, target, time.monotonic() + 80)


def test_the_bound_never_lies_above_the_best_and_is_often_sharper() -> None:
    sharper = 0
    for seed in range(25):
        arrays = few_per_limit(seed)
        best, problem = cheapest(arrays), without_hopeless(Problem.from_arrays(**arrays))
        assert best is not None
        prices, found = climbed(problem, best)
        assert found is not None
        old, new = pricing.proven_bound(problem, prices), proven_split(problem, prices, found.charges)
        assert old <= new <= best
        assert not refused(problem, found.charges)
        assert new - 2 <= whole_bound(problem, prices, found.charges) <= best
        sharper += new - old > 0.01 * best
    assert sharper > 12


@pytest.mark.parametrize("seed", range(40))
def test_any_charges_give_a_bound(seed: int) -> None:
    arrays = random_arrays(np.random.default_rng(seed), 1500)
    best = cheapest(arrays)
    if best is None:
        return
    problem, random = without_hopeless(Problem.from_arrays(**arrays)), np.random.default_rng(seed)
    able = eligible(problem) & (random.random(problem.capacity.shape) < 0.8)
    prices = pricing.whole_prices(problem, random.random(problem.capacity.shape))
    split = Split(problem, able, prices)
    charges = split.charges(random.integers(0, 6000, len(split.items.kind)))
    assert not refused(problem, charges)
    assert split.proven(split.of(charges)) <= best
    assert whole_bound(problem, prices, charges) <= best


def test_charges_of_price_times_use_prove_what_the_price_list_proves() -> None:
    problem = without_hopeless(Problem.from_arrays(**few_per_limit(3)))
    prices = pricing.whole_prices(problem, find_prices(problem, time.monotonic() + 20).price)
    split = Split(problem, eligible(problem), prices)
    assert split.proven(split.first(prices)) >= pricing.proven_bound(problem, prices) - 2 * problem.works


@pytest.mark.parametrize("seed", range(30))
def test_three_ways_to_fill_a_limit_agree_with_trying_all(seed: int) -> None:
    random = np.random.default_rng(seed)
    start = np.concatenate([[0], np.cumsum(random.integers(1, 4, int(random.integers(1, 7))))])
    profit, use = random.integers(1, 30, start[-1]), random.integers(0, 15, start[-1])
    room = int(random.integers(15, 45))
    groups = [[None, *range(a, b)] for a, b in itertools.pairwise(start)]
    choices = ([i for i in c if i is not None] for c in itertools.product(*groups))
    best = max(int(profit[c].sum()) for c in choices if use[c].sum() <= room)
    rows, taken = np.array([0, len(start) - 1]), np.zeros(start[-1], bool)
    assert fill_all(rows, start, profit, use, np.array([room]), taken, 10_000) == best == profit[taken].sum()
    assert use[taken].sum() <= room
    assert _by_room(room, start, use, profit) == _by_choice(room, start, use, profit, 10_000) == best
    assert fill_all(rows, start, profit, use, np.array([room]), taken, 3) >= best
    assert _by_choice(room, start, use, profit, 2) >= best


@pytest.fixture(scope="module")
def proven() -> tuple[Problem, object, Charges]:
    """A problem with the result of which charges prove more than prices."""
    problem = Problem.from_arrays(**few_per_limit(3))
    result = solve(problem, 20)
    assert result.certificate.charges is not None
    return problem, result, result.certificate.charges


def judged(proven: tuple, charges: Charges) -> checker.Verdict:
    problem, result, _ = proven
    return check_arrays(problem, result.period, result.certificate.prices, row=result.row, charges=charges)


def test_the_result_carries_its_sharper_proof(proven: tuple) -> None:
    problem, result, charges = proven
    verdict = judged(proven, charges)
    assert verdict.proven
    assert verdict.lower_bound == pytest.approx(result.lower_bound, abs=0.02)
    assert 100 * verdict.lower_bound > bound(problem, result.certificate.prices)


@pytest.mark.parametrize("spoil", ["below zero", "another limit", "not split", "another shape"])
def test_charges_that_prove_nothing_are_refused(proven: tuple, spoil: str) -> None:
    problem, _, charges = proven
    spoiled = {
        "below zero": charges._replace(cash=-charges.cash),
        "another limit": charges._replace(days=charges.days + 1000, split=charges.split & False),
        "not split": charges._replace(split=np.roll(charges.split, 1, axis=0) & False),
        "another shape": charges._replace(opened=charges.opened[:1]),
    }[spoil]
    verdict = judged(proven, spoiled)
    assert not verdict.proven
    assert "charge" in verdict.sentences[0]


@pytest.mark.parametrize(
    "changed", [{"carry": 5.0}, {"over_price": 3.0}, {"minimum": 5.0, "minimum_price": 1.0}, {"adds_up": True}]
)
def test_a_limit_that_bends_or_is_kept_over_cannot_be_split(proven: tuple, changed: dict) -> None:
    _, _, charges = proven
    shape = (3, 3)
    laid = {k: np.full(shape if k in ("carry", "minimum") else 3, v) for k, v in changed.items()}
    other = Problem.from_arrays(**few_per_limit(3), **laid)
    assert not eligible(other).any()
    assert refused(other, charges)


def test_other_charges_only_weaken_the_bound(proven: tuple) -> None:
    _, result, charges = proven
    random = np.random.default_rng(1)
    for share in (0.0, 0.5, 2.0, 10.0):
        other = charges._replace(cash=(charges.cash * share * random.random(charges.cash.shape)).astype(np.int64))
        verdict = judged(proven, other)
        assert verdict.proven
        assert verdict.lower_bound <= result.objective


def test_a_study_carries_the_proof_in_its_tables() -> None:
    given = town(24, seed=4)
    study = {**given, **programme(**given, figures=shipped(), settings=SETTINGS)}
    assert study["prices"]["whole"].any()
    verdict = checker.check(study)
    assert verdict.proven
    uncounted = checker.check({**study, "prices": study["prices"].assign(whole=False)})
    assert uncounted.proven
    assert uncounted.lower_bound < verdict.lower_bound
    below = study["options"].assign(cash_charge=-study["options"]["cash_charge"])
    assert not checker.check({**study, "options": below}).proven
    bends = study["prices"].assign(carry=100)
    assert not checker.check({**study, "prices": bends}).proven


@pytest.mark.shared
def test_generalised_assignment_is_proven_to_a_thousandth(shared: Path) -> None:
    from outside.gap import SCALE, read

    problem = read(shared / "data" / "benchmarks" / "gap" / "e05100").problem()
    dual = find_prices(problem, time.monotonic() + 60)
    prices = pricing.whole_prices(problem, dual.price)
    found = climb(problem, dual.price, int(12_800 * 100 * SCALE), time.monotonic() + 240)
    assert found is not None
    assert whole_bound(problem, prices, found.charges) == proven_split(problem, prices, found.charges)
    assert 0.999 * 12_681 < found.bound / 100 / SCALE <= 12_681
