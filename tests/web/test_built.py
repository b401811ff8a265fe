"""The built workbench that ships in the package: whole, of this version, and asking nothing of other hosts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from integralie.api import gestures
from integralie.api.app import description
from integralie.schema.colours import colours

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "src/integralie/web"
SOURCE = ROOT / "web/src"


def _asset(suffix: str) -> str:
    return "".join(p.read_text(encoding="utf-8") for p in (BUILT / "assets").glob(f"*{suffix}"))


def test_the_page_has_all_its_parts():
    page = (BUILT / "index.html").read_text(encoding="utf-8")
    parts = re.findall(r'(?:src|href)="\./([^"]+)"', page)
    assert len(parts) >= 3
    for part in parts:
        assert (BUILT / part).is_file(), part
    assert not re.search(r"<script(?![^>]*\bsrc=)", page), "a script in the page itself is not allowed by the policy"


@pytest.mark.parametrize("suffix", [".html", ".css"])
def test_nothing_is_loaded_from_elsewhere(suffix: str):
    text = _asset(suffix) if suffix != ".html" else (BUILT / "index.html").read_text(encoding="utf-8")
    assert not re.findall(r"(?:url\(|src=|href=|@import )[\"']?(?:https?:)?//[^\"')]+", text)


def test_scripts_name_no_host_to_load_from():
    loads = re.findall(
        r"(?:fetch|import|importScripts|EventSource|WebSocket|Worker)\([\"'`](?:https?:)?//[^\"'`]+", _asset(".js")
    )
    assert not loads


def test_colours_are_those_of_the_one_list():
    scripts = _asset(".js")
    for colour in colours().values():
        assert colour.screen in scripts, f"{colour.name} is another in the build: run 'make web'"


def test_types_are_made_from_the_description_of_this_server():
    held = json.loads((ROOT / "web/openapi.json").read_text(encoding="utf-8"))
    assert held == json.loads(json.dumps(description())), "run 'make web'"


def test_gestures_of_the_page_are_those_of_the_server():
    union = (SOURCE / "lib/api/types.ts").read_text(encoding="utf-8").split("export type Action =")[1].split(";\n\n")[0]
    named = {word for part in re.findall(r"do: ([^;]+);", union) for word in re.findall(r"'([\w-]+)'", part)}
    assert named == set(gestures.GESTURES)


def test_every_mode_and_layer_is_a_file_of_its_own_and_small():
    assert {p.stem for p in (SOURCE / "modes").glob("*.svelte")} == {
        "Look",
        "Find",
        "Programme",
        "Section",
        "Compare",
        "HandOver",
    }
    for path in [*SOURCE.rglob("*.ts"), *SOURCE.rglob("*.svelte")]:
        if path.name != "schema.ts":  # generated
            assert len(path.read_text(encoding="utf-8").splitlines()) < 400, path.name


def test_libraries_are_named_with_their_licences():
    told = (BUILT / "licences.md").read_text(encoding="utf-8")
    for library in ("ol - ", "svelte - ", "@utrecht/button-css - "):
        assert library in told
    assert (BUILT / "inter-OFL-1.1.txt").is_file()
    lock = json.loads((ROOT / "web/package-lock.json").read_text(encoding="utf-8"))
    assert not [n for n, p in lock["packages"].items() if "resolved" in p], "the lock names the address of an index"
