"""The shelf: found tables of other moments in the study file: of scenarios, and of before a change that may be undone.

A set is a name, what each verb had read, and its tables. Each table is kept once, under what is in it; sets share them.
Nothing here is needed to read a study: whoever does not know the shelf sees one more table without geometry.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from integralie.errors import DataError
from integralie.schema import frames
from integralie.store import sql
from integralie.store.gpkg import META
from integralie.store.journal import Mark, mark, writing

NAME, INDEX = "shelf", "shelf"
CREATE = (
    f"CREATE TABLE IF NOT EXISTS {NAME} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, digest TEXT UNIQUE, body BLOB)"
)
MOST = 512 * 1024 * 1024  # bytes that one table may become; more is no table of ours
NUMBERS = {"i": "<i8", "f": "<f8", "b": "|b1"}
SHARE = 0.5  # values are told apart where they are at most this share of the rows


@dataclass(frozen=True)
class Kept:
    """One set of found tables, packed: a body per table under its digest, and what each verb had read."""

    tables: Mapping[str, str]
    made: Mapping[str, Mapping[str, str]]


def pack(frame: pd.DataFrame) -> tuple[str, bytes]:
    """A table as bytes, and a digest of them; numbers and shapes come back exactly as they were."""
    plain = frame.reset_index()
    body = zlib.compress(json.dumps({c: _column(plain[c]) for c in plain.columns}).encode(), 1)
    return hashlib.blake2b(body, digest_size=16).hexdigest(), body


def _column(values: pd.Series) -> Any:
    """A column as JSON: numbers as their bytes, texts told apart where there are few."""
    if values.name == "geometry":
        return [None if w is None else w for w in shapely.to_wkb(np.asarray(values), hex=True)]
    kind = NUMBERS.get(values.dtype.kind)
    if kind is not None:
        gone = values.isna().to_numpy()
        return {"type": kind, "bytes": _told(values.to_numpy(kind, na_value=0)), "gone": _told(np.packbits(gone))}
    codes, words = pd.factorize(values)
    if len(words) <= SHARE * len(values):
        return {"words": frames.python(words.to_series()), "codes": _told(codes.astype("<i4"))}
    return frames.python(values)


def _told(values: np.ndarray) -> str:
    return base64.b64encode(values.tobytes()).decode()


def unpack(name: str, body: bytes, crs: str) -> pd.DataFrame:
    """The table again.

    Raises
        DataError when the bytes are not those of a table.
    """
    try:
        unzip = zlib.decompressobj()
        text = unzip.decompress(body, MOST)
        if unzip.unconsumed_tail:
            raise ValueError("too large")
        columns = {str(c): _values(c, v) for c, v in json.loads(text).items()}
        frame = pd.DataFrame({c: pd.Series(v, dtype=object) for c, v in columns.items()})
    except (
        zlib.error,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        shapely.errors.GEOSException,
    ) as error:
        raise DataError(f"Table '{name}' on the shelf of the study is damaged; make it anew with 'run'.") from error
    shaped = gpd.GeoDataFrame(frame, geometry="geometry", crs=crs) if "geometry" in frame.columns else frame
    return frames.conform(name, shaped, crs)


def _values(column: str, told: Any) -> Any:
    if isinstance(told, dict):
        return _numbers(told) if "type" in told else _words(told["words"], told["codes"])
    return list(shapely.from_wkb(told)) if column == "geometry" else told


def _words(words: list[Any], codes: list[int] | str) -> list[Any]:
    at = codes if isinstance(codes, list) else np.frombuffer(base64.b64decode(codes), "<i4").tolist()
    return [None if c < 0 else words[c] for c in at]


def _numbers(told: dict[str, str]) -> Any:
    """The numbers of a column; where one is missing, None."""
    kind = told["type"]
    if kind not in NUMBERS.values():
        raise ValueError("no type of numbers")
    values = np.frombuffer(base64.b64decode(told["bytes"]), kind)
    gone = np.unpackbits(np.frombuffer(base64.b64decode(told["gone"]), np.uint8), count=len(values)).astype(bool)
    return [None if g else v for g, v in zip(gone.tolist(), values.tolist())] if gone.any() else values


def index(told: Any) -> dict[str, Kept]:
    """The sets that the facts of a study name; what is not well-formed is left out."""
    made = {}
    for key, kept in told.items() if isinstance(told, dict) else ():
        if isinstance(kept, dict) and isinstance(kept.get("tables"), dict) and isinstance(kept.get("made"), dict):
            found = set(frames.found())
            tables = {n: str(d) for n, d in kept["tables"].items() if n in found}
            made[str(key)] = Kept(tables, {str(v): dict(s) for v, s in kept["made"].items() if isinstance(s, dict)})
    return made


def bodies(path: Path, digests: Iterable[str]) -> dict[str, bytes]:
    """The bodies of these digests, as far as the file has them."""
    asked = list(dict.fromkeys(digests))
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as base:
        base.execute("PRAGMA trusted_schema = OFF")
        if not base.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (NAME,)).fetchone():
            return {}
        marks = ", ".join("?" * len(asked))
        rows = base.execute(f"SELECT digest, body FROM {NAME} WHERE digest IN ({marks})", asked)
        return {str(d): bytes(b) for d, b in rows if isinstance(b, bytes)}


def put(path: Path, sets: Mapping[str, Kept], fresh: Mapping[str, bytes], known: Mark | None) -> Mark | None:
    """Keeps exactly these sets in the file: new bodies are added, those that nobody names any more go.

    Raises
        OpenElsewhere when another program holds the file, ChangedElsewhere when it is not as `known` says.
    """
    with writing(path, known) as base:
        lay(base, sets, fresh)
    return mark(path)


def lay(base: sqlite3.Connection, sets: Mapping[str, Kept], fresh: Mapping[str, bytes]) -> None:
    """The same within a transaction of whoever asks."""
    told = {k: {"tables": dict(s.tables), "made": {v: dict(m) for v, m in s.made.items()}} for k, s in sets.items()}
    base.execute(CREATE)
    sql.register(base, NAME, NAME, "found tables of scenarios and of earlier moments, packed")
    base.executemany(f"INSERT OR IGNORE INTO {NAME} (digest, body) VALUES (?, ?)", fresh.items())
    named = {d for s in sets.values() for d in s.tables.values()}
    gone = [(d,) for (d,) in base.execute(f"SELECT digest FROM {NAME}") if d not in named]
    base.executemany(f"DELETE FROM {NAME} WHERE digest = ?", gone)
    base.execute(f"DELETE FROM {META} WHERE key = ?", (INDEX,))
    base.execute(f"INSERT INTO {META} (key, value) VALUES (?, ?)", (INDEX, json.dumps(told)))
