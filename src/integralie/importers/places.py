"""Meet the street names of a list with the streets of the study."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

from integralie.schema.notes import finding, gather

# Abbreviations, written on names without diacritics and in lower case; the long form is the one compared.
SHORT = (
    (r"\bburg\.?(?=\s|$)|\bburgem\.?(?=\s|$)", "burgemeester"), (r"\b(?:st|sint)\.?(?=[\s-])", "sint"),
    (r"\bv\.?\s*d\.?(?=\s)|\bvan\s+de[nr]?(?=\s)", "van de"), (r"\bpr\.(?=\s|\w)", "prins "),
    (r"\bdr\.?(?=\s)", "dokter"), (r"\bmr\.?(?=\s)", "meester"), (r"\bprof\.?(?=\s)", "professor"),
    (r"\bgen\.?(?=\s)", "generaal"), (r"\bkon\.?(?=\s)", "koningin"), (r"str\.?(?=\s|$)", "straat"),
    (r"(?<=\w)ln\.?(?=\s|$)", "laan"), (r"(?<=\w)wg\.?(?=\s|$)", "weg"), (r"(?<=\w)pln\.?(?=\s|$)", "plein"),
)  # fmt: skip
EXTRA = r"\(.*?\)|\b(?:t\.?\s?h\.?\s?v\.?|ter hoogte van|tussen|vanaf|nabij|hoek|between|near)\s.*$"
NUMBERS = r"\s(?:nrs?\.?|no\.?|nummers?)?\s*\d+\s*[a-z]?(?:\s*(?:-|t/m|tot|–)\s*\d+\s*[a-z]?)?\s*$"
SPLIT = r"\s*(?:/|,|;|\+|&|\sen\s|\sand\s)\s*"
LETTERS_PER_TYPO = 6  # one wrong letter is forgiven for each six letters
NEAREST = 3  # candidates that are named


def bare(name: str) -> str:
    """A street name for comparing: lower case, no diacritics, abbreviations written out, numbers and asides left out.

    >>> bare("Burg. v.d. Bergstr. 12-18 (t.h.v. school)") == bare("Burgemeester van den Bergstraat")
    True
    """
    flat = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    text = re.sub(NUMBERS, "", re.sub(EXTRA, " ", flat).strip())
    for short, long in SHORT:
        text = re.sub(short, long, text)
    return re.sub(r"[^a-z0-9]+", "", text)


def distance(one: str, other: str, most: int) -> int:
    """The number of letters to add, drop or change, or more than `most`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    above = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (a != b)))
        above = row
    return above[-1]


def _nearest(text: str, known: dict[str, str]) -> tuple[str | None, list[str]]:
    """The one name within a few typos, if there is just one nearest, and the nearest candidates."""
    far = max(len(text), LETTERS_PER_TYPO)
    order = sorted((distance(text, k, far), name) for k, name in known.items())
    allowed = len(text) // LETTERS_PER_TYPO
    alone = len(order) == 1 or (len(order) > 1 and order[0][0] < order[1][0])
    sure = order[0][1] if order and order[0][0] <= allowed and alone else None
    return sure, [name for _, name in order[:NEAREST]]


def _candidates(told: str, known: dict[str, str]) -> list[str]:
    """The parts of a cell: the whole when it is a street, else its pieces, with a bare 'straat' left as it is."""
    return [told] if bare(told) in known else [p for p in re.split(SPLIT, re.sub(EXTRA, " ", told)) if bare(p)]


def place_plans(plans: pd.DataFrame, streets: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The plans with their street names as the streets write them, and what could not be placed.

    Case, accents, house numbers, asides ("tussen A en B", "t.h.v. school") and common abbreviations do not count. A
    name with a few wrong letters is read as the one nearest street, with a finding; without a match the plan is kept
    as told, with the nearest names in a finding. A cell with several streets stays **one plan with its whole cost**
    at the first street that is known, with a finding that asks to split the row: no money is lost or divided by a
    guess. Plans that have a street or geometry of their own are left as they are. A name that several sections carry
    spreads over all of them.

    *Reads* plans (street, street_name, geometry), streets (name). *Gives* plans and rows for `findings`.
    """
    known = {bare(n): n for n in sorted(streets["name"].dropna().unique()) if bare(n)}
    open_ = plans["street_name"].notna() & plans["street"].isna() & plans.geometry.isna()
    answers = {told: _match(told, known) for told in plans.loc[open_, "street_name"].unique()}
    made, said = plans.copy(), []
    for row, told in plans.loc[open_, "street_name"].items():
        street, rule, values = answers[told]
        if street is not None:
            made.loc[row, "street_name"] = street
        if rule:
            said.append(finding(rule, "plans", [str(row)], {"told": told, **values}, "warning", street or "kept"))
    return made, gather(said, "findings")


def _match(told: str, known: dict[str, str]) -> tuple[str | None, str, dict[str, str]]:
    """The street of a cell, and the finding to write about it, if any."""
    parts = _candidates(told, known) or [told]
    sure = [known[bare(p)] for p in parts if bare(p) in known]
    if sure:
        several = {"streets": ", ".join(p.strip() for p in parts), "street": sure[0]}
        return (sure[0], "place_several", several) if len(parts) > 1 else (sure[0], "", {})
    near: list[str] = []
    for part in parts:
        street, names = _nearest(bare(part), known)
        near += [n for n in names if n not in near]
        if street is not None:
            rule = "place_several" if len(parts) > 1 else "place_typo"
            return street, rule, {"street": street, "streets": ", ".join(p.strip() for p in parts)}
    return None, "place_unknown", {"near": ", ".join(near[:NEAREST]) or "-"}
