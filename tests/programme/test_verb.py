"""The verb on hand-made streets: one story each."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from small_town import SETTINGS, budget, capacity, codes, members, run, streets, town, work, works, years

from integralie import checker
from integralie.figures import shipped
from integralie.schema.frames import conform, empty, table
from integralie.schema.notes import say
from integralie.verbs.explain import told
from integralie.verbs.programme import programme
from integralie.verbs.programme.draft import draft
from integralie.verbs.programme.terms import add_all, score


def test_a_work_alone_gets_the_year_its_owner_would_choose() -> None:
    for best in (2029, 2032, 2034):
        ageing = work("pipe", preferred=best, plan=None, year_built=1975, probability=0.7)
        assert years(run(works(work("plan", preferred=best)))) == {"plan": best}
        assert years(run(works(ageing))) == {"pipe": best}


def test_two_works_move_together_and_say_why() -> None:
    made = run(
        works(work("sewer", preferred=2030), work("water", preferred=2031, party="party:water", discipline="water"))
    )
    assert len(made["openings"]) == 1
    assert made["openings"]["parties"].iloc[0] == 2
    assert made["openings"]["saved"].iloc[0] > 0
    assert "programme.joined" in codes(made, "programme")
    assert set(made["members"]["role"]) == {"work", "street"}


def test_a_work_that_opens_nothing_has_no_opening() -> None:
    made = run(works(work("tree", depth="none", kind="tree", discipline="green", surface_cost=0.0)))
    assert len(made["openings"]) == 0
    assert years(made) == {"tree": 2030}


def test_sections_under_one_work_are_one_block() -> None:
    told = works(work("long", "street:0000"), work("a", "street:0000"), work("b", "street:0001"))
    made = run(told, count=2, members=members(told, long=["street:0001"]))
    assert made["programme"]["block"].nunique() == 1


def test_scarce_money_moves_or_defers_and_the_price_says_so() -> None:
    told = works(*(work(f"w{i}", f"street:{i:04d}") for i in range(6)))
    made = run(told, capacity(budget("sewer", 200_000)), count=6)
    spent = made["programme"].groupby("period")["cash"].sum()
    assert (spent <= 200_000).all()
    assert (made["prices"]["price"] > 0).any()
    assert {"programme.money", "programme.closed"} & codes(made, "programme")


def test_a_commitment_is_kept_and_the_shortfall_is_told() -> None:
    made = run(works(work("w", fixed=2031)), capacity(budget("sewer", 1000)))
    assert years(made) == {"w": 2031}
    assert made["programme"]["status"].iloc[0] == "committed"
    found = made["findings"].set_index("rule")
    assert "programme.budget_short" in found.index
    assert "2031" in found.loc["programme.budget_short", "message"]


def test_a_commitment_in_the_past_is_told_and_planned_anew() -> None:
    made = run(works(work("w", fixed=2020)))
    assert "programme.fixed_past" in set(made["findings"]["rule"])
    assert years(made)["w"] is not None


def test_a_hard_rest_period_holds_also_after_the_past() -> None:
    rule = conform(
        "agreements",
        pd.DataFrame(
            [{"id": "a", "rule": "rest_period", "value": 6.0, "hard": True, "applies_to": "road_class=residential"}]
        ),
    )
    early, late = work("early", preferred=2028, latest=2029), work("late", preferred=2033)
    made = run(works(early, late), agreements=rule, streets=streets(last_opened=2024))
    opened = sorted(int(p) for p in made["openings"]["period"])
    assert all(p >= 2030 for p in opened)
    assert all(b - a >= 6 for a, b in zip(opened, opened[1:]))


def test_commitments_that_break_the_rest_period_are_told() -> None:
    rule = conform("agreements", pd.DataFrame([{"id": "a", "rule": "rest_period", "value": 5.0, "hard": True}]))
    made = run(works(work("a", fixed=2029), work("b", fixed=2031)), agreements=rule)
    assert years(made) == {"a": 2029, "b": 2031}
    assert "programme.rest_broken" in set(made["findings"]["rule"])


def test_a_party_without_budget_has_no_limit_and_is_told_once() -> None:
    made = run(works(work("a"), work("b")))
    assert list(made["findings"]["rule"]).count("programme.no_budget") == 1
    assert made["prices"].empty


@pytest.mark.parametrize("alone", [False, True])
def test_every_row_has_a_reason_in_two_languages(alone: bool) -> None:
    given = town(15)
    made = programme(**given, figures=shipped(), settings=SETTINGS, alone=alone)
    assert checker.check({**given, **made}).proven
    why = made["reasons"]
    for name in ("programme", "openings", "prices"):
        reasons = why[why["target"] == name]
        without = set(made[name].index) - set(reasons["row"])
        assert not [r for r in without if told([r], reasons).empty]  # rules that held nothing back share one
    for row in why.drop_duplicates("code").itertuples():
        assert "?" not in say(row.code, json.loads(row.args), "nl")
    for name in ("options", "programme", "openings", "prices"):
        assert list(made[name].columns) == [c for c in table(name).columns if c != "id"]
    assert set(why["figure"].dropna()) <= set(shipped().by_id)


def test_alone_no_two_parties_share_an_opening() -> None:
    given = town(15)
    made = programme(**given, figures=shipped(), settings=SETTINGS, alone=True)
    assert (made["openings"]["parties"] == 1).all()
    together = programme(**given, figures=shipped(), settings=SETTINGS)
    joint, apart = (checker.check({**given, **m}).objective for m in (together, made))
    assert joint < apart


def test_row_order_and_a_moved_town_change_nothing() -> None:
    given = town(12)
    first = programme(**given, figures=shipped(), settings=SETTINGS)["programme"]
    rng = np.random.default_rng(3)
    other = {k: v.iloc[rng.permutation(len(v))] for k, v in given.items()}
    for name in ("streets", "works"):
        other[name] = other[name].set_geometry(other[name].geometry.translate(100_000, 100_000))
    second = programme(**other, figures=shipped(), settings=SETTINGS)["programme"]
    assert first["period"].equals(second["period"])


def test_the_terms_add_up_to_the_objective() -> None:
    given = town(10)
    made = programme(**given, figures=shipped(), settings=SETTINGS)
    laid = add_all(draft(given, shipped(), SETTINGS, False))
    place = (made["programme"].set_index("work")["period"].astype(float) - SETTINGS.first).reindex(laid.works.index)
    period = place.fillna(-1).to_numpy(int)
    rows = made["options"]
    late = rows[rows["period"].isna()].set_index("subject")["cost"].reindex(laid.works.index[period < 0]).sum() / 100
    total = sum(score(laid, period).values()) + late
    objective = checker.check({**given, **made}).objective
    assert total <= objective + 1
    assert objective - total <= 0.05 * objective  # what is left is the price of coming too early


def test_no_works_gives_empty_tables() -> None:
    made = run(empty("works"))
    assert all(made[n].empty for n in ("programme", "openings", "members"))
