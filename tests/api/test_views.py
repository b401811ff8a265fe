"""Whoever looks as a party gets what that party may see, on every route."""

from urllib.parse import quote

import pytest

from api.conftest import desk_of, served
from glue.test_sharing import PARTIES, secret_study
from integralie import store
from integralie.errors import Refused

DEGREES = [0, 1, 2]


@pytest.fixture(scope="module")
def secrets(tmp_path_factory):
    path = tmp_path_factory.mktemp("secret") / "geheim.gpkg"
    store.save(secret_study(DEGREES, ["street:1", "street:1", "street:2"]), path)
    with served(path) as client:
        yield client


def addresses(client):
    """Every address that can be read, with ids that are really there filled in; and the id that was asked for."""
    study = desk_of(client).seen()
    tables = ("plans", "works", "programme", "openings", "reasons", "options", "prices", "opportunities", "members")
    named = {
        "/reasons/{id}": [i for n in ("plans", "works", "openings", "programme", "opportunities") for i in study[n].index],
        "/works/{id}/alternatives": study.works.index, "/streets/{id}/section": study.streets.index, "/streets/{id}/section/table": study.streets.index,
    }  # fmt: skip
    for path, operations in client.get("/v1/openapi.json").json()["paths"].items():
        if "get" not in operations or path in ("/events", "/openapi.json"):
            continue
        if path in named:
            yield from ((path.replace("{id}", quote(i)) + "?", i) for i in named[path])
        elif "/tiles/" in path:
            yield "/tiles/7/60/63?collections=plans,works,openings,programme&", ""
        elif path == "/collections/{table}/items/{id}":
            yield from ((f"/collections/works/items/{quote(i)}?", i) for i in study.works.index)
        elif "{table}" in path:
            for table in tables:
                ids = ",".join(study[table].index) if path.endswith("rows") else "-"
                yield path.replace("{table}", table) + (f"?ids={quote(ids)}&" if path.endswith("rows") else "?"), ids
        elif "{" not in path:
            yield path + ("?q=geheim&" if path == "/search" else "?"), "geheim" if path == "/search" else ""


@pytest.mark.parametrize("viewer", PARTIES)
def test_no_address_tells_a_party_what_is_not_shared_with_it(secrets, viewer):
    hidden = [i for i, owner in enumerate(PARTIES) if owner != viewer and DEGREES[i] < 3]
    markers = [m for i in hidden for cost in [70001.0 + 11113.0 * i] for m in (f"geheim-{i}", f"Geheimnaam{i}", f"potje{i}", f"{int(cost)}", f"{int(cost * 100)}")]  # fmt: skip
    asked = list(addresses(secrets))
    for path, id in asked:
        got = secrets.get(f"/v1{path}party={viewer}")
        text = got.content.decode("utf-8", "replace")
        if got.status_code == 404:  # what was asked for is said again, and nothing else
            text = text.replace(id, "").replace(got.json()["instance"], "")
        for marker in markers:
            assert marker not in text, (viewer, path, marker)
    assert len(asked) > 60


def test_a_party_changes_its_own_plans_and_nobody_elses(secrets):
    client = secrets
    mine = {"who": "x", "changes": [{"table": "plans", "row": "plan:geheim-0", "column": "latest", "value": 2036}]}
    assert client.post("/v1/edits?party=party:roads", json=mine).status_code == 201
    theirs = client.post("/v1/edits?party=party:sewer", json=mine)
    assert theirs.status_code == 403 and "Geheimnaam" not in theirs.text
    assert client.post("/v1/edits/undo?party=party:sewer", json={}).status_code == 403
    assert client.get("/v1/study?party=party:sewer").json()["undo"]["count"] == 0
    assert client.post("/v1/edits/undo?party=party:roads", json={}).status_code == 201
    for path in ("/study/copies", "/scenarios"):
        assert client.post(f"/v1{path}?party=party:sewer", json={"name": "x.gpkg"}).status_code == 403
    assert client.post("/v1/processes/run/execution?party=party:sewer", json={}).status_code == 403


def test_a_server_for_one_party_shows_nobody_elses_view(tmp_path, secrets):
    path = desk_of(secrets).path
    with served(path, party="party:sewer") as client:
        assert client.get("/v1/study").json()["asParty"] == "party:sewer"
        assert client.get("/v1/study?party=party:roads").status_code == 403
        assert "Geheimnaam0" not in client.get("/v1/tables/plans").text
    with pytest.raises(Refused):
        served(path, party="party:nobody")


def test_a_view_of_nobody_is_refused(look):
    got = look.get("/v1/study?party=party:nobody")
    assert got.status_code == 403 and got.json()["type"].endswith("refused")
