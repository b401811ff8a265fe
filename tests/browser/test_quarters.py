"""The first years in quarters, in a real browser: bars in their quarter, the card says why, and never a stale quarter."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable

import pytest

import integralie as itg

expect = pytest.importorskip("playwright.sync_api").expect


def _phased(study: itg.Study) -> tuple[str, int, int]:
    """A street with one opening in the first years: its name, the year and the quarter."""
    rows = study.phases[study.phases["opening"].notna()]
    names = rows["street"].map(study.streets["name"])
    once = ~names.duplicated(keep=False) & names.notna()
    row = rows[once].iloc[0]
    return str(names[row.name]), int(row["period"]), int(row["quarter"])


def test_a_bar_lies_in_its_quarter_and_the_card_says_why(server, open_page: Callable) -> None:
    name, year, quarter = _phased(itg.open(server.file))
    page = open_page(server.url, "programme").page
    block = page.locator(f'[data-block="{name}|{year}"]')
    bar = block.locator("[data-quarter]")
    expect(bar).to_have_attribute("data-quarter", str(quarter))
    cell, drawn = block.locator("> rect").bounding_box(), bar.bounding_box()
    middle = (drawn["x"] + drawn["width"] / 2 - cell["x"]) / cell["width"]
    assert (quarter - 1) / 4 - 0.05 < middle < quarter / 4 + 0.05 or drawn["width"] > cell["width"] / 3
    block.click()
    expect(page.locator("p[data-quarter]")).to_contain_text(f"Begint in het {quarter}e kwartaal van {year}")
    expect(page.locator("[data-why]").get_by_text("Het kwartaal")).to_be_visible()
    expect(
        page.locator("[data-why]")
        .get_by_text(
            re.compile(
                f"(eerste kwartaal|kwartaal {quarter}) van {year}" if quarter == 1 else f"kwartaal {quarter} van {year}"
            )
        )
        .first
    ).to_be_visible()


def test_years_are_drawn_wider_by_key_until_quarters_have_a_name(server, open_page: Callable) -> None:
    page = open_page(server.url, "programme", "en").page
    page.locator("[data-quarter]").first.wait_for()
    head = page.locator("[data-timeline] .head svg")
    assert "Q1" not in head.text_content()
    page.locator("[data-timeline]").focus()
    page.keyboard.press("+")
    page.keyboard.press("+")
    expect(head.get_by_text("Q1").first).to_be_visible()
    page.keyboard.press("t")
    expect(page.get_by_role("columnheader", name="Quarter")).to_be_visible()


def test_a_quarter_that_went_stale_is_said_and_not_shown(own_server, open_page: Callable) -> None:
    study = itg.open(own_server.file)
    name, year, _ = _phased(study)
    page = open_page(own_server.url, "programme").page
    block = page.locator(f'[data-block="{name}|{year}"]')
    expect(block.locator("[data-quarter]")).to_have_count(1)
    block.click()
    work = study.works.index[0]
    body = {
        "who": "test",
        "actions": [{"do": "set", "table": "works", "rows": [work], "column": "duration", "value": 77}],
    }
    asked = urllib.request.Request(
        f"{own_server.url}/v1/edits", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(asked, timeout=60).read()  # another program changes a duration; nobody plans again
    expect(page.get_by_text("Kwartalen verouderd").first).to_be_visible(timeout=30_000)
    expect(page.locator("[data-block] [data-quarter]")).to_have_count(0)
    expect(page.locator("p[data-quarter=stale]")).to_contain_text("golden voor het programma vóór uw wijziging")
    expect(page.locator("[data-why]").get_by_text("Het kwartaal")).to_have_count(0)
