"""Readers of files as they come. Each format is one module with NAME, SUFFIXES, `sniff(path)` and `read(path,
settings)`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from integralie.errors import DataError
from integralie.importers.told import Told
from integralie.schema import frames
from integralie.schema.notes import finding, gather
from integralie.settings import Settings


@cache
def formats() -> tuple[ModuleType, ...]:
    """The modules of this folder that can read a format, in the order of their `ORDER` (the pickiest first) and name."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{n}") for n in names]
    return tuple(
        sorted((m for m in modules if hasattr(m, "sniff")), key=lambda m: (getattr(m, "ORDER", 0), m.__name__))
    )


def format_of(path: Path) -> ModuleType:
    """The format that recognises the file by what is in it.

    Raises
        DataError when the file is missing, empty, or of no format that is known.
    """
    if not path.is_file():
        raise DataError(f"There is no file '{path}'; check the name.")
    if path.stat().st_size == 0:
        raise DataError(f"'{path.name}' is empty; download or copy it again.")
    for module in formats():
        if path.suffix.lower() in module.SUFFIXES and module.sniff(path):
            return module
    known = ", ".join(m.NAME for m in formats())
    raise DataError(
        f"'{path.name}' is of no format that can be read ({known}); check that it is whole and what it holds."
    )


def read(paths: Sequence[Path], settings: Settings, **options: Any) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Told tables and findings from files of any known format, brought together.

    Where no street sections are given they are drawn from the road surface, else from the corridors of buried lines.
    Where no areas are given, one area round everything is made, so that a year can be decided for it. Plans with a
    street name are placed in that street.
    """
    told = [format_of(Path(p)).read(Path(p), settings, **options) for p in paths]
    tables, said = _together(told, settings)
    labels = [t.tables["labels"] for t in told if "labels" in t.tables]
    said += [f for t in told for f in t.findings]
    said += _streets(tables, labels)
    said += _areas(tables)
    said += _plans(tables)
    out = gather(said, "findings").assign(verb="read") if said else frames.empty("findings").reset_index()
    return {n: f for n, f in tables.items() if len(f)}, out.drop_duplicates("id").set_index("id")


def _together(told: list[Told], settings: Settings) -> tuple[dict[str, pd.DataFrame], list[pd.DataFrame]]:
    """The tables of several files under each other; an id that comes twice is kept under a new name and told."""
    tables, said = {}, []
    for name in frames.told():
        parts = [t.tables[name].reset_index() for t in told if name in t.tables and len(t.tables[name])]
        rows = pd.concat(parts, ignore_index=True) if parts else None
        if rows is None:
            tables[name] = frames.empty(name, settings.crs)
            continue
        rows, twice = (rows.drop_duplicates("id"), []) if name == "parties" else _renamed(rows)
        if twice:
            said.append(finding("id_twice", name, twice, {}, "warning", "kenmerk aangevuld"))
        tables[name] = frames.conform(name, rows, settings.crs)
    return tables, said


def _renamed(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    rank = rows.groupby("id").cumcount()
    fresh = rows["id"].where(rank == 0, rows["id"] + "#" + (rank + 1).astype(str))
    return rows.assign(id=fresh), list(fresh[rank > 0])


def _streets(tables: dict[str, pd.DataFrame], labels: list[gpd.GeoDataFrame]) -> list[pd.DataFrame]:
    if len(tables["streets"]) or tables["assets"].empty:
        return []
    from integralie.importers.sections import sections

    tables["streets"], said = sections(tables["assets"], pd.concat(labels, ignore_index=True) if labels else None)
    return said


def _areas(tables: dict[str, pd.DataFrame]) -> list[pd.DataFrame]:
    streets = tables["streets"]
    if streets.empty or streets["area"].notna().any():
        return []
    from integralie.importers.sections import neighbourhood

    if tables["areas"].empty:
        tables["areas"] = neighbourhood(streets)
    areas = tables["areas"][tables["areas"].geometry.notna()]
    middle = gpd.GeoDataFrame(geometry=streets.geometry.interpolate(0.5, normalized=True), crs=streets.crs)
    inside = middle.sjoin(areas[["level", "geometry"]], predicate="within", rsuffix="area")
    order = inside["level"].map({"neighbourhood": 0, "district": 1}).fillna(2)
    first = (
        inside.assign(order=order).sort_values(["order", "id_area"])
        if "id_area" in inside
        else inside.assign(order=order, id_area=inside.iloc[:, -2])
    )
    tables["streets"] = streets.assign(area=first[~first.index.duplicated()]["id_area"].reindex(streets.index))
    return []


def _plans(tables: dict[str, pd.DataFrame]) -> list[pd.DataFrame]:
    if tables["plans"].empty or tables["streets"].empty:
        return []
    from integralie.importers.places import place_plans

    tables["plans"], said = place_plans(tables["plans"], tables["streets"])
    return [said] if len(said) else []


def summary(tables: dict[str, pd.DataFrame], findings: pd.DataFrame) -> pd.DataFrame:
    """What was read, per table and kind: number, length in km, area in hectares, and findings about that table."""
    rows = []
    for name in frames.told():
        frame = tables.get(name)
        if frame is None or frame.empty:
            continue
        by = frame["kind"].fillna("?") if "kind" in frame else pd.Series("", index=frame.index)
        shape = frame.geometry if frames.table(name).has_geometry else None
        length = (
            shape.length.where(shape.geom_type.str.contains("Line"), 0) / 1000 if shape is not None else 0 * by.map(len)
        )
        area = shape.area / 1e4 if shape is not None else 0 * by.map(len)
        told = (
            pd.DataFrame({"kind": by, "km": length, "ha": area})
            .groupby("kind")
            .agg(count=("km", "size"), km=("km", "sum"), ha=("ha", "sum"))
        )
        rows.append(told.reset_index().assign(table=name, findings=int((findings["target"] == name).sum())))
    if not rows:
        return pd.DataFrame(columns=["table", "kind", "count", "km", "ha", "findings"])
    out = pd.concat(rows, ignore_index=True).round({"km": 1, "ha": 1})
    out["findings"] = np.where(out["table"].duplicated(), 0, out["findings"])
    return out[["table", "kind", "count", "km", "ha", "findings"]]
