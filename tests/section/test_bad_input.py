"""Bad input leads to *unknown* with the reason, or to a finding; never to a confident answer or drawing."""

from __future__ import annotations

import pandas as pd
import pytest
from shapely.geometry import LineString, box
from streets import LONG, X, Y, claim, street

import integralie as itg
from integralie.pipeline import take

PIPE = ("gas_low", -2.0, 0.8, 110, 0.3)


def shaped(study, shape: LineString):
    """The study with the axis of its street laid otherwise."""
    return study | {"streets": study.streets.set_geometry([shape], crs=study.streets.crs)}


def square():
    """No facade, no surface, no width: a place without edges."""
    return street(width=None, lines=[PIPE])


def roundabout():
    return shaped(street(lines=[PIPE]), LineString(box(X, Y - 5, X + 10, Y + 5).buffer(5).exterior.coords))


def too_narrow():
    made = street(lines=[PIPE])
    return made | {"streets": made.streets.assign(width=7.0)}


def unread():
    return street(lines=[], known=False)


@pytest.mark.parametrize(
    ("made", "missing", "rule"),
    [
        (square, "street_width", "section_no_edge"),
        (roundabout, "roundabout", "section_roundabout"),
        (too_narrow, "parts_exceed_width", "section_parts_exceed_width"),
        (unread, "no_networks", "section_no_networks"),
    ],
)
def test_a_street_that_cannot_be_cut_is_unknown_with_the_reason_and_a_finding(made, missing, rule):
    done = take(made() | {"claims": claim("heat")}, "fit")
    row = done.room.loc["street:1|c1"]
    assert (row["verdict"], row["missing"]) == ("unknown", missing) and pd.isna(row["x"])
    assert rule in set(done.findings["rule"])
    assert "fit.blind" in set(done.reasons.loc[done.reasons["row"] == "street:1|c1", "code"])
    base = done.room.loc["street:1|"]
    assert base["crowding"] == "unknown" and pd.isna(base["trees_2"])
    svg = itg.draw_section(done, "street:1")
    assert 'class="free"' not in svg and "PAST<" not in svg


def test_a_street_that_bends_more_sharply_than_it_is_wide_is_unknown_at_the_bend():
    bend = LineString([(X, Y), (X + 30, Y), (X + 30, Y - 30)])
    svg = itg.draw_section(shaped(street(lines=[PIPE]), bend), "street:1", at=30.0)
    assert "ONBEKEND" in svg and "alleen volgorde" in svg


def across(cover: float, quality: str | None = "registered"):
    """A water main along the street and a gas main straight across it."""
    made = street(lines=[("water_main", 1.0, 0.8, 110, 0.1), ("gas_low", 0.0, cover, 110, 0.1)])
    middle = X + 20.0
    shapes = [LineString([(middle, Y - 5), (middle + 0.1, Y + 5)]) if i == "asset:line:1" else g for i, g in made.assets.geometry.items()]  # fmt: skip
    assets = made.assets.set_geometry(shapes, crs=made.assets.crs)
    assets.loc["asset:line:1", "cover_quality"] = quality
    return made | {"assets": assets}


def test_lines_that_cross_at_one_depth_are_a_finding_unless_the_depth_is_a_mere_default():
    hit, over, default = (set(take(s, "fit").findings["rule"]) for s in (across(0.82), across(1.6), across(0.82, "default")))  # fmt: skip
    assert "same_place" in hit and "same_place" not in over and "same_place" not in default


def test_two_lines_with_another_registered_between_them_are_found_in_one_another():
    lines = [("gas_low", 1.0, 0.8, 400, 0.3), ("telecom", 1.02, 2.4, 40, 0.3), ("water_main", 1.05, 0.8, 400, 0.3)]
    found = take(street(lines=lines), "fit").findings
    assert "same_place" in set(found["rule"])


def test_a_manhole_without_a_diameter_is_a_finding_and_drawn_with_a_question_mark():
    made = street(lines=[PIPE], points=[("manhole", 0.5, LONG / 3)])
    done = take(made | {"claims": claim("heat")}, "fit")
    assert "chamber_size" in set(done.findings["rule"])
    assert "geen maat geregistreerd" in itg.draw_section(done, "street:1", at=LONG / 3)
    sized = made.assets.assign(width=made.assets["kind"].eq("manhole").map({True: 0.8, False: None}).astype(float))
    assert "chamber_size" not in set(take(made | {"assets": sized}, "fit").findings["rule"])


def test_a_claim_without_kind_or_size_and_a_negative_depth_are_unknown():
    done = take(street() | {"claims": pd.concat([claim(None), claim("no_such_kind", "c2")])}, "fit")
    assert done.room.loc[["street:1|c1", "street:1|c2"], "missing"].tolist() == ["claim_size", "claim_size"]
    wrong = take(street() | {"claims": claim("heat", depth_from=1.2, depth_to=0.8)}, "fit").room.loc["street:1|c1"]
    assert wrong["verdict"] in ("fits", "tight", "unknown") and wrong["bottom"] > wrong["top"]
