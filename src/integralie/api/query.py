"""Rows that were asked for: by box, by column, by years, in an order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from integralie.api.problems import Problem
from integralie.schema import frames

if TYPE_CHECKING:
    from integralie.api.sight import Sight

YEARS = (
    ("earliest", "latest"),
    ("period_from", "period_to"),
    ("period", "period"),
    ("year", "year"),
    ("year_built", "year_built"),
)
YES = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True)
class Asked:
    """One question: a box in the coordinates of the study, values by column, years, and an order."""

    box: shapely.Geometry | None
    values: Mapping[str, str]
    years: str | None
    order: str | None


def projected(shapes: np.ndarray, source: str, target: str) -> np.ndarray:
    """The shapes in other coordinates; EPSG:4326 has latitude first, as its authority says."""
    if source == target:
        return shapes
    return shapely.transform(shapely.force_2d(shapes), _move(source, target))


@cache
def _move(source: str, target: str) -> Any:
    """Through longitude and latitude; of EPSG:4326 the two are the other way round."""
    first, last = source.replace("EPSG:4326", "OGC:CRS84"), target.replace("EPSG:4326", "OGC:CRS84")
    made = Transformer.from_crs(first, last, always_xy=True) if first != last else None

    def move(xy: np.ndarray) -> np.ndarray:
        xy = xy[:, ::-1] if source == "EPSG:4326" else xy
        out = np.column_stack(made.transform(xy[:, 0], xy[:, 1])) if made is not None else xy
        return out[:, ::-1] if target == "EPSG:4326" else out

    return move


def matching(frame: pd.DataFrame, name: str, asked: Asked, look: Sight) -> pd.DataFrame:
    """The rows that answer the question, in the order of the table or the one asked for."""
    keep = np.ones(len(frame), bool)
    if asked.box is not None:
        keep &= _touching(frame, asked.box)
    for column, told in asked.values.items():
        keep &= _equal(frame, name, "party" if column == "owner" else column, told, look)
    if asked.years:
        keep &= _within(frame, asked.years, look)
    found = frame[keep]
    return _sorted(found, name, asked.order, look) if asked.order else found


def _touching(frame: pd.DataFrame, box: shapely.Geometry) -> np.ndarray:
    """Rows of which the shape touches the box; rows without a place do not."""
    keep = np.zeros(len(frame), bool)
    if "geometry" in frame.columns:
        keep[frame.sindex.query(box, predicate="intersects")] = True
    return keep


def _equal(frame: pd.DataFrame, name: str, column: str, told: str, look: Sight) -> np.ndarray:
    spec = frames.table(name).columns.get(column)
    if spec is None or spec.type == "geometry":
        raise Problem(
            "invalid-request",
            look.t("no_column", column=column, name=name, known=", ".join(frames.table(name).columns)),
        )
    values = frame.index.to_series() if column == "id" else frame[column]
    try:
        want: Any = told if spec.type == "text" else YES[told.lower()] if spec.type == "bool" else float(told)
    except (KeyError, ValueError):
        raise Problem("invalid-request", look.t("bad_value", column=column, text=told, type=spec.type)) from None
    return (values == want).fillna(False).to_numpy(bool)


def _within(frame: pd.DataFrame, text: str, look: Sight) -> np.ndarray:
    """Rows of which the years overlap those asked for; rows without years of their own count."""
    low, high = _span(text, look)
    pair = next((p for p in YEARS if p[0] in frame.columns and p[1] in frame.columns), None)
    if pair is None:
        return np.ones(len(frame), bool)
    first, last = (frame[c].astype("Float64").to_numpy(dtype="float64", na_value=np.nan) for c in pair)
    gone = np.isnan(first) & np.isnan(last)
    return gone | ((np.nan_to_num(first, nan=-np.inf) <= high) & (np.nan_to_num(last, nan=np.inf) >= low))


def _span(text: str, look: Sight) -> tuple[float, float]:
    parts = text.split("/")
    try:
        ends = [None if p in ("..", "") else float(p[:4]) for p in (parts if len(parts) == 2 else [text, text])]
    except ValueError:
        raise Problem("invalid-request", look.t("bad_value", column="datetime", text=text, type="year")) from None
    return (-np.inf if ends[0] is None else ends[0]), (np.inf if ends[1] is None else ends[1])


def _sorted(frame: pd.DataFrame, name: str, order: str, look: Sight) -> pd.DataFrame:
    """By columns with a + or - before them; what is unknown comes last."""
    names = [o.strip().lstrip("+-") for o in order.split(",")]
    stray = [n for n in names if n not in frame.columns or n == "geometry"]
    if stray:
        raise Problem(
            "invalid-request", look.t("no_column", column=stray[0], name=name, known=", ".join(frame.columns))
        )
    up = [not o.strip().startswith("-") for o in order.split(",")]
    return frame.sort_values(names, ascending=up, kind="stable", na_position="last")
