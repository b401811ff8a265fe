"""Years and windows as people write them: "2027", "Q3 2027", "2027-2029", "na 2030", Excel dates."""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass
from typing import Any

FIRST, LAST = 1500, 2200  # years outside these are placeholders of a register, not years
FIRST_SERIAL, LAST_SERIAL = 18264, 91313  # spreadsheet day numbers of 1950-01-01 and 2149-12-31
ORIGIN = datetime.date(1899, 12, 30)  # day 0 of a spreadsheet
OPEN = ("", "-", "?", "pm", "p.m.", "ntb", "n.t.b.", "nnb", "n.n.b.", "tbd", "onbekend", "unknown", "nvt", "n.v.t.")
_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[ t].*)?")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ t].*)?")
_SPAN = re.compile(r"(\d{4})\s*(?:-|–|—|/|t/m|tot en met|tot|to|en|through)\s*(\d{4}|\d{2})")
_AFTER = re.compile(r"(?:na|after|vanaf|from|sinds|>=?|≥)\s*(\d{4})|(\d{4})\s*(?:e\.?v\.?|en later|and later|\+|>)")
_BEFORE = re.compile(r"(?:voor|vóór|before|uiterlijk|by|tot|t/m|until|<=?|≤)\s*(\d{4})")
_LOOSE = re.compile(r"(?<!\d)(\d{4})(?!\d)")


@dataclass(frozen=True)
class Window:
    """The years that a cell gives; `wrong` says why there are none (open, impossible, implausible, text)."""

    earliest: int | None = None
    latest: int | None = None
    wrong: str = ""

    @property
    def year(self) -> int | None:
        """The one year that is meant; of an open window the end that is given."""
        return self.earliest if self.earliest is not None else self.latest


def _between(earliest: int | None, latest: int | None) -> Window:
    """The window, or nothing when a year is a placeholder such as 9999."""
    odd = any(y is not None and not FIRST <= y <= LAST for y in (earliest, latest))
    return Window(wrong="implausible") if odd else Window(earliest, latest)


def _day(year: int, month: int, day: int) -> Window:
    try:
        datetime.date(year, month, day)
    except ValueError:
        return Window(wrong="impossible")
    return _between(year, year)


def _number(value: float) -> Window:
    if not math.isfinite(value):
        return Window(wrong="open")
    if FIRST_SERIAL <= value <= LAST_SERIAL:
        year = (ORIGIN + datetime.timedelta(days=int(value))).year
        return Window(year, year)
    return _between(int(value), int(value)) if float(value).is_integer() else Window(wrong="text")


def _limits(text: str) -> Window | None:
    after, before, span = _AFTER.fullmatch(text), _BEFORE.fullmatch(text), _SPAN.fullmatch(text)
    if after:
        strict = text.startswith(("na", "after", ">")) and not text.startswith(">=")
        return _between(int(after[1] or after[2]) + strict, None)
    if before:
        strict = text.startswith(("voor", "vóór", "before", "<")) and not text.startswith("<=")
        return _between(None, int(before[1]) - strict)
    if span:
        last = int(span[2]) if len(span[2]) == 4 else int(span[1]) // 100 * 100 + int(span[2])
        return _between(int(span[1]), last)
    return None


def _text(text: str) -> Window:
    day, iso = _DAY.fullmatch(text), _ISO.fullmatch(text)
    if day:
        year = int(day[3]) + (2000 if len(day[3]) == 2 else 0)
        return _day(year, int(day[2]), int(day[1]))
    if iso:
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    limits = _limits(text)
    if limits:
        return limits
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return _number(float(text))
    years = sorted({int(y) for y in _LOOSE.findall(text)})
    return _between(years[0], years[-1]) if years else Window(wrong="text")


def window(cell: Any) -> Window:
    """The first and last year that a cell gives; a date that does not exist is unknown, never guessed.

    "na 2030" begins in 2031 and "voor 2030" ends in 2029; "vanaf" and "uiterlijk" include the year itself. A quarter or
    "medio 2028" gives its year. Day numbers of a spreadsheet are read as dates.

    >>> window("2027-2029"), window("31-2-2027").wrong, window("9999").wrong
    (Window(earliest=2027, latest=2029, wrong=''), 'impossible', 'implausible')
    """
    if cell is None or isinstance(cell, bool) or (isinstance(cell, float) and math.isnan(cell)):
        return Window(wrong="open")
    if isinstance(cell, (datetime.date, datetime.datetime)):
        return _between(cell.year, cell.year)
    if isinstance(cell, (int, float)):
        return _number(float(cell))
    text = str(cell).strip().lower()
    return Window(wrong="open") if text in OPEN else _text(text)
