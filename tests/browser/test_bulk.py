"""Many works at once, in a real browser: by mouse and by keys, as one edit with one undo."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest

expect = pytest.importorskip("playwright.sync_api").expect


def _choose_two_rows(page) -> int:
    """Takes the first two rows of the timeline; gives the number of works chosen."""
    page.wait_for_selector("[data-block]")
    rows = page.locator("[role=treeitem][aria-level='1']")
    rows.nth(0).click(modifiers=["Shift"])
    rows.nth(1).click(modifiers=["Shift"])
    told = page.locator("[data-bulk] summary").inner_text()
    return int("".join(c for c in told if c.isdigit()))


@pytest.mark.parametrize(("gesture", "said"), [
    ("Zet vast op een jaar", "vast"), ("Verbied een jaar", "Verbied"), ("Houd samen", "Samen"), ("Zet op later", "Later"),
])  # fmt: skip
def test_one_gesture_on_a_selection_is_one_undo(own_server, open_page: Callable, gesture: str, said: str) -> None:
    desk = open_page(own_server.url, "programme")
    page = desk.page
    many = _choose_two_rows(page)
    page.locator("[data-bulk] summary").click()
    form = page.locator("[data-bulk] form")
    option = form.locator("option").filter(has_text=gesture).first.get_attribute("value")
    form.get_by_label("Wat").select_option(option)
    if gesture == "Zet vast op een jaar":
        form.locator("select").nth(1).select_option("2029")
    reach = form.get_by_role("status").inner_text()
    assert reach.startswith("Wijzigt ") and f"van {many} werken" in reach
    form.get_by_role("button", name="Wijzig in één keer").click()
    expect(page.locator("[data-bulk-done]")).to_contain_text("Eén keer ongedaan maken", timeout=60_000)
    expect(page.get_by_role("button", name="Ongedaan maken, 1")).to_be_enabled(timeout=60_000)
    rules = page.get_by_role("heading", name="Afspraken in dit scenario").locator("..")
    expect(rules.get_by_text(said).first).to_be_visible()
    page.get_by_role("button", name="Ongedaan maken, 1").click()
    expect(page.get_by_role("button", name="Ongedaan maken, 0")).to_be_disabled(timeout=60_000)


def test_no_button_moves_away_from_under_a_hand(own_server, open_page: Callable) -> None:
    page = open_page(own_server.url, "programme").page

    def late(route) -> None:  # reasons that take a while
        time.sleep(0.5)
        route.continue_()

    page.route(re.compile(r"/v1/(reasons|works)/"), late)
    _choose_two_rows(page)
    page.locator("[data-bulk] summary").click()
    button = page.locator("[data-bulk]").get_by_role("button", name="Wijzig in één keer")
    before = button.bounding_box()
    expect(page.get_by_role("group", name="Ander jaar kost extra")).to_be_visible()
    assert button.bounding_box() == before


def test_by_keys_alone(own_server, open_page: Callable) -> None:
    page = open_page(own_server.url, "programme", "en").page
    page.wait_for_selector("[data-block]")
    page.locator("[data-timeline]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("b")
    expect(page.locator("[data-bulk] select:focus")).to_have_count(1)
    page.keyboard.type("Put on later")
    page.keyboard.press("Tab")
    expect(page.locator("[data-bulk] button:focus")).to_have_text("Change in one go")
    page.keyboard.press("Enter")
    expect(page.locator("[data-bulk-done]")).to_contain_text("One undo takes", timeout=60_000)
    page.locator("[data-timeline]").focus()
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Undo, 0")).to_be_disabled(timeout=60_000)
