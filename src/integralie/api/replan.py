"""Programme again after a change: at once, and then better in the background."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from typing import Any

import pandas as pd

from integralie import pipeline
from integralie.api.desk import Desk
from integralie.api.jobs import Job, Jobs, Stopped
from integralie.schema.once import keep, recall
from integralie.study import Study

Watch = Callable[[dict[str, Any]], bool]
SLICE = 20.0  # seconds after which a search without a way to watch it is looked at
LONGEST = 120.0  # seconds that an improvement goes on
PROCESS = "improve"
SEARCHES = (PROCESS, "replan")  # nobody waits for them
TRIES = 3  # times that a chain starts again because somebody edited


@cache
def _live() -> Callable[..., Study] | None:
    """The engine's own way to go on from a programme that stands, when there is one."""
    import integralie

    return getattr(integralie, "replan", None) if "replan" in integralie.__all__ else None


def again(study: Study, seconds: float, watch: Watch | None = None) -> Study:
    """The study with a valid programme that heeds the newest edits; what the engine says of it is kept for `said`."""
    told: dict[str, Any] = {}

    def hear(done: dict[str, Any]) -> bool:
        told.update(done)
        return watch is None or watch(done)

    live = _live()
    if live is not None and len(study.programme) and len(study.prices):
        after = live(study, seconds=seconds, watch=hear)
    else:
        after = pipeline.take(study, "programme", seconds=seconds, watch=hear)
    if told:
        keep("said", (after.programme,), told)
    return after


def said(study: Study) -> dict[str, Any] | None:
    """Cost, bound and gap as the engine told them of this programme when it made it; nobody waits for the checker."""
    told: dict[str, Any] | None = recall("said", (study.programme,))
    return told


def moved(before: Study, after: Study) -> pd.DataFrame:
    """The works whose year changed: work, name, party, from, to (unknown is not taken)."""
    old, new = before.programme.set_index("work"), after.programme.set_index("work")
    was, now = old["period"].reindex(new.index), new["period"]
    other = was.fillna(-1).astype(int).ne(now.fillna(-1).astype(int)).to_numpy()
    rows = new.loc[other, ["name", "party", "street"]]
    return rows.assign(**{"from": was[other], "to": now[other]}).reset_index()


def improve(desk: Desk, jobs: Jobs, title: str, scenario: str | None, seconds: float = LONGEST) -> Job:
    """Starts the search for a better programme, in place of one that still runs; each better one is taken over."""
    jobs.stop(*SEARCHES)
    return jobs.start(PROCESS, title, lambda job: _search(desk, job, scenario, seconds), scenario)


def _search(desk: Desk, job: Job, scenario: str | None, seconds: float) -> dict[str, Any]:
    """Looks until time is up or it is stopped, and takes over the best; then the other verbs that went stale.

    When somebody edited meanwhile there is nothing to take over.
    """
    snapshot = desk.study(scenario)
    try:
        result = again(snapshot, seconds if _live() else min(seconds, SLICE), _watch(job, seconds))
    except Stopped:
        return {"taken": False}
    taken = not job.void.is_set() and desk.put(result, snapshot, scenario)
    if taken:
        _rest(desk, job, scenario)
    return {"taken": taken}


def _watch(job: Job, seconds: float | None = None) -> Watch:
    """Tells how far a search is, out of so many seconds, and how long ago it found something better."""
    start, best, since = time.monotonic(), float("inf"), time.monotonic()

    def watch(done: dict[str, Any]) -> bool:
        nonlocal best, since
        now = time.monotonic()
        if done.get("cost") is not None and done["cost"] < best:
            best, since = done["cost"], now
        progress = None if seconds is None else min(int(100 * (now - start) / seconds), 99)
        job.note(progress=progress, **_numbers(done), better=round(now - since, 1))
        return not job.stop.is_set()

    return watch


def _numbers(done: dict[str, Any]) -> dict[str, Any]:
    return {k: done[k] for k in ("cost", "bound", "gap", "seconds", "rounds") if done.get(k) is not None}


def _rest(desk: Desk, job: Job, scenario: str | None) -> None:
    """What else went stale and is quick: the quarters, who pays, and what it is worth."""
    snapshot = desk.study(scenario)
    result = snapshot
    for verb in ("phase", "share", "score"):
        if verb in pipeline.stale(result):
            job.note(step=verb)
            result = pipeline.take(result, verb)
    if result is not snapshot:
        desk.put(result, snapshot, scenario)


def chain(
    desk: Desk, job: Job, scenario: str | None, verbs: tuple[str, ...] | None, force: bool, **options: Any
) -> dict[str, Any]:
    """Takes verbs and keeps what they find; begins again when the study was edited meanwhile.

    When it is stopped, what was found until then is kept.
    """
    for _ in range(TRIES):
        snapshot = desk.study(scenario)
        result, took = _through(
            snapshot, job, verbs or tuple(pipeline.verbs()), force, {"watch": _watch(job), **options}
        )
        job.note(progress=99, took=took)
        if result is snapshot or desk.put(result, snapshot, scenario):
            return {"took": took}
    return {"took": took, "superseded": True}


def _through(
    study: Study, job: Job, verbs: tuple[str, ...], force: bool, options: dict[str, Any]
) -> tuple[Study, list[dict[str, Any]]]:
    """The study after the verbs that are stale (all when forced), and how long each took."""
    result, took = study, list[dict[str, Any]]()
    steps = [v for v in verbs if force or v in pipeline.stale(study)]
    for place, verb in enumerate(steps):
        if job.stop.is_set():
            break
        job.note(progress=int(100 * place / len(steps)), step=verb, took=took)
        if not force and verb not in pipeline.stale(result):
            continue
        start = time.perf_counter()
        result = pipeline.take(result, verb, **options)
        took.append({"verb": verb, "seconds": round(time.perf_counter() - start, 2)})
    return result, took
