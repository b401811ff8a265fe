"""Reasons and findings: sentences in two languages, filled in at the moment of choice.

A sentence stands once, in the file of its verb in `sentences/`, under its code, in English and Dutch, with `{names}`
for the values. A verb gives the code and a frame of values; the row, its order and both languages follow.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from integralie.errors import DataError

LANGUAGES = ("nl", "en")
RULES = ("pair:", "reach:")  # rules between works or streets, in the price list
TOGETHER = "rules"  # the row in which those that held nothing back have their reason
DECIMALS = {"nl": (".", ","), "en": (",", ".")}


@cache
def sentences() -> MappingProxyType[str, MappingProxyType[str, str]]:
    """All sentences by code, in each language."""
    folder = files("integralie.schema").joinpath("sentences")
    made: dict[str, MappingProxyType[str, str]] = {}
    for path in sorted((p for p in folder.iterdir() if p.name.endswith(".csv")), key=lambda p: p.name):
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
            if row["code"] in made:
                raise DataError(f"Sentence '{row['code']}' stands more than once in schema/sentences/.")
            made[row["code"]] = MappingProxyType({"en": row["en"], "nl": row["nl"]})
    return MappingProxyType(made)


def number(value: float, language: str, decimals: int | None = None) -> str:
    """A number as people write it: 1.234,5 in Dutch and 1,234.5 in English; halves round up."""
    if decimals is None:
        decimals = 0 if float(value).is_integer() or abs(value) >= 100 else 1
    scaled = np.floor(abs(value) * 10**decimals + 0.5) / 10**decimals
    thousands, point = DECIMALS[language]
    text = f"{scaled:,.{decimals}f}".replace(",", "\0").replace(".", point).replace("\0", thousands)
    return f"-{text}" if value < 0 and scaled else text


class _Words(dict[str, Any]):
    """The values of one sentence; `{x}` is written for people, `{x:year}` as it is, `{x:eur}` as money."""

    def __init__(self, values: Mapping[str, Any], language: str) -> None:
        super().__init__({k: _Word(v, language) for k, v in values.items()})

    def __missing__(self, key: str) -> str:
        return "?"


class _Word:
    def __init__(self, value: Any, language: str) -> None:
        self.value = value[language] if isinstance(value, Mapping) else value  # a word that differs per language
        self.language = language

    def __format__(self, spec: str) -> str:
        value = self.value
        if value is None or (isinstance(value, float) and np.isnan(value)):
            return {"nl": "onbekend", "en": "unknown"}[self.language]
        if isinstance(value, (int, float)) and spec != "year":
            euro = "€ " if self.language == "nl" else "€"
            return (
                f"{euro}{number(value, self.language, 0)}"
                if spec == "eur"
                else number(value, self.language, int(spec) if spec.isdigit() else None)
            )
        return str(int(value)) if spec == "year" else str(value)


def say(code: str, values: Mapping[str, Any], language: str = "nl") -> str:
    """The sentence of that code with its values filled in.

    >>> say("programme.deferred", {"name": "Riool Kerkstraat", "last": 2046}, "en")[:16]
    'Riool Kerkstraat'
    """
    if code not in sentences():
        raise DataError(f"There is no sentence '{code}' in schema/sentences/; add it in both languages.")
    return sentences()[code][language].format_map(_Words(values, language))


_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True)


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (np.integer, int)) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, (np.floating, float)):
        return round(float(value), 4)
    return value if isinstance(value, bool) else str(value)


def _json_column(values: pd.Series) -> list[str]:
    """The same for a whole column, written as JSON; what stands there more often is written once."""
    if values.dtype.kind == "f":
        told = np.round(values.to_numpy(float, na_value=np.nan), 4)
        known, codes = np.unique(told, return_inverse=True)
        each = ["null" if v != v else _JSON.encode(v) for v in known.tolist()]
        return [each[c] for c in codes.tolist()]
    if values.dtype == "str" or values.dtype.kind in "iu":
        codes, known = pd.factorize(values)
        written = [*(_JSON.encode(_plain(v)) for v in known), "null"]
        return [written[c] for c in codes.tolist()]
    return [_JSON.encode(_plain(v)) for v in values.astype(object)]


def _json_rows(values: pd.DataFrame) -> list[str]:
    """Each row as a JSON object, keys in the order of the alphabet."""
    names = sorted(values.columns)
    form = "{" + ", ".join(_JSON.encode(n).replace("%", "%%") + ": %s" for n in names) + "}"
    return [form % row for row in zip(*(_json_column(values[n]) for n in names))] if names else ["{}"] * len(values)


def because(
    target: str, code: str, values: pd.DataFrame, figure: pd.Series | str | None = None, step: int = 0
) -> pd.DataFrame:
    """Rows for `reasons`: one per row of `values`, whose index holds the ids of the found rows and whose columns fill
    the sentence.

    A value that is a mapping `{"nl": ..., "en": ...}` is a word that differs per language.
    `figure` is the id of the figure that the reason leans on (one for all, or one per row). `step` orders the
    reasons of one found row: 0 is told first.
    """
    if code not in sentences():
        raise DataError(f"There is no sentence '{code}' in schema/sentences/; add it in both languages.")
    rows = values.index.astype(str)
    lean = figure.reindex(values.index).to_numpy() if isinstance(figure, pd.Series) else figure
    ids = [f"{target}|{row}|{step}.{code}" for row in rows]
    return pd.DataFrame(
        {
            "id": ids,
            "target": target,
            "row": rows,
            "step": step,
            "code": code,
            "args": _json_rows(values),
            "figure": lean,
            "verb": "",
        }
    )


def finding(
    rule: str,
    target: str,
    rows: pd.Index | list[str],
    values: pd.DataFrame | Mapping[str, Any],
    severity: str = "warning",
    done: str | None = None,
) -> pd.DataFrame:
    """Rows for `findings`: one per row id, with the sentence `finding.<rule>` in both languages.

    An empty row id stands for the whole table.
    """
    labels = pd.Index(rows, dtype=object)
    records = (
        values.astype(object).to_dict("records") if isinstance(values, pd.DataFrame) else [dict(values)] * len(labels)
    )
    clean = [{k: _plain(v) for k, v in r.items()} for r in records]
    code = f"finding.{rule}"
    return pd.DataFrame(
        {
            "id": [f"{rule}|{target}|{row}" for row in labels],
            "rule": rule,
            "target": target,
            "row": labels,
            "severity": severity,
            "message": [say(code, {"row": row, **v}, "en") for row, v in zip(labels, clean)],
            "message_nl": [say(code, {"row": row, **v}, "nl") for row, v in zip(labels, clean)],
            "done": done,
            "verb": "",
        }
    )


def gather(parts: list[pd.DataFrame], name: str) -> pd.DataFrame:
    """The parts under each other, as one table `reasons` or `findings` (empty when there are none)."""
    from integralie.schema.frames import empty

    filled = [p for p in parts if len(p)]
    return pd.concat(filled, ignore_index=True) if filled else empty(name).reset_index()
