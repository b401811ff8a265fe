"""Scenarios: a name on edits, kept in the study file with the name that people gave it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from integralie.importers.mapping import plain


@dataclass(frozen=True)
class Scenario:
    """One scenario: the id that its edits carry, the name on its tab, and whether it was put away."""

    id: str
    name: str
    hidden: bool = False

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def listed(kept: Iterable[dict[str, Any]], edits: pd.DataFrame) -> list[Scenario]:
    """The scenarios that the file names, and those that only edits name."""
    known = [Scenario(str(s["id"]), str(s["name"]), bool(s.get("hidden"))) for s in kept]
    named = edits["scenario"].dropna().unique() if len(edits) else []
    return known + [Scenario(str(s), str(s)) for s in named if s not in {k.id for k in known}]


def new_id(name: str, known: Iterable[str]) -> str:
    """An id made from the name that is not in use yet."""
    base = re.sub(r"\s+", "-", plain(name)) or "scenario"
    taken, made, n = set(known), base, 2
    while made in taken:
        made, n = f"{base}-{n}", n + 1
    return made
