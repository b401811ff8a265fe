"""The shape of tables: what is declared is what there is."""

import pandas as pd
import pytest

from integralie.errors import DataError
from integralie.schema import frames


def test_every_table_of_the_design_is_declared():
    told = [
        "parties",
        "areas",
        "streets",
        "assets",
        "plans",
        "goals",
        "claims",
        "capacity",
        "agreements",
        "openings_past",
        "contributions",
        "edits",
    ]
    found = [
        "works",
        "opportunities",
        "clashes",
        "members",
        "room",
        "options",
        "uses",
        "programme",
        "openings",
        "prices",
        "phases",
        "loads",
        "shares",
        "scores",
        "findings",
        "reasons",
    ]
    assert list(frames.told()) == told
    assert sorted(frames.found()) == sorted(found)


def test_every_column_has_a_meaning_in_two_languages():
    for table in frames.tables().values():
        assert table.meaning and table.meaning_nl
        for column in table.columns.values():
            assert column.meaning and column.meaning_nl, (table.name, column.name)
            assert column.type in ("text", "int", "float", "bool", "geometry"), (table.name, column.name)


@pytest.mark.parametrize("name", list(frames.tables()))
def test_an_empty_table_has_all_columns(name):
    table = frames.empty(name)
    assert list(table.columns) == [c for c in frames.table(name).columns if c != "id"]
    assert frames.conform(name, table.reset_index()).equals(table)


def test_rows_are_sorted_by_id_whatever_their_order():
    rows = pd.DataFrame({"id": ["b", "a"], "name": ["B", "A"]})
    assert list(frames.conform("parties", rows).index) == ["a", "b"]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ({"id": ["a", "a"], "name": ["x", "y"]}, "more than once"),
        ({"id": ["a", None], "name": ["x", "y"]}, "without an id"),
        ({"id": ["a"], "name": ["x"], "colour": ["red"]}, "no column 'colour'"),
        ({"id": ["a"]}, "no 'name'"),
        ({"id": ["a"], "name": ["x"], "sharing": ["much"]}, "should hold int values"),
    ],
)
def test_bad_rows_get_one_sentence(rows, says):
    with pytest.raises(DataError, match=says) as error:
        frames.conform("parties", pd.DataFrame(rows))
    assert "\n" not in str(error.value)


def test_empty_text_is_unknown():
    assert frames.conform("parties", pd.DataFrame({"id": ["a"], "name": ["x"], "role": [""]}))["role"].isna().all()


def test_tables_meet_by_label():
    values = pd.Series([1.0, 2.0], index=["a", "b"])
    assert list(frames.align(values, pd.Series(["b", "a"]), "party")) == [2.0, 1.0]
    with pytest.raises(DataError, match="'c' is not a known party"):
        frames.align(values, pd.Series(["c"]), "party")
