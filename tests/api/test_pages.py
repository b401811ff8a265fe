"""What a page asks: why, what else, cards, search, section, documents, lists that are dropped; and what strangers try."""

import io
import zipfile

import pytest
import xlsxwriter

import integralie as itg
from api.conftest import desk_of, running, served
from integralie import store
from integralie.api import uploads, web
from integralie.errors import DataError

SCRIPT = "<script>alert(1)</script>"


def test_why_a_work_is_where_it_is_and_what_another_year_would_cost(look):
    study = desk_of(look).seen()
    done = study.programme[study.programme["period"].notna() & study.programme["opening"].notna()]
    for row in done.iloc[:: max(len(done) // 12, 1)].itertuples():
        told = look.get(f"/v1/works/{row.work}/alternatives").json()
        given = next(y for y in told["years"] if y["period"] == row.period)
        assert given["extra"] == 0 and given["allowed"] and told["given"] == row.period
        for year in told["years"]:
            if not year["allowed"]:
                assert year["forbidden"] and 1 <= len(year["needs"]) <= 3 and year["needs"][0]["actions"]
        assert set(told["together"]) == set(
            done.loc[(done["opening"] == row.opening) & (done["work"] != row.work), "work"]
        )
        why = look.get(f"/v1/reasons/{row.work}?language=en").json()
        assert why["groups"] and why["text"].startswith(why["title"]) and "{" not in why["text"]


def test_the_cost_of_another_year_is_what_the_objective_says(client):
    """Move the work by hand in the table and count again: the difference is what was told."""
    from integralie.verbs.score import counted

    study = desk_of(client).seen()
    done = study.programme[study.programme["period"].notna() & study.programme["opening"].notna()]
    now = counted(study.options, study.programme, study.openings)
    checked = 0
    for row in done.itertuples():
        for year in client.get(f"/v1/works/{row.work}/alternatives").json()["years"]:
            if year["extra"] is None or year["period"] == row.period or year["forbidden"]:
                continue
            moved = study.programme.copy()
            moved.loc[row.Index, "period"] = year["period"]
            moved.loc[row.Index, "opening"] = f"{row.block}:{year['period']}"
            held = moved[moved["opening"].notna()].drop_duplicates(["block", "period"])
            openings = held[["block", "period", "street"]].reset_index(drop=True)
            assert counted(study.options, moved, openings) - now == pytest.approx(year["extra"], abs=0.02)
            checked += 1
    assert checked > 3


def test_the_numbers_of_the_programme_are_those_of_the_tables(look):
    study = desk_of(look).seen()
    told = look.get("/v1/programme/loads").json()
    budget = {r["party"]: r for r in told["rows"] if r["resource"] == "budget"}
    for party, row in budget.items():
        used = study.prices[
            (study.prices["party"] == party) & study.prices["resource"].str.endswith("/budget")
        ].set_index("period")["used"]
        assert row["load"] == [round(used[y] / 100, 2) for y in told["periods"]] and not any(row["over"])
    nuisance = next(r for r in told["rows"] if r["resource"] == "nuisance")
    assert sum(nuisance["load"]) == pytest.approx(study.openings["nuisance"].sum(), abs=1)
    proof = look.get("/v1/programme").json()["certificate"]
    truth = itg.check_certificate(study)
    assert proof["objective"] == truth.objective and proof["gap"] == truth.gap and proof["state"] == "checked"


def test_the_card_of_an_area_counts_what_lies_there(look):
    study = desk_of(look).seen()
    left, bottom, right, top = study.streets.total_bounds
    ring = [[left, bottom], [right, bottom], [right, top], [left, top], [left, bottom]]
    told = look.post("/v1/cards", json={"area": {"type": "Polygon", "coordinates": [ring]}}).json()
    assert len(told["streets"]) == len(study.streets) and told["assets"]["count"] <= len(study.assets)
    assert (
        sum(k["count"] for k in told["assets"]["byKind"])
        == told["assets"]["count"]
        == sum(d["count"] for d in told["assets"]["ages"])
    )
    one = look.post("/v1/cards", json={"ids": [study.streets.index[0]]}).json()
    assert one["facts"][0] == {"title": "Lengte", "value": round(study.streets["length"].iloc[0], 1), "unit": "m"}
    ends = [r["end"] for r in one["assets"]["rows"] if r["end"] and r["end"]["low"] and r["end"]["high"]]
    assert all(e["low"] <= e["expected"] <= e["high"] for e in ends)
    for bad in (
        {"area": {"type": "Polygon"}},
        {"ids": ["street:none"]},
        {"area": {"type": "Point", "coordinates": ["x", 1]}},
    ):
        assert look.post("/v1/cards", json=bad).status_code in (400, 404)


def test_search_section_and_documents(look):
    name = desk_of(look).seen().streets["name"].dropna().iloc[0]
    hits = look.get("/v1/search", params={"q": name[:5].lower()}).json()["hits"]
    assert (
        hits
        and hits[0]["title"].lower().startswith(name[:5].lower())
        and look.get("/v1/search?q=x").json()["hits"] == []
    )
    street = desk_of(look).seen().streets.index[0]
    drawing = look.get(f"/v1/streets/{street}/section")
    assert drawing.headers["content-type"].startswith("image/svg+xml") and drawing.text.lstrip().startswith("<svg")
    twin = look.get(f"/v1/streets/{street}/section/table").json()
    assert twin["columns"] and isinstance(twin["rows"], list)
    for document in look.get("/v1/documents").json()["documents"]:
        got = look.get(document["href"])
        assert got.status_code == 200 and len(got.content) > 1000, document
        assert "script-src" not in got.headers["content-security-policy"]
    names = zipfile.ZipFile(io.BytesIO(look.get("/v1/documents/package").content)).namelist()
    assert names == ["uitvoering.gpkg", "uitvoering.html"]
    gate = look.get("/v1/gates?document=assignment").json()
    assert {c["state"] for c in gate["checks"]} <= {"ok", "partly", "no"} and all(c["sentence"] for c in gate["checks"])


def upload(client, rows, name="planning.csv"):
    text = "\n".join(";".join(map(str, r)) for r in rows)
    return client.post("/v1/uploads", params={"name": name}, content=text.encode())


HEAD = ["Opdrachtgever", "Omschrijving", "Straat", "Jaar", "Kosten"]


def test_a_list_is_read_asked_about_taken_in_and_taken_back(client):
    got = upload(
        client,
        [
            HEAD,
            ["Riool", "Vervangen riool", "Kerkstrat", 2029, 120000],
            ["Nieuw BV", "Herinrichting", "Nergenslaan", 2030, ""],
        ],
    )
    assert got.status_code == 201, got.text
    told = got.json()
    assert told["result"]["added"] == 2 and told["result"]["unplaced"] == 1
    kinds = {q["kind"] for q in told["questions"]}
    assert kinds == {"place", "party"} and "2 werken" in told["result"]["sentence"]
    answers = {"place:Nergenslaan": "Kerkstraat", "party:Nieuw BV": "party:roads"}
    told = client.post(f"/v1/uploads/{told['id']}/answers", json={"answers": answers}).json()
    assert told["questions"] == [] and told["result"]["unplaced"] == 0
    made = client.post(f"/v1/uploads/{told['id']}/adoption", json={"who": "x"}).json()
    plans = desk_of(client).seen().plans
    assert set(plans["street_name"]) == {"Kerkstraat"} and set(plans["party"]) == {"party:roads", "party:sewer"}
    assert len(plans) == 3 and made["undo"]["count"] == 1
    again = upload(client, [HEAD, ["Riool", "Vervangen riool", "Kerkstraat", 2031, 120000]]).json()
    assert [(d["column"], d["was"], d["now"]) for d in again["result"]["differences"]] == [("preferred", 2029, 2031)]
    client.post("/v1/edits/undo", json={})
    assert len(desk_of(client).seen().plans) == 1
    assert client.post(f"/v1/uploads/{told['id']}/adoption", json={}).status_code == 404


def test_a_column_without_a_known_head_is_asked(client):
    told = upload(
        client, [["Wie dan", "Omschrijving", "Straat", "Jaar"], ["Riool", "Vervangen riool", "Kerkstraat", 2029]]
    ).json()
    (question,) = [q for q in told["questions"] if q["kind"] == "column" and q["required"]]
    assert question["id"] == "column:party" and {o["value"] for o in question["options"]} >= {"Wie dan"}
    told = client.post(f"/v1/uploads/{told['id']}/answers", json={"answers": {"column:party": "Wie dan"}}).json()
    assert told["result"]["read"] == 1


def test_a_value_set_by_hand_is_not_written_over(client):
    client.post(
        "/v1/edits",
        json={"who": "x", "changes": [{"table": "plans", "row": "plan:1", "column": "latest", "value": 2033}]},
    )
    told = upload(
        client,
        [
            ["Nummer", *HEAD, "Uiterlijk"],
            ["plan:1", "Wegen", "Herinrichting Kerkstraat", "Kerkstraat", 2031, 150000, 2040],
        ],
    ).json()
    kept = {d["column"]: d["kept"] for d in told["result"]["differences"]}
    assert kept.get("latest") is True and kept.get("preferred") is False, told["columns"]
    client.post(f"/v1/uploads/{told['id']}/adoption", json={})
    assert desk_of(client).seen().plans.loc["plan:1", ["latest", "preferred"]].tolist() == [2033, 2031]


def test_a_macro_is_told_and_not_run_and_hostile_names_do_nothing(client, tmp_path):
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as made:
        sheet = made.add_worksheet(SCRIPT[:20].replace("/", "-").replace("[", "").replace("]", ""))
        for i, row in enumerate([HEAD, [SCRIPT, SCRIPT, "Kerkstraat", 2029, 1000]]):
            sheet.write_row(i, 0, row)
    with zipfile.ZipFile(book, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"macro")
    got = client.post("/v1/uploads", files={"file": ("../../boos.xlsm", book.getvalue())})
    told = got.json()
    assert got.status_code == 201 and told["macro"] and told["name"] == "boos.xlsm" and "macro" in told["notes"][0]
    client.post(f"/v1/uploads/{told['id']}/adoption", json={"who": SCRIPT})
    work = desk_of(client).seen().plans.index[-1]
    for path in (f"/reasons/{work}", "/tables/plans", "/edits"):
        assert client.get(f"/v1{path}").headers["content-type"].startswith("application/")
    for path in ("/documents/report", "/documents/assignment"):
        assert SCRIPT not in client.get(f"/v1{path}").text


@pytest.mark.parametrize("name,body,status", [
    ("leeg.csv", b"", 422), ("kapot.xlsx", b"PK\x03\x04 niets", 422), ("plaatje.png", b"\x89PNG\r\n", 422), ("", b"a;b", 400),
])  # fmt: skip
def test_what_cannot_be_read_is_told_in_one_sentence(client, name, body, status):
    got = client.post("/v1/uploads", params={"name": name}, content=body)
    assert got.status_code == status and got.json()["detail"].count("\n") == 0


def test_a_file_that_is_too_large_is_refused_before_it_is_read(client, monkeypatch):
    got = client.post("/v1/uploads?name=groot.csv", content=b"x", headers={"Content-Length": str(3 * 2**30)})
    assert (
        got.status_code == 413
        and got.json()["limitBytes"] == uploads.LIMIT
        and "integralie read" in got.json()["command"]
    )
    monkeypatch.setattr(uploads, "LIMIT", 1000)
    got = client.post("/v1/uploads?name=groot.csv", content=(b"x" * 100 for _ in range(100)))
    assert got.status_code == 413


def test_the_page_may_load_nothing_from_elsewhere(look, tmp_path):
    for path in ("/", "/kijk", "/v1/docs", "/v1/study", "/v1/documents/report"):
        got = look.get(path)
        policy = got.headers["content-security-policy"]
        assert got.status_code == 200 and policy.startswith("default-src 'none'") and "http" not in policy, path
        assert got.headers["x-content-type-options"] == "nosniff"
    for path in ("/v1/docs", "/v1/docs/start.js", "/v1/docs/swagger-ui.css"):
        assert "//cdn" not in look.get(path).text and "https://unpkg" not in look.get(path).text
    assert "service.pdok.nl" in web.policy(True) and "service.pdok.nl" not in web.policy(False)


def test_files_of_the_page_are_served_and_nothing_outside_its_folder(tmp_path):
    from fastapi import FastAPI
    from starlette.testclient import TestClient

    root = tmp_path / "web"
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text("<!doctype html><title>werkbank</title>")
    (root / "assets" / "app.js").write_text("1")
    (tmp_path / "buiten.txt").write_text("geheim")
    app = FastAPI()
    web.install(app, False, root)
    with TestClient(app) as client:
        assert (
            "werkbank" in client.get("/programmeer/2029").text
            and "immutable" in client.get("/assets/app.js").headers["cache-control"]
        )
        for path in (
            "/../buiten.txt",
            "/%2e%2e/buiten.txt",
            "/assets/../../buiten.txt",
            "/assets/%2e%2e/%2e%2e/buiten.txt",
        ):
            assert "geheim" not in client.get(path).text
        assert client.get("/assets/none.js").status_code == 404


def test_other_hosts_and_other_sites_get_nothing(look):
    assert look.get("/v1/study", headers={"Host": "evil.example"}).status_code == 400
    got = look.post("/v1/edits", json={}, headers={"Origin": "https://evil.example"})
    assert got.status_code == 403 and got.headers["content-type"] == "application/problem+json"


def test_a_study_of_a_newer_version_is_told_and_an_older_one_keeps_a_copy(study_file):
    import json
    import sqlite3

    with sqlite3.connect(study_file) as base:
        base.execute("UPDATE integralie SET value = ? WHERE key = 'format'", (json.dumps(99),))
        base.execute("UPDATE integralie SET value = ? WHERE key = 'version'", (json.dumps("9.9"),))
    with pytest.raises(DataError, match=r"newer version \(9\.9\)"):
        store.open(study_file)
    with sqlite3.connect(study_file) as base:
        base.execute("DELETE FROM integralie WHERE key IN ('format', 'version')")
        base.execute("ALTER TABLE edits DROP COLUMN change")
    with served(study_file) as client:
        assert (
            client.post(
                "/v1/edits", json={"who": "x", "actions": [{"do": "fix", "works": ["work:plan:1"], "period": 2031}]}
            ).status_code
            == 201
        )
    assert (study_file.parent / "studie.versie-1.gpkg").is_file() and len(itg.open(study_file).edits) == 1
    assert itg.open(study_file.parent / "studie.versie-1.gpkg").edits.empty


def test_gdal_opens_the_features_as_a_client(town_file):
    """The driver that QGIS uses, on a real socket, with the server in a process of its own."""
    import pyogrio

    if "OAPIF" not in pyogrio.list_drivers():
        pytest.skip("this build of GDAL has no OGC API Features driver")
    with running(town_file) as url:
        place = f"OAPIF:{url}v1"
        streets = itg.open(town_file).streets
        layers = {n for n, _ in pyogrio.list_layers(place)}
        got = pyogrio.read_dataframe(place, layer="streets")
        assert {"streets", "works", "openings"} <= layers and len(got) == len(streets)
        names = got["id"] if "id" in got else got["fid"]
        assert set(names) == set(streets.index) and got.crs is not None
        assert got.to_crs(28992).geometry.distance(streets.geometry.loc[names].set_axis(got.index)).max() < 0.1
