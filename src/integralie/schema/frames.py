"""Tables in the shape that `tables.csv` declares: `empty`, `conform`, `align`.

Every table is a pandas DataFrame (a GeoDataFrame where the table has a place) whose index is `id`, sorted, and
whose columns have the declared types. Text that is not known is missing, never an empty string.
"""

from __future__ import annotations

import csv
import weakref
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from integralie.errors import DataError
from integralie.settings import RD_NEW

QUALITY = ("measured", "registered", "default", "assumed", "unknown")
SHARED_WRITERS = ("members", "findings", "reasons")


@dataclass(frozen=True)
class Column:
    """One column of one table, as `tables.csv` declares it."""

    name: str
    type: str
    unit: str
    required: bool
    meaning: str
    meaning_nl: str
    other_names: str


@dataclass(frozen=True)
class Table:
    """One table: whether it is told or found, what geometry it has, and its columns."""

    name: str
    told: bool
    geometry: str
    meaning: str
    meaning_nl: str
    columns: MappingProxyType[str, Column]

    @property
    def has_geometry(self) -> bool:
        return self.geometry != "none"


def _rows() -> list[dict[str, str]]:
    text = files("integralie.schema").joinpath("tables.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _columns(row: dict[str, str]) -> list[Column]:
    """The column a row declares, and its companion `<column>_quality` when the row asks for one."""
    made = [
        Column(
            row["column"],
            row["type"],
            row["unit"],
            row["required"] == "yes",
            row["meaning"],
            row["meaning_nl"],
            row["other_names"],
        )
    ]
    if row["quality"] == "yes":
        name = f"{row['column']}_quality"
        made.append(
            Column(
                name,
                "text",
                "list",
                False,
                f"how '{row['column']}' is known: {', '.join(QUALITY)}",
                f"herkomst van '{row['column']}'",
                "",
            )
        )
    return made


@cache
def tables() -> MappingProxyType[str, Table]:
    """All tables by name, in the order of the story: told first, then found.

    >>> tables()["streets"].columns["width"].unit
    'm'
    """
    rows = _rows()
    made = {}
    for head in (r for r in rows if r["column"] == "*"):
        columns = [c for r in rows if r["table"] == head["table"] and r["column"] != "*" for c in _columns(r)]
        columns.sort(key=lambda c: c.name == "geometry")
        made[head["table"]] = Table(
            head["table"],
            head["type"] == "told",
            head["unit"],
            head["meaning"],
            head["meaning_nl"],
            MappingProxyType({c.name: c for c in columns}),
        )
    return MappingProxyType(made)


def table(name: str) -> Table:
    """One table by name; an unknown name is an error that lists what there is."""
    try:
        return tables()[name]
    except KeyError:
        raise DataError(f"There is no table '{name}'; the tables are: {', '.join(tables())}.") from None


def told() -> tuple[str, ...]:
    """The names of the tables that come from sources and people."""
    return tuple(n for n, t in tables().items() if t.told)


def found() -> tuple[str, ...]:
    """The names of the tables that our functions make."""
    return tuple(n for n, t in tables().items() if not t.told)


_DTYPES = {"text": "str", "int": "Int64", "float": "float64", "bool": "boolean"}


def empty(name: str, crs: str = RD_NEW) -> pd.DataFrame:
    """The table without rows, with every declared column in its type."""
    return _empty(name, crs).copy()


@cache
def _empty(name: str, crs: str) -> pd.DataFrame:
    return conform(name, pd.DataFrame({"id": pd.Series([], dtype="str")}), crs)


def _cast(name: str, column: Column, values: pd.Series) -> pd.Series:
    """The values in the declared type; what cannot be cast is an error that names the first culprit."""
    try:
        if column.type == "int":
            return pd.to_numeric(values).round().astype("Int64")
        if column.type == "float":
            return pd.to_numeric(values).astype("float64")
        if column.type == "text":
            return values if _plain(values) else pd.Series(_text(values), index=values.index, dtype="str")
        return values.astype(_DTYPES[column.type])
    except (ValueError, TypeError) as error:
        raise DataError(f"Column '{column.name}' of '{name}' should hold {column.type} values: {error}.") from error


def _plain(values: pd.Series) -> bool:
    """Whether it is text of the declared type already, none of it empty."""
    return bool(values.dtype == "str" and not (np.asarray(values.array, dtype=object) == "").any())


def _text(values: pd.Series) -> list[str | float]:
    """Plain text, also of numpy's own; nothing for what is missing or empty."""
    gone = values.isna().to_numpy()
    told = values.to_numpy(dtype=object)
    return [np.nan if no or v == "" else v if type(v) is str else str(v) for v, no in zip(told.tolist(), gone.tolist())]


def _index(name: str, frame: pd.DataFrame) -> pd.Index:
    values = frame["id"] if "id" in frame.columns else frame.index.to_series()
    texts = values.astype(str)
    if values.isna().any() or texts.eq("").any():
        raise DataError(f"Table '{name}' has {int(values.isna().sum())} rows without an id; give every row its own id.")
    index = pd.Index(texts, name="id")
    if index.has_duplicates:
        twice = index[index.duplicated()][0]
        raise DataError(f"Table '{name}' has the id '{twice}' more than once; ids must be unique within a table.")
    return index


_SHAPED: dict[int, tuple[weakref.ref[pd.DataFrame], str, str]] = {}  # frames in their declared shape that still live


def conform(name: str, frame: pd.DataFrame, crs: str = RD_NEW) -> pd.DataFrame:
    """The frame in the declared shape: all columns, in order and type, index `id`, rows sorted by id.

    Columns that the table does not have are dropped only after they have been refused: an unknown column is an
    error, so that nothing is lost in silence.

    Raises
    ------
    DataError
        Unknown column, values of another type, missing or double ids, a required column that is empty.
    """
    made = _conformed(name, frame, crs)
    key = id(made)
    _SHAPED[key] = (weakref.ref(made, lambda _: _SHAPED.pop(key, None)), name, crs)
    return made


def shaped(name: str, frame: pd.DataFrame, crs: str = RD_NEW) -> pd.DataFrame:
    """As `conform`, but a frame that `conform` gave is taken as it is: for what a verb has just made, which nobody changed."""
    held = _SHAPED.get(id(frame))
    same = held is not None and held[0]() is frame and held[1:] == (name, crs)
    return frame if same else conform(name, frame, crs)


def _conformed(name: str, frame: pd.DataFrame, crs: str) -> pd.DataFrame:
    spec = table(name)
    unknown = [c for c in frame.columns if c not in spec.columns and c != "id"]
    if unknown:
        raise DataError(f"Table '{name}' has no column {unknown[0]!r}; its columns are: {', '.join(spec.columns)}.")
    index = _index(name, frame)
    made = {}
    for column in spec.columns.values():
        if column.name == "id":
            continue
        if column.type == "geometry":
            values = frame[column.name].to_numpy() if column.name in frame.columns else np.full(len(index), None)
            made[column.name] = gpd.GeoSeries(values, index=index, crs=crs)
            continue
        raw = (
            pd.Series(frame[column.name].array, index=index)
            if column.name in frame.columns
            else pd.Series(np.nan, index=index, dtype=object)
        )
        made[column.name] = _cast(name, column, raw)
        if column.required and made[column.name].isna().any():
            row = index[made[column.name].isna()][0]
            raise DataError(f"Row '{row}' of '{name}' has no '{column.name}'; that column must be filled.")
    result: pd.DataFrame = pd.DataFrame(made, index=index)
    if spec.has_geometry:
        result = gpd.GeoDataFrame(result, geometry="geometry", crs=crs)
    return result.sort_index(kind="stable")


def python(values: pd.Series) -> list[Any]:
    """The values of one column as plain Python, None where there is none."""
    gone, kind = values.isna().to_numpy(), values.dtype.kind
    plain: list[Any] = values.to_numpy(
        dtype=_PYTHON.get(kind, object), na_value=0 if kind in _PYTHON else None
    ).tolist()
    if values.dtype == object:
        plain = [v.item() if isinstance(v, np.generic) else v for v in plain]
    return [None if g else v for g, v in zip(gone.tolist(), plain)] if gone.any() else plain


_PYTHON = {"i": "int64", "u": "int64", "b": "bool", "f": "float64"}


def align(values: pd.Series, labels: pd.Series, what: str) -> np.ndarray:
    """For each label the value that carries it; an unknown label raises, a missing label gives a missing value.

    This is the only way in which two tables meet: by label, never by position.
    """
    known = labels.dropna()
    stray = known[~known.isin(values.index)]
    if len(stray):
        raise DataError(f"'{stray.iloc[0]}' is not a known {what}; correct the label or add the row.")
    return labels.map(values).to_numpy()
