"""The street in cross-section: the drawing, and its twin as a table."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pandas as pd
from fastapi import APIRouter, Query, Response

import integralie
from integralie.api import across, stack, trial
from integralie.api.shapes import Shape, plain
from integralie.api.sight import Looking

router = APIRouter(tags=["section"])
SVG = "image/svg+xml"
DRAWN = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"


class SectionTable(Shape):
    """What lies across a street, from left to right; `drawn` says whether it is a real section or a simple stack."""

    drawn: Literal["stack", "section"]
    columns: list[str]
    rows: list[dict[str, Any]]
    head: dict[str, Any]


@router.get("/streets/{id}/section", response_class=Response, responses={200: {"content": {SVG: {}}}})
def section(
    look: Looking, id: str, at: float | None = None, when: Literal["now", "after"] = "now", sheet: str = "auto"
) -> Response:
    """The drawing as SVG; `at` in metres from where the line of the street begins, `after` with the claims in place."""
    look.row("streets", id)
    if "draw_section" in integralie.__all__:
        drawing = integralie.draw_section(look.study, id, at=at, language=look.language, when=when, sheet=sheet)
    else:
        drawing = stack.drawn(look, id)
    return Response(drawing, media_type=SVG, headers={"Content-Security-Policy": DRAWN})


At = Annotated[float | None, Query(ge=0, description="Metres from where the line of the street begins.")]


@router.get("/streets/{id}/section/view")
def view(look: Looking, id: str, at: At = None, when: across.When = "claims") -> across.Across:
    """The same for a screen: zones, things with their bands, claims with their verdicts, free room and crowding."""
    look.row("streets", id)
    return across.across(look, id, at, when)


@router.get("/streets/{id}/section/strip")
def strip(look: Looking, id: str) -> trial.Along:
    """How it stands all along the street."""
    look.row("streets", id)
    return trial.along(look, id)


@router.post("/streets/{id}/section/trials")
def try_claim(look: Looking, id: str, asked: trial.Trial, at: At = None) -> trial.Tested:
    """Whether a claim fits where it is put; nothing is changed."""
    look.row("streets", id)
    return trial.trial(look, id, at, asked)


@router.get("/streets/{id}/section/table")
def table(look: Looking, id: str, at: float | None = None) -> SectionTable:
    """The same as a table."""
    look.row("streets", id)
    if "section" in integralie.__all__:
        rows: pd.DataFrame = integralie.section(look.study, id, at=at)
        head = {str(k): plain(v) for k, v in rows.attrs.items()}
        return SectionTable(drawn="section", columns=list(rows.columns), rows=_plain(rows), head=head)
    rows = stack.lying(look, id)
    return SectionTable(drawn="stack", columns=list(rows.columns), rows=_plain(rows), head={"street": id})


def _plain(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): None if _gone(v) else plain(v) for k, v in r.items()} for r in rows.to_dict("records")]


def _gone(value: Any) -> bool:
    return not isinstance(value, list | tuple | dict) and bool(pd.isna(value))
