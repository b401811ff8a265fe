"""Who has seen enough gets the best programme so far with its gap, soon: also of a programme that was only begun."""

from __future__ import annotations

import os
import signal
import threading

import numpy as np
import pytest
from families import make
from small_town import SETTINGS, town

from integralie import checker
from integralie.figures import shipped
from integralie.verbs.programme import Problem, programme, solve


@pytest.fixture(scope="module")
def problem() -> Problem:
    return Problem.from_arrays(**make("all_terms", 1000, 1).arrays)


@pytest.fixture(scope="module")
def rough(problem: Problem):
    return solve(problem, 60, rough=True)


def proven(problem, result) -> bool:
    verdict = checker.check_arrays(
        problem, result.period, result.certificate.prices, row=result.row, charges=result.certificate.charges
    )
    return bool(verdict.proven and abs(verdict.objective - result.objective) < 0.01)


def test_stopped_at_once_a_first_programme_is_still_one(problem, rough):
    asked = []
    result = solve(problem, 60, watch=lambda told: bool(asked.append(told)))
    assert result.stopped and result.capped and proven(problem, result)
    assert (result.period >= 0).sum() > 0.8 * (rough.period >= 0).sum() and result.gap < 0.5
    assert set(asked[0]) == {"cost", "bound", "gap", "seconds"}


def test_stopped_at_once_what_stood_stays_with_the_gap_that_its_prices_prove(problem, rough):
    start = (rough.row, rough.period)
    asked = []
    result = solve(problem, 60, start=start, prices=rough.prices, watch=lambda told: bool(asked.append(told)))
    assert all(told["gap"] is None or told["gap"] < 1 for told in asked)  # nothing is said before it is proven
    assert result.stopped and result.objective <= rough.objective + 0.01 and proven(problem, result)
    alone = solve(problem, 60, start=start, watch=lambda told: False)
    assert result.lower_bound > alone.lower_bound


def test_who_watches_is_asked_while_prices_are_searched(problem):
    asked = []

    def watch(told):
        asked.append(told["seconds"])
        return len(asked) < 4

    result = solve(problem, 60, watch=watch)
    assert result.stopped and len(asked) >= 4 and (np.diff(asked) >= 0).all() and proven(problem, result)


def test_the_keyboard_stops_it_and_keeps_what_it_has(problem, monkeypatch):
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    press = threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT))
    press.start()
    try:
        result = solve(problem, 60)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        press.cancel()
        signal.signal(signal.SIGINT, before)
    assert result.stopped and (result.period >= 0).sum() > 0 and proven(problem, result)


def test_a_programme_of_a_town_that_is_stopped_is_whole_and_proven():
    given = town(15)
    made = programme(**given, figures=shipped(), settings=SETTINGS, watch=lambda told: False)
    verdict = checker.check({**given, **made})
    assert verdict.proven and made["programme"]["period"].notna().sum() > 20 and verdict.gap < 0.05
