"""Edits: laid over, never written in; every one can be taken back."""

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import tiny
from integralie import edits
from integralie.errors import DataError, Refused
from integralie.schema import frames

WHO = {"who": "programmeur", "why": "tafel 12 mei", "at": "2026-05-12T10:00:00+00:00"}


def same(one, two) -> bool:
    """Whether two studies show the same tables, apart from the log of edits."""
    a, b = edits.seen(one), edits.seen(two)
    return all(a.prints[n] == b.prints[n] for n in frames.tables() if n != "edits")


def test_an_edit_is_seen_and_what_was_told_stays(world):
    changed = edits.record(world, target="streets", row="street:1", column="residents", value=55, **WHO)
    assert edits.seen(changed).streets.at["street:1", "residents"] == 55
    assert changed.streets.at["street:1", "residents"] == 20


def test_undo_and_redo(world):
    once = edits.record(world, target="streets", row="street:1", column="residents", value=55, **WHO)
    back = edits.undo(once, "edit:000001", **WHO)
    again = edits.undo(back, "edit:000002", **WHO)
    assert same(back, world) and not same(once, world) and same(again, once)
    with pytest.raises(Refused, match="taken back already"):
        edits.undo(back, "edit:000001", **WHO)


def test_a_row_can_be_deleted_and_inserted(world):
    gone = edits.record(world, target="plans", row="plan:1", action="delete", **WHO)
    assert edits.seen(gone).plans.empty
    assert same(edits.undo(gone, "edit:000001", **WHO), world)
    values = {"name": "Nieuwe school", "party": "party:roads", "geometry": "POINT (150010 450010)"}
    more = edits.record(world, target="plans", row="plan:2", value=values, action="insert", **WHO)
    assert list(edits.seen(more).plans.index) == ["plan:1", "plan:2"]
    assert edits.seen(more).plans.geometry["plan:2"].x == 150010


def test_a_scenario_counts_only_when_chosen(world):
    from dataclasses import replace

    other = edits.record(
        world, target="streets", row="street:1", column="residents", value=1, scenario="vergroenen", **WHO
    )
    assert same(other, world)
    assert edits.seen(replace(other, scenario="vergroenen")).streets.at["street:1", "residents"] == 1


CHANGES = st.sampled_from([
    ("streets", "street:1", "residents", 7), ("streets", "street:2", "name", "Ander"), ("plans", "plan:1", "cost", 12.5),
    ("plans", "plan:1", "latest", None), ("assets", "asset:tree", "geometry", "POINT (150001 450001)"), ("streets", "street:1", "residents", 9),
])  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(CHANGES, min_size=1, max_size=5), st.data())
def test_taking_back_all_edits_in_any_order_restores_the_study(changes, data):
    study = world = tiny()
    for target, row, column, value in changes:
        study = edits.record(study, target=target, row=row, column=column, value=value, **WHO)
    for edit in data.draw(st.permutations(list(study.edits.index))):
        study = edits.undo(study, edit, **WHO)
    assert same(study, world)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"target": "streets", "row": "street:9", "column": "residents", "value": 1}, Refused, "no row 'street:9'"),
        ({"target": "streets", "row": "street:1", "column": "colour", "value": 1}, Refused, "no column 'colour'"),
        (
            {"target": "streets", "row": "street:1", "column": "residents", "value": "veel"},
            DataError,
            "'veel' is no int",
        ),
        ({"target": "edits", "row": "edit:000001", "column": "why", "value": "x"}, Refused, "cannot be edited"),
        ({"target": "nonsense", "row": "x", "column": "y", "value": 1}, DataError, "no table 'nonsense'"),
        (
            {"target": "plans", "row": "plan:1", "action": "insert", "value": {"name": "x"}},
            Refused,
            "already has a row",
        ),
        ({"target": "plans", "row": "plan:1", "column": "cost", "value": 1, "who": ""}, Refused, "who decides and why"),
    ],
)
def test_a_bad_edit_is_refused_in_one_sentence(world, change, error, says):
    with pytest.raises(error, match=says):
        edits.record(world, **{**WHO, **change})


def test_assumed_years_are_an_edit_that_marks_itself(world):
    study = edits.assume_years(world, 1965, **WHO)
    area = edits.seen(study).areas.loc["area:1"]
    assert (area["year_built"], area["year_built_quality"]) == (1965, "assumed")


def test_adopting_fixes_the_programmed_works(world):
    works = pd.DataFrame(
        {"id": ["work:1"], "name": "x", "party": "party:roads", "earliest": 2028, "preferred": 2030, "latest": 2032}
    )
    programme = pd.DataFrame(
        {"id": ["programme:work:1"], "work": ["work:1"], "block": ["b"], "period": [2031], "status": ["programmed"]}
    )
    study = edits.adopt(world | {"works": works, "programme": programme}, **WHO)
    assert edits.seen(study).works.at["work:1", "fixed"] == 2031


@pytest.mark.parametrize(
    "column, value", [("latest", 2030.7), ("latest", True), ("cost", float("inf")), ("cost", "veel")]
)
def test_a_value_that_does_not_fit_is_refused_and_not_cut_off(world, column, value):
    with pytest.raises(DataError, match=column):
        edits.record(world, "raad", "test", "plans", "plan:1", column, value)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("set"), st.sampled_from(["plan:1", "plan:2", "plan:3"]), st.sampled_from(["cost", "latest", "name"])),
        st.tuples(st.just("insert"), st.sampled_from(["plan:1", "plan:2", "plan:3"]), st.none()),
        st.tuples(st.just("delete"), st.sampled_from(["plan:1", "plan:2", "plan:3"]), st.none()),
    ), max_size=9,
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_runs_of_edits_laid_at_once_are_the_edits_laid_one_by_one(steps):
    """Edits that contradict each other do nothing, and a run gives what its edits give one after the other."""
    start, rows, truth = tiny(), [], {"plan:1": {"cost": 150000.0, "latest": 2034, "name": "Herinrichting Kerkstraat"}}
    for number, (action, row, column) in enumerate(steps):
        value = {"cost": 1000.0 + number, "latest": 2040 + number, "name": f"naam {number}"}
        told = value if action == "insert" else value[column] if action == "set" else None
        rows.append((action, row, column, {**told, "party": "party:roads"} if action == "insert" else told))
        if action == "delete":
            truth.pop(row, None)
        elif action == "insert":
            truth.setdefault(row, value)
        elif row in truth:
            truth[row] = {**truth[row], column: told}
    log = pd.DataFrame({
        "id": [f"edit:{i:06d}" for i in range(len(rows))], "action": [r[0] for r in rows], "target": "plans", "row": [r[1] for r in rows],
        "column": [r[2] for r in rows], "value": [json.dumps(r[3]) for r in rows],
    })  # fmt: skip
    shown = edits.seen(start | {"edits": log} if rows else start).plans
    assert set(shown.index) == set(truth) and shown.index.is_monotonic_increasing
    assert {r: {c: shown.at[r, c] for c in v} for r, v in truth.items()} == truth
    assert (shown.dtypes == start.plans.dtypes).all()


def test_edits_made_together_are_one_change(world):
    both = [("plans", "plan:1", "latest", 2040), ("plans", "plan:1", "earliest", 2029)]
    changed = edits.record_all(world, "x", "y", both, change="samen")
    assert changed.edits["change"].tolist() == ["samen", "samen"]
    with pytest.raises(DataError):
        edits.record_all(world, "x", "y", [*both, ("plans", "plan:1", "cost", "duur")], change="samen")
