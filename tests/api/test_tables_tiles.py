"""Whole tables and tiles: what is packed is what was there; another reader agrees about the tiles."""

import io
import math

import geopandas as gpd
import mapbox_vector_tile
import numpy as np
import pandas as pd
import pytest
import python_calamine
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from api.conftest import desk_of
from integralie.api import columns, mvt

TYPES = {1: "Point", 2: "LineString", 3: "Polygon", 4: "MultiPoint", 5: "MultiLineString", 6: "MultiPolygon"}


def unpacked(told):
    """The shapes of a packed column, as a browser reads them."""
    out, part, place = [], 0, 0
    (left, bottom), step = told["origin"], told["resolution"]
    for kind, many in zip(told["kinds"], told["parts"]):
        pieces = []
        for _ in range(many):
            x = y = 0
            piece = []
            for _ in range(told["points"][part]):
                x, y = x + told["coords"][place], y + told["coords"][place + 1]
                place += 2
                piece.append((x * step + left, y * step + bottom))
            part += 1
            pieces.append(piece)
        out.append(built(kind, pieces))
    return out


def built(kind, pieces):
    if kind == 0:
        return None
    if kind in (1, 4):
        return shapely.Point(pieces[0][0]) if kind == 1 else shapely.MultiPoint([p[0] for p in pieces])
    if kind in (2, 5):
        return shapely.LineString(pieces[0]) if kind == 2 else shapely.MultiLineString(pieces)
    outer = []
    for ring in pieces:
        if shapely.LinearRing(ring).is_ccw:
            outer.append((ring, []))
        else:
            outer[-1][1].append(ring)
    return shapely.Polygon(*outer[0]) if kind == 3 else shapely.MultiPolygon(outer)


coordinate = st.integers(-2000, 2000).map(lambda v: v / 2)
point = st.tuples(coordinate, coordinate)
lines = st.lists(point, min_size=2, max_size=6, unique=True).map(shapely.LineString)


@st.composite
def polygons(draw):
    """A square with a square hole."""
    x, y = draw(point)
    size = draw(st.integers(4, 50))
    hole = [(x + 1, y + 1), (x + 2, y + 1), (x + 2, y + 2), (x + 1, y + 2)]
    holes = [hole] if draw(st.booleans()) else []
    return shapely.Polygon([(x, y), (x + size, y), (x + size, y + size), (x, y + size)], holes)


shapes = st.one_of(
    st.none(), point.map(shapely.Point), lines, polygons(), st.lists(point, min_size=1, max_size=3, unique=True).map(shapely.MultiPoint),
    st.lists(lines, min_size=1, max_size=3).map(shapely.MultiLineString),
    st.tuples(polygons(), polygons()).map(lambda p: shapely.MultiPolygon([p[0], shapely.transform(p[1], lambda c: c + 5000)])),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(shapes, max_size=8))
def test_packed_shapes_are_the_shapes(some):
    told = columns.geometry(pd.Series(np.array(some, dtype=object)), 0.5)
    for was, now in zip(some, unpacked(told)):
        assert (was is None) == (now is None)
        if was is not None:
            assert now.geom_type == was.geom_type and now.normalize().equals_exact(was.normalize(), 1e-6)


def test_a_whole_table_says_what_the_frame_says(look):
    for name in ("streets", "works", "parties", "prices"):
        frame = desk_of(look).seen()[name]
        got = look.get(f"/v1/tables/{name}").json()
        assert got["rows"] == len(frame) and got["columns"]["id"]["values"] == list(frame.index)
        for column in frame.columns.drop("geometry", errors="ignore"):
            told = got["columns"][column]
            values = (
                told["values"]
                if told.get("words") is None
                else [None if c < 0 else told["words"][c] for c in told["codes"]]
            )
            for value, true in zip(values, frame[column]):
                assert (value is None) == bool(pd.isna(true)), (name, column)
                assert value is None or value == true or math.isclose(value, true, abs_tol=1e-4), (name, column)
    lines = look.get("/v1/tables/streets?columns=id,geometry&resolution=0.01").json()
    for was, now in zip(desk_of(look).seen().streets.geometry, unpacked(lines["columns"]["geometry"])):
        assert now.hausdorff_distance(was) < 0.01


def test_tables_are_told_in_both_languages_with_units(look):
    dutch, english = (look.get(f"/v1/tables?language={n}").json()["tables"] for n in ("nl", "en"))
    assert {t["name"] for t in dutch} == {t["name"] for t in english}
    width = next(c for t in dutch if t["name"] == "streets" for c in t["columns"] if c["name"] == "width")
    assert width["title"] == "breedte" and width["unit"] == "m"


def test_rows_by_id_and_the_limits(look):
    ids = list(desk_of(look).seen().works.index[:3])
    got = look.get("/v1/tables/works/rows", params={"ids": ",".join([*ids, "work:none"])}).json()["rows"]
    assert [r["id"] for r in got] == ids
    assert look.get("/v1/tables/works/rows", params={"ids": ",".join(map(str, range(600)))}).status_code == 400
    assert look.get("/v1/tables/works?columns=colour").status_code == 400


def test_excel_holds_the_table_and_no_formula_runs(client):
    desk = desk_of(client)
    plan = desk.seen().plans.index[0]
    client.post(
        "/v1/edits",
        json={"who": "x", "changes": [{"table": "plans", "row": plan, "column": "name", "value": "=cmd|'/c calc'!A1"}]},
    )
    got = client.get("/v1/tables/plans/excel?language=nl")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(got.content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[1][0] == plan and "=cmd|'/c calc'!A1" in rows[1] and any("[EUR]" in str(h) for h in rows[0])
    import zipfile

    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(got.content)).read("xl/worksheets/sheet1.xml")


def decoded(body, name):
    told = mapbox_vector_tile.decode(body, default_options={"y_coord_down": True})
    return told[name]["features"] if name in told else []


def in_metres(feature, step, square):
    """The shape of a feature of a tile, in RD New again."""
    shape = shapely.geometry.shape(feature["geometry"])
    return shapely.transform(shape, lambda p: p * (step, -step) + (square[0], square[3]))


@pytest.mark.parametrize("table", ["streets", "assets", "plans"])
def test_another_reader_finds_every_feature_where_it_is(look, table):
    frame = desk_of(look).seen()[table]
    frame = frame[frame.geometry.notna()]
    left, bottom, right, top = frame.total_bounds
    for z in (6, 9, 11):
        side = mvt.SIDE / 2**z
        column, row = int(((left + right) / 2 - mvt.LEFT) // side), int((mvt.TOP - (bottom + top) / 2) // side)
        got = look.get(f"/v1/tiles/{z}/{row}/{column}?collections={table}")
        features = {f["properties"]["id"]: f for f in decoded(got.content, table)} if got.status_code == 200 else {}
        square = shapely.box(*mvt.box(z, row, column))
        step = side / mvt.EXTENT
        flat = frame.geom_type.str.contains("Polygon")
        big = (frame.geometry.length > 3 * step) & (~flat | frame.buffer(-1.5 * step).area.gt(0))
        bounds = frame.geometry.bounds
        size = np.maximum(bounds["maxx"] - bounds["minx"], bounds["maxy"] - bounds["miny"])
        big &= (size > 2.1 * side / 256) | (table != "assets") | (z >= 10)
        must = frame.index[
            frame.intersects(square.buffer(-step))
            & (big | ((frame.geom_type == "Point") & ((table != "assets") | (z >= 10))))
        ]
        assert set(must) <= set(features), (table, z, len(must), len(features))
        for id, feature in list(features.items())[:40]:
            was = frame.geometry[id]
            now = in_metres(feature, step, mvt.box(z, row, column))
            cut = was.intersection(square.buffer(mvt.BORDER * step, join_style="mitre"))
            assert now.hausdorff_distance(cut) < 2.5 * step or cut.is_empty, (table, z, id)


def test_the_values_of_a_tile_keep_their_types():
    frame = gpd.GeoDataFrame({"a": [True], "b": [-3], "c": [2.5], "d": ["é"], "geometry": [shapely.Point(155000, 463000)]}, index=["x:1"], crs=28992)  # fmt: skip
    side = mvt.SIDE / 2**3
    row, column = int((mvt.TOP - 463000) // side), int((155000 - mvt.LEFT) // side)
    (feature,) = decoded(mvt.tile({"t": (frame, ["a", "b", "c", "d"])}, 3, row, column), "t")
    assert feature["properties"] == {"id": "x:1", "a": True, "b": -3, "c": 2.5, "d": "é"}
    assert mvt.tile({"t": (frame, [])}, 3, row + 1, column) == b""


def test_tiles_are_kept_until_the_table_changes(look):
    url = "/v1/tiles/7/60/63?collections=streets"
    first = look.get(url)
    assert look.get(url, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert "immutable" in look.get(url + "&v=1").headers["cache-control"]
    assert (
        look.get("/v1/tiles/3/9/0").status_code == 404
        and look.get("/v1/tiles/3/1/1?collections=parties").status_code == 404
    )
    assert look.get("/v1/collections/streets/tiles/WebMercatorQuad/3/1/1").status_code == 404


def test_a_table_is_sent_zipped_and_once(look):
    got = look.get("/v1/tables/streets")
    assert got.headers["content-encoding"] == "gzip"
    plain = look.get("/v1/tables/streets", headers={"Accept-Encoding": "identity"})
    assert plain.headers.get("content-encoding") is None and plain.json() == got.json()
    assert look.get("/v1/tables/streets", headers={"If-None-Match": got.headers["etag"]}).status_code == 304
