"""What several routes tell: edits in words, what can be taken back, what went stale, how the file is."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd

from integralie.api import history
from integralie.api.shapes import Shape
from integralie.api.sight import Sight
from integralie.edits import active

REMEMBERED = 10  # changes that are told in words


class EditTold(Shape):
    """One edit as it was recorded, and in words."""

    id: str
    at: str | None
    who: str | None
    why: str | None
    scenario: str | None
    action: str
    target: str
    row: str
    column: str | None
    value: str | None
    inverse: str | None
    undoes: str | None
    change: str | None
    words: str
    undone: bool = False


class ChangeTold(Shape):
    """One change in words."""

    change: str
    words: str
    who: str
    why: str
    at: str
    edits: list[str]


class StackTold(Shape):
    """How many changes can be taken back (or brought back), and the last ten in words."""

    count: int
    last: list[ChangeTold] = []


class StaleTold(Shape):
    """A verb whose answer no longer belongs to the tables."""

    verb: str
    title: str
    reason: Literal["never", "changed"]


class FileTold(Shape):
    """Whether all is in the study file, and who else has it open."""

    name: str
    state: Literal["saved", "saving", "waiting", "read-only"]
    at: str
    program: str | None
    sentence: str
    waiting: int = 0


def edit_told(look: Sight, id: str, row: pd.Series, standing: set[str] | None = None) -> EditTold:
    """One edit as it was recorded, and in words."""
    told: dict[str, Any] = {str(k): None if pd.isna(v) else str(v) for k, v in row.items()}
    gone = standing is not None and id not in standing and told["undoes"] is None
    return EditTold(id=id, words=history.words(look, row), undone=gone, **told)


def standing(look: Sight) -> set[str]:
    """The edits that count."""
    return set(active(look.raw).index)


def stack_told(look: Sight) -> tuple[StackTold, StackTold]:
    """What can be taken back and what can be brought back; a party hears of what it may see."""
    rows = look.raw.edits
    seen = set(rows.index) if look.party is None else set(look.study.edits.index)
    made = []
    for stack in history.stacks(look.raw, look.scenario):
        own = [c for c in stack if set(c.edits) <= seen]
        made.append(StackTold(count=len(own), last=[_change(look, rows, c) for c in own[:REMEMBERED]]))
    return made[0], made[1]


def _change(look: Sight, rows: pd.DataFrame, change: history.Change) -> ChangeTold:
    first = history.words(look, rows.loc[change.edits[0]])
    more = look.t("and_more", count=len(change.edits) - 1) if len(change.edits) > 1 else ""
    return ChangeTold(
        change=change.key, words=first + more, who=change.who, why=change.why, at=change.at, edits=list(change.edits)
    )


def stale_told(look: Sight) -> list[StaleTold] | None:
    """The verbs whose answer no longer belongs to the tables; None while that is still being looked at."""
    old, made = look.desk.stale(look.scenario), look.raw.made
    if old is None:
        return None
    return [StaleTold(verb=v, title=look.t(f"verb.{v}"), reason="changed" if v in made else "never") for v in old]


def file_told(look: Sight) -> FileTold:
    """Whether all is in the study file, in a sentence."""
    file = look.desk.file
    state = "read-only" if look.desk.party is not None and look.party is None else file.state
    key = f"file.{state}" if file.program is None else f"file.{file.program}"
    sentence = look.t(key, time=file.at[11:16], name=file.name)
    return FileTold(name=file.name, state=state, at=file.at, program=file.program, sentence=sentence)  # type: ignore[arg-type]
