"""The card of a street or an area: what lies here, whose it is, how old it is, and what will happen."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import shapely
from fastapi import APIRouter

from integralie.api.problems import Problem
from integralie.api.shapes import Shape
from integralie.api.sight import Looking, Sight
from integralie.errors import DataError, FigureMissing
from integralie.kinds import kinds
from integralie.schema.colours import network

router = APIRouter(tags=["look"])
MOST_ROWS = 500
TOGETHER = 3  # ends of life that meet and are named
REACH = "street_reach"  # figure: how far an object may lie from the axis of a street and still be in it


class CardAsked(Shape):
    """An area as GeoJSON in RD New, or the ids of streets; both may be given."""

    area: dict[str, Any] | None = None
    ids: list[str] = []


class Fact(Shape):
    """One fact with its unit."""

    title: str
    value: float | None
    unit: str


class KindCount(Shape):
    """How much there is of one kind of one owner."""

    kind: str
    title: str
    code: str
    party: str
    party_name: str
    count: int
    length: float
    unknown_year: int


class Decade(Shape):
    """What was built in ten years; none is unknown."""

    decade: int | None
    count: int
    length: float


class End(Shape):
    """When an asset is expected to be at the end of its life, and how strong that figure is."""

    low: int | None
    expected: int | None
    high: int | None
    status: str
    figure: str


class AssetRow(Shape):
    """One asset."""

    id: str
    kind: str
    title: str
    code: str
    name: str | None
    party: str
    party_name: str
    year_built: int | None
    year_quality: str | None
    condition: int | None
    material: str | None
    diameter: float | None
    end: End | None


class AssetsTold(Shape):
    """The assets of a place, added up and one by one (the largest first)."""

    count: int
    by_kind: list[KindCount]
    ages: list[Decade]
    rows: list[AssetRow]


class Meeting(Shape):
    """Years in which the lives of several assets end together."""

    first: int
    last: int
    assets: list[str]


class Card(Shape):
    """Everything about one place."""

    title: str
    subtitle: str
    facts: list[Fact]
    streets: list[str]
    bbox: list[float] | None
    assets: AssetsTold
    meeting: list[Meeting]
    works: list[str]
    openings: list[str]
    plans: list[str]
    opportunities: list[str]
    clashes: list[str]
    openings_past: list[str]
    claims: list[str]
    room: list[str]
    sources: list[str]


@router.post("/cards")
def card(look: Looking, asked: CardAsked) -> Card:
    """What lies in these streets or in this area."""
    area = _area(look, asked.area)
    streets = _streets(look, asked.ids, area)
    place = area if area is not None else _around(look, streets)
    assets = _assets(look, place, streets)
    ends = _ends(look, assets)
    near = {
        n: _there(look, n, streets, place)
        for n in ("works", "openings", "plans", "opportunities", "clashes", "openings_past", "claims", "room")
    }
    sources = sorted({str(s) for f in (streets, assets) for s in f["source"].dropna().unique()})
    box = None if place is None or place.is_empty else [round(float(v), 1) for v in place.bounds]
    title, subtitle = _title(look, streets)
    return Card(
        title=title, subtitle=subtitle, facts=_facts(look, streets), streets=list(streets.index), bbox=box, sources=sources,
        assets=_told(look, assets, ends), meeting=_meeting(look, ends), **near,
    )  # fmt: skip


def _area(look: Sight, told: dict[str, Any] | None) -> shapely.Geometry | None:
    if told is None:
        return None
    try:
        shape = shapely.make_valid(shapely.from_geojson(json.dumps(told)))
    except (shapely.errors.GEOSException, ValueError, TypeError):
        raise Problem("invalid-request", look.t("bad_area")) from None
    if shape.is_empty or not np.isfinite(shape.bounds).all():
        raise Problem("invalid-request", look.t("bad_area"))
    return shape


def _streets(look: Sight, ids: list[str], area: shapely.Geometry | None) -> pd.DataFrame:
    rows = look.study.streets
    for id in ids:
        look.row("streets", id)
    keep = np.array(rows.index.isin(ids))
    if area is not None:
        keep[rows.sindex.query(area, predicate="intersects")] = True
    return rows[keep]


def _around(look: Sight, streets: pd.DataFrame) -> shapely.Geometry | None:
    """The strip around streets in which their objects lie: half their width where that is known."""
    if streets.empty:
        return None
    try:
        reach = look.study.figures.value(REACH)
    except FigureMissing:
        reach = 0.0
    half = np.maximum(streets["width"].astype(float).fillna(0).to_numpy() / 2, reach)
    return shapely.union_all(shapely.buffer(np.asarray(streets.geometry), half, cap_style="flat"))


def _assets(look: Sight, place: shapely.Geometry | None, streets: pd.DataFrame) -> pd.DataFrame:
    rows = look.study.assets
    keep = np.array(rows["street"].isin(streets.index), dtype=bool)
    if place is not None and len(rows):
        keep[rows.sindex.query(place, predicate="intersects")] = True
    return rows[keep]


def _there(look: Sight, name: str, streets: pd.DataFrame, place: shapely.Geometry | None) -> list[str]:
    """Rows that name one of the streets, and rows without a street that lie there."""
    rows = look.study[name]
    keep = np.array(rows["street"].isin(streets.index), dtype=bool)
    if name == "works":
        members = look.study.members
        more = members.loc[(members["role"] == "street") & members["member"].isin(streets.index), "set"]
        keep |= rows.index.isin(more)
    if place is not None and name == "plans" and len(rows):
        at = rows.sindex.query(place, predicate="intersects")
        keep[at[rows["street"].isna().to_numpy()[at]]] = True
    return [str(i) for i in rows.index[keep]]


def _title(look: Sight, streets: pd.DataFrame) -> tuple[str, str]:
    names = list(dict.fromkeys(streets["name"].dropna()))
    areas = look.study.areas["name"]
    inside = list(dict.fromkeys(str(areas.get(a, "")) for a in streets["area"].dropna()))
    title = (
        str(names[0]) if len(names) == 1 else look.t("card.several", count=len(names)) if names else look.t("card.area")
    )
    return title, ", ".join(n for n in inside[:3] if n)


def _facts(look: Sight, streets: pd.DataFrame) -> list[Fact]:
    def total(column: str) -> float | None:
        values = streets[column].astype("Float64")
        return None if values.isna().all() else round(float(values.sum()), 1)

    width = streets["width"].astype("Float64")
    last = streets["last_opened"].astype("Float64")
    facts = [("length", total("length"), "m"), ("residents", total("residents"), "dwelling")]
    facts.append(("width", None if width.isna().all() else round(float(width.mean()), 1), "m"))
    facts.append(("last_opened", None if last.isna().all() else int(last.max()), "year"))
    return [Fact(title=look.t(f"fact.{n}"), value=v, unit=u) for n, v, u in facts]


def _kind(look: Sight, name: str) -> tuple[str, str]:
    """What a kind is called, and its letters on the map."""
    known = kinds().get(name)
    if known is None:
        return name.replace("_", " "), "?"
    return (known.label_nl if look.language == "nl" else known.label), network(known.network).letter


def _ends(look: Sight, assets: pd.DataFrame) -> dict[str, End]:
    """The expected end of every asset of known age: year built plus the figure for its service life."""
    made: dict[str, End] = {}
    known = assets[assets["year_built"].notna() & (assets["status"].fillna("in_use") == "in_use")]
    for (kind, material), part in known.groupby([known["kind"], known["material"].fillna("")], sort=False):
        try:
            life = look.study.figures.find(
                "service_life", kind=str(kind), **({"material": str(material)} if material else {})
            )
        except (FigureMissing, DataError):
            continue
        for id, built in part["year_built"].items():
            low, value, high = (None if v != v else int(built + v) for v in (life.low, life.value, life.high))
            made[str(id)] = End(low=low, expected=value, high=high, status=life.status, figure=life.id)
    return made


def _told(look: Sight, assets: pd.DataFrame, ends: dict[str, End]) -> AssetsTold:
    length = assets.geometry.length.where(assets.geometry.geom_type.str.contains("Line"), 0.0)
    size = assets.geometry.length.fillna(0) + assets.geometry.area.fillna(0)
    biggest = size.sort_values(ascending=False, kind="stable").index[:MOST_ROWS]
    return AssetsTold(
        count=len(assets), by_kind=_by_kind(look, assets, length), ages=_ages(assets, length),
        rows=[_row(look, str(i), r, ends.get(str(i))) for i, r in assets.loc[biggest].iterrows()],
    )  # fmt: skip


def _by_kind(look: Sight, assets: pd.DataFrame, length: pd.Series) -> list[KindCount]:
    frame = pd.DataFrame(
        {
            "kind": assets["kind"],
            "party": assets["party"].fillna(""),
            "length": length,
            "blind": assets["year_built"].isna(),
        }
    )
    told = (
        frame.groupby(["kind", "party"])
        .agg(count=("length", "size"), length=("length", "sum"), blind=("blind", "sum"))
        .reset_index()
    )
    made = []
    for row in told.sort_values(["count"], ascending=False, kind="stable").itertuples():
        title, code = _kind(look, row.kind)
        made.append(KindCount(
            kind=row.kind, title=title, code=code, party=row.party, party_name=look.party_name(row.party or None) or look.t("nobody"),
            count=row.count, length=round(row.length, 1), unknown_year=row.blind,
        ))  # fmt: skip
    return made


def _ages(assets: pd.DataFrame, length: pd.Series) -> list[Decade]:
    decade = (assets["year_built"].astype("Float64") // 10 * 10).astype("Int64")
    told = (
        pd.DataFrame({"decade": decade, "length": length})
        .groupby("decade", dropna=False)["length"]
        .agg(["size", "sum"])
    )
    return [
        Decade(decade=None if pd.isna(d) else int(d), count=int(r["size"]), length=round(float(r["sum"]), 1))
        for d, r in told.iterrows()
    ]


def _row(look: Sight, id: str, row: Any, end: End | None) -> AssetRow:
    def known(value: Any, cast: Any = str) -> Any:
        return None if pd.isna(value) else cast(value)

    title, code = _kind(look, str(row["kind"]))
    return AssetRow(
        id=id, kind=str(row["kind"]), title=title, code=code, name=known(row["name"]), party=known(row["party"]) or "",
        party_name=look.party_name(row["party"]) or look.t("nobody"), year_built=known(row["year_built"], int),
        year_quality=known(row["year_built_quality"]), condition=known(row["condition"], int), material=known(row["material"]),
        diameter=known(row["diameter"], float), end=end,
    )  # fmt: skip


def _meeting(look: Sight, ends: dict[str, End]) -> list[Meeting]:
    """Spans of five years in which three or more lives end, the fullest first; no asset is named twice."""
    told = sorted(
        (e.expected, i) for i, e in ends.items() if e.expected is not None and e.expected >= look.study.settings.first
    )
    made: list[Meeting] = []
    used: set[str] = set()
    spans = sorted(
        ((y, [i for x, i in told if y <= x < y + 5]) for y in {x for x, _ in told}), key=lambda s: (-len(s[1]), s[0])
    )
    for year, assets in spans:
        left = [i for i in assets if i not in used]
        if len(left) >= TOGETHER:
            last = max(x for x, i in told if i in left)
            made.append(Meeting(first=year, last=last, assets=left))
            used |= set(left)
    return sorted(made[:5], key=lambda m: m.first)
