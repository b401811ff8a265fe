"""What combining is worth, when to keep apart, and why something was not combined: one story each."""

from __future__ import annotations

import pandas as pd
import pytest
from meeting_world import joint, rules, streets, study, work

import integralie as itg
from integralie.pipeline import run, take
from integralie.verbs.explain import explain

SEWER = ("sewer", "gravity_sewer")


def told(made, row: str) -> str:
    tables = ("parties", "works", "programme", "openings", "members", "shares", "findings", "edits", "reasons")
    return explain(*(made[t] for t in tables), made.figures, id=row, language="en")


def test_a_meeting_has_its_components_its_band_its_mover_and_a_next_step():
    made = study(work("riool", *SEWER, (2028, 2030, 2033)), work("kabel", "grid", "cable_low", (2029, 2032, 2034), cost=40_000.0, duration=8.0))  # fmt: skip
    row = joint(made).iloc[0]
    plus = row[["saving_site", "saving_traffic", "saving_surface", "saving_excavation", "saving_preparation"]].sum()
    minus = row[["life_lost", "waiting", "pace_cost", "process_cost"]].sum()
    assert row["value"] == pytest.approx(plus - minus, abs=1)
    assert row["saving"] == pytest.approx(row[["saving_site", "saving_traffic", "saving_surface"]].sum(), abs=0.02)
    assert row["moving_cost"] == pytest.approx(row["life_lost"] + row["waiting"], abs=0.02)
    assert row["value_low"] < row["value"] < row["value_high"]
    assert (row["mover"], row["mover_years"], row["next_step"], row["advice"]) == (
        "party:grid",
        -2,
        "ask_mover",
        "combine",
    )
    assert (row["openings_avoided"], row["days_saved"]) == (1, 28 - 20)
    assert row["nuisance_saved"] > 0 and row["co2_saved"] > 0
    assert "Grid" in told(made, row.name) and "ask" in told(made, row.name)


def test_two_cables_share_a_trench_and_a_cable_and_a_sewer_do_not():
    window = (2028, 2030, 2033)
    two = study(work("kabel", "grid", "cable_low", window), work("water", "water", "water_main", window))
    mixed = study(work("kabel", "grid", "cable_low", window), work("riool", *SEWER, window))
    assert joint(two)["saving_excavation"].iloc[0] > 0
    assert joint(mixed)["saving_excavation"].iloc[0] == 0


def test_as_in_purmerend_a_slow_sewer_and_a_fast_heat_network_had_better_not_wait_for_each_other():
    window = (2028, 2030, 2033)
    made = study(work("riool", *SEWER, window, duration=120.0), work("warmte", "heat", "heat", window, duration=30.0))
    clash = made.clashes[made.clashes["rule"] == "pace"].iloc[0]
    assert clash["amount"] == 90 and clash["severity"] == "high"
    row = joint(made).iloc[0]
    assert row["pace_cost"] > 0 and row["advice"] == "keep_apart"
    assert "crews would wait 90 days" in told(made, clash.name)
    even = study(work("riool", *SEWER, window, duration=40.0), work("warmte", "heat", "heat", window, duration=30.0))
    assert "pace" not in rules(even) and joint(even)["pace_cost"].iloc[0] == 0


def test_as_in_vinkhuizen_gas_that_is_renewed_before_heat_comes_is_dug_twice():
    made = study(work("gas", "gas", "gas_low", (2027, 2028, 2029)), work("warmte", "heat", "heat", (2036, 2038, 2040)))
    clash = made.clashes[made.clashes["rule"] == "superfluous"].iloc[0]
    assert clash["severity"] == "high" and clash["amount"] == pytest.approx(100_000 * (1 - 10 / 60), abs=1)
    assert "superfluous" in told(made, clash.name)
    turned = study(
        work("warmte", "heat", "heat", (2027, 2028, 2029)), work("gas", "gas", "gas_low", (2036, 2038, 2040))
    )
    assert "superfluous" not in rules(turned)


def test_an_old_gas_pipe_that_will_fail_should_not_wait_for_the_sewer():
    gas = work("gas", "gas", "gas_low", (2027, 2028, 2034), plan=None, probability=0.9, cost=20_000.0)
    made = study(gas, work("riool", *SEWER, (2033, 2033, 2033)))
    assert "urgency" in rules(made)
    safe = study(gas | {"probability": 0.2}, work("riool", *SEWER, (2033, 2033, 2033)))
    assert "urgency" not in rules(safe)


def test_more_money_than_one_contract_holds_and_a_street_that_is_closed_too_long():
    window = (2028, 2030, 2033)
    big = study(
        work("riool", *SEWER, window, cost=6e6, duration=100.0),
        work("warmte", "heat", "heat", window, cost=2e6, duration=100.0),
    )
    assert {"contract", "closed_long"} <= rules(big)
    small = study(work("riool", *SEWER, window), work("warmte", "heat", "heat", window))
    assert not {"contract", "closed_long"} & rules(small)


def test_a_year_in_which_the_money_is_not_there_is_told():
    window = (2028, 2030, 2033)
    works = (work("riool", *SEWER, window), work("warmte", "heat", "heat", window))
    money = pd.DataFrame(
        {"id": ["c"], "party": ["party:heat"], "resource": ["budget"], "period": [2030], "amount": [50_000.0]}
    )
    clash = study(*works, capacity=money).clashes
    assert clash["rule"].tolist() == ["capacity"] and clash["amount"].tolist() == [30_000]
    assert "capacity" not in rules(study(*works, capacity=money.assign(amount=90_000.0)))
    firm = work("vast", "heat", "heat", (2030, 2030, 2030), street="street:2", fixed=2030, cost=60_000.0)
    made = study(*works, firm, lines=streets(2), capacity=money.assign(amount=90_000.0))
    assert "capacity" in rules(made)  # a commitment elsewhere took it


def test_a_crew_without_days_is_a_warning():
    works = (
        work("riool", "sewer", "gravity_sewer", (2030, 2030, 2030), duration=20.0, discipline="sewer"),
        work("kabel", "grid", "cable_low", (2030, 2030, 2030), duration=15.0),
    )
    days = pd.DataFrame(
        {"id": ["c"], "party": ["party:sewer"], "resource": ["crew:sewer"], "period": [2030], "amount": [5.0]}
    )
    clash = study(*works, capacity=days).clashes
    assert clash["rule"].tolist() == ["crew"] and clash["amount"].tolist() == [15.0]
    assert "crew" not in rules(study(*works, capacity=days.assign(amount=20.0)))


def test_windows_that_just_miss_say_who_could_move_and_by_how_much():
    made = study(work("riool", *SEWER, (2028, 2029, 2030)), work("kabel", "grid", "cable_low", (2032, 2033, 2035), cost=30_000.0))  # fmt: skip
    near = made.opportunities[made.opportunities["kind"] == "near_miss"].iloc[0]
    assert (near["mover"], near["next_step"], near["period"]) == ("party:grid", "ask_window", 2030)
    assert near["net_saving"] > 0 and joint(made).empty
    assert "just miss each other by 2 years" in told(made, near.name)


def test_a_combination_that_does_not_pay_keeps_its_reason():
    dear = {"cost": 3e6, "life": 12.0, "surface_cost": 100.0, "duration": 1.0}
    made = study(
        work("riool", *SEWER, (2027, 2028, 2036), **dear), work("warmte", "heat", "heat", (2027, 2036, 2036), **dear)
    )
    assert joint(made).empty
    row = made.opportunities[made.opportunities["kind"] == "rejected"].iloc[0]
    assert row["net_saving"] < 0 and row["advice"] == "keep_apart"
    assert "costs" in told(made, row.name)


def test_two_commitments_in_different_years_cannot_move():
    made = study(work("riool", *SEWER, (2028, 2028, 2028), fixed=2028), work("kabel", "grid", "cable_low", (2030, 2030, 2030), fixed=2030))  # fmt: skip
    row = made.opportunities[made.opportunities["kind"] == "rejected"].iloc[0]
    assert "neither can move" in told(made, row.name)


def test_a_deep_work_without_a_partner_is_told_to_the_others():
    made = study(work("riool", *SEWER, (2028, 2029, 2030)))
    row = made.opportunities.iloc[0]
    assert (row["kind"], row["next_step"]) == ("single", "call_partners") and pd.isna(row["value"])


def test_room_that_nobody_plans_can_ride_along():
    claim = pd.DataFrame({"id": ["claim:1"], "name": ["Bomen"], "party": ["party:roads"], "kind": ["tree"], "street": ["street:1"], "period_from": [2028], "period_to": [2040], "sharing": [3]})  # fmt: skip
    made = study(work("riool", *SEWER, (2028, 2030, 2031)), claims=claim)
    row = made.opportunities[made.opportunities["kind"] == "claim"].iloc[0]
    assert row["mover"] == "party:roads" and row["saving"] > 0 and "Bomen" in told(made, row.name)


def test_a_goal_without_work_is_a_finding_unless_a_goal_below_it_has_one():
    goals = pd.DataFrame(
        {"id": ["goal:a", "goal:b", "goal:c"], "name": ["A", "B", "C"], "parent": [None, "goal:a", None]}
    )
    plans = pd.DataFrame({"id": ["plan:riool"], "name": ["r"], "party": ["party:sewer"], "goal": ["goal:b"]})
    made = study(work("riool", *SEWER, (2028, 2029, 2030)), goals=goals, plans=plans)
    assert made.findings["row"].tolist() == ["goal:c"]


@pytest.fixture(scope="module")
def town():
    return run(itg.town(size="small", seed=3), only=("forecast",))


def test_with_fixed_dates_few_works_meet_and_with_five_years_many(town):
    """The published effect: freedom in years makes the joint works."""
    years = town.works["preferred"]
    open_ = town.works["fixed"].isna()
    free = {k: years.where(open_, town.works["fixed"]) for k in ("earliest", "latest")}
    fixed = take(town | {"works": town.works.assign(**free)}, "match")
    wide = {"earliest": (years - 5).clip(lower=2027).where(open_, years), "latest": (years + 5).where(open_, years)}
    flexible = take(town | {"works": town.works.assign(**wide)}, "match")
    few, many = (int(joint(m)["works"].sum()) for m in (fixed, flexible))
    assert many > 2 * few and joint(flexible)["value"].sum() > 2 * joint(fixed)["value"].sum()
    assert (joint(fixed)["years_moved"] == 0).all() and (joint(flexible)["years_moved"] > 0).mean() > 0.5


def test_at_most_one_opportunity_in_ten_may_turn_out_negative(town):
    found = joint(take(town, "match"))
    shown = found[found["advice"] != "keep_apart"]
    assert len(shown) > 30 and (shown["value_low"] < 0).mean() <= 0.10


def test_the_order_of_rows_does_not_matter(town):
    mixed = town | {
        "works": town.works.iloc[::-1],
        "members": town.members.iloc[::-1],
        "streets": town.streets.iloc[::-1],
    }
    one, two = take(town, "match"), take(mixed, "match")
    assert {t: one.prints[t] for t in ("opportunities", "clashes", "members")} == {t: two.prints[t] for t in ("opportunities", "clashes", "members")}  # fmt: skip


def test_several_sections_of_one_work_have_opportunities_of_their_own():
    lines = streets(2)
    made = study(work("riool", *SEWER, (2028, 2030, 2031)), work("kabel", "grid", "cable_low", (2028, 2030, 2031), street="street:2"), lines=lines)  # fmt: skip
    assert joint(made).empty
