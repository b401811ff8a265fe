"""What goes wrong at the table, in a real browser: one sentence that says what and what to do, and nothing is lost."""

from __future__ import annotations

import io
import json
import sqlite3
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

import integralie as itg

expect = pytest.importorskip("playwright.sync_api").expect


def _post(url: str, path: str, body: dict) -> dict:
    asked = urllib.request.Request(f"{url}/v1{path}", json.dumps(body).encode(), {"Content-Type": "application/json"})
    return json.load(urllib.request.urlopen(asked, timeout=60))


def _choose(page) -> str:
    """Takes the first block of the timeline; gives the works that are chosen."""
    page.wait_for_selector("[data-block]")
    page.locator("[data-block]").first.click()
    expect(page.get_by_role("button", name="Vastzetten op").first).to_be_enabled()
    return page.locator("[data-block]").first.get_attribute("data-block")


def test_a_second_writer_is_told_and_may_keep_both(tried_server, open_page: Callable) -> None:
    desk = open_page(tried_server.url, "programme")
    page = desk.page
    page.add_init_script("window.EventSource = undefined")  # this page does not hear of it in time
    page.reload()
    _choose(page)
    told = []
    page.on("request", lambda r: told.append(r.post_data_json) if r.url.split("?")[0].endswith("/v1/edits") else None)
    page.route("**/v1/edits?*", lambda route: route.abort(), times=1)
    page.get_by_role("button", name="Vastzetten op").first.click()  # to learn which works; it waits in the browser
    expect(page.locator("[data-strip=waiting]")).to_be_visible()
    action = told[0]["actions"][0]
    page.evaluate("localStorage.removeItem('itg.waiting')")
    page.reload()
    _choose(page)
    _post(tried_server.url, "/edits", {"who": "S. Bakker", "actions": [{**action, "outside": True}]})
    page.get_by_role("button", name="Vastzetten op").first.click()
    strip = page.locator("[data-strip=problem]")
    expect(strip).to_contain_text("S. Bakker")
    strip.get_by_role("button", name="Beide bewaren").click()
    expect(page.locator(".study-bar .tab")).to_have_count(2, timeout=60_000)
    scenarios = json.load(urllib.request.urlopen(f"{tried_server.url}/v1/study", timeout=60))
    assert [s["edits"] for s in scenarios["scenarios"]] == [len(action["works"])] and scenarios["undo"]["count"] == 1
    page.close()
    desk.complaints.clear()  # a browser complains on the console about what was aborted here


def test_a_file_that_is_open_in_qgis_waits_and_goes_on_afterwards(tried_server, open_page: Callable) -> None:
    desk = open_page(tried_server.url, "programme")
    page = desk.page
    _choose(page)
    base = sqlite3.connect(tried_server.file, isolation_level=None)
    base.execute("PRAGMA journal_mode = WAL")
    base.execute("CREATE TABLE open_in_qgis (id INTEGER)")
    page.get_by_role("button", name="Vastzetten op").first.click()
    expect(page.locator("[data-strip=waiting]")).to_contain_text("QGIS")
    expect(page.get_by_text("1 wijziging wacht")).to_be_visible()
    base.execute("DROP TABLE open_in_qgis")
    base.execute("PRAGMA journal_mode = DELETE")
    base.close()
    page.locator("[data-strip=waiting]").get_by_role("button", name="Probeer nu").click()
    expect(page.get_by_role("button", name="Ongedaan maken, 1")).to_be_enabled(timeout=60_000)
    desk.complaints.clear()


def test_an_answer_that_is_lost_on_the_way_is_counted_once(tried_server, open_page: Callable) -> None:
    desk = open_page(tried_server.url, "programme")
    page = desk.page
    _choose(page)

    def lost(route) -> None:
        route.fetch()  # the server does it, and stops before anybody hears of it
        route.abort()

    page.route("**/v1/edits?*", lost, times=1)
    page.get_by_role("button", name="Vastzetten op").first.click()
    page.locator("[data-strip=waiting]").get_by_role("button", name="Probeer nu").click()
    expect(page.get_by_role("button", name="Ongedaan maken, 1")).to_be_enabled(timeout=60_000)
    expect(page.locator("[data-strip=waiting]")).to_have_count(0, timeout=60_000)
    assert json.load(urllib.request.urlopen(f"{tried_server.url}/v1/study", timeout=60))["undo"]["count"] == 1
    desk.complaints.clear()


def test_a_study_that_became_newer_is_told_in_the_language_of_the_page(tried_server, open_page: Callable) -> None:
    desk = open_page(tried_server.url)
    page = desk.page
    with sqlite3.connect(tried_server.file) as base:
        base.execute("UPDATE integralie SET value = '99' WHERE key = 'format'")
        base.execute("UPDATE integralie SET value = '\"9.9\"' WHERE key = 'version'")
    page.reload()
    expect(page.get_by_text("is van een nieuwere versie (9.9)")).to_be_visible()
    with sqlite3.connect(tried_server.file) as base:
        base.execute("UPDATE integralie SET value = '2' WHERE key = 'format'")
    page.locator(".frozen button").click()
    desk.ready()
    page.close()
    desk.complaints.clear()


def test_a_macro_is_told_and_not_run_and_two_gigabytes_are_refused_before_they_are_read(
    server, open_page: Callable, tmp_path: Path
) -> None:
    desk = open_page(server.url)
    page = desk.page
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as made:
        made.add_worksheet("Planning").write_row(
            0, 0, ["Straat", "Omschrijving", "Opdrachtgever", "Jaar van", "Jaar tot", "Kosten"]
        )
        made.get_worksheet_by_name("Planning").write_row(1, 0, ["Dorpsstraat", "Riool", "Gemeente", 2029, 2031, 1000])
    with zipfile.ZipFile(book, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"macro")
    drop = """([name, bytes, size]) => { const file = new File([new Uint8Array(bytes)], name);
        if (size) Object.defineProperty(file, 'size', {value: size});
        const box = {types: ['Files'], files: [file]}; const event = new Event('drop', {bubbles: true, cancelable: true});
        Object.defineProperty(event, 'dataTransfer', {value: box}); document.body.dispatchEvent(event); }"""
    page.evaluate(drop, ["planning.xlsm", list(book.getvalue()), 0])
    dialog = page.locator("[data-upload]")
    expect(dialog.get_by_text("macro", exact=False).first).to_be_visible(timeout=60_000)
    dialog.get_by_role("button", name="Niet overnemen").click()
    expect(dialog).to_be_hidden()
    asked = len([url for url in desk.asked if "/uploads" in url])
    page.evaluate(drop, ["alles.xlsx", [1], 2_200_000_000])
    expect(dialog.get_by_role("alert")).to_contain_text("2,0 GB")
    expect(dialog.locator("code")).to_have_text("integralie read alles.xlsx")
    assert len([url for url in desk.asked if "/uploads" in url]) == asked, "it was not sent"


def test_a_file_dropped_in_the_moment_that_a_dialog_closes_is_still_asked_about(server, open_page: Callable) -> None:
    page = open_page(server.url).page
    again = """() => { const drop = () => { const file = new File([new Uint8Array([1])], 'alles.xlsx');
        Object.defineProperty(file, 'size', {value: 2_200_000_000});
        const event = new Event('drop', {bubbles: true, cancelable: true});
        Object.defineProperty(event, 'dataTransfer', {value: {types: ['Files'], files: [file]}}); document.body.dispatchEvent(event); };
        drop();
        return new Promise(done => setTimeout(async () => { [...document.querySelectorAll('dialog[open] .head button')][0].click();
          for (let i = 0; i < 20; i++) await null;  // the dialog is shut, and the browser has not said so yet
          drop(); setTimeout(done, 400); }, 200)); }"""
    page.evaluate(again)
    expect(page.locator("[data-upload]").get_by_role("alert")).to_contain_text("2,0 GB")


def _bound_to_end(study: itg.Study, page) -> tuple[str, str]:
    """A street on the first screen of the timeline and the name of a work there that has a year, and may not be done in the
    last one."""
    held = study.programme.dropna(subset=["period", "opening"]).set_index("work").join(study.works[["latest", "fixed"]])
    bound = held[(held["latest"] < study.settings.years[-1] - 1) & held["fixed"].isna()]
    bound = bound[~bound["name"].duplicated(keep=False)].assign(called=bound["street"].map(study.streets["name"]))
    shown = page.locator("[role=treeitem][aria-level='1'] .text").all_text_contents()
    row = bound[bound["called"].isin(shown[:-4])].iloc[0]
    return str(row["called"]), str(row["name"])


def test_a_drag_outside_the_window_is_told_why_and_what_it_would_take(own_server, open_page: Callable) -> None:
    desk = open_page(own_server.url, "programme")
    page = desk.page
    page.wait_for_selector("[data-block]")
    street, name = _bound_to_end(itg.open(own_server.file), page)
    page.locator("[role=treeitem][aria-level='1']", has_text=street).first.click()
    page.locator(f"[role=treeitem][aria-level='2'][aria-label^='{name}:']").first.click()
    page.keyboard.press("m")
    expect(page.locator("[data-drag=moving]")).to_be_visible()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    panel = page.locator("[data-drag=asking]")
    expect(panel.get_by_text("Wat het zou vragen").or_(panel.get_by_text("Wat is nodig")).first).to_be_visible()
    expect(panel.get_by_role("button", name="Probeer dit").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-drag]")).to_have_count(0)
    expect(page.get_by_role("button", name="Ongedaan maken, 0")).to_be_disabled()
