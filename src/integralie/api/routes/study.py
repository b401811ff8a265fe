"""The study as a whole: its name and years, its file, what is stale, what can be taken back."""

from __future__ import annotations

from dataclasses import replace as again

from fastapi import APIRouter, Request, Response

from integralie import __version__
from integralie.api.desk import counts
from integralie.api.numbers import Certificate, certificate
from integralie.api.said import FileTold, StackTold, StaleTold, file_told, stack_told, stale_told
from integralie.api.shapes import Shape
from integralie.api.sight import Looking, Sight
from integralie.errors import Refused
from integralie.schema import frames

router = APIRouter(tags=["study"])


class SettingsTold(Shape):
    """What holds for the whole study."""

    crs: str
    first: int
    periods: int
    price_level: int
    language: str
    fixed_years: int
    indicative_years: int


class ScenarioTold(Shape):
    """One scenario, and how many edits it has of its own."""

    id: str
    name: str
    edits: int
    has_programme: bool


class PartyTold(Shape):
    """One party, and how many works it has."""

    id: str
    name: str
    role: str | None
    works: int


class StudyTold(Shape):
    """Everything about the study that is not in its tables."""

    id: str
    name: str
    file: FileTold
    version: int
    program_version: str
    read_only: bool
    background: bool
    as_party: str | None
    settings: SettingsTold
    bbox: list[float] | None
    counts: dict[str, int]
    revisions: dict[str, str]
    stale: list[StaleTold] | None
    undo: StackTold
    redo: StackTold
    last_edit: str | None
    scenario: str | None
    scenarios: list[ScenarioTold]
    parties: list[PartyTold]
    periods: list[int]
    certificate: Certificate
    jobs: list[str]


class CopyAsked(Shape):
    """The name of the new file."""

    name: str


FIRM, INDICATIVE = 2, 2  # years: firm, then indicative, the rest is exploration


@router.get("/study")
def study(request: Request, response: Response, look: Looking) -> StudyTold:
    """The study as it is now; looks first whether another program has written to its file."""
    look.desk.look()
    return summary(request, again(look))


def summary(request: Request, look: Sight) -> StudyTold:
    """Everything about the study that is not in its tables."""
    back, forth = stack_told(look)
    settings, jobs = look.study.settings, request.app.state.jobs
    file = file_told(look)
    edits = look.raw.edits.index
    return StudyTold(
        id=look.desk.boot, name=settings.name, file=file, version=look.desk.version, program_version=__version__,
        read_only=file.state == "read-only" and look.desk.file.program is None,  # a change waits for a program that holds the file
        background=request.app.state.background, as_party=look.party, settings=_settings(look), bbox=_bbox(look),
        counts=dict(counts(look.study)), revisions=look.desk.revisions(look.scenario, look.party), stale=stale_told(look),
        undo=back, redo=forth, last_edit=str(edits[-1]) if len(edits) else None, scenario=look.scenario, scenarios=scenarios_told(look),
        parties=_parties(look), periods=list(settings.years), certificate=certificate(look, jobs),
        jobs=[j.id for j in jobs.running if look.party in (None, j.party)],
    )  # fmt: skip


def _settings(look: Sight) -> SettingsTold:
    s = look.study.settings
    return SettingsTold(
        crs=s.crs, first=s.first, periods=s.periods, price_level=s.price_level, language=s.language,
        fixed_years=min(FIRM, s.periods), indicative_years=min(INDICATIVE, max(s.periods - FIRM, 0)),
    )  # fmt: skip


def _bbox(look: Sight) -> list[float] | None:
    """The box of the streets, else of whatever has a place."""
    for name in ("streets", *frames.tables()):
        frame = look.study[name]
        if "geometry" in frame.columns and len(frame) and frame.geometry.notna().any():
            return [round(float(v), 2) for v in frame.total_bounds]
    return None


def _parties(look: Sight) -> list[PartyTold]:
    many = look.study.works["party"].value_counts()
    rows = look.study.parties
    return [
        PartyTold(
            id=str(i),
            name=str(r["name"]),
            role=None if r["role"] != r["role"] else str(r["role"]),
            works=int(many.get(i, 0)),
        )
        for i, r in rows.iterrows()
    ]


def scenarios_told(look: Sight) -> list[ScenarioTold]:
    """The scenarios that were not put away; a party sees none of the others' making."""
    if look.party is not None:
        return []
    edits = look.raw.edits
    return [
        ScenarioTold(
            id=s.id, name=s.name, edits=int(((edits["scenario"] == s.id) & edits["undoes"].isna()).sum()) if len(edits) else 0,
            has_programme=len(look.desk.study(s.id).programme) > 0,
        ) for s in look.desk.scenarios if not s.hidden
    ]  # fmt: skip


def _whole(look: Sight) -> None:
    if look.party is not None:
        raise Refused(look.t("not_as_party"))


@router.post("/study/reload")
def reload(request: Request, look: Looking) -> StudyTold:
    """Looks at the file again, for instance after it was closed in QGIS."""
    look.desk.look()
    return summary(request, again(look))


@router.post("/study/copies", status_code=201)
def copy(request: Request, look: Looking, asked: CopyAsked) -> StudyTold:
    """Saves everything as a new study beside the old one, and goes on in that."""
    _whole(look)
    look.desk.copy_to(asked.name)
    return summary(request, again(look))
