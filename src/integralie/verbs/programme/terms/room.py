"""Room below ground: new works that do not fit in their street wait, come after what frees room, or not all together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.schema.notes import finding
from integralie.verbs.programme.draft import Draft
from integralie.verbs.programme.extras import Resource

NAME = "room"
HARD = True
DOES_NOT_FIT = "does_not_fit"


def add(draft: Draft) -> None:
    """From the table `room`: a new work with *does not fit* is not laid, unless works free its room; then not before them.

    Of works that fit alone and not together, at most all but one are laid, also when a kept claim (a right or a reservation)
    is among them; a set that holds a mere wish limits no work. *Unknown* refuses nothing: it asks for a trial trench. A
    commitment is kept in any case, and told.
    """
    room = draft.tables.get("room")
    if draft.alone or room is None or room.empty:
        return
    members = draft.tables["members"]
    held = members[(members["verb"] == "fit") & members["set"].isin(room.index)]
    lacking = room[(room["verdict"] == DOES_NOT_FIT).fillna(False)]
    row = {w: k for k, w in reversed(list(enumerate(draft.works["work"])))}
    refused: list[tuple[str, str]] = []
    for name, work in lacking.loc[lacking["work"].notna(), "work"].items():
        if work not in row:
            continue
        frees = held.loc[(held["set"] == name) & (held["role"] == "frees"), "member"]
        known = [row[w] for w in frees if w in row]
        if pd.notna(lacking.at[name, "free_year"]) and known:
            draft.extras.before += [(k, row[work], 0) for k in sorted(set(known)) if _can_follow(draft, k, row[work])]
        else:
            refused.append((str(name), str(work)))
    _refuse(draft, refused, room)
    sets = lacking[lacking["work"].isna() & lacking["claim"].isna()]
    _not_all(draft, sets[sets["firm"].fillna(True).astype(bool)], held, row)


def _can_follow(draft: Draft, first: int, second: int) -> bool:
    """Whether the order can be kept: not against a fixed year, and not against itself."""
    one, two = draft.works.iloc[first], draft.works.iloc[second]
    if first == second or (second, first, 0) in draft.extras.before:
        return False
    return bool(pd.isna(two["fixed"]) or max(one["from_year"], draft.settings.first) <= two["fixed"])


def _refuse(draft: Draft, refused: list[tuple[str, str]], room: pd.DataFrame) -> None:
    """Works without room are not laid within the programme; commitments are, and both are told."""
    works = draft.works
    told = {w: n for n, w in refused}
    hit = works["work"].isin(list(told)) & (works["mode"] == "usual")
    for rule, at in (("no_room", hit & works["fixed"].isna()), ("no_room_fixed", hit & works["fixed"].notna())):
        if not at.any():
            continue
        if rule == "no_room":
            draft.cost[at.to_numpy(bool)] = np.nan
        values = pd.DataFrame({"name": works.loc[at, "name"]})
        draft.findings.append(
            finding(f"programme.{rule}", "works", works.loc[at, "work"].tolist(), values, "warning", "told")
        )


def _not_all(draft: Draft, sets: pd.DataFrame, held: pd.DataFrame, row: dict[str, int]) -> None:
    """Of each set of works at most all but one are laid within the programme."""
    for name in sets.index:
        inside = held.loc[(held["set"] == name) & (held["role"] == "work"), "member"]
        rows = [row[w] for w in sorted(set(inside)) if w in row]
        fixed = int(draft.works["fixed"].iloc[rows].notna().sum())
        if len(rows) < 2 or fixed >= len(rows):
            continue
        key = f"{name}/room"
        most = np.full(draft.settings.periods, float(len(rows) - 1))
        draft.extras.resources[key] = Resource(key, most, adds_up=True)
        draft.extras.uses.append((np.array(rows), key, np.ones(len(rows))))
