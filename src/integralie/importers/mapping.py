"""A mapping of own column names and values to ours, as a dictionary or a TOML or JSON file."""

from __future__ import annotations

import csv
import json
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from integralie.errors import DataError

PARTS = ("table", "layer", "columns", "values", "defaults")
WHOLE_WORD, WORD_START = 2, 4  # letters up to which a word must stand alone, or must begin a word


@dataclass(frozen=True)
class Words:
    """What an own list says in our words: `columns` own name -> ours, `values` per column, `defaults` per column."""

    table: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)

    def value(self, column: str, told: Any) -> Any:
        """Our word for a told value, or None when the mapping does not have it."""
        return {plain(k): v for k, v in self.values.get(column, {}).items()}.get(plain(told))


def plain(text: Any) -> str:
    """Lower case without diacritics, brackets' contents and signs, for comparing names."""
    flat = unicodedata.normalize("NFKD", str(text)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", " ", re.sub(r"\(.*?\)|\[.*?\]", " ", flat)).strip()


def mapping(told: Mapping[str, Any] | str | Path | None) -> Words:
    """The mapping, read and checked.

    Raises
    ------
    DataError
        A file that cannot be read, or a part that a mapping does not have.
    """
    if told is None:
        return Words()
    raw = dict(told) if isinstance(told, Mapping) else _file(Path(told))
    stray = [k for k in raw if k not in PARTS]
    if stray:
        raise DataError(f"A mapping has no part '{stray[0]}'; its parts are: {', '.join(PARTS)}.")
    odd = [k for k in ("columns", "values", "defaults") if not isinstance(raw.get(k, {}), Mapping)]
    if odd:
        raise DataError(f"Part '{odd[0]}' of the mapping should be a table of names and values.")
    return Words(raw.get("table"), raw.get("columns", {}), raw.get("values", {}), raw.get("defaults", {}))


def _file(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        made = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise DataError(
            f"The mapping '{path.name}' cannot be read as TOML or JSON ({error}); correct the file."
        ) from error
    if not isinstance(made, dict):
        raise DataError(f"The mapping '{path.name}' should hold names and values; see the manual on mapping columns.")
    return made


def _rows(name: str) -> list[dict[str, str]]:
    text = files("integralie.importers").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def headers() -> Mapping[str, str]:
    """The column that a Dutch or English header stands for, from `headers.csv`."""
    return {plain(r["synonym"]): r["column"] for r in _rows("headers.csv")}


@cache
def _patterns(column: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    made = []
    for row in _rows("words.csv"):
        if row["column"] == column:
            word = plain(row["word"])
            before = r"\b" if len(word) <= WORD_START else ""
            made.append((re.compile(before + word + (r"\b" if len(word) <= WHOLE_WORD else "")), row["value"]))
    return tuple(made)


def meant(column: str, told: Any) -> list[str]:
    """The values that words in a cell stand for, in the order of the cell; of overlapping words the longest counts.

    >>> meant("kind", "Herinrichting en vervanging hoofdriool")
    ['carriageway', 'gravity_sewer']
    """
    text = plain(told)
    hits = sorted((m.start(), -m.end(), v) for p, v in _patterns(column) for m in p.finditer(text))
    found: list[str] = []
    end = -1
    for start, minus_end, value in hits:
        if start >= end:
            end = -minus_end
            if value not in found:
                found.append(value)
    return found
