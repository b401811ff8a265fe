"""Nuisance that piles up: what a neighbourhood bears in one year, and what each day above that costs."""

from __future__ import annotations

import numpy as np

from integralie.verbs.programme.agreed import rules
from integralie.verbs.programme.draft import Draft, by_layer, day_shares
from integralie.verbs.programme.extras import Resource

NAME = "pile_up"
HARD = False


def add(draft: Draft) -> None:
    """An agreement `nuisance_budget` gives the resident-days (dwellings x days open) that a neighbourhood bears a year (the same budget that the scores test).

    Above that each resident-day costs `nuisance_pile_up`, and above twice that `nuisance_pile_up_far`: so works spread.
    Days as in the opening: every work counts for `joint_days` of its own, the longest of the opening for the rest.
    """
    if draft.alone:
        return
    own, longest = day_shares(draft)
    residents = draft.blocks["residents"].to_numpy(float)
    area = draft.blocks["street"].map(draft.streets["area"]).astype(object)
    near, far = (draft.figures.value(n) for n in ("nuisance_pile_up", "nuisance_pile_up_far"))
    works = draft.works["opens"].to_numpy(bool)
    days = np.where(works, draft.works["duration"].to_numpy(float), 0.0)
    comfort: dict[str, float] = {}
    for rule in rules(draft.tables["agreements"], "nuisance_budget"):
        areas = rule.pairs.get("area", [str(a) for a in area.dropna().unique()])
        comfort |= {a: float(rule.value) for a in areas if rule.value is not None}
    for name, level in sorted(comfort.items()):
        blocks = np.flatnonzero((area == name).to_numpy(bool))
        rows = np.flatnonzero(np.isin(draft.block_at, blocks) & works)
        if not len(rows):
            continue
        key = f"{name}/nuisance"
        amount = np.full(draft.settings.periods, level)
        draft.extras.resources[key] = Resource(key, amount, steps=((level, near), (np.inf, far)))
        draft.extras.uses.append((rows, key, own * days[rows] * residents[draft.block_at[rows]]))
        draft.extras.opening_uses.append(
            (blocks, key, longest * (by_layer(draft, "duration") * residents[:, None])[blocks])
        )
