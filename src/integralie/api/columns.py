"""A whole table as columns: small to send and quick to read in a browser.

Text is told as a list of words and a code per row where that is shorter. Geometry is whole steps from an origin, each
vertex as the difference to the one before; `docs/reference/api.md` has the reader in a few lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import shapely

from integralie.api import flat
from integralie.schema import frames

KINDS = {0: 1, 1: 2, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6}  # shapely's type -> ours; a ring is a line
FINE = 4  # decimals of a number
SHARE = 0.5  # words are told apart where they are at most this share of the rows


def encoded(name: str, frame: pd.DataFrame, columns: Iterable[str], resolution: float) -> dict[str, Any]:
    """The columns of a table in the form that the workbench reads; `id` comes first."""
    made: dict[str, Any] = {}
    for column in columns:
        if column == "id":
            made["id"] = {"type": "text", "values": list(map(str, frame.index))}
            continue
        kind = frames.table(name).columns[column].type
        made[column] = geometry(frame[column], resolution) if kind == "geometry" else _plain(frame[column], kind)
    return made


def _plain(values: pd.Series, kind: str) -> dict[str, Any]:
    if kind == "text":
        return text(values)
    gone = values.isna().to_numpy()
    if kind == "float":
        numbers = np.round(values.to_numpy(dtype="float64", na_value=np.nan), FINE)
        return {"type": kind, "values": [None if g else _short(v) for v, g in zip(numbers.tolist(), gone)]}
    cast = int if kind == "int" else bool
    return {"type": kind, "values": [None if g else cast(v) for v, g in zip(values.to_numpy(object), gone)]}


def _short(value: float) -> float | int:
    """A whole number without its '.0'."""
    return int(value) if value.is_integer() else value


def text(values: pd.Series) -> dict[str, Any]:
    """Texts as they are, or as words and codes (-1 is unknown), whichever is shorter."""
    codes, words = pd.factorize(values.astype(object))
    if len(words) <= SHARE * len(values):
        return {"type": "text", "words": [str(w) for w in words], "codes": codes.tolist()}
    return {"type": "text", "values": [None if c < 0 else str(words[c]) for c in codes]}


def geometry(values: pd.Series, resolution: float) -> dict[str, Any]:
    """Shapes as counts and whole steps; outer rings run counter-clockwise, holes clockwise."""
    shapes = flat.oriented(shapely.force_2d(np.asarray(values, dtype=object)), clockwise=False)
    pieces, row = flat.parts(shapes)
    xy, of = flat.vertices(pieces)
    origin = np.floor(xy.min(axis=0)) if len(xy) else np.zeros(2)
    steps, of = flat.thin(np.rint((xy - origin) / resolution).astype(np.int64), of)
    return {
        "type": "geometry", "crs": "EPSG:28992", "resolution": resolution, "origin": origin.astype(int).tolist(),
        "kinds": [KINDS.get(int(k), 0) for k in shapely.get_type_id(shapes)],
        "parts": np.bincount(row, minlength=len(shapes)).tolist(), "points": np.bincount(of, minlength=len(pieces)).tolist(),
        "coords": flat.differences(steps, of).ravel().tolist(),
    }  # fmt: skip


def dumped(body: dict[str, Any]) -> bytes:
    """As compact JSON; what is not a number is unknown."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
