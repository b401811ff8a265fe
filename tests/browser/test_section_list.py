"""What the section finds goes on the list of Find by the same triage, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import integralie as itg

expect = pytest.importorskip("playwright.sync_api").expect


def test_a_claim_that_does_not_fit_is_put_on_the_list_and_found_there(own_server, open_page: Callable) -> None:
    study = itg.open(own_server.file)
    wrong = study.room[study.room["verdict"].eq("does_not_fit") & study.room["claim"].notna()]
    names = study.streets["name"]
    row = min(wrong.index, key=lambda r: int((names == names[wrong.at[r, "street"]]).sum()))
    name = names[wrong.at[row, "street"]]
    desk = open_page(own_server.url)
    page = desk.page
    desk.find(name)
    desk.mode(4)
    page.wait_for_selector("[data-section=true]")
    place = page.locator(f'[data-to-list="{row}"]')
    which = page.get_by_label("Straatvak")
    for i in range(1, which.locator("option").count() if which.count() else 0):
        if place.count():
            break
        with page.expect_response("**/section/view*"):
            which.select_option(index=i)
        page.wait_for_timeout(200)
    place.get_by_role("button", name="Zet op de lijst").click()
    place.get_by_label("Volgende stap").select_option("trial_trench")
    place.get_by_role("button", name="Later").click()
    place.get_by_role("combobox", name="Reden").fill("na de rotonde")
    place.get_by_role("button", name="Later").first.click()
    expect(place.get_by_text("Op de lijst: Later")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Ongedaan maken, 1")).to_be_enabled(timeout=60_000)
    place.get_by_role("button", name="Bekijk in Vind").click()
    detail = page.locator("[data-detail=clash]")
    expect(detail.get_by_text("geen ruimte in de ondergrond").first).to_be_visible()
    expect(detail.get_by_text("Nu: past niet")).to_be_visible()
    expect(page.locator("[data-line].rowsel")).to_contain_text("proefsleuf graven")
    expect(detail.locator("[data-why] details").first).to_be_visible()
    detail.get_by_role("button", name="Bekijk de doorsnede").click()
    expect(place.get_by_text("Op de lijst: Later")).to_be_visible(timeout=30_000)
