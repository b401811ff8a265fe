"""The table of a section: what is where, how it is known, and when it may not be trusted."""

from __future__ import annotations

import pandas as pd
import pytest
from shapely.geometry import LineString, box
from streets import LONG, X, Y, street

import integralie as itg
from integralie.errors import DataError


def rows(study, **more) -> pd.DataFrame:
    return itg.section(study, "street:1", **more)


def nets(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["role"].isin(["network", "crossing"])]


def test_lines_stand_in_order_at_their_distance_from_the_left_edge():
    table = rows(
        street(
            lines=[
                ("water_main", 2.0, 1.0, 110, 0.3),
                ("cable_low", -5.0, 0.6, None, None),
                ("gravity_sewer", 0.0, 1.5, 400, 0.05),
            ]
        )
    )
    found = nets(table)
    assert found["kind"].tolist() == ["cable_low", "gravity_sewer", "water_main"]
    assert found["x"].tolist() == pytest.approx([1.0, 6.0, 8.0], abs=0.001)
    assert found["x_quality"].tolist() == ["registered", "measured", "registered"]
    assert found["x_band"].tolist() == [0.5, 0.05, 0.3]


def test_zones_add_up_to_the_width_and_edges_are_facades():
    table = rows(street())
    zones = table[table["role"] == "zone"]
    assert zones["kind"].tolist() == ["footway", "carriageway", "footway"]
    assert zones["width"].sum() == pytest.approx(table.attrs["width"]) == pytest.approx(12.0)
    assert (table.attrs["left_edge"], table.attrs["right_edge"], table.attrs["doubt"]) == ("facade", "facade", "")
    assert (table["role"] == "foundation").sum() == 2


def test_depth_counts_from_peil_and_cover_from_the_surface():
    found = nets(rows(street(lines=[("water_main", 0.0, 1.0, 110, None)]))).iloc[0]
    assert found["cover"] == 1.0 and found["top"] == pytest.approx(1.1)


def test_a_line_without_depth_has_none():
    found = nets(rows(street(lines=[("gas_low", 1.0, None, 110, None)]))).iloc[0]
    assert pd.isna(found["top"]) and found["depth_quality"] == "unknown"


def test_a_mirrored_street_is_the_mirrored_table():
    lines = [("water_main", 2.2, 1.0, 110, None), ("cable_low", -5.1, 0.6, None, None)]
    one, two = nets(rows(street(lines=lines))), nets(rows(street(lines=lines, mirror=True)))
    assert two["x"].tolist() == pytest.approx([12.0 - x for x in one["x"][::-1]], abs=0.001)


def laid(study, shape: LineString):
    """The study with its one line laid otherwise."""
    shapes = [shape if i == "asset:line:0" else g for i, g in study.assets.geometry.items()]
    return study | {"assets": study.assets.set_geometry(shapes, crs=study.assets.crs)}


def test_a_slanted_line_is_broader_and_one_across_is_followed():
    study, middle = street(lines=[("gas_low", 0.0, 0.8, 200, None)]), X + LONG / 2
    found = nets(rows(laid(study, LineString([(middle - 3, Y - 3), (middle + 3, Y + 3)])), at=LONG / 2)).iloc[0]
    assert found["angle"] == pytest.approx(45, abs=0.5)
    assert found["right"] - found["left"] == pytest.approx(0.2 / 0.7071, abs=0.01)
    found = nets(rows(laid(study, LineString([(middle + 0.1, Y - 5), (middle - 0.1, Y + 4)])), at=LONG / 2)).iloc[0]
    assert found["role"] == "crossing" and (found["left"], found["right"]) == pytest.approx((2.0, 11.0), abs=0.01)


def test_without_a_place_the_section_stands_where_the_street_is_most_like_itself():
    table = rows(street(lines=[("water_main", 2.0, 1.0, 110, 0.3)]))
    assert (table.attrs["alike"], table.attrs["cuts"], table.attrs["elsewhere"]) == (2, 2, [])


def test_a_street_without_an_edge_says_so():
    table = rows(street(width=None, lines=[("water_main", 2.0, 1.0, 110, None)]))
    assert table.attrs["doubt"] == "no_edge" and table.attrs["left_edge"] == "open"
    assert nets(table)["kind"].tolist() == ["water_main"]


def test_parts_that_are_wider_than_the_whole_are_doubted():
    study = street(width=12.0)
    assert rows(study | {"streets": study.streets.assign(width=8.0)}).attrs["doubt"] == "parts_exceed_width"


def test_a_roundabout_and_a_sharp_bend_are_doubted():
    study = street()
    ring = box(X, Y - 5, X + 10, Y + 5).buffer(5).exterior
    shape = study.streets.set_geometry([LineString(ring.coords)], crs=study.streets.crs)
    assert rows(study | {"streets": shape}).attrs["doubt"] == "roundabout"
    bend = LineString([(X, Y), (X + 30, Y), (X + 30, Y - 30)])
    sharp = study | {"streets": study.streets.set_geometry([bend], crs=study.streets.crs)}
    assert rows(sharp, at=30.0).attrs["doubt"] == "bend"


def test_a_bridge_is_doubted_and_water_under_a_street_is_no_zone():
    study = street()
    more = pd.DataFrame(
        {
            "id": ["asset:bridge", "asset:canal"],
            "kind": ["bridge", "water_body"],
            "level": [1, 0],
            "geometry": [box(X, Y - 6, X + LONG, Y + 6), box(X, Y - 9, X + LONG, Y + 9)],
        }
    )
    table = rows(
        study | {"assets": pd.concat([study.assets.reset_index(), more]).set_geometry("geometry", crs=study.assets.crs)}
    )
    assert table.attrs["doubt"] == "bridge" and "water_body" not in set(table["kind"])


def test_a_manhole_without_a_size_is_assumed_and_a_yard_is_not_the_street():
    study = street(points=[("manhole", 0.0, LONG / 2)])
    hole = rows(study, at=LONG / 2).query("kind == 'manhole'").iloc[0]
    assert hole["width"] == 1.0 and hole["width_quality"] == "assumed"
    yard = pd.concat(
        [
            study.assets.reset_index(),
            pd.DataFrame(
                {
                    "id": ["asset:erf"],
                    "kind": ["bare_ground"],
                    "function": ["onbegroeidterreindeel:erf"],
                    "geometry": [box(X, Y + 6, X + LONG, Y + 9)],
                }
            ),
        ]
    )
    assert rows(study | {"assets": yard.set_geometry("geometry", crs=study.assets.crs)}).attrs[
        "width"
    ] == pytest.approx(12.0)


def test_what_cannot_be_cut_is_refused_in_one_sentence():
    with pytest.raises(DataError, match="no street section"):
        itg.section(street(), "street:9")
    with pytest.raises(DataError, match="between 0 and that"):
        itg.section(street(), "street:1", at=500)


def test_the_order_of_rows_does_not_matter():
    study = street(lines=[("water_main", 2.0, 1.0, 110, 0.3), ("cable_low", -5.0, 0.6, None, None)])
    mixed = study | {"assets": study.assets.iloc[::-1]}
    pd.testing.assert_frame_equal(rows(study), rows(mixed))
