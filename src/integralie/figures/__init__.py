"""Figures (kengetallen): every number that the program leans on, with unit, spread, source and status.

A figure is a row in one of the CSV files beside this module. `where` says when it holds, as `column=value` pairs
(`kind=sewer material=concrete`; a comma means any of). The row with the most pairs that all agree wins; a tie is an
error. A study may carry figures of its own: they win over ours.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

from integralie.errors import DataError, FigureMissing

COLUMNS = ("id", "figure", "where", "value", "low", "high", "unit", "price_level", "status", "source", "note")
STATUSES = ("firm", "indicative", "placeholder", "gap")


@dataclass(frozen=True)
class Figure:
    """One figure; `value`, `low` and `high` are numbers or nan, `text` is what the file says."""

    id: str
    figure: str
    where: str
    text: str
    value: float
    low: float
    high: float
    unit: str
    price_level: int | None
    status: str
    source: str
    note: str

    @property
    def pairs(self) -> dict[str, frozenset[str]]:
        """When the figure holds: for each column the values that it is for."""
        return {k: frozenset(v.split(",")) for k, v in (p.split("=", 1) for p in self.where.split())}


def _number(text: str) -> float:
    try:
        return float(text)
    except (TypeError, ValueError):
        return math.nan


def _figure(row: dict[str, str]) -> Figure:
    """A row as a figure; a range without a value gives its middle."""
    low, high, value = (_number(row[k]) for k in ("low", "high", "value"))
    if not row["value"] and not math.isnan(low) and not math.isnan(high):
        value = (low + high) / 2
    if row["status"] not in STATUSES:
        raise DataError(f"Figure '{row['id']}' has status '{row['status']}'; use one of {', '.join(STATUSES)}.")
    level = int(row["price_level"]) if row["price_level"] else None
    texts = {k: row[k] for k in ("id", "figure", "where", "unit", "status", "source", "note")}
    return Figure(text=row["value"], value=value, low=low, high=high, price_level=level, **texts)


class Figures:
    """A set of figures that can be asked for a number.

    >>> shipped().value("discount_rate")
    2.25
    >>> shipped().find("service_life", kind="gravity_sewer", material="concrete").status
    'placeholder'
    """

    def __init__(self, rows: Iterable[Figure], own: Iterable[Figure] = ()) -> None:
        self.own = tuple(own)
        self.rows = tuple(rows)
        self.by_id = {f.id: f for f in (*self.rows, *self.own)}
        self._by_name: dict[str, list[Figure]] = {}
        for figure in self.own:
            self._by_name.setdefault(f"own:{figure.figure}", []).append(figure)
        for figure in self.rows:
            self._by_name.setdefault(figure.figure, []).append(figure)
        self._found: dict[tuple[str, tuple[tuple[str, str], ...]], Figure | None] = {}

    def _best(self, rows: list[Figure], name: str, where: dict[str, str]) -> Figure | None:
        hits = [f for f in rows if all(where.get(k) in v for k, v in f.pairs.items())]
        if not hits:
            return None
        most = max(len(f.pairs) for f in hits)
        best = [f for f in hits if len(f.pairs) == most]
        if len(best) > 1:
            raise DataError(
                f"Figures {' and '.join(f.id for f in best)} both hold for '{name}' {where}; make one of them more specific."
            )
        return best[0]

    def find(self, name: str, **where: str) -> Figure:
        """The most specific figure of that name for what is asked; a figure without a number is missing."""
        key = (name, tuple(sorted((k, str(v)) for k, v in where.items())))
        if key not in self._found:
            asked = dict(key[1])
            own = self._best(self._by_name.get(f"own:{name}", []), name, asked)
            self._found[key] = own or self._best(self._by_name.get(name, []), name, asked)
        figure = self._found[key]
        if figure is None or math.isnan(figure.value):
            raise FigureMissing(
                f"There is no figure '{name}' for {dict(key[1]) or 'general use'}; add a row to the figures of the study."
            )
        return figure

    def value(self, name: str, **where: str) -> float:
        """The number alone."""
        return self.find(name, **where).value

    def classes(self, name: str, column: str, **where: str) -> list[float]:
        """The numeric classes that a figure is split by, e.g. the diameters for which a sewer has a unit cost."""
        rows = [*self._by_name.get(name, []), *self._by_name.get(f"own:{name}", [])]
        fit = [
            f for f in rows if column in f.pairs and all(where.get(k) in v for k, v in f.pairs.items() if k != column)
        ]
        return sorted({float(v) for f in fit for v in f.pairs[column]})

    def lookup(self, name: str, frame: pd.DataFrame) -> pd.DataFrame:
        """For each row of a frame of texts (columns are the where-columns) the figure that holds.

        Gives columns `value, low, high, unit, price_level, status, figure` with the index of the frame. Each distinct
        combination is looked up once.
        """
        columns = ["value", "low", "high", "unit", "price_level", "status", "figure"]
        if frame.empty:
            return pd.DataFrame(
                {c: pd.Series(dtype="object" if c in ("unit", "status", "figure") else "float64") for c in columns},
                index=frame.index,
            )
        first, place = _distinct(frame)
        combos = frame.iloc[first].astype(object)
        got = [
            self.find(name, **{k: v for k, v in zip(combos.columns, row) if not pd.isna(v) and v != ""})
            for row in combos.itertuples(index=False)
        ]
        table = pd.DataFrame({c: [f.id if c == "figure" else getattr(f, c) for f in got] for c in columns})
        return table.iloc[place].set_axis(frame.index)


def _distinct(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The first row of each combination of values, and which combination each row has."""
    place = np.zeros(len(frame), np.int64)
    for column in frame.columns:
        codes, known = pd.factorize(frame[column].astype(object), use_na_sentinel=True)
        place = pd.factorize(place * (len(known) + 1) + codes + 1)[0]
    return np.unique(place, return_index=True)[1], place


def read(text: str, name: str = "figures") -> list[Figure]:
    """Figures from the text of a CSV file with the shared header."""
    rows = list(csv.DictReader(text.splitlines()))
    if rows and tuple(rows[0]) != COLUMNS:
        raise DataError(
            f"'{name}' should have the columns {', '.join(COLUMNS)}; copy a shipped figures file and fill it in."
        )
    return [_figure(r) for r in rows]


@cache
def shipped() -> Figures:
    """The figures that come with the program."""
    folder = files("integralie.figures")
    names = sorted(p.name for p in folder.iterdir() if p.name.endswith(".csv"))
    rows = [f for n in names for f in read(folder.joinpath(n).read_text(encoding="utf-8"), n)]
    twice = {f.id for f in rows if sum(g.id == f.id for g in rows) > 1}
    if twice:
        raise DataError(f"Figure ids {', '.join(sorted(twice))} stand more than once in figures/.")
    return Figures(rows)


def with_own(frame: pd.DataFrame | None) -> Figures:
    """The shipped figures with those of one study laid over them."""
    if frame is None or frame.empty:
        return shipped()
    rows = [
        _figure({c: "" if pd.isna(r.get(c)) else str(r.get(c, "")) for c in COLUMNS}) for r in frame.to_dict("records")
    ]
    return Figures(shipped().rows, rows)
