"""Edits: every change that people make, in the file before the answer, with undo and redo."""

from __future__ import annotations

import time
import uuid
from dataclasses import replace as dc_replace
from typing import Any, Literal

import pandas as pd
from fastapi import APIRouter, Query, Request

from integralie.api import history, replan
from integralie.api.gestures import Edit, Wanted, wanted
from integralie.api.numbers import Certificate, Loads, certificate, cost, expect, loads
from integralie.api.problems import Problem
from integralie.api.said import (
    EditTold,
    FileTold,
    StackTold,
    StaleTold,
    edit_told,
    file_told,
    stack_told,
    stale_told,
    standing,
)
from integralie.api.scenarios import Scenario, new_id
from integralie.api.shapes import Shape, plain
from integralie.api.sight import Looking, Sight
from integralie.edits import record_all, undo
from integralie.errors import Refused
from integralie.schema import frames
from integralie.study import Study

router = APIRouter(tags=["edits"])
Act = Literal["set", "insert", "delete"]
NOBODY = "workbench"


class EditAsked(Shape):
    """One edit of one row, as it is."""

    table: str
    row: str
    column: str | None = None
    value: Any = None
    action: Act = "set"


class ReplanAsked(Shape):
    """Whether to programme again at once, how long that may take, whether to go on in the background, and whether the
    answer holds the loads, which take a while and can be asked for afterwards.
    """

    seconds: float = 0.3
    improve: bool = True
    loads: bool = False


class ChangeAsked(Shape):
    """One change: gestures, edits, or both; all of it or nothing."""

    who: str = ""
    why: str = ""
    key: str | None = None
    scenario: str | None = None
    actions: list[dict[str, Any]] = []
    changes: list[EditAsked] = []
    replan: ReplanAsked | None = None
    on_conflict: Literal["mine", "both"] | None = None
    since: str | None = None


class BackAsked(Shape):
    """Which change to take back or bring back: the last one when none is named."""

    who: str = ""
    why: str = ""
    change: str | None = None
    scenario: str | None = None
    replan: ReplanAsked | None = None


class EditsTold(Shape):
    """Edits, newest first."""

    edits: list[EditTold]


class Moved(Shape):
    """A work that got another year."""

    work: str
    name: str | None
    party: str | None
    street: str | None
    before: int | None
    after: int | None


class BeforeAfter(Shape):
    """A number before and after."""

    before: float | None
    after: float | None
    change: float | None


class ReplanTold(Shape):
    """What the new programme changed."""

    moved: list[Moved]
    moved_count: int
    openings: BeforeAfter
    cost: BeforeAfter
    certificate: Certificate
    loads: Loads | None
    seconds: float
    job: str | None
    superseded: bool = False


class ChangeAnswer(Shape):
    """What was recorded, and what followed from it."""

    edits: list[EditTold]
    change: str | None
    scenario: str | None
    undo: StackTold
    redo: StackTold
    version: int
    revisions: dict[str, str]
    file: FileTold
    stale: list[StaleTold] | None
    unheeded: list[str]
    sentences: list[str]
    replan: ReplanTold | None


MOST_MOVED = 200


@router.post("/edits", status_code=201)
def edit(request: Request, look: Looking, asked: ChangeAsked) -> ChangeAnswer:
    """Records one change: gestures (`actions`) and edits as they are (`changes`). It is in the file on the disk before
    this answers. The same `key` twice counts once. With `replan` the programme follows at once.
    """
    look = dc_replace(look, scenario=asked.scenario or look.scenario)
    look.desk.study(look.scenario)
    if asked.key is not None and (known := _known(look, asked.key)) is not None:
        return told(request, look, known, asked.key, Wanted(), None)
    with look.desk.hand:
        look.desk.look()
        want = wanted(look, asked.actions)
        want.edits += [Edit(c.action, c.table, c.row, c.column, c.value) for c in asked.changes]
        if not want.edits:
            raise Problem("invalid-request", look.t("nothing_to_record"))
        allowed(look, want.edits)
        if asked.on_conflict == "both":
            look = _aside(look)
        elif asked.on_conflict is None:
            _conflicts(look, want.edits, asked.since)
        key = asked.key or uuid.uuid4().hex
        why = asked.why or "; ".join(want.sentences) or look.t("by_hand")
        fresh = record(look, want.edits, asked.who or NOBODY, why, key)
    return told(request, look, fresh, key, want, asked.replan)


def record(look: Sight, edits: list[Edit], who: str, why: str, key: str) -> pd.DataFrame:
    """Records edits as one change, in order; gives the rows that were added to the journal."""

    def make(study: Study) -> Study:
        start = 0
        for end in range(1, len(edits) + 1):
            if end == len(edits) or edits[end].action != edits[start].action:
                run = [(e.table, e.row, e.column, e.value) for e in edits[start:end]]
                study = record_all(study, who, why, run, action=edits[start].action, scenario=look.scenario, change=key)
                start = end
        return study

    return look.desk.change(make, look.scenario)


def allowed(look: Sight, edits: list[Edit]) -> None:
    """A party changes its own rows and nobody else's.

    Raises
        Problem `refused`, with the owner.
    """
    if look.party is None:
        return
    for e in edits:
        frame = look.raw[e.table] if e.table in frames.tables() else pd.DataFrame()
        owner = e.value.get("party") if e.action == "insert" and isinstance(e.value, dict) else None
        if e.row in frame.index and "party" in frame.columns:
            owner = frame.at[e.row, "party"]
        shared = e.table in ("opportunities", "clashes") and e.row in look.study[e.table].index
        if owner != look.party and not shared:
            name = look.party_name(owner) if owner in look.study.parties.index else None
            raise Problem(
                "refused",
                look.t("not_yours", owner=name or look.t("another")),
                owner=owner if name else None,
                ownerName=name,
            )


def _known(look: Sight, key: str) -> pd.DataFrame | None:
    """The edits of a change that was sent before, when the answer got lost."""
    rows = look.raw.edits
    mine = rows[rows["change"] == key] if len(rows) else rows
    return mine if len(mine) else None


def _conflicts(look: Sight, edits: list[Edit], since: str | None) -> None:
    """Whether somebody changed the same cell since the asker last looked.

    Raises
        Problem `second-writer` with what the others did and the choices.
    """
    rows = look.raw.edits
    if since is None or rows.empty:
        return
    cells = {(e.table, e.row, e.column) for e in edits if e.action == "set"} | {
        (e.table, e.row, None) for e in edits if e.action != "set"
    }
    later = rows[rows.index > since]
    hit = [
        i
        for i, r in later.iterrows()
        if (r["target"], r["row"], plain(r["column"])) in cells or (r["target"], r["row"], None) in cells
    ]
    if hit:
        others = [
            {"edit": i, "at": r["at"], "who": r["who"], "why": r["why"], "words": history.words(look, r)}
            for i, r in later.loc[hit].iterrows()
        ]
        last = others[-1]
        detail = look.t("second_writer", who=last["who"], at=str(last["at"])[11:16], what=last["words"])
        raise Problem("second-writer", detail, others=others, choices=["mine", "theirs", "both"])


def _aside(look: Sight) -> Sight:
    """A new scenario for a change that may not stand beside somebody else's."""
    known = look.desk.scenarios
    made = Scenario(new_id(look.t("my_version"), [s.id for s in known]), look.t("my_version"))
    look.desk.keep_scenarios([*known, made])
    return dc_replace(look, scenario=made.id)


@router.post("/edits/undo", status_code=201)
def take_back(request: Request, look: Looking, asked: BackAsked) -> ChangeAnswer:
    """Takes back one change, the last one when none is named: all its edits together."""
    return _walk(request, look, asked, 0)


@router.post("/edits/redo", status_code=201)
def bring_back(request: Request, look: Looking, asked: BackAsked) -> ChangeAnswer:
    """Brings back one change that was taken back, the last one when none is named."""
    return _walk(request, look, asked, 1)


def _walk(request: Request, look: Sight, asked: BackAsked, which: int) -> ChangeAnswer:
    look = dc_replace(look, scenario=asked.scenario or look.scenario)
    key, what = uuid.uuid4().hex, ("undo", "redo")[which]
    with look.desk.hand:
        look.desk.look()
        stack = history.stacks(look.raw, look.scenario)[which]
        change = next((c for c in stack if asked.change in (None, c.key)), None)
        if change is None:
            raise Refused(look.t(f"nothing_to_{what}"))
        rows = look.raw.edits.loc[list(change.edits)]
        allowed(look, [Edit(r["action"], r["target"], r["row"], plain(r["column"])) for _, r in rows.iterrows()])
        fresh = look.desk.change(lambda s: _taken_back(s, change, which, asked, look, key), look.scenario)
        before = look.raw
        back = asked.replan is not None and look.desk.back(look.scenario)
    return told(request, look, fresh, key, Wanted(), asked.replan, before if back else None)


def _taken_back(study: Study, change: history.Change, which: int, asked: BackAsked, look: Sight, key: str) -> Study:
    """The study with every edit of the change turned round, the last one first."""
    edits = list(change.edits)[::-1] if which == 0 else history.standing_undos(study, change)
    why = asked.why or look.t(("by_undo", "by_redo")[which])
    for e in edits:
        study = undo(study, e, asked.who or NOBODY, why, change=key)
    return study


def told(
    request: Request,
    look: Sight,
    fresh: pd.DataFrame,
    key: str | None,
    want: Wanted,
    again: ReplanAsked | None,
    before: Study | None = None,
) -> ChangeAnswer:
    """The answer to every change: what was recorded, what can be taken back, what went stale, what the programme did.

    `before` is the study before an earlier programme was put back; then nothing is programmed anew.
    """
    look = dc_replace(look)  # looks again: the study has changed
    result = replanned(request, look, again, before) if again is not None else None
    look = dc_replace(look)
    back, forth = stack_told(look)
    return ChangeAnswer(
        edits=[edit_told(look, str(i), r) for i, r in fresh.iterrows()], change=key, scenario=look.scenario, undo=back, redo=forth,
        version=look.desk.version, revisions=look.desk.revisions(look.scenario, look.party), file=file_told(look), stale=stale_told(look),
        unheeded=list(dict.fromkeys(want.unheeded)), sentences=want.sentences, replan=result,
    )  # fmt: skip


def replanned(request: Request, look: Sight, asked: ReplanAsked, before: Study | None = None) -> ReplanTold:
    """Programmes again at once and says what that changed; then starts the search for a better one. A programme that
    was put back (`before` is what stood until then) stays as it is.
    """
    jobs = request.app.state.jobs
    jobs.stop(*replan.SEARCHES)
    kept, improving, job, start = True, False, None, time.perf_counter()
    if before is None:
        before = look.raw
        if before.works.empty:
            raise Problem("no-programme", look.t("detail.no-programme"))
        kept = look.desk.put(replan.again(before, asked.seconds), before, look.scenario)
        improving = asked.improve and kept
    took = time.perf_counter() - start
    fresh = dc_replace(look)
    expect(look.desk, fresh.raw)
    told_loads = loads(fresh, None) if asked.loads else None
    costs = cost(look.desk, before), cost(look.desk, fresh.raw)
    if improving:  # only now: it would take time from the answer
        job = replan.improve(look.desk, jobs, look.t("process.improve"), look.scenario)
    seen_before, seen_after = before, fresh.raw if look.party is None else fresh.study
    rows = replan.moved(seen_before, seen_after)
    rows = rows[rows["work"].isin(fresh.study.works.index)]
    proof = certificate(fresh, jobs)
    old, new = len(before.openings), len(fresh.raw.openings)
    hidden = look.party is not None
    return ReplanTold(
        moved=[_moved(r) for r in rows.head(MOST_MOVED).to_dict("records")], moved_count=len(rows), seconds=round(took, 3),
        openings=BeforeAfter(before=None if hidden else old, after=None if hidden else new, change=None if hidden else new - old),
        cost=_change(*costs), certificate=proof, loads=told_loads, job=job.id if job else None, superseded=not kept,
    )  # fmt: skip


def _moved(row: dict[str, Any]) -> Moved:
    told: dict[str, Any] = {k: None if pd.isna(v) else plain(v) for k, v in row.items()}
    return Moved(
        work=told["work"],
        name=told["name"],
        party=told["party"],
        street=told["street"],
        before=told["from"],
        after=told["to"],
    )


def _change(before: float | None, after: float | None) -> BeforeAfter:
    both = before is not None and after is not None
    return BeforeAfter(before=before, after=after, change=round(after - before, 2) if both else None)  # type: ignore[operator]


@router.get("/edits")
def edits(look: Looking, limit: int = Query(default=100, ge=1, le=1000)) -> EditsTold:
    """The edits of the base and of the scenario looked at, newest first."""
    rows = look.study.edits if look.party is not None else look.raw.edits
    here = rows[rows["scenario"].isna() | (rows["scenario"] == look.scenario)] if len(rows) else rows
    stand = standing(look)
    return EditsTold(edits=[edit_told(look, str(i), r, stand) for i, r in here.iloc[::-1].head(limit).iterrows()])


@router.get("/edits/{id}")
def one_edit(look: Looking, id: str) -> EditTold:
    """One edit."""
    rows = look.study.edits if look.party is not None else look.raw.edits
    if id not in rows.index:
        raise Problem("not-found", look.t("no_row", name="edits", id=id))
    return edit_told(look, id, rows.loc[id], standing(look))
