"""axe finds nothing to complain about, on any mode, in both languages, with and without a selection."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import integralie as itg

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


def _street_with_a_claim(study: itg.Study) -> str:
    """A street that is asked for room, with as few sections as there are."""
    names = study.streets["name"]
    asked = study.room.loc[study.room["claim"].notna() & study.room["x"].notna(), "street"]
    return str(min(names[asked].dropna(), key=lambda n: int((names == n).sum())))


def _claim(page) -> None:
    """Goes along the sections of the street until there is a claim, and moves it by key."""
    page.wait_for_selector("[data-section=true] [data-across]")
    which = page.locator("footer select")
    for i in range(1, which.locator("option").count() if which.count() else 0):
        if page.locator("[data-claim]").count():
            break
        with page.expect_response("**/section/view*"):
            which.select_option(index=i)
        page.wait_for_timeout(150)
    page.locator("[data-claim]").first.focus()
    page.keyboard.press("ArrowRight")
    page.locator("[data-trial]:not([data-trial=asking])").wait_for()


def _programme_panels(desk, check: Callable[[str], None]) -> None:
    """What opens in the programme: more choices, many works at once, why not a year."""
    page = desk.page
    desk.mode(3)
    page.locator("[data-block]").first.wait_for()
    page.locator(".legend details.menu summary").click()
    check("more choices")
    page.locator(".legend details.menu summary").click()
    page.locator("[role=treeitem]").first.click(modifiers=["Shift"])
    page.locator("[role=treeitem]").nth(1).click(modifiers=["Shift"])
    page.locator("[data-timeline]").focus()
    page.keyboard.press("b")
    check("many works at once")
    page.get_by_role("group").locator("svg g[role=button]").last.click()
    check("why not that year, in the programme")
    page.locator("[data-timeline]").focus()
    page.keyboard.press("t")
    page.locator("[data-bulk] select").first.wait_for()
    check("many works at once, above the table")
    page.locator("h1").first.evaluate("() => document.activeElement?.blur()")
    page.keyboard.press("t")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_axe_finds_nothing_while_panels_are_open(server, open_page: Callable, language: str) -> None:
    study = itg.open(server.file)
    street = study.streets["name"][study.openings["street"]].dropna().iloc[0]
    desk = open_page(server.url, "look", language, size=(1366, 900))
    page, problems = desk.page, []
    page.evaluate(AXE + ";0")

    def check(what: str) -> None:
        page.wait_for_timeout(250)
        problems.extend(f"{what} · {v}" for v in _violations(page))

    desk.find(street)
    page.locator("[data-card] footer button").last.click()
    page.locator("[data-card] [data-why-not] summary").click()
    page.locator("[data-card] [data-why-not] svg g[role=button]").first.click()
    check("why not another year, on the card")
    page.locator(".mode-bar details summary").click()
    check("what was done")
    page.locator(".mode-bar details summary").click()
    page.locator(".study-bar details summary").first.click()
    check("the menu of a scenario")
    page.keyboard.press("Escape")
    _programme_panels(desk, check)
    desk.find(_street_with_a_claim(study))
    desk.mode(4)
    _claim(page)
    check("a claim on trial")
    page.locator("[data-to-list] button").first.click()
    page.locator("[data-judging] button").nth(1).click()
    check("put on the list")
    page.keyboard.press("/")
    check("search")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    check("keys")
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
