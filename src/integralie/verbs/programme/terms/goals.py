"""Goals: what should be reached by a deadline, and what each unit short costs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.errors import FigureMissing
from integralie.schema.notes import finding
from integralie.verbs.programme.draft import Draft
from integralie.verbs.programme.extras import Resource

NAME = "goals"
HARD = False


def add(draft: Draft) -> None:
    """A goal with a target and a deadline within the programme counts the works that serve it (or a goal below it).

    Each unit short in the year of the deadline costs `goal_shortfall` (per indicator). A goal without works that tell
    how much they give (`goal_amount`), or without a price, is told and left out.
    """
    goals = draft.tables.get("goals")
    if draft.alone or goals is None or goals.empty:
        return
    amount = draft.works["goal_amount"].astype("float64").fillna(0.0)
    for name, goal in goals.sort_index(kind="stable").iterrows():
        if pd.isna(goal["target"]) or pd.isna(goal["deadline"]) or goal["deadline"] not in draft.settings.years:
            continue
        serves = draft.works["goal"].astype(object).isin(_below(goals, str(name))) & (amount > 0)
        rows = np.flatnonzero(serves.to_numpy(bool))
        price = _price(draft, goal)
        if not len(rows) or price is None:
            continue
        minimum = np.full(draft.settings.periods, np.nan)
        minimum[int(goal["deadline"]) - draft.settings.first] = float(goal["target"])
        none = np.full(draft.settings.periods, np.nan)
        key = f"{name}/goal"
        draft.extras.resources[key] = Resource(key, none, minimum=minimum, minimum_price=price, adds_up=True)
        draft.extras.uses.append((rows, key, amount.to_numpy(float)[rows]))
        reach = float(amount.groupby(draft.works["work"]).max()[draft.works["work"].iloc[rows].unique()].sum())
        if reach < float(goal["target"]):
            values = {"name": goal["name"], "target": float(goal["target"]), "reach": reach}
            draft.findings.append(finding("programme.goal_short", "goals", [str(name)], values, "warning", "priced"))


def _below(goals: pd.DataFrame, name: str) -> set[str]:
    """A goal and all goals below it."""
    found, new = {name}, {name}
    while new:
        new = set(goals.index[goals["parent"].astype(object).isin(new)].astype(str)) - found
        found |= new
    return found


def _price(draft: Draft, goal: pd.Series) -> float | None:
    try:
        return draft.figures.value("goal_shortfall", goal=str(goal.name), indicator=str(goal["indicator"]))
    except FigureMissing:
        return None
