"""The programme in numbers, and what another year would cost."""

from __future__ import annotations

from fastapi import APIRouter, Request

from integralie.api import replan
from integralie.api.alternatives import Alternatives, alternatives
from integralie.api.numbers import Certificate, Loads, certificate, loads
from integralie.api.problems import Problem
from integralie.api.shapes import Shape
from integralie.api.sight import Looking, Sight
from integralie.errors import Refused

router = APIRouter(tags=["programme"])


class WorksCount(Shape):
    """How many works there are, and what became of them."""

    all: int
    programmed: int
    deferred: int
    later: int


class ProgrammeTold(Shape):
    """The programme in a few numbers."""

    certificate: Certificate
    works: WorksCount
    openings: int
    joint: int
    avoided: int


class DragAsked(Shape):
    """Works that are dragged to a year."""

    works: list[str]
    period: int


class DragTold(Shape):
    """What a drag of several works would cost, given the rest of the programme."""

    extra: float | None
    forbidden: list[str]
    reasons: list[str]
    works: list[Alternatives]


class ImproveAsked(Shape):
    """How long to look for a better programme."""

    seconds: float = replan.LONGEST


class Started(Shape):
    """The job that was started."""

    job: str


@router.get("/programme")
def programme(request: Request, look: Looking) -> ProgrammeTold:
    """How good the programme is, and how many works and openings it has."""
    rows, openings = look.study.programme, look.study.openings
    many = rows["status"].value_counts()
    count = WorksCount(
        all=len(rows),
        programmed=int(rows["period"].notna().sum()),
        deferred=int(many.get("deferred", 0)),
        later=int(many.get("later", 0)),
    )
    works = openings["works"].fillna(1).astype(int)
    return ProgrammeTold(
        certificate=certificate(look, request.app.state.jobs), works=count, openings=len(openings), joint=int((works > 1).sum()),
        avoided=int((works - 1).clip(lower=0).sum()),
    )  # fmt: skip


@router.get("/programme/loads")
def programme_loads(look: Looking, resources: str | None = None) -> Loads:
    """What the programme asks of money, crews and streets each year, with the limits as they are now."""
    return loads(look, set(resources.split(",")) if resources else None)


@router.get("/works/{id}/alternatives")
def years(look: Looking, id: str) -> Alternatives:
    """What each year would cost one work, given the rest of the programme; what forbids it, and what it would take."""
    look.row("works", id)
    return alternatives(look, id)


@router.post("/programme/alternatives")
def drag(look: Looking, asked: DragAsked) -> DragTold:
    """What it would cost to bring several works to one year; each is looked at by itself."""
    made = []
    for id in dict.fromkeys(asked.works):
        told = alternatives(look, id)
        made.append(told.model_copy(update={"years": [y for y in told.years if y.period == asked.period]}))
    years_ = [y for a in made for y in a.years]
    if not years_:
        raise Problem("invalid-request", look.t("no_year", period=asked.period))
    known = [y.extra for y in years_ if y.extra is not None]
    return DragTold(
        extra=round(sum(known), 2) if len(known) == len(years_) else None, works=made,
        forbidden=[f for y in years_ for f in y.forbidden], reasons=[r for y in years_ for r in y.reasons],
    )  # fmt: skip


@router.post("/programme/improvements", status_code=201)
def improve(request: Request, look: Looking, asked: ImproveAsked) -> Started:
    """Looks for a better programme in the background, until time is up or somebody stops the job."""
    whole(look)
    if look.study.works.empty:
        raise Problem("no-programme", look.t("detail.no-programme"))
    job = replan.improve(look.desk, request.app.state.jobs, look.t("process.improve"), look.scenario, asked.seconds)
    return Started(job=job.id)


def whole(look: Sight) -> None:
    """Raises Refused for a party: computing uses everything."""
    if look.party is not None:
        raise Refused(look.t("not_as_party"))
