"""Figures: every number has a source or says that it has none."""

import pandas as pd
import pytest

from integralie.errors import DataError, FigureMissing
from integralie.figures import COLUMNS, Figures, read, shipped, with_own
from integralie.kinds import kinds

HEAD = ",".join(COLUMNS) + "\n"


def test_every_figure_has_a_source_or_is_a_placeholder():
    for figure in shipped().rows:
        assert figure.status in ("placeholder", "gap") or figure.source, figure.id


@pytest.mark.parametrize("name", [n for n, k in kinds().items() if k.programmed])
def test_every_programmed_kind_has_the_figures_it_needs(name):
    for figure in ("service_life", "unit_cost", "output", "trench_width"):
        assert shipped().value(figure, kind=name) > 0


def test_the_most_specific_figure_wins():
    figures = Figures(
        read(
            HEAD
            + "A,life,,1,,,year,,firm,s,\nB,life,kind=x,2,,,year,,firm,s,\nC,life,kind=x material=m,3,,,year,,firm,s,\n"
        )
    )
    assert [figures.value("life", **w) for w in ({}, {"kind": "x"}, {"kind": "x", "material": "m"}, {"kind": "y"})] == [
        1,
        2,
        3,
        1,
    ]


def test_a_tie_is_an_error():
    figures = Figures(read(HEAD + "A,life,kind=x,1,,,year,,firm,s,\nB,life,material=m,2,,,year,,firm,s,\n"))
    with pytest.raises(DataError, match="A and B both hold"):
        figures.value("life", kind="x", material="m")


def test_a_figure_without_a_number_is_missing():
    with pytest.raises(FigureMissing, match="no figure 'life'"):
        Figures(read(HEAD + "A,life,,a lot,,,year,,firm,s,\n")).value("life")


def test_own_figures_win_even_when_less_specific():
    own = pd.DataFrame(
        [
            dict.fromkeys(COLUMNS, "")
            | {"id": "OWN-1", "figure": "service_life", "value": "42", "unit": "year", "status": "firm"}
        ]
    )
    assert with_own(own).value("service_life", kind="gravity_sewer", material="concrete") == 42


def test_lookup_keeps_the_index_and_answers_per_row():
    asked = pd.DataFrame({"kind": ["tree", "gravity_sewer"], "material": [None, "pvc"]}, index=["t", "s"])
    got = shipped().lookup("service_life", asked)
    assert list(got.index) == ["t", "s"]
    assert got.loc["s", "figure"] == "SL-011"
