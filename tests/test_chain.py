"""The whole chain on the small town: what must hold for every study, whatever is in it."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import shapely

import integralie as itg
from integralie.errors import DataError
from integralie.pipeline import run, stale, take
from integralie.schema import frames, notes
from integralie.study import Study
from integralie.verbs import explain

FOUND = (
    "works",
    "opportunities",
    "clashes",
    "room",
    "programme",
    "openings",
    "prices",
    "phases",
    "loads",
    "shares",
    "scores",
)


TIME = 400  # seconds, so that the clock never decides: the search ends by its own counts long before


@pytest.fixture(scope="module")
def told() -> Study:
    town = itg.town(size="small", seed=3)
    good = town.plans[
        town.plans["street"].notna() & (town.plans["cost"] > 0) & town.plans["preferred"].between(2028, 2040)
    ]
    phase = town.plans["phase"].mask(town.plans.index == good.index[0], "tendered")  # at least one commitment
    return town | {"plans": town.plans.assign(phase=phase)}


@pytest.fixture(scope="module")
def study(told) -> Study:
    return run(told, seconds=TIME)


def test_nothing_is_stale_after_a_run_and_a_second_run_changes_nothing(study):
    assert stale(study) == ()
    again = run(study, force=True, seconds=TIME)
    assert {n: again.prints[n] for n in frames.tables()} == {n: study.prints[n] for n in frames.tables()}


def test_the_programme_is_proven_by_the_stand_alone_checker(study):
    verdict = itg.check_certificate(study)
    assert verdict.proven, verdict.sentences
    assert verdict.lower_bound <= verdict.objective


def test_score_counts_what_the_solver_minimised(study):
    counted = study.scores.loc["together|objective|", "value"]
    assert counted == pytest.approx(itg.check_certificate(study).objective, abs=0.01)


@pytest.mark.parametrize("name", FOUND)
def test_every_found_row_has_a_reason_that_can_be_said_in_both_languages(study, name):
    reasons = study.reasons[study.reasons["target"] == name]
    without = set(study[name].index) - set(reasons["row"])
    assert not [r for r in without if explain.told([r], reasons).empty]  # rules that held nothing back share one
    for row in reasons.drop_duplicates("code").itertuples():
        for language in notes.LANGUAGES:
            assert "?" not in notes.say(row.code, json.loads(row.args), language).replace("?,", ""), row.code


def test_every_reason_with_a_figure_names_one_with_a_source_or_a_placeholder(study):
    used = set(study.reasons["figure"].dropna())
    assert used
    for name in used:
        figure = study.figures.by_id[name]
        assert figure.source or figure.status == "placeholder", name


def test_the_order_of_rows_does_not_matter(told, study):
    rng = np.random.default_rng(1)
    mixed = Study(settings=told.settings) | {n: told[n].iloc[rng.permutation(len(told[n]))] for n in told}
    other = run(mixed, seconds=TIME)
    assert all(
        other.prints[n] == study.prints[n]
        for n in ("works", "programme", "openings", "prices", "phases", "loads", "shares")
    )


def test_a_town_moved_100_km_gets_the_same_programme(told, study):
    moved = {}
    for name in told:
        frame = told[name]
        if frames.table(name).has_geometry:
            shapes = shapely.transform(np.asarray(frame.geometry), lambda c: c + [100_000, 50_000])
            frame = frame.assign(geometry=shapes).set_geometry("geometry", crs=told.settings.crs)
        moved[name] = frame
    other = run(Study(settings=told.settings) | moved, seconds=TIME)
    assert other.programme["period"].equals(study.programme["period"])
    assert other.shares["amount"].equals(study.shares["amount"])


def test_capacities_are_kept_to_the_cent(study):
    prices = study.prices[study.prices["capacity"].notna()]
    assert (prices["used"] <= prices["capacity"]).all()


def test_a_fixed_work_stays_fixed(study):
    fixed = study.works[study.works["fixed"].notna()]
    got = study.programme.set_index("work")["period"].reindex(fixed.index)
    assert len(fixed) and (got == fixed["fixed"]).all()


def test_shares_of_an_opening_add_up_to_its_cost_and_works(study):
    paid = (study.shares["amount"] - study.shares["forward"]).groupby(study.shares["opening"]).sum()
    held = study.members[(study.members["role"] == "work") & study.members["set"].isin(study.openings.index)]
    passage = study.programme.set_index("work")["passage"].astype(float).reindex(study.works.index).fillna(0.0)
    own = (study.works["cost"] - study.works["surface_cost"] + passage).reindex(held["member"]).to_numpy()
    own = own * held["amount"].astype(float).fillna(1.0).to_numpy()  # of a long work the share that lies there
    total = pd.Series(own, index=held["set"].to_numpy()).groupby(level=0).sum() + study.openings["cost"]
    assert (paid - total.reindex(paid.index)).abs().max() < 0.011


def test_nobody_pays_more_than_alone_unless_it_is_said(study):
    dearer = study.shares.index[study.shares["saving"] < 0]
    said = set(study.reasons.loc[study.reasons["code"] == "share.dearer", "row"])
    assert set(dearer) <= said


def test_a_decision_is_kept_and_taking_it_back_restores_the_programme(study):
    work = study.programme[study.programme["status"] == "programmed"]["work"].iloc[0]
    window = study.works.loc[work]
    year = int(window["latest"] if window["latest"] <= 2046 else window["earliest"])
    who = {"who": "raad", "why": "besluit", "at": "2026-11-01T00:00:00+00:00"}
    decided = itg.record(study, target="works", row=work, column="fixed", value=year, **who)
    assert "programme" in stale(decided) and "forecast" not in stale(decided)
    assert take(decided, "programme").programme.set_index("work").loc[work, "period"] == year
    assert stale(itg.undo(decided, decided.edits.index[-1], **{k: who[k] for k in ("who", "why", "at")})) == ()


def test_the_study_survives_its_file(study, tmp_path):
    itg.save(study, tmp_path / "town.gpkg")
    again = itg.open(tmp_path / "town.gpkg")
    assert again.equals(study) and stale(again) == ()


@pytest.fixture(scope="module")
def both(study) -> Study:
    return itg.compare(study)


def test_each_owner_alone_costs_more_in_the_same_yardstick(both):
    value = both.scores.set_index(["variant", "indicator", "party"])["value"]
    assert value["together", "openings", np.nan] < value["silo", "openings", np.nan]


def test_the_price_of_not_working_integrally_has_its_five_parts(study, both):
    with pytest.raises(DataError):
        itg.price(study)
    got = itg.price(both)
    assert set(got["about"]) == {"tasks in time", "room", "dig damage", "life-cycle cost", "nuisance"}
    assert (got["worse"] - (got["silo"] - got["together"])).abs().max() < 0.011
    assert got.loc["dig_damage", "worse"] > 0 and got.loc["space_conflicts", "together"] == 0


def test_every_street_has_a_sentence_for_its_residents(study):
    rows = itg.reopenings(study)
    assert len(rows) == len(study.streets) and rows["sentence"].str.len().gt(20).all()
    assert not rows["sentence"].str.contains("onbekend|\\?").any()
