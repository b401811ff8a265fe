"""Tables as collections of features (OGC API Features, Parts 1 and 2): QGIS and any other client read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import shapely
from fastapi import APIRouter, Query, Request, Response

from integralie.api.problems import Problem
from integralie.api.query import Asked, matching, projected
from integralie.api.shapes import Link, Shape, absolute, plain
from integralie.api.sight import Looking, Sight, unchanged
from integralie.schema import frames

router = APIRouter(tags=["features"])
GEOJSON = "application/geo+json"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
WGS84 = f"{EPSG}4326"
MOST = 10_000
RESERVED = (
    "bbox", "bbox-crs", "crs", "limit", "offset", "sortby", "properties", "datetime", "party", "scenario", "language", "f",
)  # fmt: skip
TYPES = {"text": "string", "int": "integer", "float": "number", "bool": "boolean"}


class Extent(Shape):
    """Where the features lie, in degrees, and in which years."""

    spatial: dict[str, Any]
    temporal: dict[str, Any] | None = None


class Collection(Shape):
    """One table as a collection."""

    id: str
    title: str
    description: str
    item_type: str = "feature"
    extent: Extent | None = None
    crs: list[str]
    storage_crs: str | None = None
    links: list[Link]


class Collections(Shape):
    """All tables as collections."""

    collections: list[Collection]
    links: list[Link]
    crs: list[str]


class Feature(Shape):
    """One row: its columns, and its shape when it has one."""

    type: str = "Feature"
    id: str
    geometry: dict[str, Any] | None
    properties: dict[str, Any]
    links: list[Link] | None = None


class FeatureCollection(Shape):
    """A page of rows."""

    type: str = "FeatureCollection"
    features: list[Feature]
    links: list[Link]
    number_matched: int
    number_returned: int
    time_stamp: str


def storage(look: Sight) -> str:
    """The address of the coordinates in which the study is kept."""
    return EPSG + look.study.settings.crs.split(":")[1]


def crs_list(look: Sight) -> list[str]:
    return list(dict.fromkeys([CRS84, storage(look), WGS84]))


@router.get("/collections", response_model_exclude_none=True)
def collections(look: Looking) -> Collections:
    """All tables as collections; those without a place have features without a shape."""
    here = [Link(href="/v1/collections", rel="self", type="application/json")]
    return Collections(collections=[_collection(look, n) for n in frames.tables()], links=here, crs=crs_list(look))


@router.get("/collections/{table}", response_model_exclude_none=True)
def collection(look: Looking, table: str) -> Collection:
    """One table as a collection."""
    look.table(table)
    return _collection(look, table)


def _collection(look: Sight, name: str) -> Collection:
    spec, base = frames.table(name), f"/v1/collections/{name}"
    told = spec.meaning_nl if look.language == "nl" else spec.meaning
    links = [
        Link(href=base, rel="self", type="application/json"),
        Link(href=f"{base}/items", rel="items", type=GEOJSON, title=told),
        Link(
            href=f"{base}/queryables",
            rel="http://www.opengis.net/def/rel/ogc/1.0/queryables",
            type="application/schema+json",
        ),
    ]
    return Collection(
        id=name, title=told.split(":")[0].split(",")[0], description=told, extent=_extent(look, name), links=links,
        crs=crs_list(look) if spec.has_geometry else [CRS84], storage_crs=storage(look) if spec.has_geometry else None,
    )  # fmt: skip


def _extent(look: Sight, name: str) -> Extent | None:
    frame = look.study[name]
    if not frames.table(name).has_geometry or frame.empty or frame.geometry.isna().all():
        return None
    box = shapely.box(*frame.total_bounds)
    degrees = projected(np.array([box]), look.study.settings.crs, "OGC:CRS84")[0].bounds
    return Extent(spatial={"bbox": [[round(v, 6) for v in degrees]], "crs": CRS84})


@router.get(
    "/collections/{table}/queryables",
    response_class=Response,
    responses={200: {"content": {"application/schema+json": {}}}},
)
def queryables(look: Looking, table: str) -> Response:
    """The columns by which the features can be asked for."""
    look.table(table)
    columns = {
        c.name: {"title": c.meaning_nl if look.language == "nl" else c.meaning, "type": TYPES[c.type]}
        for c in frames.table(table).columns.values() if c.type in TYPES
    }  # fmt: skip
    body = {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"/v1/collections/{table}/queryables", "type": "object",
        "title": table, "properties": columns, "additionalProperties": False,
    }  # fmt: skip
    return Response(json.dumps(body, ensure_ascii=False), media_type="application/schema+json")


@router.get(
    "/collections/{table}/items", response_model=FeatureCollection, response_class=Response,
    responses={200: {"content": {GEOJSON: {"schema": {"$ref": "#/components/schemas/FeatureCollection"}}}}},
)  # fmt: skip
def items(
    request: Request, look: Looking, table: str, bbox: Annotated[str | None, Query(description="Left, bottom, right, top.")] = None,
    bbox_crs: Annotated[str, Query(alias="bbox-crs")] = CRS84, crs: str = CRS84, limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0, sortby: str | None = None, properties: str | None = None,
    datetime: Annotated[str | None, Query(description="A year, or years with / between; .. is open.")] = None,
) -> Response:  # fmt: skip
    """A page of the rows of a table. Any column can be asked for by its name: `?party=…&kind=…`; `party` itself is who
    looks, so the owner is asked for as `owner`.
    """
    frame = look.table(table)
    etag = f'"{look.revision(table)}-{abs(hash(str(request.url))):x}"'
    if (short := unchanged(request, etag)) is not None:
        return short
    own = {k: v for k, v in request.query_params.items() if k not in RESERVED}
    box = _box(look, bbox, bbox_crs)
    found = matching(frame, table, Asked(box, own, datetime, sortby), look)
    page = found.iloc[offset : offset + limit]
    body = {
        "type": "FeatureCollection", "features": _features(look, page, table, _crs(look, crs), properties),
        "links": _links(request, table, offset, limit, len(found)), "numberMatched": len(found), "numberReturned": len(page),
        "timeStamp": look.desk.file.at,
    }  # fmt: skip
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, media_type=GEOJSON, headers={"Content-Crs": f"<{crs}>", "ETag": etag})


@router.get(
    "/collections/{table}/items/{id}",
    response_model=Feature,
    response_class=Response,
    responses={200: {"content": {GEOJSON: {"schema": {"$ref": "#/components/schemas/Feature"}}}}},
)
def item(look: Looking, table: str, id: str, crs: str = CRS84) -> Response:
    """One row."""
    look.row(table, id)
    feature = _features(look, look.table(table).loc[[id]], table, _crs(look, crs), None)[0]
    base = f"/v1/collections/{table}"
    feature["links"] = [
        {"href": absolute(f"{base}/items/{id}"), "rel": "self", "type": GEOJSON},
        {"href": absolute(base), "rel": "collection"},
    ]
    return Response(json.dumps(feature, ensure_ascii=False), media_type=GEOJSON, headers={"Content-Crs": f"<{crs}>"})


def _crs(look: Sight, asked: str) -> str:
    """The coordinates asked for as pyproj names them.

    Raises
        Problem `invalid-request` for coordinates that are not offered.
    """
    if asked == CRS84:
        return "OGC:CRS84"
    if asked not in crs_list(look):
        raise Problem("invalid-request", look.t("no_crs", crs=asked, known=", ".join(crs_list(look))))
    return f"EPSG:{asked.rsplit('/', 1)[1]}"


def _box(look: Sight, text: str | None, crs: str) -> shapely.Geometry | None:
    """The box asked for, in the coordinates of the study; of six numbers the heights do not count."""
    if text is None:
        return None
    try:
        numbers = [float(n) for n in text.split(",")]
        left, bottom, right, top = numbers if len(numbers) == 4 else [numbers[i] for i in (0, 1, 3, 4)]
    except (ValueError, IndexError):
        raise Problem("invalid-request", look.t("bad_bbox", text=text)) from None
    if not all(map(np.isfinite, (left, bottom, right, top))) or bottom > top or left > right:
        raise Problem("invalid-request", look.t("bad_bbox", text=text))
    box = shapely.segmentize(shapely.box(left, bottom, right, top), max((right - left), (top - bottom), 1e-9) / 16)
    return projected(np.array([box]), _crs(look, crs), look.study.settings.crs)[0]


def _features(look: Sight, page: pd.DataFrame, name: str, crs: str, properties: str | None) -> list[dict[str, Any]]:
    known = [c for c in page.columns if c != "geometry"]
    wanted = known if properties is None else [c for c in properties.split(",") if c in known]
    shapes: list[Any] = [None] * len(page)
    if "geometry" in page.columns:
        there = projected(np.asarray(page.geometry), look.study.settings.crs, crs)
        digits = 2 if crs == look.study.settings.crs else 8
        shapes = [None if s is None else _geojson(s, digits) for s in there]
    told = [{c: plain(None if pd.isna(v) else v) for c, v in r.items()} for r in page[wanted].to_dict("records")]
    return [
        {"type": "Feature", "id": i, "geometry": s, "properties": {"id": i, **p}}
        for i, s, p in zip(page.index, shapes, told)
    ]


def _geojson(shape: Any, digits: int) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(shapely.to_geojson(shapely.force_2d(shape)))
    told["coordinates"] = _rounded(told["coordinates"], digits)
    return told


def _rounded(value: Any, digits: int) -> Any:
    return round(value, digits) if isinstance(value, float | int) else [_rounded(v, digits) for v in value]


def _links(request: Request, table: str, offset: int, limit: int, matched: int) -> list[Mapping[str, str]]:
    whole = absolute(f"/v1/collections/{table}")
    base = f"{whole}/items"

    def at(place: int) -> str:
        return f"{base}?{urlencode({**request.query_params, 'offset': str(place), 'limit': str(limit)})}"

    made = [{"href": at(offset), "rel": "self", "type": GEOJSON}]
    if offset + limit < matched:
        made.append({"href": at(offset + limit), "rel": "next", "type": GEOJSON})
    if offset:
        made.append({"href": at(max(offset - limit, 0)), "rel": "prev", "type": GEOJSON})
    return [*made, {"href": whole, "rel": "collection", "type": "application/json"}]
