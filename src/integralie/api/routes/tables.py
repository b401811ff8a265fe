"""Whole tables for the workbench and for Excel, and what every column means."""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from typing import Annotated, Any

import pandas as pd
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from shapely.geometry import mapping

from integralie.api import columns as packed
from integralie.api import excel
from integralie.api.problems import Problem
from integralie.api.shapes import Shape, plain
from integralie.api.sight import Looking, Sight, unchanged
from integralie.schema import frames

router = APIRouter(tags=["tables"])
MOST_ROWS = 500  # rows by id in one question
HELD = 64 * 1024 * 1024  # bytes of tables kept ready
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ColumnAbout(Shape):
    """One column: what it holds and in which unit."""

    name: str
    type: str
    unit: str
    title: str
    meaning: str
    required: bool


class TableAbout(Shape):
    """One table: what a row is, how many there are, and its columns."""

    name: str
    told: bool
    geometry: str
    title: str
    meaning: str
    rows: int
    revision: str
    columns: list[ColumnAbout]


class Tables(Shape):
    """All tables."""

    tables: list[TableAbout]


class PackedColumn(Shape):
    """One column of a whole table; see the description of the route for how geometry is read."""

    type: str
    values: list[str | float | bool | None] | None = None
    words: list[str] | None = None
    codes: list[int] | None = None
    crs: str | None = None
    resolution: float | None = None
    origin: list[int] | None = None
    kinds: list[int] | None = None
    parts: list[int] | None = None
    points: list[int] | None = None
    coords: list[int] | None = None


class PackedTable(Shape):
    """A whole table as columns."""

    table: str
    revision: str
    rows: int
    columns: dict[str, PackedColumn]


class Rows(Shape):
    """Rows as they are; geometry is GeoJSON in RD New."""

    rows: list[dict[str, Any]] = Field(description="All columns of each row.")


class _Kept:
    """Packed tables that were asked for lately, until they are too many together."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[object, ...], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[object, ...]) -> bytes | None:
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
            return self._made.get(key)

    def put(self, key: tuple[object, ...], body: bytes) -> None:
        with self._lock:
            self._made[key] = body
            while sum(map(len, self._made.values())) > HELD and len(self._made) > 1:
                self._made.popitem(last=False)


KEPT = _Kept()


@router.get("/tables")
def tables(look: Looking) -> Tables:
    """All tables with their columns, in the language asked for."""
    return Tables(tables=[_about(look, t) for t in frames.tables().values()])


def _about(look: Sight, table: frames.Table) -> TableAbout:
    dutch = look.language == "nl"
    listed = [
        ColumnAbout(
            name=c.name, type=c.type, unit=c.unit, required=c.required, meaning=c.meaning,
            title=(c.meaning_nl if dutch else c.name.replace("_", " ")) or c.name.replace("_", " "),
        ) for c in table.columns.values()
    ]  # fmt: skip
    told = table.meaning_nl if dutch else table.meaning
    return TableAbout(
        name=table.name, told=table.told, geometry=table.geometry, title=told.split(":")[0].split(",")[0], meaning=told,
        rows=len(look.study[table.name]), revision=look.revision(table.name), columns=listed,
    )  # fmt: skip


def chosen(look: Sight, name: str, wanted: str | None) -> list[str]:
    """The columns asked for, `id` first.

    Raises
        Problem `invalid-request` when the table does not have one of them.
    """
    known = frames.table(name).columns
    asked = list(dict.fromkeys((wanted or ",".join(known)).split(",")))
    stray = [c for c in asked if c not in known]
    if stray:
        raise Problem("invalid-request", look.t("no_column", column=stray[0], name=name, known=", ".join(known)))
    return ["id", *[c for c in asked if c != "id"]]


@router.get("/tables/{table}", response_model=PackedTable)
def table(
    request: Request, look: Looking, table: str, columns: Annotated[str | None, Query(description="Names, comma between.")] = None,
    resolution: Annotated[float, Query(ge=0.01, le=10, description="Metres per step of geometry.")] = 0.1,
) -> Response:  # fmt: skip
    """A whole table as columns. Geometry: `kinds` per row (0 none, 1 point, 2 line, 3 polygon, 4–6 several of them),
    `parts` per row, `points` per part, `coords` as whole steps of `resolution` from `origin`, each vertex as the
    difference to the one before; rings are closed without repeating the first vertex.
    """
    frame, wanted = look.table(table), chosen(look, table, columns)
    revision = look.revision(table)
    etag = f'"{revision}-{table}-{resolution:g}-{",".join(wanted)}"'
    if (short := unchanged(request, etag)) is not None:
        return short
    key = (id(look.desk), etag, look.party, look.scenario)
    body = KEPT.get(key)
    if body is None:
        made = packed.encoded(table, frame, wanted, resolution)
        body = gzip.compress(
            packed.dumped({"table": table, "revision": revision, "rows": len(frame), "columns": made}), 5
        )
        KEPT.put(key, body)
    return zipped(request, body, etag)


def zipped(request: Request, body: bytes, etag: str, media: str = "application/json") -> Response:
    """A body that is kept zipped, unzipped for who cannot read that."""
    headers = {"ETag": etag, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(body, media_type=media, headers={**headers, "Content-Encoding": "gzip"})
    return Response(gzip.decompress(body), media_type=media, headers=headers)


@router.get("/tables/{table}/rows")
def rows(look: Looking, table: str, ids: str) -> Rows:
    """Rows by id, with all their columns; an id that is not there is left out."""
    frame, asked = look.table(table), ids.split(",")
    if len(asked) > MOST_ROWS:
        raise Problem("invalid-request", look.t("too_many_ids", most=MOST_ROWS))
    there = frame.loc[[i for i in dict.fromkeys(asked) if i in frame.index]]
    return Rows(rows=[{"id": i, **_plain_row(r)} for i, r in zip(there.index, there.to_dict("records"))])


def _plain_row(row: dict[Any, Any]) -> dict[str, Any]:
    shape = row.pop("geometry", None)
    made = {str(k): None if pd.isna(v) else plain(v) for k, v in row.items()}
    return made if shape is None else {**made, "geometry": mapping(shape)}


@router.get("/tables/{table}/excel", response_class=Response, responses={200: {"content": {XLSX: {}}}})
def as_excel(look: Looking, table: str, ids: str | None = None, columns: str | None = None) -> Response:
    """A table, or the rows asked for, as an Excel file with units in its head."""
    frame, wanted = look.table(table), chosen(look, table, columns)
    if ids is not None:
        frame = frame[frame.index.isin(ids.split(","))]
    body = excel.book(look.study, {table: frame[[c for c in wanted if c != "id"]]}, look.words)
    return Response(body, media_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{table}.xlsx"'})
