"""axe finds nothing to complain about, on any mode, in both languages, with and without a selection."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

axe_package = pytest.importorskip("axe_playwright_python")
AXE = (Path(axe_package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
MODES = {"look": "[data-map]", "find": "[data-line]", "programme": "[data-block]", "section": "[data-section=true]",
         "compare": "[data-compare=ready]", "hand-over": "[data-hand]"}  # fmt: skip
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def _violations(page) -> list[str]:
    found = page.evaluate("tags => axe.run(document, {runOnly: tags, iframes: false}).then(r => r.violations)", TAGS)
    return [f"{v['id']}: {v['help']} – {[n['target'] for n in v['nodes']][:4]}" for v in found]


def _more(page, mode: str) -> None:
    """What opens on a mode by hand: the layers of the map, the drag that is asked about, why a number is what it is."""
    if mode == "look":
        page.locator("details.layers summary").click()
    elif mode == "programme":
        page.locator("[data-timeline]").focus()
        page.keyboard.press("m")
        for _ in range(10):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
    elif mode == "compare":
        page.locator("button.measure").first.click()
        page.locator("[data-why-number]").wait_for()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_axe_finds_nothing_on_any_mode(server, open_page: Callable, language: str) -> None:
    desk = open_page(server.url, "look", language)
    page = desk.page
    page.evaluate(AXE + ";0")
    problems = [f"empty look · {v}" for v in _violations(page)]
    desk.find("straat")
    for mode, there in MODES.items():
        page.evaluate("mode => { location.hash = mode }", mode)
        page.wait_for_selector(there)
        page.wait_for_timeout(400)
        problems += [f"{mode} · {v}" for v in _violations(page)]
        _more(page, mode)
        page.wait_for_timeout(200)
        problems += [f"{mode}, opened · {v}" for v in _violations(page)]
        page.keyboard.press("Escape")
        page.locator("h1").first.evaluate("() => document.activeElement?.blur()")
        page.keyboard.press("t")
        page.wait_for_timeout(150)
        problems += [f"{mode} as a table · {v}" for v in _violations(page)]
        page.keyboard.press("t")
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_every_letter_is_at_least_thirteen_pixels(server, open_page: Callable, size: tuple[int, int]) -> None:
    desk = open_page(server.url, "programme", size=size)
    desk.find("straat")
    small = """() => [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) &&
        !e.closest('.sr, option') && parseFloat(getComputedStyle(e).fontSize) < 12.99).map(e => e.tagName + ' ' + e.textContent.trim().slice(0, 30))"""
    for mode, there in MODES.items():
        desk.page.evaluate("mode => { location.hash = mode }", mode)
        desk.page.wait_for_selector(there)
        assert desk.page.evaluate(small) == [], mode


def test_no_raw_ids_on_screen(server, open_page: Callable) -> None:
    desk = open_page(server.url, "look")
    desk.find("straat")
    for mode, there in MODES.items():
        desk.page.evaluate("mode => { location.hash = mode }", mode)
        desk.page.wait_for_selector(there)
        desk.page.wait_for_timeout(300)
        text = desk.page.locator("body").inner_text()
        for word in ("street:", "work:", "party:", "opening:", "undefined", "NaN", "[object", "null"):
            assert word not in text, f"{word!r} on {mode}"
