"""Scenarios: lists of edits with a name, beside each other."""

from __future__ import annotations

import uuid
from dataclasses import replace

from fastapi import APIRouter, Response
from pydantic import Field

from integralie.api.problems import Problem
from integralie.api.routes.study import ScenarioTold, scenarios_told
from integralie.api.scenarios import Scenario, new_id
from integralie.api.shapes import Shape
from integralie.api.sight import Looking, Sight
from integralie.edits import active
from integralie.errors import Refused
from integralie.study import Study

router = APIRouter(tags=["scenarios"])


class Scenarios(Shape):
    """All scenarios that were not put away."""

    scenarios: list[ScenarioTold]


class ScenarioAsked(Shape):
    """A new scenario: its name, and the scenario whose edits it begins with."""

    name: str = Field(min_length=1, max_length=60)
    from_: str | None = Field(default=None, alias="from")
    who: str = "workbench"


class NameAsked(Shape):
    """Another name."""

    name: str = Field(min_length=1, max_length=60)


def _told(look: Sight, id: str) -> ScenarioTold:
    return next(s for s in scenarios_told(replace(look)) if s.id == id)


def _own(look: Sight) -> None:
    if look.party is not None:
        raise Refused(look.t("not_as_party"))


@router.get("/scenarios")
def scenarios(look: Looking) -> Scenarios:
    """The scenarios."""
    return Scenarios(scenarios=scenarios_told(look))


@router.post("/scenarios", status_code=201)
def make(look: Looking, asked: ScenarioAsked) -> ScenarioTold:
    """Makes a scenario; with `from` it begins with the edits of another."""
    _own(look)
    known = look.desk.scenarios
    made = Scenario(new_id(asked.name, [s.id for s in known]), asked.name)
    source = look.desk.study(asked.from_) if asked.from_ is not None else None
    look.desk.keep_scenarios([*known, made])
    if source is not None:
        look.desk.change(lambda study: _copied(study, source, made.id, asked.who), made.id)
        look.desk.take_over(made.id, source)
    return _told(look, made.id)


def _copied(study: Study, source: Study, scenario: str, who: str) -> Study:
    """The study with the standing edits of the source once more, under the name of the new scenario."""
    rows = active(source)
    rows = rows[rows["scenario"] == source.scenario]
    if rows.empty:
        return study
    last = int(study.edits.index.str.removeprefix("edit:").astype(int).max())
    fresh = rows.assign(scenario=scenario, who=who, change=uuid.uuid4().hex)
    fresh.index = [f"edit:{last + i + 1:06d}" for i in range(len(fresh))]
    fresh.index.name = "id"
    import pandas as pd

    return study | {"edits": pd.concat([study.edits, fresh])}


@router.patch("/scenarios/{id}")
def rename(look: Looking, id: str, asked: NameAsked) -> ScenarioTold:
    """Gives a scenario another name."""
    _changed(look, id, name=asked.name)
    return _told(look, id)


@router.delete("/scenarios/{id}", status_code=204)
def put_away(look: Looking, id: str) -> Response:
    """Puts a scenario away; its edits stay in the file."""
    _changed(look, id, hidden=True)
    return Response(status_code=204)


def _changed(look: Sight, id: str, **values: object) -> None:
    _own(look)
    known = look.desk.scenarios
    if id not in {s.id for s in known if not s.hidden}:
        raise Problem("not-found", look.t("no_scenario", id=id))
    look.desk.keep_scenarios([replace(s, **values) if s.id == id else s for s in known])  # type: ignore[arg-type]
