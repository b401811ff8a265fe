"""Verbs as processes: jobs with progress, an end and a stop; nobody's edit is overwritten by a job."""

import threading
import time

import pytest

import integralie as itg
from api.conftest import desk_of
from integralie import pipeline

WORK = "work:plan:1"


def ended(client, job, patience=60):
    until = time.monotonic() + patience
    while time.monotonic() < until:
        told = client.get(f"/v1/jobs/{job}").json()
        if told["status"] not in ("accepted", "running"):
            return told
        time.sleep(0.05)
    raise AssertionError(told)


def test_a_process_is_a_job_with_a_result(client):
    desk = desk_of(client)
    client.post("/v1/edits", json={"who": "x", "actions": [{"do": "fix", "works": [WORK], "period": 2031}]})
    got = client.post("/v1/processes/run/execution", json={"inputs": {"seconds": 1}})
    assert got.status_code == 201 and got.headers["location"] == f"/v1/jobs/{got.json()['jobID']}"
    told = ended(client, got.json()["jobID"])
    assert told["status"] == "successful" and told["progress"] == 100 and told["finished"]
    took = client.get(f"/v1/jobs/{told['jobID']}/results").json()["took"]
    assert "programme" in [t["verb"] for t in took] and pipeline.stale(desk.base) == ()
    assert desk.base.programme.set_index("work").at[WORK, "period"] == 2031 and desk.dirty
    assert told["jobID"] in [j["jobID"] for j in client.get("/v1/jobs").json()["jobs"]]


def test_what_a_process_cannot_be_told_is_refused(client):
    for id, inputs in (
        ("run", {"colour": 1}),
        ("run", {"seconds": "long"}),
        ("explain", {}),
        ("dance", {}),
        ("run", {"seconds": -1}),
    ):
        got = client.post(f"/v1/processes/{id}/execution", json={"inputs": inputs})
        assert got.status_code in (400, 404), (id, got.text)
    assert client.get("/v1/jobs/none").status_code == 404


def test_explain_and_report_give_their_text(client):
    job = client.post("/v1/processes/explain/execution", json={"inputs": {"id": WORK, "language": "en"}}).json()[
        "jobID"
    ]
    ended(client, job)
    assert client.get(f"/v1/jobs/{job}/results").json()["result"] == itg.explain(desk_of(client).seen(), WORK, "en")


def test_a_job_that_fails_says_why(client):
    job = client.post("/v1/processes/explain/execution", json={"inputs": {"id": "work:none"}}).json()["jobID"]
    assert ended(client, job)["status"] == "failed"
    assert client.get(f"/v1/jobs/{job}/results").status_code == 422


@pytest.fixture
def slow(monkeypatch):
    """A search that goes on until somebody stops it, unless it is to be at once; the rounds that it made."""
    from integralie.api import replan

    seen: list[int] = []

    def search(study, seconds, watch=None):
        while watch({"cost": 1.0, "bound": 0.9, "gap": 0.1}) and seconds:
            seen.append(1)
            time.sleep(0.02)
        return study.with_made({"programme": study.programme})

    monkeypatch.setattr(replan, "again", search)
    monkeypatch.setattr(replan, "_live", lambda: search)
    return seen


def _searching(client, seen):
    """The job of a search that has begun."""
    first = client.post("/v1/programme/improvements", json={"seconds": 60}).json()["job"]
    while not seen:
        time.sleep(0.01)
    return first


def test_a_search_that_is_stopped_hands_in_what_it_has(client, slow):
    first, version = _searching(client, slow), desk_of(client).version
    told = client.get(f"/v1/jobs/{first}").json()
    assert told["status"] == "running" and told["detail"]["gap"] == 0.1
    assert client.get("/v1/programme").json()["certificate"]["job"] == first
    client.delete(f"/v1/jobs/{first}")
    assert ended(client, first)["status"] == "dismissed"
    assert client.get(f"/v1/jobs/{first}/results").json()["taken"] and desk_of(client).version > version


def test_what_somebody_asks_for_does_not_wait_for_a_search(client, slow):
    first = _searching(client, slow)
    asked = client.post("/v1/processes/score/execution", json={}).json()["jobID"]
    assert ended(client, asked)["status"] == "successful"
    assert ended(client, first)["status"] == "dismissed"
    assert client.get(f"/v1/jobs/{first}/results").json()["taken"]


def test_a_search_has_nothing_to_hand_in_when_somebody_edits(client, slow):
    first = _searching(client, slow)
    body = {"who": "x", "actions": [{"do": "fix", "works": [WORK], "period": 2031}]}
    client.post("/v1/edits", json=body | {"replan": {"seconds": 0, "improve": False}})
    assert ended(client, first)["status"] == "dismissed"


def test_a_job_that_waits_can_be_stopped_and_so_can_one_that_runs(client):
    def work(job):
        while True:
            job.say("works")
            time.sleep(0.01)

    jobs = client.app.state.api.state.jobs
    first, waits = jobs.start("score", "first", work), jobs.start("score", "waits", work)
    assert client.get(f"/v1/jobs/{waits.id}").json()["status"] == "accepted"
    assert client.delete(f"/v1/jobs/{waits.id}").json()["status"] == "dismissed"
    client.delete(f"/v1/jobs/{first.id}")
    assert ended(client, first.id)["status"] == "dismissed" and ended(client, waits.id)["status"] == "dismissed"


def test_a_chain_that_is_stopped_keeps_the_steps_that_it_took(client, monkeypatch):
    from integralie.api import replan

    took = []

    def take(study, verb, **options):
        took.append(verb)
        next(j for j in client.app.state.api.state.jobs.running).stop.set()
        return whole(study, verb)

    whole = pipeline.take
    monkeypatch.setattr(replan.pipeline, "take", take)
    version = desk_of(client).version
    job = client.post("/v1/processes/run/execution", json={"inputs": {"force": True}}).json()["jobID"]
    assert ended(client, job)["status"] == "dismissed"
    assert len(took) == 1 and desk_of(client).version > version


def test_a_job_does_not_write_over_an_edit_that_came_meanwhile(client, monkeypatch):
    desk = desk_of(client)
    snapshot = desk.study()
    result = pipeline.take(snapshot, "score")
    client.post("/v1/edits", json={"who": "x", "actions": [{"do": "fix", "works": [WORK], "period": 2031}]})
    assert not desk.put(result, snapshot)
    assert desk.put(pipeline.take(desk.study(), "score"), desk.study())


def test_an_edit_programmes_again_and_says_what_moved(client):
    before = desk_of(client).base.programme.set_index("work").at[WORK, "period"]
    other = 2029 if before != 2029 else 2031
    body = {
        "who": "x",
        "actions": [{"do": "fix", "works": [WORK], "period": other}],
        "replan": {"seconds": 1, "improve": True},
    }
    told = client.post("/v1/edits", json=body).json()["replan"]
    assert {"work": WORK, "before": int(before), "after": other}.items() <= next(
        m for m in told["moved"] if m["work"] == WORK
    ).items()
    assert (
        told["cost"]["after"] is not None and told["job"] and told["certificate"]["state"] in ("checked", "improving")
    )
    assert ended(client, told["job"])["status"] == "successful"
    assert client.get("/v1/study").json()["certificate"]["state"] == "checked"
    compared = client.post("/v1/processes/compare/execution", json={"inputs": {"seconds": 1}}).json()["jobID"]
    assert ended(client, compared)["status"] == "successful"
    page = client.get("/v1/comparison").json()
    assert all(c["computed"] for c in page["columns"]) and page["saving"]["low"] <= page["saving"]["high"]


def test_an_edit_is_answered_with_what_the_engine_says_before_the_checker_has_looked(client, monkeypatch):
    from integralie.api import numbers

    go, desk, real = threading.Event(), desk_of(client), numbers.judged
    client.get("/v1/study")
    monkeypatch.setattr(numbers, "judged", lambda study: go.wait(20) and real(study))
    desk.later.patience = 0.01
    body = {"who": "x", "actions": [{"do": "fix", "works": [WORK], "period": 2031}], "replan": {"improve": False}}
    told = client.post("/v1/edits", json=body).json()["replan"]
    early = told["certificate"]
    assert (early["state"], early["proven"]) == ("checking", False) and early["sentence"].endswith("zegt het rekenhart")
    go.set()
    desk.later.patience = None
    late = client.get("/v1/study").json()["certificate"]
    assert late["state"] == "checked" and late["proven"]
    assert {k: late[k] for k in ("objective", "lowerBound", "gap")} == pytest.approx(
        {k: early[k] for k in ("objective", "lowerBound", "gap")}, abs=1e-9
    )
    assert told["cost"]["after"] == late["objective"]


def test_what_happens_is_told_as_it_happens(client):
    heard = []
    with desk_of(client).listening(lambda event, data: heard.append((event, data))):
        client.post("/v1/edits", json={"who": "x", "actions": [{"do": "fix", "works": [WORK], "period": 2031}]})
    assert [d["version"] for e, d in heard if e == "study"] == [1] and "file" in [e for e, _ in heard]


def test_what_takes_long_is_told_later_and_nobody_waits(client, monkeypatch):
    from integralie.api import desk as module

    go, heard = threading.Event(), []
    desk = desk_of(client)
    desk.later.patience = 0.01
    monkeypatch.setattr(module, "stale", lambda study, *_: go.wait(20) and ("share",))
    with desk.listening(lambda event, data: heard.append((event, data.get("late", False)))):
        desk._bump()
        heard.clear()
        told = client.get("/v1/study").json()
        assert told["stale"] is None and told["certificate"]["state"] == "checking"
        go.set()
        desk.later.patience = None
        assert [s["verb"] for s in client.get("/v1/study").json()["stale"]] == ["share"]
        assert ("study", True) in heard  # the version is no other: without the mark no page would ask again
