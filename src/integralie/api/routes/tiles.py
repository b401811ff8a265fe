"""Vector tiles of the study in RD New, made when asked for and kept until the table changes."""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from typing import Annotated, Any

import numpy as np
import pandas as pd
import shapely
from fastapi import APIRouter, Path, Request, Response

from integralie.api import mvt
from integralie.api.problems import Problem
from integralie.api.shapes import Link, Shape
from integralie.api.sight import Looking, Sight, unchanged
from integralie.schema import frames

router = APIRouter(tags=["tiles"])
MEDIA = "application/vnd.mapbox-vector-tile"
GRID = "NetherlandsRDNewQuad"
TOLD = {
    "streets": ["name", "road_class", "surface", "area", "last_opened"],
    "assets": ["kind", "party", "year_built", "material", "condition", "status", "street"],
    "plans": ["name", "party", "kind", "earliest", "preferred", "latest", "phase"],
    "works": ["name", "party", "kind", "discipline", "earliest", "preferred", "latest", "street"],
    "openings": ["name", "street", "period", "works", "parties", "depth"],
    "opportunities": ["street", "period", "works", "parties", "net_saving"],
    "clashes": ["rule", "street", "period", "severity"],
    "programme": ["work", "name", "party", "street", "opening", "period", "status"],
}  # fmt: skip
SMALL = {"assets": 4, "works": 4, "programme": 4}  # levels below which a layer is only a smear, and is left out
FINE, LEAST = 10, 2.0  # below this level an asset smaller than two dots on the screen is left out
KEPT = 4000  # tiles
Level = Annotated[int, Path(ge=0, le=mvt.LEVELS)]
Place = Annotated[int, Path(ge=0)]
ANSWERS: dict[int | str, dict[str, Any]] = {200: {"content": {MEDIA: {}}}, 204: {"description": "Nothing lies here."}}


class TileSets(Shape):
    """The tiles that there are of a collection."""

    links: list[Link]
    tile_matrix_set: str
    origin: list[float]
    side: float
    levels: int
    extent: int


_MADE: OrderedDict[tuple[object, ...], bytes] = OrderedDict()
_LOCK = threading.Lock()


@router.get("/collections/{table}/tiles")
def tilesets(look: Looking, table: str) -> TileSets:
    """How to ask for the tiles of a collection."""
    look.table(table)
    href = f"/v1/collections/{table}/tiles/{GRID}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
    links = [Link(href=href, rel="item", type=MEDIA)]
    return TileSets(
        links=links,
        tile_matrix_set=GRID,
        origin=[mvt.LEFT, mvt.TOP],
        side=mvt.SIDE,
        levels=mvt.LEVELS,
        extent=mvt.EXTENT,
    )


@router.get("/collections/{table}/tiles/{grid}/{z}/{row}/{col}", response_class=Response, responses=ANSWERS)
def tile_of(request: Request, look: Looking, table: str, grid: str, z: Level, row: Place, col: Place) -> Response:
    """One tile of one collection (OGC API Tiles)."""
    if grid != GRID:
        raise Problem("not-found", look.t("no_grid", grid=grid, known=GRID))
    return _tile(request, look, [table], z, row, col)


@router.get("/tiles/{z}/{row}/{col}", response_class=Response, responses=ANSWERS)
def tile(request: Request, look: Looking, z: Level, row: Place, col: Place, collections: str = "streets") -> Response:
    """One tile with several collections, a layer each. With the revision as `v` behind it, it may be kept for a year."""
    return _tile(request, look, list(dict.fromkeys(collections.split(","))), z, row, col)


def _tile(request: Request, look: Sight, names: list[str], z: int, row: int, col: int) -> Response:
    if row >= 2**z or col >= 2**z:
        raise Problem("not-found", look.t("no_tile", z=z))
    for name in names:
        if name not in frames.tables() or not frames.table(name).has_geometry:
            raise Problem("not-found", look.t("no_layer", name=name))
    etag = '"' + ".".join(look.revision(n) for n in names) + f'-{z}-{row}-{col}"'
    if (short := unchanged(request, etag)) is not None:
        return short
    body = _kept((id(look.desk), look.party, look.scenario, etag, *names), lambda: _made(look, names, z, row, col))
    lasting = "private, max-age=31536000, immutable" if "v" in request.query_params else "no-cache"
    if not body:
        return Response(status_code=204, headers={"ETag": etag, "Cache-Control": lasting})
    headers = {"ETag": etag, "Cache-Control": lasting, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(body, media_type=MEDIA, headers={**headers, "Content-Encoding": "gzip"})
    return Response(gzip.decompress(body), media_type=MEDIA, headers=headers)


def _kept(key: tuple[object, ...], make: object) -> bytes:
    with _LOCK:
        if key in _MADE:
            _MADE.move_to_end(key)
            return _MADE[key]
    raw = make()  # type: ignore[operator]
    body = gzip.compress(raw, 5) if raw else b""
    with _LOCK:
        _MADE[key] = body
        while len(_MADE) > KEPT:
            _MADE.popitem(last=False)
    return body


def _made(look: Sight, names: list[str], z: int, row: int, col: int) -> bytes:
    left, bottom, right, top = mvt.box(z, row, col)
    edge = mvt.BORDER * (right - left) / mvt.EXTENT
    square = shapely.box(left - edge, bottom - edge, right + edge, top + edge)
    least = LEAST * (right - left) / 256 if z < FINE else 0.0
    layers = {n: _layer(look.study[n], n, square, least) for n in names if z >= SMALL.get(n, 0)}
    return mvt.tile(layers, z, row, col)


def _layer(frame: pd.DataFrame, name: str, square: shapely.Geometry, least: float) -> tuple[pd.DataFrame, list[str]]:
    """The rows that may touch the square, in the order of the table, and the columns a map wants; of assets only those
    of at least that size in metres.
    """
    at = np.sort(frame.sindex.query(square)) if len(frame) else np.zeros(0, int)
    if least and name == "assets":
        bounds = shapely.bounds(np.asarray(frame.geometry)[at])
        at = at[np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]) >= least]
    told = TOLD.get(name, [c for c in ("name", "street", "party", "kind", "verdict", "year") if c in frame.columns])
    return frame.iloc[at], told
