"""The hand-over: layers that open elsewhere, and pages from which a crew can work."""

from __future__ import annotations

import re
import sqlite3

import pyogrio
import pytest
import world

from integralie.errors import DataError
from integralie.paper.words import Words
from integralie.pipeline import asked
from integralie.study import Study
from integralie.verbs.hand_over import HandOver, write


@pytest.fixture(scope="module")
def town() -> Study:
    return world.town()


@pytest.fixture(scope="module")
def made(town) -> HandOver:
    return asked(town, "hand_over", until=9999)


def test_one_page_per_joint_opening(town, made):
    assert made.page.count('<section class="part sheet') == int((town.openings["works"] >= 2).sum())


def test_every_assignment_is_in_the_list_of_its_year(town, made):
    nav = made.page[made.page.index("<nav") : made.page.index("</nav>")]
    pages = re.findall(r'id="sheet-(\d+)"', made.page)
    assert sorted(re.findall(r'href="#sheet-(\d+)"', nav)) == sorted(pages)
    told = town.openings.loc[town.openings["works"] >= 2, "period"].unique()
    assert re.findall(r"<strong>(\d+)</strong>", nav) == [str(year) for year in sorted(told)]


def test_one_opening_alone(town):
    one = town.openings.index[town.openings["works"] == 5][0]
    made = asked(town, "hand_over", opening=one)
    assert made.page.count('<section class="part sheet') == 1 and list(made.layers["openings"]["id"]) == [one]
    assert len(made.layers["works"]) == 5 and len(made.layers["streets"]) == 1


def test_an_unknown_opening_is_refused_with_what_to_do(town):
    with pytest.raises(DataError, match="table openings"):
        asked(town, "hand_over", opening="opening:nowhere")


def test_deep_goes_before_shallow_before_paving_before_green(town):
    one = town.openings.index[town.openings["works"] == 5][0]
    html = asked(town, "hand_over", opening=one, language="en").page
    table = html[html.index("What is done, in this order") : html.index("What lies in the street")]
    letters = re.findall(r'class="chip"[^>]*>([A-Z]{2})<', table)
    assert letters == ["RI", "WA", "GA", "WG", "GR"]


def test_a_depth_that_is_unknown_asks_for_a_trial_trench(made):
    assert "Graaf een proefsleuf" in made.page and "? onbekend" in made.page
    assert "KLIC-melding" in made.page


def test_agreements_hold_only_where_they_apply(town):
    html = {}
    for street in ("street:0001", "street:0009"):
        one = town.openings.index[town.openings["street"] == street][0]
        html[street] = asked(town, "hand_over", opening=one).page
    assert "graafrust: 5" in html["street:0001"] and "5 jaar rust" in html["street:0001"]
    assert "graafrust: 5" not in html["street:0009"] and "jaar rust" not in html["street:0009"]


def test_shares_are_there_to_the_cent(town, made):
    w = Words("nl")
    joint = town.openings.index[town.openings["works"] >= 2]
    for amount in town.shares.loc[town.shares["opening"].isin(joint), "amount"]:
        assert w.cent(float(amount)) in made.page


def test_layers_in_a_geopackage_of_version_1_3(tmp_path, town, made):
    gpkg, page = write(tmp_path / "uitvoering.gpkg", made)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["uitvoering.gpkg", "uitvoering.html"]
    assert sorted(pyogrio.list_layers(gpkg)[:, 0]) == ["assets", "openings", "streets", "works"]
    with sqlite3.connect(gpkg) as base:
        assert base.execute("pragma user_version").fetchone() == (10300,)
    works = pyogrio.read_dataframe(gpkg, layer="works")
    assert works.crs.to_epsg() == 28992 and len(works) == int(town.programme["opening"].notna().sum())
    assert set(works["party_name"]) <= set(town.parties["name"]) and works["period"].notna().all()


def test_writing_again_replaces(tmp_path, made):
    write(tmp_path / "a.gpkg", made)
    write(tmp_path / "a.gpkg", made)
    assert len(pyogrio.read_dataframe(tmp_path / "a.gpkg", layer="openings")) == len(made.layers["openings"])


def test_nothing_to_hand_over_is_said(tmp_path):
    made = asked(Study(), "hand_over", language="en")
    assert "nothing to hand over" in made.page
    write(tmp_path / "empty.gpkg", made)


def test_streets_without_a_place_still_give_a_page(town):
    streets = town.streets.copy()
    streets["geometry"] = None
    asked(town | {"streets": streets}, "hand_over")


def test_without_asking_pages_are_made_for_the_first_two_years_only(town):
    soon = town.openings[(town.openings["works"] >= 2) & (town.openings["period"] <= town.settings.first + 1)]
    assert asked(town, "hand_over").page.count('<section class="part sheet') == len(soon)
