"""Amounts as people write them: "€ 1.250.000,-", "1,25 mln", "250k", "PM"."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

TIMES = {"k": 1e3, "dzd": 1e3, "duizend": 1e3, "thousand": 1e3, "t€": 1e3, "m": 1e6, "mln": 1e6, "mio": 1e6}
TIMES |= {"miljoen": 1e6, "million": 1e6, "mrd": 1e9, "miljard": 1e9, "billion": 1e9}
OPEN = (
    "",
    "pm",
    "p.m.",
    "ntb",
    "n.t.b.",
    "nnb",
    "n.n.b.",
    "tbd",
    "t.b.d.",
    "onbekend",
    "unknown",
    "?",
    "-",
    "nvt",
    "n.v.t.",
)
_NUMBER = re.compile(r"(\(?)\s*([-+−–]?)\s*([\d][\d.,'  ]*)(?:,-|,--|,=)?\s*([a-z€]*)\.?\s*(-?)\)?")
_NOISE = re.compile(r"€|eur(?:o'?s?)?\b|excl\.?\s*btw|ex\.?\s*btw|ca\.?(?=\s|\d)|circa|±|~", re.IGNORECASE)


@dataclass(frozen=True)
class Amount:
    """What a cell says: a value in euros, or unknown; `wrong` is why it could not be used (open, text, negative)."""

    value: float | None
    wrong: str = ""


def _dotted(text: str) -> str | None:
    """A number with its thousands and decimals told apart; None when the two cannot be told apart."""
    text = re.sub(r"['\s]", "", text).rstrip(".,")
    if "." in text and "," in text:
        thousands, point = (".", ",") if text.rfind(",") > text.rfind(".") else (",", ".")
        return text.replace(thousands, "").replace(point, ".")
    for mark in ".,":
        if mark in text:
            groups = text.split(mark)
            grouped = all(len(g) == 3 for g in groups[1:]) and groups[0] != "0"
            return "".join(groups) if grouped else ".".join(groups) if len(groups) == 2 else None
    return text


def _number(text: str) -> float | None:
    clean = re.sub(r"[,.][-=–]+$", "", _NOISE.sub(" ", text).strip().lower()).strip()
    found = _NUMBER.fullmatch(clean)
    if not found:
        return None
    bracket, sign, digits, unit, tail = found.groups()
    plain = (
        digits.strip().replace(",", ".") if unit and re.fullmatch(r"\d+[.,]\d+", digits.strip()) else _dotted(digits)
    )
    if plain is None or not re.fullmatch(r"\d+(\.\d+)?", plain) or (unit and unit not in TIMES):
        return None
    value = float(plain) * TIMES.get(unit, 1.0)
    return -value if bracket or sign in "-−–" and sign or tail else value


def amount(cell: Any) -> Amount:
    """The amount in euros that a cell holds; what is open or not a number is unknown, never zero.

    Thousands and decimals follow the Dutch habit; a single mark followed by exactly three digits separates
    thousands, also in English. Negative amounts are reported, not used: a cost below zero is a mistake or income.

    >>> amount("€ 1.250.000,-").value, amount("1,25 mln").value, amount("PM").wrong, amount("-5000").wrong
    (1250000.0, 1250000.0, 'open', 'negative')
    """
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return Amount(None, "open")
    if isinstance(cell, bool):
        return Amount(None, "text")
    if isinstance(cell, str):
        if cell.strip().lower() in OPEN:
            return Amount(None, "open")
        value = _number(cell)
    else:
        value = float(cell) if isinstance(cell, (int, float)) else None
    if value is None or not math.isfinite(value):
        return Amount(None, "text")
    return Amount(None, "negative") if value < 0 else Amount(value)
