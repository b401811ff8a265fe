"""The documentation is run: every Python block of every page, in order, page by page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(p for p in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")] if "```python" in p.read_text("utf-8"))
BLOCK = re.compile(r"^```python\n(.*?)^```", re.M | re.S)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_page_runs(page, tmp_path, monkeypatch):
    import integralie as itg
    from integralie.verbs.programme import improve

    small = itg.town
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("integralie.public.town", lambda size="small", seed=1: small(size=60, seed=seed))
    monkeypatch.setattr(improve, "EFFORT", 1e7)  # what a page shows needs no better programme
    names: dict[str, object] = {}
    for block in BLOCK.findall(page.read_text("utf-8")):
        if "..." not in block.split("#")[0] or "itg." in block:
            exec(compile(block, str(page), "exec"), names)  # the page is ours


@pytest.mark.parametrize(
    "page", sorted((ROOT / "docs").rglob("*.md")) + sorted(ROOT.glob("*.md")), ids=lambda p: p.name
)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8")):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), target


def test_every_command_of_the_command_line_is_in_the_how_to():
    from integralie.cli.commands import app

    page = (ROOT / "docs/how-to/command-line.md").read_text("utf-8")
    for command in app.registered_commands:
        name = command.name or command.callback.__name__.replace("_", "-")
        assert f"`integralie {name}" in page, name
