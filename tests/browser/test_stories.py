"""What people do at the table, in a real browser: look, find, drag, undo, compare, drop a list, print."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

import integralie as itg

expect = pytest.importorskip("playwright.sync_api").expect


def _number(text: str) -> int:
    return int("".join(c for c in text if c.isdigit()) or 0)


def test_first_visit_opens_the_town(server, open_page: Callable) -> None:
    desk = open_page(server.url)
    page = desk.page
    assert page.title().startswith("Integralië")
    expect(page.locator("[data-map] canvas").first).to_be_visible()
    page.wait_for_function("document.querySelectorAll('[data-map] canvas').length > 0")
    assert any("/v1/tiles/" in url for url in desk.asked), "the map asked no tiles"
    expect(page.get_by_text("Klik een straat of teken een gebied.")).to_be_visible()


def test_an_answer_that_came_before_the_page_listens_is_asked_again(server, open_page: Callable) -> None:
    desk = open_page(server.url, "programme")
    page, held = desk.page, []

    def early(route) -> None:  # as the first visit finds it: the checker is still busy
        told = route.fetch().json()
        held.append(told["certificate"]["state"])
        told["certificate"] |= {"state": "checking", "sentence": "Hoe goed het is volgt zo"}
        route.fulfill(json=told)

    expect(page.locator("[data-certificate=checked]")).to_be_visible()
    page.route("**/v1/study?*", early, times=1)
    page.reload()
    expect(page.locator("[data-certificate=checked]")).to_be_visible()
    assert held == ["checked"]


def test_a_street_tells_what_lies_there(server, open_page: Callable) -> None:
    desk = open_page(server.url)
    desk.find("straat")
    card = desk.page.locator("[data-card]")
    expect(card).to_have_attribute("data-card", desk.page.locator("[data-card] h1").inner_text())
    expect(card.locator("table tbody tr").first).to_be_visible()
    expect(card.get_by_role("img", name="Levensloop")).to_be_visible()
    expect(desk.page.get_by_text("Selectie:")).to_be_visible()


def test_why_not_another_year_is_told_from_any_mode(server, open_page: Callable) -> None:
    study = itg.open(server.file)
    street = study.openings["street"].iloc[0]  # a street in which something happens
    desk = open_page(server.url)
    page = desk.page
    desk.find(study.streets.at[street, "name"])
    page.locator("[data-card] footer").get_by_role("button", name="Waarom?").click()
    asked = page.locator("[data-card] [data-why-not]")
    asked.locator("summary").click()
    expect(asked.get_by_role("group", name="Ander jaar kost extra")).to_be_visible()


def test_an_area_that_is_drawn_answers(server, open_page: Callable) -> None:
    desk = open_page(server.url)
    page = desk.page
    page.get_by_role("button", name="Teken een gebied").click()
    box = page.locator("[data-map]").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 150, y - 120)
    page.mouse.down()
    for dx, dy in ((150, -120), (150, 120), (-150, 120), (-150, -120)):
        page.mouse.move(x + dx, y + dy, steps=4)
    page.mouse.up()
    expect(page.locator("[data-card]")).to_be_visible()
    expect(page.get_by_text("getekend gebied")).to_be_visible()
    assert page.locator("[data-card] table tbody tr").count() > 3


def test_the_best_opportunity_is_found_and_says_why(own_server, open_page: Callable) -> None:
    desk = open_page(own_server.url, "find")
    page = desk.page
    page.wait_for_selector("[data-line]")
    first = page.locator('[data-line="chance"]').first
    first.click()
    detail = page.locator("[data-detail=chance]")
    expect(detail.get_by_text("één keer open")).to_be_visible()
    expect(detail.locator("ul.reasons li").first).to_be_visible()
    expect(detail.locator("[data-why] details").first).to_be_visible()
    expect(detail.get_by_role("img", name="Vensters")).to_be_visible()
    detail.get_by_role("button", name="Echt").click()
    expect(first.get_by_text("Echt")).to_be_visible()
    expect(page.get_by_role("button", name="Ongedaan maken, 1")).to_be_enabled()


def _loads(page) -> str:
    return page.evaluate("[...document.querySelectorAll('[data-load] svg')].map(s => s.ariaLabel).join()")


def _row(page, label: str):
    return page.get_by_role("treeitem", name=f"{label}:", exact=False).first


def _movable(page) -> tuple[float, float, str]:
    """A block of the timeline that may go to the year after it, and where it lies."""
    blocks = page.locator("[data-block]")
    for i in range(blocks.count()):
        label, year = blocks.nth(i).get_attribute("data-block").split("|")
        if _row(page, label).locator("svg").count():
            continue  # fixed already
        box = blocks.nth(i).bounding_box()
        if box and int(year) < 2034 and box["x"] + 80 < page.locator("[data-timeline]").bounding_box()["x"] + 620:
            return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, f"{label}|{year}"
    raise AssertionError("no block to drag")


def test_a_dragged_work_moves_budget_map_and_section_and_undo_brings_it_back(own_server, open_page: Callable) -> None:
    desk = open_page(own_server.url, "programme")
    page = desk.page
    page.wait_for_selector("[data-loads] .histogram")
    x, y, name = _movable(page)
    label, year = name.split("|")
    before = _loads(page)
    expect(_row(page, label).locator("svg")).to_have_count(0)
    column = page.locator("[data-block]").first.bounding_box()["width"]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + column / 2, y, steps=2)
    page.mouse.move(x + column + 2, y, steps=3)
    expect(page.locator("[data-drag=moving]")).to_contain_text(f"van {year} naar {int(year) + 1}")
    page.mouse.up()
    page.wait_for_selector("[data-drag]", state="detached", timeout=60_000) if page.locator(
        "[data-drag=sending]"
    ).count() else None
    if page.locator(
        "[data-drag=asking]"
    ).count():  # outside the window of some: as a decision, with a name and a reason
        page.get_by_role("button", name="Vastzetten").last.click()
        page.get_by_role("textbox", name="Naam").fill("M. de Wit")
        page.get_by_role("textbox", name="Reden van het besluit").fill("kermis")
        page.get_by_role("button", name=f"Vastzetten op {int(year) + 1}").click()
        page.wait_for_selector("[data-drag]", state="detached", timeout=60_000)
    expect(page.get_by_role("button", name="Ongedaan maken, 1")).to_be_enabled(timeout=60_000)
    expect(page.locator(f'[data-block="{label}|{int(year) + 1}"]')).to_be_visible()
    page.wait_for_function(
        "before => [...document.querySelectorAll('[data-load] svg')].map(s => s.ariaLabel).join() !== before",
        arg=before,
    )
    expect(_row(page, label).locator("svg")).to_have_count(1)  # the padlock
    expect(page.locator(".chip-selection")).to_contain_text(label)
    desk.mode(4)
    expect(page.get_by_text(f"Past het? {label} op")).to_be_visible()
    expect(page.locator("[data-section=true]")).to_be_visible()
    desk.mode(3)
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Ongedaan maken, 0")).to_be_disabled(timeout=60_000)
    expect(page.get_by_role("button", name="Opnieuw doen, 1")).to_be_enabled()
    expect(_row(page, label).locator("svg")).to_have_count(0)  # no longer fixed


def test_a_budget_is_changed_in_place(own_server, open_page: Callable) -> None:
    desk = open_page(own_server.url, "programme")
    page = desk.page
    page.get_by_role("button", name="wijzig", exact=True).first.click()
    page.get_by_role("textbox", name="Grens in").fill("0,1")
    page.get_by_role("button", name="Leg vast").click()
    expect(page.get_by_role("button", name="Ongedaan maken, 1")).to_be_enabled(timeout=60_000)
    expect(page.locator(".study-bar").get_by_text("verschoven")).to_be_visible()


def _search(url: str, seconds: float) -> None:
    """Starts a search for a better programme."""
    body = json.dumps({"seconds": seconds}).encode()
    asked = urllib.request.Request(f"{url}/v1/programme/improvements", body, {"Content-Type": "application/json"})
    urllib.request.urlopen(asked, timeout=60).read()


def test_compare_with_everyone_alone(own_server, open_page: Callable) -> None:
    desk = open_page(own_server.url, "compare")
    page = desk.page
    _search(own_server.url, 100)  # what somebody asks for does not wait for it
    page.get_by_role("button", name="Bereken iedereen apart").click()
    expect(page.get_by_text("nog niet berekend")).to_have_count(0, timeout=90_000)
    row = page.locator("table tbody tr").first
    assert row.locator("td").count() == 2
    assert all(_number(text) for text in row.locator("td").all_inner_texts())
    expect(page.get_by_role("img", name="Gemeente").first).to_be_visible()
    expect(page.locator(".sentence")).not_to_be_empty()


@pytest.fixture
def planning(tmp_path: Path, town_file: Path) -> Path:
    """A spreadsheet as a colleague sends it: Dutch heads, one street of the town."""
    from integralie import store

    street = store.open(town_file).streets["name"].dropna().iloc[0]
    path = tmp_path / "planning.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Planning")
        sheet.write_row(0, 0, ["Straat", "Omschrijving", "Opdrachtgever", "Jaar van", "Jaar tot", "Kosten"])
        sheet.write_row(1, 0, [street, "Riool vervangen", "Gemeente Integralië, riolering", 2029, 2031, 125000])
        sheet.write_row(
            2, 0, [street, '=HYPERLINK("http://elders.example")', "<img src=x onerror=alert(1)>", 2030, 2032, 9000]
        )
    return path


def test_a_spreadsheet_that_is_dropped_is_read_and_taken_in(own_server, open_page: Callable, planning: Path) -> None:
    desk = open_page(own_server.url)
    page = desk.page
    data = page.evaluate_handle(
        """([name, bytes]) => { const box = new DataTransfer();
           box.items.add(new File([new Uint8Array(bytes)], name)); return box; }""",
        [planning.name, list(planning.read_bytes())],
    )
    page.dispatch_event("body", "dragover", {"dataTransfer": data})
    expect(page.get_by_text("Laat los om te lezen")).to_be_visible()
    page.dispatch_event("body", "drop", {"dataTransfer": data})
    dialog = page.locator("[data-upload]")
    expect(dialog.locator("table").first).to_be_visible(timeout=60_000)
    for _ in range(12):  # answer what is asked with the first option, skip what may be skipped
        question = dialog.locator("form.question")
        if not question.count():
            break
        skip = question.get_by_role("button", name="Sla over")
        if skip.count():
            skip.click()
        else:
            question.locator("select").select_option(index=1)
            with page.expect_response("**/answers*"):
                question.get_by_role("button", name="Antwoord").click()
        page.wait_for_timeout(200)
    dialog.get_by_role("button", name="Neem over in de studie").click()
    expect(page.get_by_role("button", name="Ongedaan maken, 1")).to_be_enabled(timeout=60_000)


def test_the_document_is_in_the_language_of_the_page_and_says_that_the_programme_is_proven(
    server, open_page: Callable
) -> None:
    page = open_page(server.url, "hand-over", "en").page
    paper = page.frame_locator("[data-hand] iframe")
    expect(paper.locator("html")).to_have_attribute("lang", "en", timeout=60_000)
    expect(paper.locator(".proof")).to_contain_text("checked")


def test_a_page_is_printed_on_a3(server, open_page: Callable) -> None:
    desk = open_page(server.url, "programme", size=(1587, 1123))
    page = desk.page
    page.wait_for_selector("[data-block]")
    page.evaluate("() => { window.print = () => { window.printed = true } }")
    page.keyboard.press("p")
    expect(page.locator(".sheets h1").last).to_have_text("Kengetallen en bronnen")
    assert page.locator(".sheets tbody tr").count() > 20
    page.emulate_media(media="print")
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 3, "the drawing, the table and the figures"
    assert all(abs(float(w) - 1190.5) < 2 for w in re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+)", pdf)), "A3 landscape"
    expect(page.locator(".print-head h1")).to_be_visible()
    expect(page.locator(".mode-bar")).to_be_hidden()


def test_every_chosen_work_is_on_paper_however_many_there_are(server, open_page: Callable) -> None:
    page = open_page(server.url, "programme", size=(1587, 1123)).page
    page.wait_for_selector("[data-block]")
    page.get_by_label("Rijen").select_option("party")
    page.evaluate("() => { window.print = () => { window.printed = true } }")
    rows = page.locator("[role=treeitem][aria-level='1']")
    for i in range(rows.count()):
        rows.nth(i).click(modifiers=["Shift"])
    study = itg.open(server.file)
    chosen = int("".join(c for c in page.locator("[data-bulk] summary").inner_text() if c.isdigit()))
    assert chosen > 0.9 * len(study.works) > 120, "works without a party's row are few"
    page.locator("[data-timeline]").focus()
    page.keyboard.press("p")
    table = page.locator(".sheets section").first
    expect(table.locator("tbody tr")).to_have_count(chosen, timeout=20_000)
    expect(table.get_by_text("alleen in Excel")).to_have_count(0)
    page.emulate_media(media="print")
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) > 6, "the table goes on over as many sheets as it needs"


def test_a_claim_is_moved_in_the_section_and_the_verdict_follows(own_server, open_page: Callable) -> None:
    study = itg.open(own_server.file)
    placed = study.room[study.room["claim"].notna() & study.room["x"].notna()]
    names = study.streets["name"]
    name = min(names[placed["street"]], key=lambda n: int((names == n).sum()))  # few sections to look through
    desk = open_page(own_server.url)
    page = desk.page
    desk.find(name)
    desk.mode(4)
    claim = page.locator("[data-claim]").first
    page.wait_for_selector("[data-section=true] [data-across]")
    which = page.get_by_label("Straatvak")
    for i in range(1, which.locator("option").count()):
        if claim.count():
            break
        with page.expect_response("**/section/view*"):
            which.select_option(index=i)
        page.wait_for_timeout(100)
    claim.wait_for()
    before = claim.get_attribute("aria-valuenow")
    claim.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.locator("[data-trial]")).to_contain_text("m")
    assert float(claim.get_attribute("aria-valuenow")) == pytest.approx(float(before) + 0.2, abs=0.03)
    page.keyboard.press("Escape")
    expect(page.locator("[data-trial]")).to_have_count(0)
    box = claim.locator(".box").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 60, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    expect(page.locator("[data-trial]")).not_to_have_attribute("data-trial", "asking")
    page.get_by_role("button", name="Leg deze plaats vast").click()
    expect(page.get_by_role("button", name="Ongedaan maken, 1")).to_be_enabled(timeout=60_000)


def test_layers_are_switched_on_and_nothing_goes_out(server, open_page: Callable) -> None:
    desk = open_page(server.url)
    page = desk.page
    page.locator("details.layers summary").click()
    boxes = page.locator("details.layers input:not(:disabled)")
    for i in range(boxes.count()):
        boxes.nth(i).check()
    expect(page.get_by_label("Achtergrondkaart van PDOK")).to_be_disabled()
    page.wait_for_timeout(500)
    drawn = page.evaluate(
        "integralieMap().map.getLayers().getArray().filter(l => l.getSource?.()?.getFeatures?.().length).length"
    )
    assert drawn >= 6, "streets, plans, claims, areas, earlier openings, remarks"


def test_the_background_map_is_asked_only_where_the_server_allows_it(tried_server, open_page: Callable) -> None:
    desk = open_page(tried_server.url)
    page, asked = desk.page, []

    def answered(route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=404, body=b"")

    page.route("https://service.pdok.nl/**", answered)
    page.wait_for_timeout(300)
    assert not asked, "not before the reader asks"
    page.locator("details.layers summary").click()
    page.get_by_label("Achtergrondkaart van PDOK").check()
    expect(page.get_by_text("niet te bereiken")).to_be_visible()
    assert asked and all("/EPSG:28992/" in url for url in asked)
    page.close()
    desk.asked.clear()  # this story may go out
    desk.complaints.clear()


def test_a_server_that_stops_loses_nothing_and_the_page_recovers(fresh_server, open_page: Callable) -> None:
    desk = open_page(fresh_server.url, "programme")
    page = desk.page
    page.wait_for_selector("[data-block]")
    page.locator("[data-block]").first.click()
    fresh_server.stop()
    expect(page.locator("[data-strip=waiting]")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Vastzetten op").first.click()
    expect(page.get_by_text("1 wijziging wacht")).to_be_visible()
    fresh_server.start()
    expect(page.get_by_role("button", name="Ongedaan maken, 1")).to_be_enabled(timeout=60_000)
    expect(page.locator("[data-strip=waiting]")).to_have_count(0)
    desk.complaints.clear()  # a browser complains on the console when nobody answers


def test_a_hostile_name_runs_nothing(town_file: Path, tmp_path: Path, open_page: Callable) -> None:
    from integralie import store
    from integralie.store import save

    from .conftest import Server

    study = store.open(town_file)
    works = study.works.copy()
    works["name"] = "<img src=x onerror=\"document.title='broken'\">" + works["name"].astype(str)
    path = tmp_path / "stad.gpkg"
    save(study | {"works": works}, path)
    server = Server(path).start()
    try:
        desk = open_page(server.url, "programme")
        desk.page.locator("[data-block]").first.click()
        desk.page.locator("[role=treeitem]").first.click()
        expect(desk.page.get_by_text("<img src=x").first).to_be_visible()
        desk.mode(1)
        desk.page.wait_for_timeout(300)
        assert "broken" not in desk.page.title()
        desk.page.close()
    finally:
        server.stop()
