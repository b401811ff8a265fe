"""Nobody's private plan is visible in another party's view, reasons included."""

import itertools

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import tiny
from integralie import sharing
from integralie.errors import Refused
from integralie.pipeline import run
from integralie.study import Study

PARTIES = ("party:roads", "party:sewer", "party:water")


def secret_study(degrees: list[int], streets: list[str]) -> Study:
    """The tiny world with a plan per party, each full of markers that occur nowhere else."""
    world = tiny()
    rows = []
    for i, (party, degree, street) in enumerate(zip(PARTIES, degrees, streets)):
        rows.append({
            "id": f"plan:geheim-{i}", "name": f"Geheimnaam{i}", "party": party, "kind": ["carriageway", "gravity_sewer", "water_main"][i], "action": "renew", "street": street,
            "earliest": 2029, "preferred": 2031 + i, "latest": 2035, "cost": 70001.0 + 11113.0 * i, "duration": 13.0 + i, "phase": "planned", "fund": f"potje{i}",
            "sharing": degree, "geometry": None,
        })  # fmt: skip
    budget = pd.DataFrame(
        [
            {"id": f"{p}{y}", "party": p, "resource": "budget", "period": y, "amount": 90000.0, "sharing": 0}
            for p in PARTIES
            for y in range(2027, 2047)
        ]
    )
    return run(world | {"plans": pd.DataFrame(rows), "capacity": budget, "assets": world.assets.iloc[:0]}, seconds=5)


def everything(study: Study) -> str:
    """All that a view says, as one text."""
    return "\n".join(study[n].reset_index().astype(str).to_csv() for n in study)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.integers(0, 3), min_size=3, max_size=3),
    st.lists(st.sampled_from(["street:1", "street:2"]), min_size=3, max_size=3),
)
def test_no_view_holds_a_marker_of_what_is_not_shared(degrees, streets):
    study = secret_study(degrees, streets)
    for viewer, (i, owner) in itertools.product(PARTIES, enumerate(PARTIES)):
        if viewer == owner or degrees[i] == 3:
            continue
        text = everything(sharing.view(study, viewer))
        cost = 70001.0 + 11113.0 * i
        for marker in (f"geheim-{i}", f"Geheimnaam{i}", f"potje{i}", f"{cost}", f"{int(cost)}", f"{int(cost * 100)}"):
            assert marker not in text, (viewer, owner, degrees, marker)


def test_a_party_sees_its_own_rows_whole():
    study = secret_study([0, 0, 0], ["street:1"] * 3)
    seen = sharing.view(study, "party:sewer")
    assert seen.plans.loc["plan:geheim-1", "cost"] == 70001.0 + 11113.0
    assert list(seen.works.index) == ["work:plan:geheim-1"]


def test_degrees_give_nothing_a_cell_a_street_or_all():
    study = secret_study([0, 1, 2], ["street:1"] * 3)
    other = sharing.view(study, "party:green").plans
    assert len(other) == 2 and set(other["party"]) == {sharing.OTHER} and other["cost"].isna().all()
    cell, street = other[other["street"].isna()].iloc[0], other[other["street"].notna()].iloc[0]
    assert cell.geometry.area == pytest.approx(250 * 250) and street["street"] == "street:1"


def test_an_opportunity_with_a_hidden_partner_is_told_as_a_bare_fact():
    study = secret_study([0, 0, 0], ["street:1"] * 3)
    assert len(study.opportunities)
    seen = sharing.view(study, "party:water")
    assert (
        len(seen.opportunities) == 1
        and seen.opportunities["saving"].isna().all()
        and seen.opportunities["works"].isna().all()
    )
    assert "sharing.bare" in set(seen.reasons.loc[seen.reasons["target"] == "opportunities", "code"])


def test_every_row_of_a_view_has_a_reason_and_all_shared_means_all_seen():
    study = secret_study([3, 3, 3], ["street:1"] * 3)
    seen = sharing.view(study, "party:water")
    assert len(seen.works) == len(study.works) and len(seen.openings) == len(study.openings)


def test_an_unknown_party_is_refused():
    with pytest.raises(Refused, match="no party of this study"):
        sharing.view(tiny(), "party:nobody")


def test_the_year_of_a_hidden_earlier_opening_is_told_nowhere():
    past = pd.DataFrame([{"id": "past:geheim", "street": "street:1", "party": "party:gas", "year": 2026, "name": "Geheimgas", "sharing": 0}])  # fmt: skip
    plans = tiny().plans.assign(street="street:1", earliest=2028, preferred=2028, latest=2029)
    study = run(tiny() | {"openings_past": past, "plans": plans}, seconds=3)
    assert study.clashes["rule"].eq("rest_period").any()
    seen = sharing.view(study, "party:roads")
    assert seen.clashes["amount"].isna().all() and seen.options["last_opened"].isna().all()
    assert "2026" not in everything(seen) and "Geheimgas" not in everything(seen)
    assert sharing.view(study, "party:gas").openings_past["year"].tolist() == [2026]
