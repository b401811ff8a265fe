"""Undo and redo give back the programme that stood, and a restart loses neither that nor the programmes of scenarios."""

import shutil

import pytest

import integralie as itg
from api.conftest import desk_of, served
from integralie.errors import DataError
from integralie.schema import frames
from integralie.store import shelf

FOUND = ("options", "programme", "openings", "prices", "shares", "scores", "reasons", "findings", "uses")
REPLAN = {"seconds": 0.2, "improve": False}


def found(study):
    return {n: study.prints[n] for n in FOUND}


def to_another_year(client):
    """Fixes a work a year away from where it stands, and programmes again."""
    study = desk_of(client).seen()
    rows = study.programme[study.programme["period"].notna()].set_index("work")["period"]
    works = study.works.loc[rows.index]
    work = next(w for w in rows.index if rows[w] < works.at[w, "latest"])
    actions = [{"do": "fix", "works": [work], "period": int(rows[work]) + 1}]
    got = client.post("/v1/edits", json={"who": "M. de Wit", "actions": actions, "replan": REPLAN})
    assert got.status_code == 201, got.text
    return got.json()


def walk(client, what):
    got = client.post(f"/v1/edits/{what}", json={"who": "M. de Wit", "replan": REPLAN})
    assert got.status_code == 201, got.text
    return got.json()


@pytest.fixture
def town(town_file, tmp_path):
    return shutil.copy(town_file, tmp_path / "town.gpkg")


def test_undo_and_redo_give_back_the_programme_that_stood_also_after_a_restart(town):
    with served(town) as client:
        first = found(desk_of(client).base)
        edit = to_another_year(client)
        second = found(desk_of(client).base)
        assert second != first and edit["replan"]["movedCount"]
        back = walk(client, "undo")
        assert found(desk_of(client).base) == first and back["undo"]["count"] == 0 and back["redo"]["count"] == 1
        assert back["replan"]["movedCount"] == edit["replan"]["movedCount"] and "programme" not in [
            s["verb"] for s in back["stale"]
        ]
        assert walk(client, "redo")["redo"]["count"] == 0
        assert found(desk_of(client).base) == second
        desk_of(client).save()
    with served(town) as client:
        assert found(desk_of(client).base) == second
        assert walk(client, "undo")["replan"]["job"] is None
        assert found(desk_of(client).base) == first
        walk(client, "redo")
        assert found(desk_of(client).base) == second


def test_the_programme_of_a_scenario_is_there_after_a_restart(town):
    with served(town) as client:
        made = client.post("/v1/scenarios", json={"name": "Later"}).json()["id"]
        client.post("/v1/edits", json={"who": "x", "scenario": made, "replan": REPLAN, "actions": [
            {"do": "limit", "party": "party:roads", "resource": "budget", "period": desk_of(client).base.settings.first, "amount": 1000}]})  # fmt: skip
        base, own = found(desk_of(client).base), found(desk_of(client).study(made))
        proof = client.get(f"/v1/study?scenario={made}").json()["certificate"]
        assert own != base and desk_of(client).save() and desk_of(client).file.state == "saved"
    with served(town) as client:
        assert found(desk_of(client).study(made)) == own and found(desk_of(client).base) == base
        assert client.get(f"/v1/study?scenario={made}").json()["certificate"] == proof
    assert itg.open(town).programme.shape == desk_of(client).base.programme.shape, (
        "who does not know the shelf reads on"
    )


def test_what_changed_underneath_is_programmed_anew(town):
    with served(town) as client:
        to_another_year(client)
        desk = desk_of(client)
        desk.base = desk.base | {"capacity": desk.base.capacity.assign(amount=desk.base.capacity["amount"] * 0.7)}
        back = walk(client, "undo")
        assert back["replan"]["seconds"] > 0 and "programme" not in [s["verb"] for s in back["stale"]]


def test_a_table_on_the_shelf_comes_back_as_it_was_and_a_damaged_one_is_told(town_file):
    study = itg.open(town_file)
    for name in (*FOUND, "opportunities", "room", "works"):
        digest, body = shelf.pack(study[name])
        again = shelf.unpack(name, body, study.settings.crs)
        assert again.dtypes.equals(frames.conform(name, study[name], study.settings.crs).dtypes), name
        assert (study | {name: again}).prints[name] == study.prints[name] and shelf.pack(again)[0] == digest, name
    for body in (
        b"",
        b"nonsense",
        shelf.zlib.compress(b"[1]"),
        shelf.zlib.compress(b'{"id": {"words": [], "codes": [3]}}'),
        shelf.zlib.compress(b'{"id": {"words": [], "codes": "AwAAAA=="}}'),
        shelf.zlib.compress(b'{"period": {"type": "O", "bytes": "AAAAAAAAAAA=", "gone": "AA=="}}'),
        shelf.zlib.compress(b'{"period": {"type": "<i8", "bytes": "AAA=", "gone": "AA=="}}'),
    ):
        with pytest.raises(DataError, match="damaged"):
            shelf.unpack("programme", body, study.settings.crs)


def test_a_table_as_an_older_version_put_it_on_the_shelf_is_read():
    told = b'{"id": {"words": ["a", "b"], "codes": [1, 0]}, "resource": ["x", "x"], "period": [2030, 2031], "used": [7, null]}'
    prices = shelf.unpack("prices", shelf.zlib.compress(told), "EPSG:28992")
    assert list(prices.index) == ["a", "b"] and prices["used"].fillna(0).tolist() == [0, 7]
