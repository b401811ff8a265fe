"""The history of changes: what can be taken back, what can be brought back, and each edit in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pandas as pd

from integralie.api.gestures import rule_said, title
from integralie.api.sight import Sight
from integralie.edits import active


@dataclass(frozen=True)
class Change:
    """One gesture of the hand: the edits that were made together."""

    key: str
    edits: tuple[str, ...]
    scenario: str | None
    who: str
    why: str
    at: str


def changes(edits: pd.DataFrame, scenario: str | None) -> list[Change]:
    """The changes of the base or of one scenario, in order, without those that only take back or bring back."""
    if edits.empty:
        return []
    here = edits["scenario"].isna() if scenario is None else edits["scenario"] == scenario
    own = edits[here & edits["undoes"].isna()]
    key = own["change"].fillna(own.index.to_series())
    made = []
    for name, part in own.groupby(key, sort=False):
        first = part.iloc[0]
        made.append(
            Change(str(name), tuple(part.index), scenario, str(first["who"]), str(first["why"]), str(first["at"]))
        )
    return made


def stacks(look_study: Any, scenario: str | None) -> tuple[list[Change], list[Change]]:
    """What undo walks back through (last one first) and what redo brings back (last undone first).

    A new change empties the second: what was taken back before it stays taken back.
    """
    edits = look_study.edits
    standing = set(active(look_study).index)
    known = changes(edits, scenario)
    undo = [c for c in known if standing & set(c.edits)]
    gone = [c for c in known if not standing & set(c.edits)]
    newest = max((c.edits[-1] for c in known), default="")
    last = {c.key: _last_undo(edits, c) for c in gone}
    redo = sorted((c for c in gone if last[c.key] > newest), key=lambda c: last[c.key], reverse=True)
    return undo[::-1], redo


def _last_undo(edits: pd.DataFrame, change: Change) -> str:
    """The last edit that took it back."""
    rows = edits.index[edits["undoes"].isin(change.edits)]
    return str(rows[-1]) if len(rows) else ""


def standing_undos(study: Any, change: Change) -> list[str]:
    """The edits that keep a change taken back: taking these back brings it back."""
    edits = study.edits
    undos = edits[edits["undoes"].isin(change.edits)]
    return [str(undos.index[undos["undoes"] == e][-1]) for e in change.edits if (undos["undoes"] == e).any()]


def words(look: Sight, edit: pd.Series) -> str:
    """One edit as a sentence."""
    if isinstance(edit["undoes"], str):
        return look.t("edit.undo", what=_said(look, edit))
    return _said(look, edit)


def _said(look: Sight, edit: pd.Series) -> str:
    table, row, column = str(edit["target"]), str(edit["row"]), edit["column"]
    value = json.loads(edit["value"]) if isinstance(edit["value"], str) else None
    name = _name(look, table, row, value)
    if table == "works" and column == "fixed":
        return look.t("did.release", names=name) if value is None else look.t("did.fix", names=name, period=value)
    if table == "agreements" and (rule := _rule(look, edit)) is not None:
        return rule
    if edit["action"] == "insert":
        return look.t("edit.insert", table=_table(look, table), name=name)
    if edit["action"] == "delete":
        return look.t("edit.delete", table=_table(look, table), name=name)
    return look.t("did.set", names=name, column=title(look, table, str(column)), value=_written(look, value))


def _rule(look: Sight, edit: pd.Series) -> str | None:
    """A rule about works that was made or ended."""
    ended = edit["action"] == "delete"
    told = json.loads(edit["inverse" if ended else "value"] or "null")
    if not isinstance(told, dict):
        return None
    said = rule_said(look, str(told.get("rule")), str(told.get("applies_to") or ""))
    return look.t("edit.ended", what=said) if said is not None and ended else said


def _written(look: Sight, value: Any) -> str:
    return look.t("nothing") if value is None else look.words.num(value) if isinstance(value, float) else str(value)


def _table(look: Sight, table: str) -> str:
    return look.t(f"one.{table}") if look.words.has(f"api.one.{table}") else table


def _name(look: Sight, table: str, row: str, value: Any) -> str:
    """The name of the row; of a limit the party, the resource and the year."""
    if isinstance(value, dict) and value.get("name"):
        return str(value["name"])
    frame = look.study[table]
    if row not in frame.index:
        return row
    told = frame.loc[row]
    if table == "capacity":
        resource = look.t("resource." + str(told["resource"]).split(":")[0])
        return f"{look.party_name(told['party'])}, {resource} {told['period']}"
    if table in ("opportunities", "clashes"):
        streets = look.study.streets["name"]
        return f"{_table(look, table)} {streets.get(told['street'], told['street'])}"
    return str(told["name"]) if "name" in frame.columns and pd.notna(told["name"]) else row
