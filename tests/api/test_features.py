"""The tables as OGC API Features: every row once, the right rows in a box, in both coordinates."""

from urllib.parse import quote

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from api.conftest import desk_of

RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def pages(client, url):
    """All features over all pages, following the links."""
    out = []
    while url:
        page = client.get(url).json()
        out += page["features"]
        assert page["numberReturned"] == len(page["features"])
        url = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    return out, page["numberMatched"]


@FEW
@given(st.sampled_from(["streets", "works", "parties", "openings"]), st.integers(7, 200))
def test_paging_gives_every_row_once(look, table, limit):
    got, matched = pages(look, f"/v1/collections/{table}/items?limit={limit}")
    assert [f["id"] for f in got] == list(desk_of(look).seen()[table].index) and matched == len(got)


@FEW
@given(st.data(), st.sampled_from(["streets", "assets", "plans"]), st.booleans())
def test_a_box_gives_what_touches_it_and_nothing_else(look, data, table, in_rd):
    frame = desk_of(look).seen()[table]
    left, bottom, right, top = desk_of(look).seen().streets.total_bounds
    x = sorted(data.draw(st.lists(st.floats(left - 50, right + 50), min_size=2, max_size=2, unique=True)))
    y = sorted(data.draw(st.lists(st.floats(bottom - 50, top + 50), min_size=2, max_size=2, unique=True)))
    box = shapely.box(x[0], y[0], x[1], y[1])
    if in_rd:
        asked = f"bbox={x[0]},{y[0]},{x[1]},{y[1]}&bbox-crs={quote(RD)}"
    else:
        to = Transformer.from_crs(28992, "OGC:CRS84", always_xy=True)
        back = Transformer.from_crs("OGC:CRS84", 28992, always_xy=True)
        corners = to.transform([x[0], x[1]], [y[0], y[1]])
        asked = f"bbox={corners[0][0]},{corners[1][0]},{corners[0][1]},{corners[1][1]}"
        ring = shapely.segmentize(shapely.box(corners[0][0], corners[1][0], corners[0][1], corners[1][1]), 1e-5)
        box = shapely.transform(ring, lambda p: np.column_stack(back.transform(p[:, 0], p[:, 1])))
    got = {f["id"] for f in pages(look, f"/v1/collections/{table}/items?limit=10000&{asked}")[0]}
    inside = frame.geometry.notna() & frame.intersects(box)
    sure = frame.geometry.notna() & frame.intersects(box.buffer(-0.01))
    maybe = frame.geometry.notna() & frame.intersects(box.buffer(0.01))
    assert set(frame.index[sure]) <= got <= set(frame.index[maybe]), (inside.sum(), len(got))


def test_coordinates_are_degrees_unless_asked_for_in_rd(look):
    degrees = look.get("/v1/collections/streets/items?limit=1")
    metres = look.get(f"/v1/collections/streets/items?limit=1&crs={quote(RD)}")
    lon, lat = degrees.json()["features"][0]["geometry"]["coordinates"][0]
    x, y = metres.json()["features"][0]["geometry"]["coordinates"][0]
    assert 3 < lon < 8 and 50 < lat < 54 and metres.headers["content-crs"] == f"<{RD}>"
    assert Transformer.from_crs(4326, 28992, always_xy=True).transform(lon, lat) == pytest.approx((x, y), abs=0.05)
    other = look.get("/v1/collections/streets/items?limit=1&crs=http://www.opengis.net/def/crs/EPSG/0/4326").json()
    assert other["features"][0]["geometry"]["coordinates"][0] == pytest.approx([lat, lon])


def test_rows_are_asked_for_by_column_by_years_and_in_order(look):
    works = desk_of(look).seen().works
    got, _ = pages(look, "/v1/collections/works/items?limit=1000&kind=gravity_sewer&datetime=2030/2034&sortby=-cost")
    mine = works[(works["kind"] == "gravity_sewer") & (works["earliest"] <= 2034) & (works["latest"] >= 2030)]
    assert {f["id"] for f in got} == set(mine.index) and len(got) > 0
    costs = [f["properties"]["cost"] for f in got if f["properties"]["cost"] is not None]
    assert costs == sorted(costs, reverse=True)
    owner = pages(look, "/v1/collections/works/items?limit=1000&owner=party:water")[0]
    assert {f["properties"]["party"] for f in owner} == {"party:water"}


@pytest.mark.parametrize("asked", ["bbox=1,2,3", "bbox=a,b,c,d", "bbox=9,9,1,1", "colour=red", "limit=0", "crs=nowhere", "sortby=colour", "datetime=soon", "cost=dear"])  # fmt: skip
def test_a_question_that_is_not_right_is_told(look, asked):
    got = look.get(f"/v1/collections/works/items?{asked}")
    assert got.status_code == 400 and got.headers["content-type"] == "application/problem+json"
    assert got.json()["detail"] and got.json()["status"] == 400


def test_one_feature_and_what_is_not_there(look):
    id = desk_of(look).seen().streets.index[3]
    got = look.get(f"/v1/collections/streets/items/{quote(id)}").json()
    assert got["id"] == id and got["properties"]["id"] == id and got["geometry"]["type"] == "LineString"
    for path in ("streets/items/street:none", "nothing/items", "nothing"):
        assert look.get(f"/v1/collections/{path}").status_code == 404


def test_the_way_in_leads_everywhere(look):
    page = look.get("/v1").json()
    for link in page["links"]:
        assert look.get(link["href"]).status_code == 200, link
    assert any("features-2" in c for c in look.get("/v1/conformance").json()["conformsTo"])
    about = {c["id"]: c for c in look.get("/v1/collections").json()["collections"]}
    assert len(about) > 20 and RD in about["streets"]["crs"] and about["streets"]["storageCrs"] == RD
    assert look.get("/v1/collections/works/queryables").json()["properties"]["earliest"]["type"] == "integer"


def test_what_the_asker_has_is_not_sent_again(look):
    first = look.get("/v1/collections/streets/items?limit=5")
    again = look.get("/v1/collections/streets/items?limit=5", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304 and not again.content
