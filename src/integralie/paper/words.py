"""Words on paper: texts by key in two languages, and numbers, money, years and dates as people write them there.

Texts stand in `texts/*.csv` (`key,en,nl`), with `{names}` for values: `{x:eur}` whole euros, `{x:cent}` to the cent,
`{x:mln}` millions, `{x:year}` as it is, `{x:1}` decimals.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import pandas as pd

from integralie.errors import DataError
from integralie.schema.notes import LANGUAGES, number

NBSP, THIN, MINUS = "\u00a0", "\u202f", "\u2212"
MILLION = 1_000_000


@cache
def texts() -> MappingProxyType[str, MappingProxyType[str, str]]:
    """All texts by key, in each language."""
    folder = files("integralie.paper").joinpath("texts")
    made: dict[str, MappingProxyType[str, str]] = {}
    for path in sorted((p for p in folder.iterdir() if p.name.endswith(".csv")), key=lambda p: p.name):
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
            if row["key"] in made:
                raise DataError(f"Text '{row['key']}' stands more than once in paper/texts/.")
            made[row["key"]] = MappingProxyType({k: row[k] for k in LANGUAGES})
    return MappingProxyType(made)


def is_unknown(value: Any) -> bool:
    """Whether a value is missing: unknown is a state, never 0."""
    return value is None or value is pd.NA or (isinstance(value, float) and value != value)


@dataclass(frozen=True)
class Words:
    """The words and number formats of one language.

    >>> Words("nl").eur(1240000.5), Words("en").eur(1240000.5)
    ('€\\xa01.240.001', '€1,240,001')
    """

    language: str

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise DataError(f"There is no language '{self.language}' on paper; choose one of {', '.join(LANGUAGES)}.")

    def t(self, key: str, **values: Any) -> str:
        """The text of that key with its values filled in."""
        if key not in texts():
            raise DataError(f"There is no text '{key}' in paper/texts/; add it in both languages.")
        return texts()[key][self.language].format_map({k: _Value(v, self) for k, v in values.items()})

    def has(self, key: str) -> bool:
        """Whether that text exists."""
        return key in texts()

    def term(self, group: str, name: Any) -> str:
        """The word for a value of a list (`status.deferred`); a value without a word is shown as it is written."""
        if is_unknown(name):
            return self.t("unknown")
        return self.t(f"{group}.{name}") if self.has(f"{group}.{name}") else str(name).replace("_", " ")

    def count(self, group: str, n: float) -> str:
        """A number with its noun, in the singular or plural: `count.works` holds 'work|works'."""
        one, many = self.t(f"count.{group}").split("|")
        return f"{self.num(n)}{NBSP}{one if n == 1 else many}"

    def num(self, value: Any, decimals: int | None = None) -> str:
        """A number; unknown is a word, and a negative number has a true minus."""
        if is_unknown(value):
            return self.t("unknown")
        return number(float(value), self.language, decimals).replace("-", MINUS)

    def _money(self, value: Any, decimals: int, tail: str = "") -> str:
        if is_unknown(value):
            return self.t("unknown")
        text = number(abs(float(value)), self.language, decimals)
        sign = f"{MINUS}{NBSP if self.language == 'nl' else ''}" if value < 0 and text.strip("0,.") else ""
        return f"{sign}€{NBSP if self.language == 'nl' else ''}{text}{tail}"

    def eur(self, value: Any) -> str:
        """Whole euros."""
        return self._money(value, 0)

    def cent(self, value: Any) -> str:
        """Euros to the cent."""
        return self._money(value, 2)

    def mln(self, value: Any) -> str:
        """Millions with two decimals; under one million in whole euros."""
        if is_unknown(value) or abs(value) < MILLION:
            return self.eur(value)
        return self._money(value / MILLION, 2, f"{NBSP}{self.t('million')}")

    def pct(self, share: Any, decimals: int = 0) -> str:
        """A share as a percentage; what is more than nothing is never written as 0."""
        if is_unknown(share):
            return self.t("unknown")
        low = 10.0**-decimals
        sign = "%" if self.language == "en" else f"{THIN}%"
        if 0 < share * 100 < low / 2:
            return f"<{NBSP}{number(low, self.language, decimals)}{sign}"
        return f"{self.num(share * 100, decimals)}{sign}"

    def year(self, value: Any) -> str:
        """A year as it is."""
        return self.t("unknown") if is_unknown(value) else str(int(value))

    def years(self, first: Any, last: Any) -> str:
        """A window of years: 2028–2032, or one year."""
        if is_unknown(first) or is_unknown(last) or first == last:
            return self.year(last if is_unknown(first) else first)
        return f"{self.year(first)}–{self.year(last)}"

    def gap(self, share: float) -> str:
        """How far from the best possible: rounded up to one decimal, and never written as nothing."""
        tenths = max(math.ceil(round(share * 1000, 6)), 1)
        return self.pct(tenths / 1000, 1)

    def moved(self, years: int | None) -> str:
        """Years later or earlier than preferred."""
        if not years:
            return self.t("unknown") if years is None else self.t("moved.0")
        return self.t("moved.later" if years > 0 else "moved.earlier", n=self.count("years", abs(years)))

    def measure(self, value: Any, unit: Any) -> str:
        """A value with its unit; euros as money."""
        if is_unknown(value):
            return self.t("unknown")
        if isinstance(unit, str) and unit.startswith("EUR") and "/" not in unit:
            return self.mln(float(value))
        label = "" if is_unknown(unit) or unit in ("count", "") else f"{NBSP}{self.term('unit', unit)}"
        return f"{self.num(value)}{label}"

    def figure(self, value: float, unit: str) -> str:
        """The value of a figure, with as many decimals as it needs, and its unit."""
        return f"{self.fine(value)}{NBSP}{self.term('unit', unit) if unit else ''}".strip(NBSP)

    def fine(self, value: float) -> str:
        """A number with at most four decimals and no zeros at the end."""
        if is_unknown(value):
            return self.t("unknown")
        decimals = next((d for d in range(4) if abs(round(value, d) - value) < 5e-5), 4)
        return self.num(value, decimals)

    def spread(self, low: float, high: float) -> str:
        """From low to high; a dash when there is neither."""
        if is_unknown(low) and is_unknown(high):
            return "–"
        return f"{self.fine(low)}–{self.fine(high)}"

    def listed(self, items: list[str]) -> str:
        """a, b and c."""
        return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {self.t('and')} {items[-1]}" if items else ""


class _Value:
    """A value inside a text, written by the words of its language."""

    def __init__(self, value: Any, words: Words) -> None:
        self.value, self.words = value, words

    def __format__(self, spec: str) -> str:
        value, words = self.value, self.words
        if isinstance(value, str):
            return value
        if spec in ("eur", "cent", "mln", "pct", "year"):
            return str(getattr(words, spec)(value))
        return words.num(value, int(spec) if spec.isdigit() else None)


def both(mapping: Mapping[str, Any]) -> list[str]:
    """Keys that lack a text in one of the languages; the tests ask for an empty list."""
    return [k for k, row in mapping.items() if any(not (row[name] or "").strip() for name in LANGUAGES)]
