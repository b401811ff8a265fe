"""Told tables from GeoPackage, GeoJSON or Shapefile."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from integralie.errors import DataError
from integralie.importers import mapping as own
from integralie.importers.dates import window
from integralie.importers.mapping import Words, plain
from integralie.importers.told import Told
from integralie.kinds import kinds
from integralie.schema.frames import conform, table, told
from integralie.schema.notes import finding
from integralie.settings import Settings

NAME = "tables with places"
SUFFIXES = (".gpkg", ".geojson", ".json", ".shp", ".zip")
ROADS = {
    "stt_naam": "name", "wvk_id": "id", "wegvakid": "id", "jte_id_beg": "from_node", "jte_id_end": "to_node",
    "wegbehnaam": "party", "straatnaam": "name", "street_name": "name",
}  # fmt: skip
LAYERS = {"wegvakken": "streets", "straten": "streets", "plannen": "plans", "partijen": "parties", "gebieden": "areas"}
OBJECTS = {"bouwjaar": "year_built", "materiaal": "material", "jaar van aanleg": "year_built", "eigenaar": "party"}
PREFIX = {"parties": "party", "streets": "street", "assets": "asset", "plans": "plan", "areas": "area"}
DEGREE = 2  # street and window, when a row tells nothing


def sniff(path: Path) -> bool:
    """Whether a file has layers with places that can be read."""
    try:
        return path.suffix.lower() in SUFFIXES and bool(_layers(path))
    except DataError:
        return False


def read(path: Path, settings: Settings, *, mapping: Any = None, crs: str | None = None) -> Told:
    """The told tables in a file: one layer is one table.

    A layer is the table that it is named after, or that `mapping` gives, or, for a line layer with street names,
    `streets`. Columns go by their own names, by `mapping`, or by known Dutch and English headers; what was guessed
    and what was not read is told. Places come in the coordinates of the study; outlines that cross themselves are
    repaired, with the area before and after in a finding.

    Raises
    ------
    DataError
        The file is damaged or empty, says no coordinate system (give `crs`), or has no layer that is a table.
    """
    path, words = Path(path), own.mapping(mapping)
    layers = _layers(path)
    tables: dict[str, pd.DataFrame] = {}
    said: list[pd.DataFrame] = []
    for layer in layers:
        frame = _frame(path, layer)
        name = _table(layer, frame, words)
        if name is None:
            said.append(finding("file_layer", "assets", [layer], {"layer": layer}, "warning", "not read"))
        elif name in tables:
            raise DataError(f"'{path.name}' has two layers for the table '{name}'; give one of them another name.")
        elif len(frame):
            tables[name] = _read(path, layer, name, frame, words, settings, crs, said)
    if tables and "parties" not in tables:
        tables["parties"] = _parties(path, tables)
    if not tables:
        raise DataError(
            f"'{path.name}' has layers {', '.join(layers)}, but none that is a filled table of ours "
            f"({', '.join(told())}); "
            f"give a mapping with 'table' and 'columns'."
        )
    return Told(tables, said, {"layers": ", ".join(layers)})


def _source(path: Path) -> str:
    return f"/vsizip/{path}" if path.suffix.lower() == ".zip" else str(path)


def _layers(path: Path) -> list[str]:
    if not path.is_file() or path.stat().st_size == 0:
        raise DataError(f"The file '{path.name}' is absent or empty; export it again.")
    try:
        if path.suffix.lower() == ".zip":
            with zipfile.ZipFile(path) as packed:
                shapes = [n for n in packed.namelist() if n.lower().endswith(".shp")]
            if len(shapes) != 1:
                raise DataError(f"'{path.name}' holds {len(shapes)} shapefiles; give a zip with one.")
        return [str(n) for n in pyogrio.list_layers(_source(path))[:, 0]]
    except (pyogrio.errors.DataSourceError, zipfile.BadZipFile, OSError) as error:
        raise DataError(f"'{path.name}' is damaged or no file with places; export it again as GeoPackage.") from error


def _frame(path: Path, layer: str) -> pd.DataFrame:
    try:
        return pyogrio.read_dataframe(_source(path), layer=layer)
    except Exception as error:  # a damaged file fails in as many ways as there are formats
        raise DataError(
            f"Layer '{layer}' of '{path.name}' cannot be read (damaged or cut off); export it again."
        ) from error


def _table(layer: str, frame: pd.DataFrame, words: Words) -> str | None:
    if words.table:
        return table(words.table).name
    name = plain(layer).replace(" ", "_")
    if name in told():
        return name
    if name in LAYERS:
        return LAYERS[name]
    lines = isinstance(frame, gpd.GeoDataFrame) and frame.geom_type.isin(["LineString", "MultiLineString"]).any()
    return "streets" if lines and any(plain(c).replace(" ", "_") in ROADS for c in frame.columns) else None


def _columns(name: str, frame: pd.DataFrame, words: Words) -> tuple[dict[str, str], list[str]]:
    """Own column -> ours, and those that were guessed."""
    spec = table(name).columns
    taken: dict[Any, Any] = {}
    guessed: list[Any] = []
    shape = frame.geometry.name if isinstance(frame, gpd.GeoDataFrame) else None
    stray = [v for v in words.columns.values() if v not in spec]
    if stray:
        raise DataError(f"Table '{name}' has no column '{stray[0]}'; its columns are: {', '.join(spec)}.")
    hints = {"streets": {plain(k): v for k, v in ROADS.items()}, "assets": OBJECTS, "plans": own.headers()}.get(
        name, {}
    )
    for column in frame.columns.drop(shape) if shape else frame.columns:
        ours = words.columns.get(column) or (column if column in spec else None)
        if ours is None and hints.get(plain(column)) in spec:
            ours = hints[plain(column)]
            guessed.append(column)
        if ours and ours not in taken.values():
            taken[column] = ours
    return taken, [c for c in guessed if c in taken]


def _read(
    path: Path, layer: str, name: str, frame: pd.DataFrame, words: Words, settings: Settings, crs: str | None,
    said: list[pd.DataFrame],
) -> pd.DataFrame:  # fmt: skip
    taken, guessed = _columns(name, frame, words)
    made = pd.DataFrame(frame[list(taken)].rename(columns=taken))
    shape = frame.geometry.name if isinstance(frame, gpd.GeoDataFrame) else None
    for column in [c for c in frame.columns if c in guessed]:
        values = {"layer": layer, "column": column, "ours": taken[column]}
        said.append(finding("file_guess", name, [column], values, "note", taken[column]))
    left = [str(c) for c in frame.columns if c not in taken and c != shape]
    if left:
        said.append(
            finding("file_unread", name, [layer], {"layer": layer, "columns": ", ".join(left)}, "note", "not read")
        )
    for column, value in words.defaults.items():
        made[column] = made[column].fillna(value) if column in made else value
    for column in words.values:
        if column in made:
            made[column] = [words.value(column, v) or v for v in made[column]]
    made = _ids(name, made, said)
    if shape and table(name).has_geometry:
        made["geometry"] = _shapes(path, name, frame, made["id"], settings, crs, said)
    return conform(name, _filled(path, name, made, said), settings.crs)


def _ids(name: str, made: pd.DataFrame, said: list[pd.DataFrame]) -> pd.DataFrame:
    """Ids with the prefix of the table, unique; rows without one are numbered."""
    prefix = PREFIX.get(name, name)
    raw = made["id"] if "id" in made else pd.Series(None, index=made.index, dtype=object)
    texts = [f"{i:05d}" if v is None or v != v else str(v).removesuffix(".0") for i, v in enumerate(raw, 1)]
    ids = pd.Series([t if t.startswith(f"{prefix}:") else f"{prefix}:{t}" for t in texts])
    again = ids.groupby(ids).cumcount()
    new = ids.where(again.eq(0), ids + "#" + (again + 1).astype(str))
    if again.gt(0).any():
        values = pd.DataFrame({"old": ids[again.gt(0)].to_numpy()})
        said.append(finding("file_id_twice", name, list(new[again.gt(0)]), values, "warning", "numbered"))
    return made.assign(id=new.to_numpy())


def _shapes(
    path: Path, name: str, frame: gpd.GeoDataFrame, ids: pd.Series, settings: Settings, crs: str | None,
    said: list[pd.DataFrame],
) -> Any:  # fmt: skip
    shapes = frame.geometry.reset_index(drop=True)
    known = _crs(path, shapes, crs)
    shapes = shapes.set_crs(known, allow_override=True)
    if not shapes.crs.equals(settings.crs, ignore_axis_order=True):
        said.append(finding("file_crs", name, [""], {"told": str(known), "ours": settings.crs}, "note", "reprojected"))
        shapes = shapes.to_crs(settings.crs)
    shapes = gpd.GeoSeries(shapely.force_2d(shapes.to_numpy()), crs=settings.crs)
    empty, wrong = shapes.isna() | shapes.is_empty, shapes.notna() & ~shapes.is_valid
    if empty.any():
        said.append(finding("file_empty", name, list(ids[empty.to_numpy()]), {}, "warning", "kept"))
    if wrong.any():
        fixed = shapely.make_valid(shapes[wrong].to_numpy())
        values = pd.DataFrame({"before": shapes[wrong].area.to_numpy(), "after": shapely.area(fixed)})
        said.append(finding("file_repaired", name, list(ids[wrong.to_numpy()]), values, "warning", "repaired"))
        shapes[wrong] = fixed
    return shapes.where(~empty, None).to_numpy()


def _crs(path: Path, shapes: gpd.GeoSeries, crs: str | None) -> Any:
    """The system told, else that of the file; GeoJSON without one whose numbers are no degrees has none."""
    if crs:
        return crs
    if path.suffix.lower() in (".geojson", ".json") and "crs" not in json.loads(path.read_text(encoding="utf-8-sig")):
        bounds = shapes.total_bounds
        if abs(bounds[0]) > 180 or abs(bounds[1]) > 90:
            return _none(path)
    return shapes.crs if shapes.crs is not None else _none(path)


def _none(path: Path) -> Any:
    raise DataError(
        f"'{path.name}' does not say its coordinate system; give it with the option crs, e.g. crs='EPSG:28992'."
    )


def _filled(path: Path, name: str, made: pd.DataFrame, said: list[pd.DataFrame]) -> pd.DataFrame:
    """Values in the declared types: what cannot be read is unknown and told; source and degree filled in."""
    spec = table(name).columns
    for column in [c for c in made if c in spec and spec[c].type in ("int", "float")]:
        raw = made[column]
        years = spec[column].unit == "year"
        new = pd.Series([window(v).year for v in raw]) if years else pd.to_numeric(raw, errors="coerce")
        new = pd.to_numeric(pd.Series(new.to_numpy(), index=raw.index))
        lost = raw.notna() & new.isna()
        if lost.any():
            values = pd.DataFrame({"column": column, "text": raw[lost].astype(str).to_numpy()})
            said.append(finding("file_value", name, list(made["id"][lost]), values, "warning", "unknown"))
            said[-1]["id"] += f"|{column}"
        made[column] = new
    if name in ("assets", "plans"):
        made["kind"] = (
            [_kind(v) for v in made["kind"]] if "kind" in made else ("other_object" if name == "assets" else None)
        )
    if name == "assets":
        made["kind"] = made["kind"].fillna("other_object")
    if "party" in made:
        made["party"] = [_party(v) for v in made["party"]]
    for column in ("party", "name"):
        if column in spec and spec[column].required:
            made[column] = (
                made[column].fillna(made["id"])
                if column in made
                else ("party:unknown" if column == "party" else made["id"])
            )
    for column, value in (("source", path.name), ("sharing", DEGREE)):
        if column in spec:
            made[column] = made[column].fillna(value) if column in made else value
    return made


def _party(told_: Any) -> str | None:
    if told_ is None or told_ != told_ or not plain(told_):
        return None
    return str(told_) if str(told_).startswith("party:") else f"party:{plain(told_).replace(' ', '-')}"


def _parties(path: Path, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """A row for each party that the tables name."""
    labels = sorted({p for f in tables.values() if "party" in f for p in f["party"].dropna()})
    names = [label.removeprefix("party:") for label in labels]
    return conform("parties", pd.DataFrame({"id": labels, "name": names, "source": path.name, "sharing": 3}))


def _kind(told_: Any) -> str | None:
    hits = [str(told_)] if told_ in kinds() else own.meant("kind", "" if told_ is None or told_ != told_ else told_)
    return hits[0] if hits else None
