"""The words of the domain, so that a face knows none of its own: kinds with their letters, values of lists."""

from __future__ import annotations

import pandas as pd
from fastapi import APIRouter

from integralie.api.memo import kept
from integralie.api.shapes import Shape
from integralie.api.sight import Looking
from integralie.kinds import DISCIPLINES, kinds
from integralie.schema import frames
from integralie.schema.colours import network

router = APIRouter(tags=["words"])
TABLES = (
    "streets",
    "plans",
    "agreements",
    "works",
    "programme",
    "openings",
    "opportunities",
    "clashes",
    "room",
)  # small lists of large tables cost time
MORE = (("room", "missing"),)  # columns that hold a word of a list without saying so
ADDED = {  # what people may choose, whether the study has it already or not
    ("clashes", "rule"): ("room", "crowding"),
    ("clashes", "severity"): ("high", "medium", "low", "unknown"),
    ("opportunities", "next_step"): (
        "fix_year", "ask_mover", "ask_window", "secure_money", "inspect", "call_partners", "trial_trench",
    ),
}  # fmt: skip
# The colour family of works that have a discipline and no kind: that of the commonest kind of the discipline.
FAMILY = {"sewer": "sewer", "water": "water", "gas": "gas_low", "electricity": "electricity_low", "telecom": "telecom", "heat": "heat",
          "paving": "road", "green": "green", "lighting": "electricity_low", "structures": "structure"}  # fmt: skip


class KindWord(Shape):
    """One kind of asset: what it is called, its two letters and the colour family of the map."""

    kind: str
    title: str
    code: str
    network: str
    discipline: str
    geometry: str


class CodeWord(Shape):
    """Two letters and the colour family that belongs to them."""

    code: str
    network: str


class WordsTold(Shape):
    """Kinds, the words of every list (`table.column` to value to word), and letters per discipline."""

    kinds: list[KindWord]
    lists: dict[str, dict[str, str]]
    codes: dict[str, CodeWord]


@router.get("/words")
def words(look: Looking) -> WordsTold:
    """What kinds and the values of lists are called, in the language asked."""
    made: WordsTold = kept(look, "words", lambda: _words(look))
    return made


def _words(look: Looking) -> WordsTold:
    nl = look.language == "nl"
    told = [
        KindWord(
            kind=k.name, title=k.label_nl if nl else k.label, code=network(k.network).letter, network=k.network,
            discipline=k.discipline, geometry=k.geometry,
        )
        for k in kinds().values()
    ]  # fmt: skip
    families = {d: FAMILY.get(d, "other") for d in DISCIPLINES}
    codes = {d: CodeWord(code=network(f).letter, network=f) for d, f in families.items()}
    return WordsTold(kinds=told, lists=_lists(look), codes=codes)


def _lists(look: Looking) -> dict[str, dict[str, str]]:
    """The words of every column that holds a list, for the values that the study has."""
    out: dict[str, dict[str, str]] = {}
    for name in TABLES:
        table, frame = frames.table(name), look.study[name]
        listed = [
            c
            for c, about in table.columns.items()
            if (about.unit == "list" and not c.endswith("_quality")) or (name, c) in MORE
        ]
        for column in (c for c in listed if c in frame.columns):
            values = dict.fromkeys([*pd.unique(frame[column].dropna()), *ADDED.get((name, column), ())])
            out[f"{name}.{column}"] = {str(v): look.words.term(column, v) for v in values}
    return out
