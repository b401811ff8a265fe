"""Whose freedom in years yields what: counted on two or three works in one street."""

from __future__ import annotations

import pandas as pd
import pytest
from meeting_world import streets, study, work

from integralie.schema import windows


def lying(made) -> pd.DataFrame:
    place = windows.places(made.works, made.members)
    return windows.held(made.works, place, made.streets, made.figures, made.settings)


def pair(**more):
    return study(
        work("riool", "sewer", "gravity_sewer", (2028, 2030, 2032)),
        work("kabel", "grid", "cable_low", (2030, 2032, 2034), **more),
    )


def test_fixed_dates_yield_nothing_and_two_years_of_freedom_do():
    made = pair()
    told = windows.by_years(lying(made), (0, 1, 2), made.figures, made.settings).set_index("years")
    assert told["works"].tolist() == [0, 2, 2] and told.loc[0, "saving"] == 0 < told.loc[2, "saving"]


def test_one_of_two_that_keeps_its_year_loses_nothing_when_the_other_can_come():
    made = pair()
    every = windows.choices(lying(made), made.figures)
    best = windows.rounds(every, made.figures)["net"].iloc[0]
    lost = windows.by_party(every, made.figures, made.settings)
    assert lost["works"].tolist() == [0, 0] and (lost["saving"] < best).all()


def test_a_party_without_whose_freedom_there_is_no_joint_work_loses_all_of_it():
    made = pair(fixed=2032)
    every = windows.choices(lying(made), made.figures)
    best = windows.rounds(every, made.figures)["net"].iloc[0]
    lost = windows.by_party(every, made.figures, made.settings)
    assert lost.loc["party:sewer"].tolist() == [2, pytest.approx(best, abs=1)]
    assert lost.loc["party:grid"].tolist() == [0, 0]


def test_works_of_one_owner_are_no_joint_work_with_others():
    made = study(
        work("riool", "sewer", "gravity_sewer", (2028, 2030, 2032)),
        work("put", "sewer", "manhole", (2028, 2030, 2032)),
        work("kabel", "grid", "cable_low", (2030, 2030, 2030), street="street:2"),
        lines=streets(2),
    )
    assert windows.by_years(lying(made), (5,), made.figures, made.settings)["works"].tolist() == [0]
