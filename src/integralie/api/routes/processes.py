"""The verbs as processes, and the jobs that run them (OGC API Processes)."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from integralie import __version__, pipeline
from integralie.api import replan
from integralie.api.desk import Desk
from integralie.api.jobs import Job, Jobs
from integralie.api.numbers import verdict
from integralie.api.problems import Problem
from integralie.api.routes.programme import whole
from integralie.api.shapes import Link, Shape
from integralie.api.sight import Looking, Sight
from integralie.chain import CHAIN, TELLERS

router = APIRouter(tags=["processes"])
MORE = ("run", "compare", "replan", "check-certificate")
JSON_TYPES = {"float": "number", "int": "integer", "bool": "boolean", "str": "string"}
SECONDS = 20.0
Status = Literal["accepted", "running", "successful", "failed", "dismissed"]


class ProcessSummary(Shape):
    """One process: what it does."""

    id: str
    title: str
    description: str
    version: str
    job_control_options: list[str]
    links: list[Link]


class Process(ProcessSummary):
    """One process with what it can be told and what it gives."""

    inputs: dict[str, dict[str, Any]]
    outputs: dict[str, dict[str, Any]]


class Processes(Shape):
    """All processes."""

    processes: list[ProcessSummary]
    links: list[Link]


class Execution(Shape):
    """A request to run a process."""

    inputs: dict[str, Any] = {}
    scenario: str | None = None
    response: Literal["document", "raw"] = "document"


class JobTold(Shape):
    """How a job is doing."""

    process_id: str = Field(alias="processID")
    job_id: str = Field(alias="jobID")
    type: str = "process"
    title: str
    status: Status
    message: str
    progress: int | None
    created: str
    started: str | None
    finished: str | None
    updated: str
    scenario: str | None
    detail: dict[str, Any]
    links: list[Link]


class JobsTold(Shape):
    """All jobs, newest first."""

    jobs: list[JobTold]
    links: list[Link]


def names() -> list[str]:
    """Every process by its id; the verbs of the chain are all among them."""
    return [*CHAIN, *(t.replace("_", "-") for t in TELLERS), *MORE]


def _options(name: str) -> dict[str, dict[str, Any]]:
    """What a process can be told, read off the signature of its verb."""
    if name in ("run", "compare", "replan"):
        told: dict[str, Any] = {"seconds": (float, SECONDS)}
        told |= {"force": (bool, False)} if name == "run" else {}
    elif name == "check-certificate":
        told = {}
    else:
        parameters = inspect.signature(pipeline._verb(name.replace("-", "_")).function).parameters.values()
        told = {p.name: (p.annotation, p.default) for p in parameters if p.kind is p.KEYWORD_ONLY}
    return {k: _input(k, *v) for k, v in told.items()}


def _input(name: str, annotation: object, default: object) -> dict[str, Any]:
    kind = str(getattr(annotation, "__name__", annotation)).split(" ")[0]
    schema: dict[str, Any] = {"type": JSON_TYPES.get(kind, "string")}
    required = default is inspect.Parameter.empty
    if not required and default is not None:
        schema["default"] = default
    return {"title": name.replace("_", " "), "schema": schema, "minOccurs": int(required)}


def _summary(look: Sight, name: str) -> dict[str, Any]:
    base = f"/v1/processes/{name}"
    run = [
        Link(href=f"{base}/execution", rel="http://www.opengis.net/def/rel/ogc/1.0/execute", type="application/json")
    ]
    title = look.t(f"verb.{name}")
    return {
        "id": name, "title": title, "description": look.t(f"verb_about.{name}"), "version": __version__.split("+")[0],
        "job_control_options": ["async-execute", "dismiss"], "links": [Link(href=base, rel="self", type="application/json"), *run],
    }  # fmt: skip


@router.get("/processes", response_model_exclude_none=True)
def processes(look: Looking) -> Processes:
    """All processes: the verbs of the chain, those that tell, and runs of several."""
    links = [Link(href="/v1/processes", rel="self", type="application/json")]
    return Processes(processes=[ProcessSummary(**_summary(look, n)) for n in names()], links=links)


@router.get("/processes/{id}", response_model_exclude_none=True)
def process(look: Looking, id: str) -> Process:
    """One process with what it can be told."""
    _known(look, id)
    outputs = {"result": {"title": "result", "schema": {"type": "object"}}}
    return Process(**_summary(look, id), inputs=_options(id), outputs=outputs)


def _known(look: Sight, id: str) -> None:
    if id not in names():
        raise Problem("not-found", look.t("no_process", id=id, known=", ".join(names())))


@router.post("/processes/{id}/execution", status_code=201, response_model_exclude_none=True)
def execute(request: Request, response: Response, look: Looking, id: str, asked: Execution) -> JobTold:
    """Starts a process as a job; look at the job, or listen to the events, for how it is doing."""
    _known(look, id)
    teller = id.replace("-", "_") in TELLERS
    if not teller:
        whole(look)
    given = _checked(look, id, asked.inputs)
    scenario = asked.scenario or look.scenario
    look.desk.study(scenario)
    jobs: Jobs = request.app.state.jobs
    work = _teller(look, id, given) if teller else _worker(look.desk, jobs, id, scenario, given, look)
    jobs.make_way(*replan.SEARCHES)
    job = jobs.start(id, look.t(f"verb.{id}"), work, scenario, look.party)
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return told(look, job)


def _checked(look: Sight, id: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """The inputs in their types; a stranger among them is an error that lists what there is."""
    known, made = _options(id), {}
    for name, value in inputs.items():
        if name not in known:
            raise Problem("invalid-request", look.t("no_input", name=name, known=", ".join(known) or "-"))
        kind = known[name]["schema"]["type"]
        if kind in ("number", "integer") and (
            isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1e5
        ):
            raise Problem("invalid-request", look.t("bad_value", column=name, text=str(value), type=kind))
        made[name] = value
    lacking = [n for n, o in known.items() if o["minOccurs"] and n not in made]
    if lacking:
        raise Problem("invalid-request", look.t("lacks_field", do=id, field=lacking[0]))
    return made


def _teller(look: Sight, id: str, given: dict[str, Any]) -> Callable[[Job], Any]:
    """A verb that tells: its answer is the result of the job."""

    def work(job: Job) -> dict[str, Any]:
        made = pipeline.asked(look.study, id.replace("-", "_"), **({"language": look.language} | given))
        return {"result": made if isinstance(made, str) else getattr(made, "page", str(made))}

    return work


def _worker(
    desk: Desk, jobs: Jobs, id: str, scenario: str | None, given: dict[str, Any], look: Sight
) -> Callable[[Job], Any]:
    """What a job does for each process."""
    if id == "check-certificate":
        return lambda job: _proof(look)
    if id == "replan":
        return lambda job: replan._search(desk, job, scenario, float(given.get("seconds", SECONDS)))
    if id == "compare":
        return lambda job: _compare(desk, job, scenario, float(given.get("seconds", SECONDS)))
    force = bool(given.pop("force", id != "run"))
    verbs = None if id == "run" else (id,)
    return lambda job: replan.chain(desk, job, scenario, verbs, force, **({"seconds": SECONDS} | given))


def _proof(look: Sight) -> dict[str, Any]:
    got = verdict(look.desk, look.raw, wait=True)
    assert got is not None
    return {
        "proven": got.proven,
        "objective": got.objective,
        "lowerBound": got.lower_bound,
        "gap": got.gap,
        "sentences": list(got.sentences),
    }


def _compare(desk: Desk, job: Job, scenario: str | None, seconds: float) -> dict[str, Any]:
    """Every owner alone, computed with the same engine; the scores of both stand in the table afterwards."""
    from integralie.silo import compare, table

    replan.chain(desk, job, scenario, None, False, seconds=seconds)
    snapshot = desk.study(scenario)
    job.say(progress=50, step="silo")
    result = compare(snapshot, seconds=seconds)
    taken = desk.put(result, snapshot, scenario)
    return {"taken": taken, "rows": table(result).astype(object).where(lambda f: f.notna(), None).to_dict("records")}


def told(look: Sight, job: Job) -> JobTold:
    """How a job is doing."""
    base = f"/v1/jobs/{job.id}"
    links = [Link(href=base, rel="self", type="application/json")]
    if job.status == "successful":
        links.append(
            Link(href=f"{base}/results", rel="http://www.opengis.net/def/rel/ogc/1.0/results", type="application/json")
        )
    detail = dict(job.detail)
    step = detail.get("step") if job.status == "running" else None
    message = look.t(f"verb.{step}") if step else job.message
    return JobTold(
        processID=job.process, jobID=job.id, title=job.title, status=job.status, message=message, progress=job.progress,  # type: ignore[arg-type]
        created=job.created, started=job.started, finished=job.finished, updated=job.updated, scenario=job.scenario, detail=detail, links=links,
    )  # fmt: skip


@router.get("/jobs", response_model_exclude_none=True)
def jobs(request: Request, look: Looking) -> JobsTold:
    """The jobs, newest first; a party sees its own."""
    mine = [j for j in request.app.state.jobs.all.values() if look.party is None or j.party == look.party]
    return JobsTold(
        jobs=[told(look, j) for j in mine[::-1]], links=[Link(href="/v1/jobs", rel="self", type="application/json")]
    )


@router.get("/jobs/{id}", response_model_exclude_none=True)
def job(request: Request, look: Looking, id: str) -> JobTold:
    """How a job is doing."""
    return told(look, _job(request, look, id))


def _job(request: Request, look: Sight, id: str) -> Job:
    made = request.app.state.jobs.all.get(id)
    if made is None or (look.party is not None and made.party != look.party):
        raise Problem("not-found", look.t("no_job", id=id))
    return made


@router.get("/jobs/{id}/results")
def results(request: Request, look: Looking, id: str) -> dict[str, Any]:
    """What a job gave; of one that failed the sentence that says why."""
    made = _job(request, look, id)
    if made.status == "failed":
        raise made.error or RuntimeError(made.message)
    if made.results is None:
        raise Problem("not-found", look.t("no_results", status=made.status))
    return dict(made.results)


@router.delete("/jobs/{id}", response_model_exclude_none=True)
def dismiss(request: Request, look: Looking, id: str) -> JobTold:
    """Stops a job; what was found so far is kept."""
    made = _job(request, look, id)
    made.stop.set()
    if made.status == "accepted":
        made.status = "dismissed"
    return told(look, made)
