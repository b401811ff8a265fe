"""Edits through the API: on the disk before the answer, one undo per gesture, nobody's work written over."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import integralie as itg
from api.conftest import desk_of, running, served
from integralie.api.saver import Saver
from integralie.schema import frames

WORK = "work:plan:1"


def post(client, path="", **body):
    return client.post(f"/v1/edits{path}", json={"who": "M. de Wit", **body})


def in_file(path):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as base:
        return [r[0] for r in base.execute("SELECT id FROM edits ORDER BY id")]


def same(one, two):
    """Whether all told tables but the edits themselves are equal."""
    return all(one[n].equals(two[n]) for n in frames.tables() if n != "edits")


def test_an_edit_is_in_the_file_before_the_answer(client, study_file):
    got = post(client, actions=[{"do": "fix", "works": [WORK], "period": 2031}])
    assert got.status_code == 201, got.text
    told = got.json()
    assert in_file(study_file) == [e["id"] for e in told["edits"]]
    assert told["edits"][0]["words"] == "Herinrichting Kerkstraat vastgezet op 2031" and told["undo"]["count"] == 1
    assert "programme" in [s["verb"] for s in told["stale"]]
    assert itg.open(study_file).edits["why"].tolist() == ["Herinrichting Kerkstraat vastgezet op 2031"]


def test_the_table_that_changed_has_another_revision_and_no_other(client):
    before = client.get("/v1/study").json()["revisions"]
    after = post(client, actions=[{"do": "fix", "works": [WORK], "period": 2031}]).json()["revisions"]
    assert {n for n in before if before[n] != after[n]} == {"works", "edits"}


GESTURES = st.sampled_from([
    {"do": "fix", "works": [WORK], "period": 2031}, {"do": "fix", "works": [WORK], "period": 2029}, {"do": "release", "works": [WORK]},
    {"do": "shift", "rows": ["plan:1"], "years": 2}, {"do": "limit", "party": "party:roads", "resource": "budget", "period": 2030, "amount": 5000},
    {"do": "set", "table": "plans", "rows": ["plan:1"], "column": "name", "value": "Anders"}, {"do": "forbid", "works": [WORK], "period": 2034},
    {"do": "assume-year", "area": "area:1", "year": 1965}, {"do": "set", "table": "assets", "rows": ["asset:sewer", "asset:water"], "column": "condition", "value": 4},
])  # fmt: skip


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(GESTURES, min_size=1, max_size=3))
def test_undo_after_apply_is_identity_and_redo_brings_it_back(tiny_file, tmp_path_factory, gestures):
    path = tmp_path_factory.mktemp("undo") / "s.gpkg"
    shutil.copy(tiny_file, path)
    with served(path) as client:
        start = desk_of(client).seen()
        done = [post(client, actions=[g]) for g in gestures]
        made = sum(r.status_code == 201 for r in done)
        there = desk_of(client).seen()
        assert client.get("/v1/study").json()["undo"]["count"] == made
        for _ in range(made):
            assert post(client, "/undo").status_code == 201
        assert same(desk_of(client).seen(), start)
        assert post(client, "/undo").status_code == 403
        for _ in range(made):
            assert post(client, "/redo").status_code == 201
        assert same(desk_of(client).seen(), there) and post(client, "/redo").status_code == 403
        assert len(in_file(path)) == len(desk_of(client).base.edits)


def test_a_bulk_change_is_one_change_and_all_or_nothing(client):
    rows = ["asset:sewer", "asset:water", "asset:tree"]
    told = post(
        client, actions=[{"do": "set", "table": "assets", "rows": rows, "column": "condition", "value": 5}]
    ).json()
    assert len(told["edits"]) == 3 and told["undo"]["count"] == 1
    back = post(client, "/undo").json()
    assert len(back["edits"]) == 3 and back["undo"]["count"] == 0 and back["redo"]["count"] == 1
    bad = post(
        client, actions=[{"do": "set", "table": "assets", "rows": rows, "column": "condition", "value": "slecht"}]
    )
    assert bad.status_code == 422 and len(desk_of(client).base.edits) == 6


def test_a_new_change_empties_redo(client):
    post(client, actions=[{"do": "fix", "works": [WORK], "period": 2031}])
    post(client, "/undo")
    told = post(client, actions=[{"do": "fix", "works": [WORK], "period": 2029}]).json()
    assert told["redo"]["count"] == 0 and post(client, "/redo").status_code == 403


def test_the_same_change_sent_twice_counts_once(client):
    body = {"key": "abc", "actions": [{"do": "fix", "works": [WORK], "period": 2031}]}
    one, two = post(client, **body).json(), post(client, **body).json()
    assert one["edits"] == two["edits"] and two["undo"]["count"] == 1


def test_outside_the_window_is_told_and_can_be_decided(client):
    bad = post(client, actions=[{"do": "fix", "works": [WORK], "period": 2040}])
    assert bad.status_code == 409 and bad.json()["type"].endswith("outside-window") and bad.json()["latest"] == 2034
    assert post(client, actions=[{"do": "fix", "works": [WORK], "period": 2040, "outside": True}]).status_code == 201


@pytest.mark.parametrize("actions", [
    [{"do": "dance"}], [{"do": "fix", "works": [WORK]}], [{"do": "fix", "works": ["work:none"], "period": 2030}], [],
    [{"do": "keep-together", "works": [WORK]}], [{"do": "judge", "rows": [], "verdict": "maybe"}],
    [{"do": "set", "table": "plans", "rows": ["plan:1"], "column": "colour", "value": 1}],
])  # fmt: skip
def test_a_gesture_that_is_not_right_changes_nothing(client, study_file, actions):
    got = post(client, actions=actions)
    assert got.status_code in (400, 404) and got.json()["detail"]
    assert in_file(study_file) == []


def test_rules_and_verdicts_are_kept_and_what_is_not_heeded_is_said(client):
    works = list(desk_of(client).seen().works.index[:2])
    told = post(client, actions=[{"do": "keep-together", "works": works}]).json()
    rule = desk_of(client).seen().agreements.iloc[-1]
    assert rule["rule"] == "together" and all(w in rule["applies_to"] for w in works) and told["unheeded"] == []
    assert told["undo"]["last"][0]["words"].endswith("samen gehouden"), "a rule is told in words, not by its id"
    chance = desk_of(client).seen().opportunities.index[0]
    post(
        client, actions=[{"do": "judge", "rows": [chance], "verdict": "later", "reason": "na de kermis", "when": 2030}]
    )
    row = desk_of(client).seen().opportunities.loc[chance]
    assert (row["verdict"], row["verdict_reason"], row["review"]) == ("later", "na de kermis", 2030)
    post(client, actions=[{"do": "judge", "rows": [chance], "verdict": "real"}])
    row = desk_of(client).seen().opportunities.loc[chance]
    assert (row["verdict"], row["status"]) == ("real", "proposed") and row["owner"] and row["answer_by"]


def test_every_rule_of_a_gesture_is_one_that_the_programme_knows():
    from integralie.api.gestures import RULES, heeded

    assert all(map(heeded, RULES))


BULK = st.sampled_from(["fix", "release", "forbid", "later", "keep-together", "keep-apart"])


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(BULK, min_size=1, max_size=3, unique=True))
def test_many_works_at_once_are_one_undo(tiny_file, tmp_path_factory, gestures):
    path = tmp_path_factory.mktemp("bulk") / "s.gpkg"
    shutil.copy(tiny_file, path)
    with served(path) as client:
        start = desk_of(client).seen()
        works = list(start.works.index)
        for at, do in enumerate(gestures):
            action = {"do": do, "works": works, "period": 2031, "outside": True}
            told = post(client, actions=[action])
            assert told.status_code == 201 and told.json()["undo"]["count"] == at + 1, told.text
        for _ in gestures:
            post(client, "/undo")
        assert same(desk_of(client).seen(), start)


def test_put_on_later_lets_go_of_what_was_fixed_and_closes_every_year(client):
    post(client, actions=[{"do": "fix", "works": [WORK], "period": 2031}])
    told = post(client, actions=[{"do": "later", "works": [WORK]}], replan={"seconds": 0.3, "improve": False}).json()
    study = desk_of(client).seen()
    row = study.programme.set_index("work").loc[WORK]
    assert row["status"] == "deferred" and str(row["period"]) == "<NA>"
    assert told["sentences"] == ["Herinrichting Kerkstraat niet in dit programma maar later"]
    asked = client.get(f"/v1/works/{WORK}/alternatives").json()["years"]
    assert all(not y["allowed"] and "een afspraak verbiedt dit jaar" in y["forbidden"] for y in asked)
    rule = study.agreements.index[study.agreements["rule"] == "forbid"][0]
    post(client, actions=[{"do": "end-agreement", "agreement": rule}], replan={"seconds": 0.3, "improve": False})
    assert desk_of(client).seen().programme.set_index("work").loc[WORK, "status"] == "programmed"
    assert post(client, actions=[{"do": "end-agreement", "agreement": "agreement:none"}]).status_code == 404


def test_works_that_are_kept_together_or_apart_are_so_in_the_programme(client):
    works = list(desk_of(client).seen().works.index[:2])
    again = {"seconds": 0.5, "improve": False}

    def years(do):
        assert post(client, actions=[{"do": do, "works": works}], replan=again).status_code == 201
        found = desk_of(client).seen().programme.set_index("work")["period"].loc[works].astype(str).tolist()
        post(client, "/undo")
        return found

    one, two = years("keep-together")
    assert one == two
    one, two = years("keep-apart")
    assert one != two


def test_what_does_not_fit_is_put_on_the_list_and_triaged_there(town_file, tmp_path):
    path = Path(shutil.copy(town_file, tmp_path / "s.gpkg"))
    with served(path) as client:
        study = desk_of(client).seen()
        tried = study.room[study.room["verdict"].notna()]
        row = str(tried.index[0])
        body = {
            "do": "put-on-list",
            "row": row,
            "verdict": "later",
            "reason": "na de rotonde",
            "when": 2030,
            "nextStep": "trial_trench",
        }
        got = post(client, actions=[body])
        assert got.status_code == 201, got.text
        told = got.json()
        assert told["undo"]["count"] == 1 and "op de lijst gezet" in told["sentences"][0]
        made = desk_of(client).seen().clashes.loc[f"clash:room:{row}"]
        assert (made["rule"], made["verdict"], made["status"], made["review"]) == ("room", "later", "accepted", 2030)
        assert made["street"] == tried.at[row, "street"] and isinstance(made["owner"], str)
        again = post(client, actions=[{"do": "put-on-list", "row": row, "verdict": "real"}]).json()
        assert [e["action"] for e in again["edits"]] == ["set"] * len(again["edits"]), "it stands on the list once"
        desk = desk_of(client)
        desk.put(itg.run(desk.study(None), only=("match",), force=True), desk.study(None), None)
        kept = desk.seen().clashes.loc[f"clash:room:{row}"]
        assert (kept["verdict"], kept["verdict_reason"]) == ("real", "na de rotonde"), "looking again does not lose it"
        why = client.get(f"/v1/reasons/clash:room:{row}").json()
        assert "room" in [g["table"] for g in why["groups"]]
        party = study.parties.index[0]
        assert f"clash:room:{row}" not in itg.view(desk.study(None), party).clashes.index
        for _ in range(2):
            post(client, "/undo")
        assert f"clash:room:{row}" not in desk.seen().clashes.index
        bad = post(client, actions=[{"do": "put-on-list", "row": "street:none|", "verdict": "real"}])
        assert bad.status_code == 404


def test_a_second_writer_on_the_same_cell_is_told_and_may_choose(client, study_file):
    first = post(client, actions=[{"do": "fix", "works": [WORK], "period": 2031}]).json()["edits"][-1]["id"]
    other = itg.record(itg.open(study_file), "S. Bakker", "beter", "works", WORK, "fixed", 2029)
    itg.save(other, study_file)
    mine = {"actions": [{"do": "fix", "works": [WORK], "period": 2033}], "since": first}
    got = post(client, **mine)
    assert got.status_code == 409 and got.json()["others"][0]["who"] == "S. Bakker"
    assert desk_of(client).seen().works.at[WORK, "fixed"] == 2029
    both = post(client, **mine, onConflict="both").json()
    assert both["scenario"] and desk_of(client).seen().works.at[WORK, "fixed"] == 2029
    assert desk_of(client).seen(both["scenario"]).works.at[WORK, "fixed"] == 2033
    assert post(client, **mine, onConflict="mine").status_code == 201
    assert desk_of(client).seen().works.at[WORK, "fixed"] == 2033
    assert len(in_file(study_file)) == 4


def test_what_another_program_changes_in_the_file_is_seen(client, study_file):
    from integralie.store.sql import quoted

    with sqlite3.connect(study_file) as base:
        base.create_function("ST_IsEmpty", 1, lambda g: 0)
        base.execute(f"UPDATE {quoted('parties')} SET name = 'Wegbeheer' WHERE id = 'party:roads'")
    told = client.get("/v1/study").json()
    assert "Wegbeheer" in [p["name"] for p in told["parties"]]
    assert post(client, actions=[{"do": "fix", "works": [WORK], "period": 2031}]).status_code == 201
    assert itg.open(study_file).parties.at["party:roads", "name"] == "Wegbeheer"


def test_a_file_open_in_qgis_can_be_looked_at_and_not_written(client, study_file):
    with sqlite3.connect(study_file) as base:
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("UPDATE parties SET name = name")
        base.commit()
        wal = study_file.with_name(study_file.name + "-wal")
        assert wal.exists()
        told = client.get("/v1/study").json()
        assert (
            told["file"]["state"] == "read-only"
            and told["file"]["program"] == "qgis"
            and "QGIS" in told["file"]["sentence"]
        )
        got = post(client, actions=[{"do": "fix", "works": [WORK], "period": 2031}])
        assert (
            got.status_code == 423
            and "QGIS" in got.json()["detail"]
            and client.get("/v1/tables/works").status_code == 200
        )
        copy = client.post("/v1/study/copies", json={"name": "nieuw.gpkg"})
        assert copy.status_code == 201 and post(client, actions=[{"do": "release", "works": [WORK]}]).status_code == 201
        assert client.post("/v1/study/copies", json={"name": "../weg.gpkg"}).status_code == 403
    base.close()
    assert client.post("/v1/study/reload").json()["file"]["state"] == "saved"


def test_after_qgis_has_closed_the_file_edits_work_again(client, study_file):
    base = sqlite3.connect(study_file)
    base.execute("BEGIN IMMEDIATE")
    desk_of(client)._tell_file("read-only", "other")
    assert client.get("/v1/study").json()["file"]["program"] == "other"
    base.rollback()
    base.close()
    assert client.get("/v1/study").json()["file"]["state"] == "saved"
    assert post(client, actions=[{"do": "fix", "works": [WORK], "period": 2031}]).status_code == 201


def test_a_page_hears_by_itself_that_qgis_has_opened_the_file(client, study_file):
    import threading

    told = threading.Event()
    with desk_of(client).listening(lambda event, data: event == "file" and data["program"] == "qgis" and told.set()):
        wal = study_file.with_name(study_file.name + "-wal")
        wal.touch()
        assert told.wait(15)
        wal.unlink()
    assert client.get("/v1/study").json()["file"]["state"] == "saved"


def test_scenarios_are_lists_of_edits_beside_each_other(client, study_file):
    post(client, actions=[{"do": "fix", "works": [WORK], "period": 2031}])
    made = client.post("/v1/scenarios", json={"name": "Plan B"}).json()
    post(client, scenario=made["id"], actions=[{"do": "fix", "works": [WORK], "period": 2029}])
    third = client.post("/v1/scenarios", json={"name": "Plan C", "from": made["id"]}).json()
    periods = {s: int(desk_of(client).seen(s).works.at[WORK, "fixed"]) for s in (None, made["id"], third["id"])}
    assert periods == {None: 2031, made["id"]: 2029, third["id"]: 2029} and third["edits"] == 1
    assert client.get(f"/v1/study?scenario={made['id']}").json()["undo"]["count"] == 1
    assert client.patch(f"/v1/scenarios/{made['id']}", json={"name": "Anders"}).json()["name"] == "Anders"
    assert client.delete(f"/v1/scenarios/{third['id']}").status_code == 204
    with served(study_file) as again:
        assert [s["name"] for s in again.get("/v1/scenarios").json()["scenarios"]] == ["Anders"]
    assert client.get("/v1/study?scenario=none").status_code == 403


def test_what_was_found_is_saved_when_the_hand_rests_and_edits_go_along(client, study_file):
    desk = desk_of(client)
    post(client, actions=[{"do": "fix", "works": [WORK], "period": 2031}], replan={"seconds": 1, "improve": False})
    assert desk.dirty and desk.file.state == "saving"
    assert desk.save() and not desk.dirty and desk.file.state == "saved"
    kept = itg.open(study_file)
    assert kept.programme.set_index("work").at[WORK, "period"] == 2031 and len(kept.edits) == 1
    post(client, actions=[{"do": "release", "works": [WORK]}])
    assert len(itg.open(study_file).edits) == 2 and not desk.save()


def test_a_save_gives_way_to_who_edits_and_comes_in_the_end(client, study_file):
    desk, asked = desk_of(client), []
    saver = Saver(desk, rest=60.0)
    post(client, actions=[{"do": "fix", "works": [WORK], "period": 2031}], replan={"seconds": 1, "improve": False})
    before = study_file.read_bytes()
    assert desk.changed.is_set()  # the edit itself says so

    def edited_halfway():
        asked.append(len(asked))
        return len(asked) < 5

    assert not desk.save(edited_halfway) and len(asked) == 5
    assert desk.dirty and study_file.read_bytes() == before and list(study_file.parent.glob(".*")) == []
    wanted = [saver._wanted() for _ in range(5)]
    assert wanted == [False, False, False, True, True]  # edit after edit: then it goes on all the same
    assert desk.save(saver._wanted) and itg.open(study_file).programme.set_index("work").at[WORK, "period"] == 2031


def test_a_change_while_the_study_is_being_written_is_not_lost(client, study_file, monkeypatch):
    from integralie import store

    desk = desk_of(client)
    post(client, actions=[{"do": "fix", "works": [WORK], "period": 2031}], replan={"seconds": 1, "improve": False})
    whole = store.draft

    def slow(*given):
        post(client, actions=[{"do": "fix", "works": [WORK], "period": 2033}])
        return whole(*given)

    monkeypatch.setattr(store, "draft", slow)
    assert desk.save()
    kept = itg.open(study_file)
    assert len(kept.edits) == 2 and json.loads(kept.edits["value"].iloc[-1]) == 2033


def test_a_server_that_is_killed_loses_nothing_that_it_answered(study_file):
    """A real server on a real socket, killed in the middle of a row of edits."""
    import httpx2

    with running(study_file) as url, httpx2.Client(base_url=url, timeout=30) as client:
        answered = []
        for year in (2029, 2030, 2031, 2032):
            got = client.post(
                "/v1/edits", json={"who": "x", "actions": [{"do": "fix", "works": [WORK], "period": year}]}
            )
            answered.append(got.json()["edits"][0]["id"])
        assert "default-src 'none'" in client.get("/").headers["content-security-policy"]
    assert in_file(study_file) == answered
    assert itg.open(study_file).equals(itg.open(study_file)) and len(itg.open(study_file).edits) == 4
