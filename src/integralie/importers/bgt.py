"""BGT: a delivery of the national large-scale map (zip with CityGML-IMGeo files, or one such file)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from integralie.errors import DataError
from integralie.importers import archive
from integralie.importers.gml import geometry, local
from integralie.importers.told import Told
from integralie.kinds import kinds
from integralie.schema.frames import conform
from integralie.schema.notes import finding
from integralie.settings import RD_NEW, Settings

NAME = "BGT"
SUFFIXES = (".zip", ".gml", ".xml")
MEMBER = "{*}cityObjectMember"
IMGEO = b"geostandaarden.nl/imgeo"
# The names that the standard uses, by the element that CityGML writes for them.
TYPES = {
    "TrafficArea": "wegdeel", "AuxiliaryTrafficArea": "ondersteunendwegdeel", "PlantCover": "begroeidterreindeel",
    "SolitaryVegetationObject": "vegetatieobject", "BuildingPart": "pand", "BridgeConstructionElement": "overbruggingsdeel",
    "TunnelPart": "tunneldeel", "Railway": "spoor", "BuildingInstallation": "gebouwinstallatie",
}  # fmt: skip
# What lies on top, in our own words, by what the BGT calls it.
SURFACES = {
    "asfalt": "asphalt", "cementbeton": "concrete", "gesloten verharding": "asphalt", "betonstraatstenen": "concrete_block", "gebakken klinkers": "clay_brick",
    "tegels": "concrete_tile", "sierbestrating": "clay_brick", "open verharding": "concrete_block", "beton element": "concrete_block", "onverhard": "unpaved",
    "grasklinkers": "concrete_block", "zand": "unpaved", "half verhard": "unpaved", "grind": "unpaved", "puin": "unpaved", "schelpen": "unpaved", "gravel": "unpaved",
    "boomschors": "unpaved",
}  # fmt: skip
YARD = "erf"  # ground of a house: it ends the street
OWNERS = {"G": "department", "P": "province", "W": "water_board", "L": "province"}


def sniff(path: Path) -> bool:
    """Whether the file holds IMGeo objects."""
    return IMGEO in archive.head(path, (".gml", ".xml"))


def read(path: Path, settings: Settings, **options: Any) -> Told:
    """The current objects of a BGT delivery as assets and parties; street names come along as facts for the sections.

    Old versions are left out (an end of registration or of existence). Each object gets the kind that names its type
    and function in `kinds/*.toml`; one without gets the kind `other_object` and is counted in a finding. The BGT
    knows no years: they stay unknown.

    Raises
        DataError when the study is not in RD New, or the file is damaged.
    """
    if settings.crs != RD_NEW:
        raise DataError(f"'{path.name}' is in {RD_NEW} and the study in {settings.crs}; make the study in {RD_NEW}.")
    rows = list(_objects(path))
    labels = [r for r in rows if r["type"] == "openbareruimtelabel"]
    things = pd.DataFrame([r for r in rows if r["type"] != "openbareruimtelabel"])
    if things.empty:
        raise DataError(f"'{path.name}' holds no current BGT objects; order an area in which something stands.")
    assets, said = _assets(things, path)
    parties = _parties(things["bronhouder"], path)
    told = Told({"assets": conform("assets", assets), "parties": conform("parties", parties)}, said)
    told.tables["labels"] = _labels(labels)
    told.facts["surface_source"] = "bgt"
    return told


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    """Each current object as a plain row."""
    with archive.streams(path, (".gml", ".xml")) as parts:
        for name, open_ in parts:
            with open_() as stream:
                for member in archive.elements(stream, (MEMBER,), name):
                    for element in member:
                        if local(element) and _current(element):
                            yield _row(element)


def _current(element: Any) -> bool:
    return not any(local(c) in ("eindRegistratie", "terminationDate") and (c.text or "").strip() for c in element)


def _row(element: Any) -> dict[str, Any]:
    type_ = TYPES.get(local(element), local(element).lower())
    row: dict[str, Any] = {"type": type_, "geometry": None}
    for child in element:
        name = local(child)
        if name.startswith("geometrie2d"):
            row["geometry"] = geometry(child)
        elif name == "identificatie":
            row["id"] = next((e.text for e in child.iter("{*}lokaalID")), None)
        elif name == "openbareRuimteNaam":
            row["name"], row["points"] = _label(child)
        elif len(child) == 0 and child.text and not name.startswith("tijdstip"):
            row.setdefault(name, child.text.strip())
    return row


def _label(element: Any) -> tuple[str, list[shapely.Geometry]]:
    text = next((e.text or "" for e in element.iter("{*}tekst")), "")
    points = [geometry(e) for e in element.iter("{*}plaatsingspunt")]
    return text.strip(), [p for p in points if p is not None]


def _labels(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    pairs = [(r.get("name"), p) for r in rows for p in r.get("points", ())]
    return gpd.GeoDataFrame({"name": [n for n, _ in pairs]}, geometry=[p for _, p in pairs], crs=RD_NEW)


def _function(things: pd.DataFrame) -> pd.Series:
    """What the object is for, the finer word first: the plus-type where there is one, else type or function."""
    out = pd.Series(None, index=things.index, dtype="object")
    for column in [c for c in things.columns if c.startswith(("plus-type", "plus-functie"))] + [
        c for c in ("function", "class", "type-", "typeOverigBouwwerk") if c in things
    ]:
        value = things[column].where(~things[column].isin(["niet-bgt", "waardeOnbekend", "geenWaarde"]))
        out = out.fillna(value)
    return out.mask(things["bgt-fysiekVoorkomen"].eq(YARD), YARD) if "bgt-fysiekVoorkomen" in things else out


def _surface(things: pd.DataFrame) -> pd.Series:
    """The paving in our own words: the finer plus-value where there is one."""
    out = pd.Series(None, index=things.index, dtype="object")
    for column in [c for c in things.columns if c.startswith("plus-fysiekVoorkomen")] + [
        c for c in ("surfaceMaterial",) if c in things
    ]:
        out = out.fillna(things[column].map(SURFACES))
    return out


def kind_of(type_: pd.Series, *functions: pd.Series) -> pd.Series:
    """The kind of each object: the one that names `type:function`, for the first function that is named, else the one
    that names the type.
    """
    table = {text: name for name, kind in kinds().items() for text in kind.bgt}
    out = pd.Series(None, index=type_.index, dtype="object")
    for function in functions:
        out = out.fillna((type_ + ":" + function.fillna("")).map(table))
    return out.fillna(type_.map(table))


def _assets(things: pd.DataFrame, path: Path) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    plain = things["function"] if "function" in things else pd.Series(None, index=things.index, dtype="object")
    function = _function(things)
    kind = kind_of(things["type"], plain, function)
    said = [
        finding(
            "bgt_read",
            "assets",
            [f"bgt:{t}" for t in sorted(set(things["type"]))],
            things.groupby("type").size().sort_index().rename("count").reset_index(),
            "note",
        )
    ]
    strange = things["type"][kind.isna()]
    if len(strange):
        counts = strange.value_counts().sort_index().rename("count").reset_index()
        said.append(
            finding(
                "bgt_unknown", "assets", [f"bgt:{t}" for t in counts["type"]], counts, "note", "soort 'other_object'"
            )
        )
    shapes, repaired = _valid(things["geometry"])
    surface = _surface(things)
    frame = gpd.GeoDataFrame({
        "id": _unique("asset:" + things["id"].fillna("onbekend")), "kind": kind.fillna("other_object"), "party": "party:" + things["bronhouder"].str.lower(), "status": "in_use",
        "year_built_quality": "unknown", "material": surface, "material_quality": surface.map({}, na_action="ignore"), "level": pd.to_numeric(things["relatieveHoogteligging"]),
        "function": things["type"] + ":" + function.fillna(plain).fillna("onbekend"), "source": path.name, "sharing": 3, "geometry": shapes,
    }, geometry="geometry", crs=RD_NEW)  # fmt: skip
    frame["material_quality"] = pd.Series("registered", index=frame.index).where(surface.notna())
    if repaired.any():
        said.append(
            finding(
                "geometry_repaired",
                "assets",
                frame["id"][repaired],
                pd.DataFrame({"area": shapes[repaired].area}),
                "warning",
                "geometrie hersteld",
            )
        )
    return frame, said


def _valid(shapes: pd.Series) -> tuple[gpd.GeoSeries, pd.Series]:
    made = gpd.GeoSeries(shapes, crs=RD_NEW)
    bad = made.notna() & ~made.is_valid
    return made.where(~bad, made.make_valid()), bad


def _unique(ids: pd.Series) -> pd.Series:
    """Ids that stand more than once get their rank behind them."""
    rank = ids.groupby(ids).cumcount()
    return ids.where(rank == 0, ids + "#" + (rank + 1).astype(str))


def _parties(holders: pd.Series, path: Path) -> pd.DataFrame:
    codes = sorted(holders.dropna().unique())
    return pd.DataFrame(
        {
            "id": [f"party:{c.lower()}" for c in codes],
            "name": codes,
            "role": [OWNERS.get(c[:1]) for c in codes],
            "source": path.name,
            "sharing": 3,
        }
    )
