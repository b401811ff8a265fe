"""Questions at the table: what freedom is worth, what else is nearly as good, more or less money."""

from __future__ import annotations

import numpy as np
import pytest

import integralie as itg
from integralie.errors import Refused
from integralie.planning import gap
from integralie.study import Study
from integralie.verbs.programme import Problem, count, solve
from integralie.verbs.programme.explaining import flexibility


@pytest.fixture(scope="module")
def town() -> Study:
    study = itg.town(size=60)
    for verb in ("check", "forecast"):
        study = itg.take(study, verb)
    return itg.take(itg.take(study, "programme", seconds=20), "score")


def test_a_year_of_freedom_is_what_the_block_would_save() -> None:
    cost = np.array([[10.0, 6.0, np.nan], [4.0, 9.0, 9.0]])
    arrays = {"block": [0, 0], "cost": cost, "defer_cost": [50.0, 50.0], "opening_cost": 5.0}
    problem = Problem.from_arrays(**arrays)
    result = solve(problem, 5)
    assert result.objective == 19.0  # together in the first period
    none = np.full(2, np.nan)
    earlier, later = flexibility(problem, result, none, np.array([0.5, np.nan]))
    wider = Problem.from_arrays(**arrays | {"cost": np.where(np.isnan(cost), 0.5, cost)})
    assert earlier.tolist() == [0.0, 0.0]
    assert later.tolist() == [19.0 - solve(wider, 5).objective, 0.0] == [4.5, 0.0]
    assert count.total_cost(wider, np.array([2, 0])) == 1450


def test_freedom_of_a_town(town: Study) -> None:
    worth = itg.flexibility(town)
    free = town.works.index[town.works["fixed"].isna()]
    assert sorted(worth.index) == sorted(free)
    both = worth[["earlier", "later"]]
    assert (both >= 0).all(axis=None) and (both > 0).any(axis=None)
    assert both.max(axis=1).is_monotonic_decreasing
    first, last = town.settings.years[0], town.settings.years[-1]
    assert (worth.loc[worth["earliest"] <= first, "earlier"] == 0).all()
    assert (worth.loc[worth["latest"] >= last, "later"] == 0).all()


def test_other_programmes_cost_little_more_and_differ(town: Study) -> None:
    others = itg.alternatives(town, 2, 0.01, 4.0)
    assert others
    now = town.programme.set_index("work")["period"]
    for study, extra, differs in others:
        verdict = itg.check_certificate(study)
        assert verdict.proven, verdict.sentences
        assert 0 <= extra <= 0.0101 * itg.check_certificate(town).objective
        then = study.programme.set_index("work")["period"].reindex(now.index)
        assert differs == int((then.fillna(0) != now.fillna(0)).sum()) > 0


def test_more_money_never_costs_more(town: Study) -> None:
    party = town.capacity.loc[town.capacity["resource"].str.startswith("budget"), "party"].iloc[0]
    curve = itg.budget_curve(town, party, (0.8, 1.0, 1.2), 3.0)
    assert curve["share"].tolist() == [0.8, 1.0, 1.2]
    assert curve["budget"].is_monotonic_increasing and curve["cost"].is_monotonic_decreasing
    assert (curve["lower_bound"] <= curve["cost"]).all()
    with pytest.raises(Refused, match="no budget"):
        itg.budget_curve(town, "party:nobody")


def test_without_a_programme_there_is_nothing_to_ask() -> None:
    study = itg.town(size=60)
    for ask in (itg.flexibility, itg.alternatives):
        with pytest.raises(Refused, match="no programme"):
            ask(study)
    assert gap(study) == float("inf")
