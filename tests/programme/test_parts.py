"""Works that are too long for one block: a part in each, one year for all, an opening in every street."""

from __future__ import annotations

import re
import time

import numpy as np
import pandas as pd
import pytest
from small_town import SETTINGS, agreement, agreements, capacity, members, streets, work, works, years

from integralie import checker
from integralie.figures import shipped
from integralie.paper.facts import Facts
from integralie.paper.words import Words
from integralie.pipeline import asked
from integralie.schema import frames
from integralie.schema.frames import empty
from integralie.study import Study
from integralie.verbs.hand_over.sheets import sections
from integralie.verbs.phase.units import units as units_of
from integralie.verbs.programme import Problem, joined, programme, solve
from integralie.verbs.programme.asked import why_not_year
from integralie.verbs.programme.problem import decode
from integralie.verbs.programme.round import Plan
from integralie.verbs.share import share

LONG = "work:long"


def told(**columns) -> pd.DataFrame:
    """Five works in each of two streets, and one that runs through both."""
    own = [work(f"{s}{k}", f"street:000{s}", preferred=2030 + k) for s in (0, 1) for k in range(5)]
    return works(work("long", "street:0000", cost=300_000.0, surface_cost=60_000.0, duration=30.0, **columns), *own)


def planned(rows: pd.DataFrame, **more) -> dict[str, pd.DataFrame]:
    held = members(rows, long=["street:0001"])
    given = {n: empty(n) for n in ("assets", "openings_past", "agreements", "goals", "room")}
    given |= {"capacity": capacity(), "works": rows, "members": held, "streets": streets(2)} | more
    options = {k: given.pop(k) for k in ("start", "quick", "seconds") if k in given}
    made = programme(**given, figures=shipped(), settings=SETTINGS, **{"seconds": 5, **options})
    verdict = checker.check({**given, **made})
    assert verdict.proven, verdict.sentences
    return made | {"held": pd.concat([held, made["members"]])}


def as_study(rows: pd.DataFrame, made: dict) -> Study:
    found = {n: made[n] for n in ("programme", "openings")}
    return Study.of(SETTINGS, works=rows, streets=streets(2), members=made["held"], **found)


def openings_of(made: dict, name: str) -> dict[str, float]:
    rows = made["members"]
    rows = rows[(rows["member"] == name) & (rows["role"] == "work")]
    return dict(zip(rows["set"], rows["amount"]))


def test_a_long_work_opens_every_street_it_lies_in_in_one_year() -> None:
    made = planned(told())
    year = years(made)["long"]
    assert year is not None
    assert openings_of(made, LONG) == {f"opening:0000:{year}": 0.5, f"opening:0001:{year}": 0.5}
    row = made["programme"].set_index("work").loc[LONG]
    assert len(made["programme"]) == 11 and row["opening"] == f"opening:0000:{year}"
    assert row["cash"] == pytest.approx(240_000.0)
    assert set(made["options"]["subject"]) >= {LONG, f"{LONG}@0001"}


def test_what_a_long_work_costs_is_shared_once() -> None:
    rows = told()
    made = planned(rows)
    index = {n: made[n].set_index("id") if "id" in made[n] else made[n] for n in ("programme", "openings")}
    given = (streets(2), empty("agreements"), rows, made["held"], index["programme"], index["openings"])
    paid = share(*given, shipped(), SETTINGS)
    done = index["programme"].loc[index["programme"]["period"].notna(), "work"]
    own = rows.loc[done, "cost"].sum() - rows.loc[done, "surface_cost"].sum()
    assert paid["shares"]["own"].sum() == pytest.approx(own, abs=0.05)


def test_a_fixed_long_work_has_that_year_in_every_street_and_is_found_again() -> None:
    rows = told(fixed=2033)
    made = planned(rows)
    assert years(made)["long"] == 2033 and len(openings_of(made, LONG)) == 2
    start = (made["programme"], made["prices"])
    moved = planned(
        rows.assign(fixed=rows["fixed"].where(rows.index != LONG, 2031)), start=start, quick=True, seconds=0.3
    )
    assert years(moved)["long"] == 2031 and set(openings_of(moved, LONG)) == {"opening:0000:2031", "opening:0001:2031"}
    kept = planned(told(), start=(made["programme"], made["prices"]), quick=True, seconds=0.0)
    assert years(kept)["long"] is not None


def test_the_checker_misses_an_opening_of_a_further_street() -> None:
    rows = told(fixed=2033)
    made = planned(rows)
    at = made["openings"]
    gone = at[at["id"] != "opening:0001:2033"] if "id" in at else at.drop("opening:0001:2033")
    others = made["programme"]["work"].ne(LONG) & made["programme"]["period"].eq(2033)
    assert not others.any() or len(gone) < len(at)
    verdict = checker.check(made | {"openings": gone})
    assert not verdict.proven and any("openings" in s for s in verdict.sentences)


def test_a_work_that_may_be_done_in_several_ways_stays_whole() -> None:
    made = planned(told(), agreements=agreements(agreement("mode", "mode=relining kind=gravity_sewer")))
    assert not made["options"]["subject"].str.contains("@").any()


def tied(cost_late: float = 50.0, budget: float = 10.0) -> Problem:
    """Two blocks with a work each that go together, cheap in different periods, and one that stands in the way."""
    cost = [[5.0, 1.0, 9.0], [1.0, 4.0, 9.0], [2.0, 3.0, 4.0]]
    return Problem.from_arrays(
        [0, 1, 2], cost, 5.0, 0, 0.0, -1, [cost_late] * 2 + [20.0], opens=False,
        capacity=[[budget] * 3], together=([0], [1]),
    )  # fmt: skip


def test_a_group_finds_its_period_together() -> None:
    problem = tied()
    (group,) = joined.groups(problem)
    assert len(group.works) == 2 and len(group.ties) == 2
    plan = Plan(problem)
    assert (decode(problem, plan.pick)[1] == -1).all()
    joined.settle(plan, np.zeros(problem.arrays.capacity.shape), 0.0, time.monotonic() + 60)
    assert decode(problem, plan.pick)[1][group.works].tolist() == [1, 1]
    assert plan.feasible and (plan.left == Plan(problem, plan.pick).left).all()


def test_a_group_leaves_together_where_that_is_cheaper_or_nothing_fits() -> None:
    for problem in (tied(cost_late=1.0), tied(budget=7.0)):
        plan = Plan(problem)
        joined.settle(plan, np.zeros(problem.arrays.capacity.shape), 0.0, time.monotonic() + 60)
        assert decode(problem, plan.pick)[1][joined.groups(problem)[0].works].tolist() == [-1, -1]
        assert plan.feasible


def test_a_programme_that_stands_is_taken_over_with_its_groups() -> None:
    problem = tied()
    wanted = np.array([1, 1, 0])[problem.work_order]
    plan = Plan(problem)
    assert joined.adopt(plan, np.arange(3), wanted).all()
    assert plan.pick.tolist() == wanted.tolist() and plan.feasible
    other = Plan(problem)
    got = joined.adopt(other, np.arange(3), np.array([0, 1, 0])[problem.work_order])
    assert got.tolist() == [False, False, True], "a group that is wanted in two periods is not taken over"
    assert other.feasible and (other.left == Plan(problem, other.pick).left).all()


def test_order_between_blocks_is_no_group() -> None:
    problem = Problem.from_arrays(
        [0, 1], [[1.0, 2.0]] * 2, 1.0, 0, 0.0, -1, 9.0, opens=False, capacity=[[9.0] * 2], before=([0], [1], [0])
    )
    assert joined.groups(problem) == []


@pytest.mark.parametrize("seed", range(6))
def test_many_groups_are_as_good_as_complete_search(seed: int) -> None:
    random = np.random.default_rng(seed)
    cost = random.uniform(1, 30, (8, 3)).round(2)
    arrays = {
        "block": np.arange(8), "cost": cost, "cash": random.uniform(2, 6, 8).round(2), "budget": 0,
        "defer_cost": random.uniform(15, 40, 8).round(2), "opens": False, "capacity": [[11.0] * 3],
        "together": ([0, 2, 4], [1, 3, 5]),
    }  # fmt: skip
    problem = Problem.from_arrays(**arrays)
    best = solve(problem, 20)
    assert best.optimal
    assert all(best.period[a] == best.period[b] for a, b in ((0, 1), (2, 3), (4, 5)))
    plan = Plan(problem)
    joined.settle(plan, best.prices, 1.0, time.monotonic() + 60)
    plan.sweep(best.prices, time.monotonic() + 60)
    joined.settle(plan, best.prices, 0.0, time.monotonic() + 60)
    assert plan.feasible and best.lower_bound - 0.01 <= best.objective <= plan.cost / 100 + 0.01


def test_why_not_another_year_counts_every_street_of_a_long_work() -> None:
    rows = told()
    made = planned(rows)
    tables = [
        made[n].set_index("id") if "id" in made[n] else made[n] for n in ("options", "uses", "programme", "prices")
    ]
    year = years(made)["long"]
    own = why_not_year(*tables, LONG, year)
    other = why_not_year(*tables, LONG, year + 1)
    assert own["given_rest"] == pytest.approx(0.0, abs=0.01)
    assert other["allowed"] and other["at_prices"] > 0


def test_the_pages_of_every_street_name_the_long_work_with_its_share() -> None:
    rows = told()
    made = planned(rows)
    study = as_study(rows, made)
    facts = Facts({n: study[n] for n in frames.tables()}, shipped(), SETTINGS, Words("nl"))
    year = years(made)["long"]
    for street in ("0000", "0001"):
        inside = facts.works_in[f"opening:{street}:{year}"].set_index("work")
        assert inside.at[LONG, "name"].endswith("(50\u202f% ervan hier)")
        assert inside.at[LONG, "cash"] == pytest.approx(120_000.0)
    spent = facts.value.sum() - study.openings["cost"].sum()
    assert spent == pytest.approx(facts.placed.loc[facts.placed["opening"].notna(), "cash"].sum())


def test_an_assignment_speaks_of_its_own_street_and_points_to_the_rest_of_the_long_work() -> None:
    rows = told()
    made = planned(rows)
    study, year = as_study(rows, made), years(made)["long"]
    facts = Facts({n: study[n] for n in frames.tables()}, shipped(), SETTINGS, Words("nl"))
    one, other = (f"opening:{street}:{year}" for street in ("0000", "0001"))
    assert (facts.along(one), facts.along(other)) == ([other], [one])
    opening = next(study.openings.loc[[one]].itertuples())
    own = study.members[(study.members["set"] == one) & (study.members["role"] == "street")]["member"]
    assert sorted(sections(facts, opening, facts.works_in[one]).index) == sorted(own) == ["street:0000"]
    page = asked(study, "hand_over", until=9999).page
    place = dict(re.findall(r'id="sheet-(\d+)".*?(opening:\d+:\d+)\.', page, re.S))
    assert {label: number for number, label in place.items()}.keys() >= {one, other}
    assert page.count("Een lang werk loopt door") == 2


def test_the_crew_of_a_long_work_is_counted_in_every_opening_and_once() -> None:
    rows = told(fixed=2028)
    made = planned(rows)
    study = as_study(rows, made)
    given = (study[n] for n in ("programme", "openings", "works", "members", "streets"))
    units = units_of(*given, shipped(), SETTINGS, 20)
    own = units.parts[units.parts["work"] == LONG]
    assert sorted(own["opening"]) == ["opening:0000:2028", "opening:0001:2028"]
    assert own["duration"].sum() == pytest.approx(30.0)
