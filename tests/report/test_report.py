"""The report: complete in both languages, self-contained, honest about what is weak, and equal to the tables."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pandas as pd
import pytest
import world

from integralie.errors import DataError
from integralie.paper.words import NBSP, Words, texts
from integralie.pipeline import asked
from integralie.study import Study
from integralie.verbs.report import PARTS, write

VOID = {"meta", "br", "path", "rect", "use", "circle", "img", "link", "input"}


def page(study: Study, language: str = "nl") -> str:
    return str(asked(study, "report", language=language))


@pytest.fixture(scope="module")
def town() -> Study:
    return world.town(findings=world.remarks())


@pytest.fixture(scope="module", params=["nl", "en"])
def told(request, town) -> tuple[str, str]:
    return request.param, page(town, request.param)


class Outline(HTMLParser):
    """Headings, tables and ids of a page, and whether every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.refs: list[str] = []
        self.loads: list[str] = []
        self.tables: list[set[str]] = []
        self.headless = 0

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        self.ids += [named["id"]] if "id" in named else []
        self.refs += [v[1:] for k, v in attrs if k == "href" and v.startswith("#")]
        self.loads += [
            v for k, v in attrs if k in ("src", "srcset", "data") or (k == "href" and tag in ("link", "use", "image"))
        ]
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag == "table":
            self.tables.append(set())
        if tag == "caption":
            self.tables[-1].add("caption")
        if tag == "th":
            self.headless += "scope" not in named

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert tag in VOID or self.open.pop() == tag, tag


def outline(html: str) -> Outline:
    made = Outline()
    made.feed(html)
    return made


def test_it_says_its_language_and_has_every_part(told):
    language, html = told
    assert f'<html lang="{language}">' in html
    for part in PARTS:
        assert f'id="{part}"' in html and texts()[f"part.{part}"][language] in html


def test_no_words_of_the_other_language(told):
    language, html = told
    other = "en" if language == "nl" else "nl"
    long = [row[other] for row in texts().values() if "{" not in row[other] and len(row[other]) > 30]
    assert [text for text in long if text in html] == []


def test_structure_is_sound(told):
    made = outline(told[1])
    assert made.open == [] and made.headless == 0
    assert all("caption" in t for t in made.tables)
    assert made.levels[0] == 1 and made.levels.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(made.levels, made.levels[1:]))
    assert len(set(made.ids)) == len(made.ids)
    assert set(made.refs) <= set(made.ids)


def test_nothing_is_loaded_from_elsewhere(told):
    html = told[1]
    assert all(load.startswith("#") for load in outline(html).loads)
    assert "<script" not in html and "@import" not in html and "url(http" not in html


def test_drawings_have_a_title_a_description_and_are_sound(told):
    drawings = re.findall(r"<svg[^>]*role=\"img\".*?</svg>", told[1], re.S)
    assert len(drawings) == 4
    for drawing in drawings:
        root = ET.fromstring(drawing)
        assert [c.tag.split("}")[1] for c in root[:2]] == ["title", "desc"]


def test_no_text_in_a_drawing_is_under_13_pixels(told):
    for drawing in re.findall(r"<svg[^>]*class=\"wide\".*?</svg>", told[1], re.S):
        assert min(float(s) for s in re.findall(r'font-size="([\d.]+)"', drawing)) >= 13


def test_what_comes_from_data_is_escaped(town):
    evil = '<script>alert("x")</script>&\'"'
    streets, parties, works = town.streets.copy(), town.parties.copy(), town.works.copy()
    streets["name"], parties["name"], works["name"] = evil, evil, evil
    openings, programme, areas = town.openings.copy(), town.programme.copy(), town.areas.copy()
    openings["name"], programme["name"], areas["name"] = evil, evil, evil
    changed = town | {
        "streets": streets,
        "parties": parties,
        "works": works,
        "openings": openings,
        "programme": programme,
        "areas": areas,
    }
    changed = (changed | {"findings": world.remarks(evil)}).with_settings(name=evil)
    for html in (page(changed), asked(changed, "hand_over").page):
        assert "<script" not in html and "&lt;script&gt;" in html
        outline(html)


def test_totals_equal_the_tables(town):
    html, w = page(town, "en"), Words("en")
    used = town.prices["used"].sum() / 100
    assert w.eur(float(used)) in html
    assert w.mln(float(town.programme["cash"].sum() + town.openings["cost"].sum())) in html
    assert w.mln(float(town.openings["saved"].sum())) in html
    assert f"{len(town.openings)}</b>" in html
    placed, all_ = town.programme["period"].notna().sum(), len(town.programme)
    assert f"{placed} of {all_}" in html


def test_shares_of_the_largest_opening_are_there_to_the_cent(town):
    html, w = page(town, "en"), Words("en")
    worth = town.programme.groupby("opening")["cash"].sum()
    rows = town.shares[town.shares["opening"] == worth.idxmax()]
    for amount in rows["amount"]:
        assert w.cent(float(amount)) in html
    assert w.cent(float(rows["amount"].sum())) in html


def test_a_placeholder_is_marked_wherever_its_result_is_shown(town):
    html, w = page(town, "en"), Words("en")
    weak, firm = world.figure_ids()
    assert f'id="figure-{weak}"' in html and "placeholder" in html
    for row in town.works.loc[town.works.index[:40]].itertuples():
        shown = re.findall(rf'(<span class="weak">)?{re.escape(w.eur(row.cost))}', html)
        leaning = town.reasons[(town.reasons["row"] == row.Index) & (town.reasons["figure"] == weak)]
        assert all(bool(mark) == bool(len(leaning)) for mark in shown)


def test_no_mark_without_a_placeholder(town):
    firm = town.reasons.assign(figure=world.figure_ids()[1])
    html = page(town | {"reasons": firm, "assets": town.assets.iloc[:0]})
    assert '<span class="weak">' not in html


def test_over_budget_is_visible_in_drawing_and_table(town):
    html = page(town)
    over = int(
        (
            town.prices["used"] / 100
            > town.prices["party"].map(dict.fromkeys(world.PARTIES, 200000.0) | {"party:gas": 60000.0})
        ).sum()
    )
    assert over and html.count('class="over"') == over and html.count("url(#over)") == over


def test_years_that_were_assumed_are_marked_per_area(town):
    html = page(town)
    assert "Centrum" in html and "◇ Bouwjaren zijn per buurt aangenomen." in html


def test_the_saving_is_an_interval(town):
    assert f"€{NBSP}550.000 en €{NBSP}615.000" in page(town)


def test_the_gap_stands_on_top_with_what_it_does_not_mean(town):
    html = page(town)
    assert "Binnen 0,4\u202f% van het best mogelijke" in html and "20 tot 30 % af" in html


def test_an_empty_study_still_works_and_says_what_is_missing():
    html = page(Study())
    outline(html)
    assert (
        "niet compleet" in html
        and "neem de stap ‘programme’" in html
        and "nan" not in html.lower().replace("financ", "")
    )


@pytest.mark.parametrize(
    "gone",
    [
        "parties",
        "areas",
        "streets",
        "assets",
        "works",
        "capacity",
        "openings",
        "prices",
        "shares",
        "scores",
        "reasons",
        "members",
        "programme",
    ],
)
def test_every_table_may_be_empty(town, gone):
    html = page(town | {gone: town[gone].iloc[:0]}, "en")
    outline(html)
    assert not re.search(r"\bnan\b|<NA>|&lt;NA&gt;|None", re.sub(r"<style.*?</style>", "", html, flags=re.S))


def test_the_order_of_rows_does_not_matter(town):
    def shuffled(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.iloc[::-1]

    assert page(Study(tables={n: shuffled(town[n]) for n in town}, settings=town.settings)) == page(
        Study(tables={n: town[n] for n in town}, settings=town.settings)
    )


def test_a_moved_town_gives_the_same_report(town):
    moved = {}
    for name in town:
        frame = town[name]
        if "geometry" in frame.columns:
            frame = frame.copy()
            frame["geometry"] = frame.geometry.translate(40000, -20000)
        moved[name] = frame
    assert page(Study(tables=moved, settings=town.settings)) == page(town)


def test_it_is_small(town):
    assert len(page(town)) < 400_000


def test_writing_is_whole_or_not_at_all(tmp_path):
    target = write(tmp_path / "report.html", "één")
    assert target.read_text(encoding="utf-8") == "één" and [p.name for p in tmp_path.iterdir()] == ["report.html"]
    with pytest.raises(DataError, match="folder"):
        write(tmp_path / "nowhere" / "report.html", "x")


def test_a_language_without_texts_is_refused(town):
    with pytest.raises(DataError):
        page(town, "fr")
