"""Forecast: what is coming, from plans and from age."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from integralie.figures import shipped
from integralie.settings import Settings
from integralie.study import Study
from integralie.verbs.forecast import forecast
from integralie.verbs.forecast.ages import lives, window


def taken(study: Study) -> dict[str, pd.DataFrame]:
    return forecast(study.areas, study.streets, study.assets, study.plans, study.figures, study.settings)


def test_a_sewer_over_two_sections_becomes_a_work_in_each(world):
    works = taken(world)["works"]
    sewer = works[works["kind"] == "gravity_sewer"]
    assert sorted(sewer["street"]) == ["street:1", "street:2"]
    assert sewer["quantity"].sum() == pytest.approx(250)


def test_a_plan_with_a_street_name_spans_every_section_of_that_name(world):
    out = taken(world)
    held = out["members"][out["members"]["set"] == "work:plan:1"]
    assert sorted(held["member"]) == ["street:1", "street:2"]


def test_an_unknown_year_gives_a_finding_and_no_work(world):
    out = taken(world)
    assert "gas_low" not in set(out["works"]["kind"])
    assert "kind=gas_low" in set(out["findings"]["row"])


def test_a_year_for_the_area_counts_only_after_a_decision(world):
    areas = world.areas.assign(year_built=1960, year_built_quality="registered")
    assert "gas_low" not in set(taken(world | {"areas": areas})["works"]["kind"])
    decided = world | {"areas": areas.assign(year_built_quality="assumed")}
    out = taken(decided)
    gas = out["works"][out["works"]["kind"] == "gas_low"]
    assert set(gas["year_built_quality"]) == {"assumed"}
    assert set(out["reasons"][out["reasons"]["code"] == "forecast.assumed"]["row"]) == set(gas.index)


def test_every_work_has_a_reason_and_every_figure_exists(world):
    out = taken(world)
    assert set(out["works"].index) <= set(out["reasons"]["row"])
    assert set(out["reasons"]["figure"].dropna()) <= set(world.figures.by_id)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"street_name": None}, "plan_without_place"),
        ({"street_name": "Nergensstraat"}, "plan_without_place"),
        ({"earliest": None, "preferred": None, "latest": None}, "plan_without_year"),
        ({"earliest": 9999, "preferred": 9999, "latest": 9999}, "plan_without_year"),
        ({"cost": None}, "plan_without_cost"),
        ({"cost": -5.0}, "plan_without_cost"),
    ],
)
def test_a_plan_that_cannot_be_programmed_is_told(world, change, rule):
    out = taken(world | {"plans": world.plans.assign(**change)})
    assert "work:plan:1" not in out["works"].index
    assert list(out["findings"][out["findings"]["row"] == "plan:1"]["rule"]) == [rule]


def test_a_reversed_window_keeps_its_preferred_year_only(world):
    work = taken(world | {"plans": world.plans.assign(earliest=2034, latest=2028)})["works"].loc["work:plan:1"]
    assert (work["earliest"], work["preferred"], work["latest"]) == (2030, 2030, 2030)


def test_a_plan_covers_the_forecast_of_the_same_kind_owner_and_street(world):
    plan = world.plans.assign(kind="gravity_sewer", party="party:sewer", action="renew", preferred=2040, latest=2042)
    out = taken(world | {"plans": plan})
    held = out["members"][out["members"]["set"] == "work:plan:1"]
    assert "asset:sewer" in set(held["member"])
    assert "forecast.covers" in set(out["reasons"]["code"])


def test_a_tendered_plan_is_a_commitment(world):
    out = taken(world | {"plans": world.plans.assign(phase="tendered")})
    assert out["works"].loc["work:plan:1", "fixed"] == 2030


@given(age=st.integers(0, 150), material=st.sampled_from(["concrete", "pvc", None]))
def test_the_window_holds_the_best_year_and_never_lies_before_the_age_reached(age, material):
    settings = Settings()
    assets = pd.DataFrame({"kind": ["gravity_sewer"], "material": [material]})
    year = pd.Series([float(settings.first - age)])
    curve = lives(assets, year, shipped())
    out = window(year, curve, pd.Series([np.nan]), shipped(), settings).iloc[0]
    assert out["earliest"] <= out["preferred"] <= out["latest"]
    assert out["preferred"] >= settings.first
    assert 0 <= out["probability"] <= 1


def test_the_best_year_is_the_median_given_the_age_reached():
    """A new sewer of concrete has its best year at the median life; one that has already reached it gets more years."""
    settings = Settings()
    assets = pd.DataFrame({"kind": ["gravity_sewer"] * 2, "material": ["concrete"] * 2})
    year = pd.Series([settings.first, settings.first - 75.0])
    out = window(year, lives(assets, year, shipped()), pd.Series([np.nan, np.nan]), shipped(), settings)
    assert out.loc[0, "preferred"] - settings.first == pytest.approx(75)
    assert 5 < out.loc[1, "preferred"] - settings.first < 20
