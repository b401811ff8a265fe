"""Nuisance of an open street for residents and traffic: a price, never part of a budget, and reported apart."""

from __future__ import annotations

import numpy as np

from integralie.schema.notes import finding
from integralie.verbs.programme.draft import Draft, by_layer, day_shares

NAME = "nuisance"
HARD = False


def add(draft: Draft) -> None:
    """Dwellings and vehicles times days open (figures `nuisance_resident`, `nuisance_traffic`); days as in the
    opening.
    """
    own, longest = day_shares(draft)
    rate = draft.blocks["nuisance"].to_numpy(float)
    once = longest * by_layer(draft, "duration") * rate[:, None]
    part = once[:, None, :] * draft.discount[None, :, None]
    draft.open_cost += part
    draft.parts[NAME] = part
    days = np.where(draft.works["opens"], draft.works["duration"], 0.0)
    each = (own * days * rate[draft.block_at])[:, None] * draft.discount
    draft.cost += each
    draft.parts["nuisance_days"] = each
    assumed = int((draft.blocks["assumed"].fillna(False).astype(bool)).sum())
    if assumed:
        values = {"count": assumed, "total": len(draft.blocks)}
        draft.findings.append(finding("programme.assumed_nuisance", "streets", [""], values, "note", "figures used"))
