"""The same without a mouse: every story by keys alone."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable

import pytest

expect = pytest.importorskip("playwright.sync_api").expect


def _to(page, selector: str, most: int = 12) -> None:
    """Walks the regions with F6 until this drawing has the focus."""
    for _ in range(most):
        page.keyboard.press("F6")
        if page.evaluate("s => !!document.activeElement?.closest(s)", selector):
            return
    raise AssertionError(f"F6 does not reach {selector}")


def test_walk_the_map_and_read_a_street(server, open_page: Callable) -> None:
    page = open_page(server.url).page
    _to(page, "[data-map]")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[role=status].sr")).to_contain_text("eerste opening")
    page.keyboard.press("Enter")
    expect(page.locator("[data-card]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".chip-selection")).to_have_count(0)


def test_triage_by_keys(own_server, open_page: Callable) -> None:
    page = open_page(own_server.url).page
    page.keyboard.press("2")
    page.wait_for_selector("[data-line]")
    _to(page, "[data-list]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("e")
    expect(page.locator("[data-line].rowsel").get_by_text("Echt")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Ongedaan maken, 0")).to_be_disabled(timeout=60_000)


def test_move_a_work_and_take_it_back(own_server, open_page: Callable) -> None:
    page = open_page(own_server.url).page
    page.keyboard.press("3")
    page.wait_for_selector("[data-block]")
    _to(page, "[data-timeline]")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("m")
    expect(page.locator("[data-drag=moving]")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-drag=moving]")).to_contain_text("naar")
    page.keyboard.press("Escape")
    expect(page.locator("[data-drag]")).to_have_count(0)
    page.keyboard.press("v")
    expect(page.get_by_role("button", name="Ongedaan maken, 1")).to_be_enabled(timeout=60_000)
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Ongedaan maken, 0")).to_be_disabled(timeout=60_000)


def test_table_twin_help_and_years(server, open_page: Callable) -> None:
    page = open_page(server.url, "programme").page
    page.wait_for_selector("[data-block]")
    before = page.locator("[data-year]").get_attribute("data-year")
    page.keyboard.press("]")
    assert page.locator("[data-year]").get_attribute("data-year") == str(int(before) + 1)
    page.keyboard.press("t")
    table = page.get_by_role("table", name="Programma als tabel")
    expect(table).to_be_visible()
    works = json.load(urllib.request.urlopen(f"{server.url}/v1/study", timeout=60))["counts"]["works"]
    assert int(table.get_attribute("aria-rowcount")) == works + 1, "the twin has every work, and its head"
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Toetsen")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("5")
    expect(page.locator("[data-compare=ready]")).to_be_visible()
    page.keyboard.press("6")
    expect(page.locator("[data-hand]")).to_be_visible()


def test_letters_do_nothing_while_typing(server, open_page: Callable) -> None:
    page = open_page(server.url).page
    page.keyboard.press("/")
    page.get_by_role("searchbox").type("123t")
    expect(page.locator("nav button[aria-current=page]")).to_contain_text("Kijk")
