"""Why: the reasons of any row, in plain words, and the figures they lean on."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
from fastapi import APIRouter

from integralie.api import history
from integralie.api.problems import Problem
from integralie.api.shapes import Shape
from integralie.api.sight import Looking, Sight
from integralie.figures import Figure
from integralie.pipeline import asked
from integralie.schema import frames
from integralie.verbs.explain import HEADS, related, sentence, told

router = APIRouter(tags=["reasons"])


class FigureTold(Shape):
    """A figure: its value with unit, and how strong it is."""

    id: str
    figure: str
    where: str
    value: str
    low: float | None
    high: float | None
    unit: str
    status: str
    source: str
    note: str
    used: int = 0


class Sentence(Shape):
    """One reason in words, with the figure it leans on."""

    row: str
    code: str
    text: str
    figure: FigureTold | None


class Group(Shape):
    """The reasons from one table."""

    table: str
    heading: str
    sentences: list[Sentence]


class Decision(Shape):
    """What people decided about it."""

    edit: str
    text: str


class Remark(Shape):
    """A remark on the data."""

    table: str
    severity: str
    text: str


class Reasons(Shape):
    """Everything that is known about why one row is as it is."""

    id: str
    title: str
    table: str | None
    text: str
    groups: list[Group]
    decisions: list[Decision]
    findings: list[Remark]
    figures: list[FigureTold]


class Figures(Shape):
    """All figures that count in this study."""

    figures: list[FigureTold]


def _figure(figure: Figure, used: int = 0) -> FigureTold:
    def known(value: float) -> float | None:
        return None if value != value else value

    return FigureTold(
        id=figure.id, figure=figure.figure, where=figure.where, value=figure.text or str(figure.value), low=known(figure.low),
        high=known(figure.high), unit=figure.unit, status=figure.status, source=figure.source, note=figure.note, used=used,
    )  # fmt: skip


@router.get("/figures")
def figures(look: Looking) -> Figures:
    """All figures, with how many reasons lean on each."""
    used = look.study.reasons["figure"].value_counts()
    return Figures(figures=[_figure(f, int(used.get(i, 0))) for i, f in look.study.figures.by_id.items()])


@router.get("/reasons/{id}")
def reasons(look: Looking, id: str) -> Reasons:
    """Why a row is as it is: of any work, plan, opening, street, asset, opportunity, clash or other row."""
    table = table_of(look, id)
    s = look.study
    ids = related(id, s.works, s.programme, s.openings, s.members, s.shares)
    rows = told(ids, s.reasons)
    decided = s.edits[s.edits["row"].isin(ids)]
    remarks = s.findings[s.findings["row"].isin(ids)]
    if rows.empty and decided.empty and remarks.empty:
        if table is None:
            raise Problem("not-found", look.t("no_reasons", id=id))
        return Reasons(
            id=id,
            title=title_of(look, id, table),
            table=table,
            text=look.t("no_reasons_yet"),
            groups=[],
            decisions=[],
            findings=[],
            figures=[],
        )
    used = [s.figures.by_id[f] for f in dict.fromkeys(rows["figure"].dropna()) if f in s.figures.by_id]
    column = "message_nl" if look.language == "nl" else "message"
    return Reasons(
        id=id, title=title_of(look, id, table), table=table, text=str(asked(s, "explain", id=id, language=look.language)),
        groups=[_group(look, str(t), part) for t, part in rows.groupby("target", sort=False)],
        decisions=[Decision(edit=str(i), text=_decided(look, r)) for i, r in decided.iterrows()],
        findings=[Remark(table=str(r["target"]), severity=str(r["severity"]), text=str(r[column] or r["message"])) for _, r in remarks.iterrows()],
        figures=[_figure(f) for f in used],
    )  # fmt: skip


def _decided(look: Sight, edit: pd.Series) -> str:
    """What was decided and by whom; why, where that says more than what."""
    what, why = history.words(look, edit), str(edit["why"])
    return f"{what} · {edit['who']}" + ("" if why == what else f": {why}")


def _group(look: Sight, table: str, rows: pd.DataFrame) -> Group:
    heads = HEADS.get(table, (table, table))
    by_id = look.study.figures.by_id
    made = [
        Sentence(
            row=str(r.row), code=str(r.code), text=sentence(r.code, _named(look, str(r.code), r.args), look.language, look.names),
            figure=_figure(by_id[r.figure]) if isinstance(r.figure, str) and r.figure in by_id else None,
        ) for r in rows.itertuples()
    ]  # fmt: skip
    return Group(table=table, heading=heads[0 if look.language == "en" else 1], sentences=made)


def _named(look: Sight, code: str, args: Any) -> Any:
    """The arguments of a reason with the measure and its unit as people call them."""
    if not code.startswith("score.") or not isinstance(args, str):
        return args
    told = json.loads(args)
    for key, group in (("indicator", "api.measure"), ("unit", "unit")):
        if isinstance(told.get(key), str) and look.words.has(f"{group}.{told[key]}"):
            told[key] = look.words.t(f"{group}.{told[key]}")
    return json.dumps(told)


def table_of(look: Sight, id: str) -> str | None:
    """The table in which a row of that id stands."""
    return next(
        (n for n in frames.tables() if n not in ("members", "reasons", "options") and id in look.study[n].index), None
    )


def title_of(look: Sight, id: str, table: str | None) -> str:
    """What people call it: its name, else that of its street, else its id."""
    if table is None:
        return id
    row: Any = look.study[table].loc[id]
    name = row.get("name")
    if name is not None and pd.notna(name):
        return str(name)
    street = row.get("street")
    streets = look.study.streets["name"]
    return str(streets.get(street)) if street in streets.index and pd.notna(streets.get(street)) else id
