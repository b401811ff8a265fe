"""What the library says in English is Dutch on a Dutch page; and the certificate of an impossible wish list."""

import ast
from pathlib import Path

import pytest

import integralie
from api.conftest import desk_of
from integralie.api.spoken import spoken

HERE = Path(integralie.__file__).parent
SHOWN = ("edits.py", "planning.py", "store/gpkg.py", "store/journal.py", "store/shelf.py", "sharing.py", "importers/sheets.py",
         "importers/programme_list.py", "importers/__init__.py", "verbs/section/__init__.py", "verbs/programme/problem.py", "api/desk.py")  # fmt: skip
KINDS = ("DataError", "Refused", "Infeasible", "FigureMissing")


def sentences():
    """Every sentence that these modules raise, with something in the place of each value."""
    for name in SHOWN:
        for node in ast.walk(ast.parse((HERE / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                said, kind = node.exc.args[0], getattr(node.exc.func, "id", "")
                if kind in KINDS and isinstance(said, ast.JoinedStr | ast.Constant):
                    parts = said.values if isinstance(said, ast.JoinedStr) else [said]
                    yield name, "".join(p.value if isinstance(p, ast.Constant) else "7" for p in parts)


def test_every_sentence_that_a_page_may_show_is_known_in_dutch():
    told = list(sentences())
    missing = [(n, s) for n, s in told if spoken(s, "nl").startswith("Het programma meldt")]
    assert len(told) > 30 and not missing, missing


def test_values_stay_and_english_stays_english():
    said = "There is no scenario 'x'; the scenarios are: a, b."
    assert spoken(said, "nl") == "Er is geen scenario 'x'; de scenario's zijn: a, b." and spoken(said, "en") == said
    assert spoken("Something new.", "nl") == "Het programma meldt (in het Engels): Something new."


@pytest.mark.parametrize("language,words", [("nl", "Een wijziging"), ("en", "'plans' already has")])
def test_a_refusal_of_the_library_is_said_in_the_language_of_the_page(client, language, words):
    row = {"table": "plans", "row": "plan:1", "action": "insert", "value": {}}
    got = client.post(f"/v1/edits?language={language}", json={"who": "x", "changes": [row]})
    assert got.status_code == 403 and (
        "heeft al een rij" in got.json()["detail"] if language == "nl" else words in got.json()["detail"]
    )


def test_an_impossible_wish_list_says_which_demands_clash_and_how_to_get_out(client):
    study = desk_of(client).seen()
    work = study.works.index[0]
    party, year = study.works.at[work, "party"], int(study.works.at[work, "earliest"])
    budgets = study.capacity[(study.capacity["resource"] == "budget") & study.capacity["period"].between(year, year)]
    actions = [
        {"do": "limit", "party": p, "resource": "budget", "period": year, "amount": 1}
        for p in {party, *budgets["party"]}
    ]
    actions += [{"do": "fix", "works": [w], "period": year, "outside": True} for w in study.works.index]
    got = client.post("/v1/edits", json={"who": "x", "actions": actions, "replan": {"improve": False}})
    assert got.status_code == 201, got.text
    proof = got.json()["replan"]["certificate"]
    assert proof["state"] == "impossible" and proof["sentence"] == "Geen programma mogelijk", proof
    assert proof["demands"] and "Samen te veel" in proof["demands"][0]["words"] and proof["demands"][0]["works"]
    undone = client.post("/v1/edits/undo", json={"who": "x", "replan": {"improve": False}}).json()["replan"][
        "certificate"
    ]
    assert undone["state"] == "checked" and not undone["demands"]
