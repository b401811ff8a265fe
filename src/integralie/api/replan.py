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
from integralie.study import Study

Watch = Callable[[dict[str, Any]], bool]
SLICE = 20.0  # seconds after which a search without a way to watch it is looked at
LONGEST = 120.0  # seconds that an improvement goes on
PROCESS = "improve"
TRIES = 3  # times that a chain starts again because somebody edited


@cache
def _live() -> Callable[..., Study] | None:
    """The engine's own way to go on from a programme that stands, when there is one."""
    import integralie

    return getattr(integralie, "replan", None) if "replan" in integralie.__all__ else None


def again(study: Study, seconds: float, watch: Watch | None = None) -> Study:
    """The study with a valid programme that heeds the newest edits."""
    live = _live()
    if live is not None and len(study.programme) and len(study.prices):
        return live(study, seconds=seconds, watch=watch)
    return pipeline.take(study, "programme", seconds=seconds)


def moved(before: Study, after: Study) -> pd.DataFrame:
    """The works whose year changed: work, name, party, from, to (unknown is not taken)."""
    old, new = before.programme.set_index("work"), after.programme.set_index("work")
    was, now = old["period"].reindex(new.index), new["period"]
    other = was.fillna(-1).astype(int).ne(now.fillna(-1).astype(int)).to_numpy()
    rows = new.loc[other, ["name", "party", "street"]]
    return rows.assign(**{"from": was[other], "to": now[other]}).reset_index()


def improve(desk: Desk, jobs: Jobs, title: str, scenario: str | None, seconds: float = LONGEST) -> Job:
    """Starts the search for a better programme, in place of one that still runs; each better one is taken over."""
    jobs.stop(PROCESS)
    return jobs.start(PROCESS, title, lambda job: _search(desk, job, scenario, seconds), scenario)


def _search(desk: Desk, job: Job, scenario: str | None, seconds: float) -> dict[str, Any]:
    """Looks until time is up, it is stopped, or somebody edits; then the other verbs that went stale."""
    start, best = time.monotonic(), float("inf")
    snapshot = desk.study(scenario)

    def watch(done: dict[str, Any]) -> bool:
        nonlocal best
        if done.get("cost") is not None and done["cost"] < best:
            best = done["cost"]
            job.detail["betterAt"] = round(time.monotonic() - start, 1)
        spent = time.monotonic() - start
        since = spent - job.detail.get("betterAt", 0.0)
        job.say(progress=min(int(100 * spent / seconds), 99), **{**_numbers(done), "better": round(since, 1)})
        return not job.stop.is_set()

    try:
        result = again(snapshot, seconds if _live() else min(seconds, SLICE), watch)
    except Stopped:
        return {"taken": False}
    taken = not job.stop.is_set() and desk.put(result, snapshot, scenario)
    if taken:
        _rest(desk, job, scenario)
    return {"taken": taken}


def _numbers(done: dict[str, Any]) -> dict[str, Any]:
    return {k: done[k] for k in ("cost", "bound", "gap", "seconds", "rounds") if done.get(k) is not None}


def _rest(desk: Desk, job: Job, scenario: str | None) -> None:
    """What else went stale and is quick: the quarters, who pays, and what it is worth."""
    snapshot = desk.study(scenario)
    result = snapshot
    for verb in ("phase", "share", "score"):
        if verb in pipeline.stale(result):
            job.say(verb)
            result = pipeline.take(result, verb)
    if result is not snapshot:
        desk.put(result, snapshot, scenario)


def chain(
    desk: Desk, job: Job, scenario: str | None, verbs: tuple[str, ...] | None, force: bool, **options: Any
) -> dict[str, Any]:
    """Takes verbs and keeps what they find; begins again when the study was edited meanwhile."""
    for _ in range(TRIES):
        snapshot = desk.study(scenario)
        took: list[dict[str, Any]] = []
        result = snapshot
        steps = [v for v in (verbs or pipeline.verbs()) if force or v in pipeline.stale(snapshot)]
        for place, verb in enumerate(steps):
            job.say(verb, int(100 * place / len(steps)), step=verb, took=took)
            if not force and verb not in pipeline.stale(result):
                continue
            start = time.perf_counter()
            result = pipeline.take(result, verb, **options)
            took.append({"verb": verb, "seconds": round(time.perf_counter() - start, 2)})
        job.say(progress=99, took=took)
        if result is snapshot or desk.put(result, snapshot, scenario):
            return {"took": took}
    return {"took": took, "superseded": True}
