"""Crews: the working days of a discipline of a party stay within what there is in that year."""

from __future__ import annotations

import numpy as np

from integralie.verbs.programme.draft import Draft
from integralie.verbs.programme.terms.budget import limits

NAME = "crew"
HARD = True
CREW = "crew:"


def add(draft: Draft) -> None:
    """Every work uses its duration of the crew of its party and discipline, where such a crew is told."""
    told = draft.tables["capacity"]["resource"].astype(object).fillna("").astype(str).str.startswith(CREW)
    limits(draft, told)
    works = draft.works
    works["crew"] = works["party"].astype(object) + f"/{CREW}" + works["discipline"].astype(object).fillna("other")
    used = works["crew"].isin(draft.resources).to_numpy(bool)
    draft.days += np.where(used, works["duration"].to_numpy(float), 0.0)[:, None]
