"""Stability: another year than the programme in force costs something, and its first years may be frozen."""

from __future__ import annotations

import numpy as np

from integralie.verbs.programme.agreed import rules
from integralie.verbs.programme.draft import Draft

NAME = "stability"
HARD = False  # the years that an agreement `frozen` names are
PER_CENT = 100


def add(draft: Draft) -> None:
    """A work with a year in force pays `change_price` per cent of its cost in every other year, more the nearer it is.

    With an agreement `frozen` of n years, works that are in force in the first n years keep their year.
    """
    works, first = draft.works, draft.settings.first
    told = works["in_force"].astype("float64").to_numpy() - first
    held = np.isfinite(told) & (told >= 0) & (told < draft.settings.periods)
    at = np.where(held, told, 0).astype(int)
    price = draft.figures.value("change_price") / PER_CENT * works["cost"].to_numpy(float) * draft.discount[at]
    part = np.where(held, price, 0.0)[:, None] * (np.arange(draft.settings.periods)[None, :] != at[:, None])
    draft.cost += part
    draft.parts[NAME] = part
    draft.defer += np.where(held, price, 0.0)
    years = max((int(r.value or 0) for r in rules(draft.tables["agreements"], "frozen")), default=0)
    frozen = held & (at < years) & works["fixed"].isna().to_numpy() & (works["mode"] == "usual").to_numpy()
    works.loc[frozen, "fixed"] = first + at[frozen]
