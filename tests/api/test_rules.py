"""The Dutch API Design Rules on the description of the API, and the same names everywhere."""

import json
import re
import shutil
import subprocess
import sys

import pytest

from integralie.api.app import description
from integralie.api.routes.processes import names
from integralie.chain import CHAIN, TELLERS
from integralie.pipeline import verbs

KEBAB = re.compile(r"^(/|(/([a-z0-9-]+|\{[^}]+\})(/([a-z0-9.-]+|\{[^}]+\}))*))$")


@pytest.fixture(scope="module")
def told():
    return description()


def answers(told):
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                yield path, method, status, answer


def test_the_description_is_openapi_3_with_contact_and_version(told):
    assert told["openapi"].startswith("3.") and re.fullmatch(r"\d+\.\d+\.\d+", told["info"]["version"])
    assert {"name", "url", "email"} <= set(told["info"]["contact"])
    assert all(re.search(r"/v\d", s["url"]) for s in told["servers"])


def test_paths_are_kebab_case_without_slash_at_the_end_and_methods_are_the_usual_ones(told):
    for path, operations in told["paths"].items():
        assert path == "/" or not path.endswith("/"), path
        assert KEBAB.match(path) or path == "/openapi.json", path  # the one name that the rules themselves give
        assert set(operations) <= {"get", "post", "put", "patch", "delete"}, path


def test_every_answer_says_its_version_and_every_error_has_the_one_shape(told):
    for path, method, status, answer in answers(told):
        assert "API-Version" in answer["headers"], (path, method, status)
        if status[0] in "45":
            assert set(answer["content"]) == {"application/problem+json"}, (path, method, status)
    shape = told["components"]["schemas"]["ProblemDetails"]["properties"]
    assert set(shape) == {"type", "title", "status", "detail", "instance"}
    assert all("400" in o["responses"] for p in told["paths"].values() for o in p.values())


def test_names_are_written_as_the_rules_ask(told):
    for name in told["components"]["schemas"]:
        assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", name), name
    for schema in told["components"]["schemas"].values():
        for name in schema.get("properties", {}):
            assert re.fullmatch(r"[a-z][A-Za-z0-9]*", name), name


def test_every_operation_is_explained_and_has_a_name_of_its_own(told):
    ids = [o["operationId"] for p in told["paths"].values() for o in p.values()]
    assert len(ids) == len(set(ids)) and all(o.get("description") for p in told["paths"].values() for o in p.values())


def test_errors_have_the_shape_that_is_described(look):
    for path in ("/nothing", "/tables/none", "/collections/streets/items?bbox=x", "/reasons/none"):
        got = look.get(f"/v1{path}")
        assert got.status_code in (400, 404) and got.headers["content-type"] == "application/problem+json"
        assert {"type", "title", "status", "detail", "instance"} <= set(got.json()) and got.headers["api-version"]
        english = look.get(f"/v1{path}", headers={"Accept-Language": "en"}).json()
        assert english["title"] != got.json()["title"]


def test_commands_processes_and_verbs_are_the_same():
    from integralie.cli.commands import app

    commands = {c.name or c.callback.__name__ for c in app.registered_commands}
    assert set(CHAIN) == set(verbs()) and set(CHAIN) <= set(names())
    assert {t.replace("_", "-") for t in TELLERS} <= set(names())
    assert set(names()) - {"replan"} <= commands, set(names()) - commands


def test_the_command_line_starts_without_loading_the_server():
    code = (
        "import sys, integralie.cli.commands; print([m for m in ('fastapi', 'uvicorn', 'pandas') if m in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_what_is_made_ready_is_what_the_page_asks():
    from pathlib import Path

    from integralie.api.serve import FIRST

    source = Path(__file__).parents[2] / "web" / "src" / "lib"
    told = "".join((source / p).read_text() for p in ("data/city.ts", "data/plan.ts", "stores/study.svelte.ts"))
    lists = [",".join(re.findall(r"'(\w+)'", m)) for m in re.findall(r"_COLUMNS = \[(.*?)\];", told, re.DOTALL)]
    assert {p.partition("columns=")[2] for p in FIRST if "columns=" in p} == set(lists)


def test_every_process_tells_its_inputs(look):
    for name in names():
        told = look.get(f"/v1/processes/{name}").json()
        assert told["title"] and told["description"] and "async-execute" in told["jobControlOptions"]
    assert look.get("/v1/processes/programme").json()["inputs"]["seconds"]["schema"]["type"] == "number"
    assert look.get("/v1/processes/explain").json()["inputs"]["id"]["minOccurs"] == 1


def _schemas(part):
    """Every schema beneath a part of the description."""
    if isinstance(part, dict):
        yield from ([part["schema"]] if isinstance(part.get("schema"), dict) else [])
        for value in part.values():
            yield from _schemas(value)


def _kebab(path):
    return path == "/openapi.json" or bool(KEBAB.match(path))


def _problem_shape(told, answer):
    """The members of an error: no others than those of RFC 9457, and the three that must be there."""
    for schema in _schemas(answer["content"]):
        shape = told["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]] if "$ref" in schema else schema
        yield (
            {"status", "title", "detail"}
            <= set(shape["properties"])
            <= {"status", "title", "detail", "type", "instance"}
        )


# The rules of the linter of the NL API Design Rules by their own names, each as we read it; see docs/reference/api.md.
ADR = {
    "nlgov:openapi3": lambda t: bool(re.fullmatch(r"3(\.\d+){1,2}", t["openapi"])),
    "nlgov:openapi-root-exists": lambda t: bool(t.get("openapi")),
    "nlgov:missing-header": lambda t: all(a.get("headers") for _, _, s, a in answers(t) if s[0] in "23"),
    "nlgov:missing-version-header": lambda t: all("API-Version" in a["headers"] for _, _, s, a in answers(t) if s[0] in "23"),
    "nlgov:include-major-version-in-uri": lambda t: all(re.search(r"/v\d", s["url"]) for s in t["servers"]),
    "nlgov:paths-no-trailing-slash": lambda t: not [p for p in t["paths"] if len(p) > 1 and p.endswith("/")],
    "nlgov:info-contact-fields-exist": lambda t: {"email", "name", "url"} <= set(t["info"]["contact"]),
    "nlgov:http-methods": lambda t: all(set(p) <= {"get", "post", "put", "patch", "delete", "parameters"} for p in t["paths"].values()),
    "nlgov:paths-kebab-case": lambda t: all(map(_kebab, t["paths"])),
    "nlgov:schema-camel-case": lambda t: all(re.fullmatch(r"[A-Z][a-zA-Z0-9]*", n) for n in t["components"]["schemas"]),
    "nlgov:use-problem-schema": lambda t: all("application/problem+json" in a["content"] for _, _, s, a in answers(t) if s[0] in "45"),
    "nlgov:problem-schema-members": lambda t: all(ok for _, _, s, a in answers(t) if s[0] in "45" for ok in _problem_shape(t, a)),
    "nlgov:property-casing": lambda t: all("_" not in n for s in t["components"]["schemas"].values() for n in s.get("properties", {})),
    "nlgov:semver": lambda t: bool(re.fullmatch(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?", t["info"]["version"])),
    "oas3-api-servers": lambda t: bool(t["servers"]),
    "operation-tag-defined": lambda t: {g for p in t["paths"].values() for o in p.values() for g in o["tags"]} <= {g["name"] for g in t["tags"]},
    "operation-operationId-unique": lambda t: len({o["operationId"] for p in t["paths"].values() for o in p.values()}) == sum(map(len, t["paths"].values())),
}  # fmt: skip


@pytest.mark.parametrize("rule", ADR)
def test_the_design_rules_hold(told, rule):
    assert ADR[rule](told), rule


@pytest.mark.parametrize("rule,spoil", [
    ("nlgov:openapi3", lambda t: t | {"openapi": "2.0"}), ("nlgov:semver", lambda t: t | {"info": t["info"] | {"version": "1"}}),
    ("nlgov:paths-kebab-case", lambda t: t | {"paths": {"/Straten_hier": {}}}), ("nlgov:paths-no-trailing-slash", lambda t: t | {"paths": {"/a/": {}}}),
    ("nlgov:include-major-version-in-uri", lambda t: t | {"servers": [{"url": "/api"}]}), ("nlgov:info-contact-fields-exist", lambda t: t | {"info": {"contact": {}}}),
    ("nlgov:schema-camel-case", lambda t: t | {"components": {"schemas": {"a_b": {}}}}), ("operation-tag-defined", lambda t: t | {"tags": []}),
])  # fmt: skip
def test_a_rule_that_is_broken_is_seen(told, rule, spoil):
    assert not ADR[rule](spoil(dict(told))), rule


def test_the_official_linter_finds_no_error(told, tmp_path, shared):
    """Where the linter and the rules of the government lie beside the checkout."""
    rules, spectral = shared / "adr" / "ruleset.yaml", shutil.which("spectral")
    if spectral is None or not rules.is_file():
        pytest.skip("the official linter is not here")
    page = tmp_path / "openapi.json"
    page.write_text(json.dumps(told))
    got = subprocess.run(
        [spectral, "lint", "-r", rules, "-F", "error", page], capture_output=True, text=True, check=False
    )
    assert got.returncode == 0, got.stdout
