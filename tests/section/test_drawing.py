"""The drawing: nothing overlaps, no leader crosses another, the table twin tells the same, and doubt is drawn as doubt."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import combinations

import ezdxf
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from streets import LONG, claim, street

import integralie as itg
from integralie.errors import DataError
from integralie.paper.profile import labels
from integralie.paper.profile.kit import FLOOR, spread, text_width, wrapped
from integralie.paper.profile.scene import View
from integralie.paper.profile.things import bundled, things
from integralie.paper.words import Words
from integralie.pipeline import take

LINES = [
    ("cable_low", -5.3, 0.6, None, 0.3),
    ("telecom", -5.0, 0.6, None, 0.3),
    ("cable_medium", -4.6, 0.8, 110, 0.05),
    ("gas_low", -4.1, 0.8, 110, 0.5),
    ("gravity_sewer", 0.4, 1.6, 500, 0.1),
    ("water_main", 4.2, None, 160, 0.5),
]
KINDS = [k for k, *_ in LINES]


@pytest.fixture(scope="module")
def study():
    made = street(
        lines=LINES,
        points=[("tree", 3.4, LONG / 3 + 1), ("manhole", 0.4, LONG / 3), ("lighting_mast", -3.2, LONG / 3 - 1)],
    )
    return take(made | {"claims": pd.concat([claim("heat"), claim("gravity_sewer", "c2", width=6.0)])}, "fit")


@pytest.mark.parametrize("sheet", ["auto", "A4", "A3", "strip", "screen"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_drawing_is_svg_with_type_above_the_floor_and_all_within_the_sheet(study, sheet, language):
    root = ET.fromstring(itg.draw_section(study, "street:1", sheet=sheet, language=language))
    wide, high = (float(v) for v in root.attrib["viewBox"].split()[2:])
    for element in root.iter():
        if element.tag.endswith("text"):
            assert float(element.attrib["font-size"]) >= FLOOR
            assert 0 <= float(element.attrib["x"]) <= wide and 0 <= float(element.attrib["y"]) <= high
    assert root.attrib["role"] == "img" and root.attrib["lang"] == language


def test_every_thing_of_the_drawing_is_in_the_twin_and_the_other_way_round(study):
    page = itg.section_files(study, "street:1")
    svg, table = re.search(r"<svg.*</svg>", page, re.S)[0], re.search(r"<table.*</table>", page, re.S)[0]
    drawn_, told = (set(re.findall(r'data-id="([^"]+)"', part)) for part in (svg, table))
    assert drawn_ == told and {"G1", "R1", "W1", "K1"} <= told
    assert "onbekend" in table


def boxes(made: list[labels.Card]) -> list[tuple[float, float, int]]:
    return [(c.left, c.left + c.width, c.lane) for c in made]


@given(
    st.lists(
        st.tuples(st.sampled_from(KINDS), st.floats(-5.5, 5.5).map(lambda v: round(v, 2))), min_size=1, max_size=16
    )
)
@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_no_two_cards_overlap_and_no_leader_crosses_another(found):
    rows = itg.section(street(lines=[(k, x, 0.8, 110, 0.3) for k, x in found]), "street:1")
    shown = bundled(things(rows, Words("nl")))
    view = View(12.0, 2.0, 2.3, 50, 29.0, 60.0)
    made, lanes = labels.cards(shown, view, 10.0, 300.0, Words("nl"))
    for one, two in combinations(made, 2):
        if one.lane == two.lane:
            assert one.left + one.width <= two.left + 1e-6 or two.left + two.width <= one.left + 1e-6
        first, second = sorted((one, two), key=lambda c: (c.thing.x, c.thing.top or 0.3, c.thing.id))
        assert all(a <= b + 1e-6 for a, b in zip(first.slots, second.slots))
        if one.lane < two.lane:  # the leader of a lower card passes beside the card above it
            assert not one.left + 0.05 < two.slots[one.lane] < one.left + one.width - 0.05
    assert all(a >= 10.0 - 1e-6 and b <= 300.0 + 1e-6 for a, b, _ in boxes(made)) and 1 <= lanes <= 4


@given(st.lists(st.tuples(st.floats(0, 200), st.floats(2, 20)), min_size=1, max_size=9))
def test_places_keep_their_order_and_distance(found):
    found = sorted(found)
    want, widths = [w for w, _ in found], [w for _, w in found]
    got = spread(want, widths, -1000, 1000, 0.8)
    for (x, w), (y, v) in zip(zip(got, widths), zip(got[1:], widths[1:])):
        assert y - x >= (w + v) / 2 + 0.8 - 1e-6


def test_text_is_never_wider_than_it_is_counted():
    assert wrapped("een twee drie vier", text_width("een twee", 2.5), 2.5)[0] == "een twee"


def test_doubt_is_never_drawn_to_scale(study):
    wrong = study | {"streets": study.streets.assign(width=7.0)}
    svg = itg.draw_section(wrong, "street:1")
    assert "alleen volgorde" in svg and "G1" in svg and 'class="ground"' not in svg
    bare = itg.draw_section(street(width=None, lines=LINES), "street:1")
    assert "ONBEKEND" in bare and "breedte onbekend" in bare and 'class="free"' not in bare


def test_a_line_without_depth_shows_a_question_mark_and_its_halo(study):
    svg = itg.draw_section(study, "street:1")
    assert "d onbekend" in svg and "diepte onbekend" in svg


def test_the_verdict_stands_with_its_three_numbers_and_after_shows_what_has_a_place(study):
    now, after = (itg.draw_section(study, "street:1", when=w) for w in ("now", "after"))
    assert "PAST NIET" in now and "K2" in now and "na de werken" in after
    assert after.count('data-id="K') < now.count('data-id="K')


def test_cables_in_one_bed_are_one_bundle():
    rows = itg.section(street(lines=[("cable_low", 2.0 + i * 0.06, 0.6, None, 0.3) for i in range(6)]), "street:1")
    shown = bundled(things(rows, Words("nl")))
    assert [t.count for t in shown if t.kind == "cable_low"] == [6]


def test_the_dxf_opens_without_errors_on_nlcs_layers(study, tmp_path):
    itg.section_files(study, "street:1", form="dxf", path=tmp_path / "profiel.dxf")
    doc = ezdxf.readfile(tmp_path / "profiel.dxf")
    names = {e.dxf.layer for e in doc.modelspace()}
    assert {"B-OI-KL-GAS_LD-G", "B-OI-RI-GWA_RIOOLLEIDING-G", "N-OI-KL-WARMTENET_TRANSPORTLEIDING-G"} <= names
    assert not doc.audit().errors


def test_the_same_rows_give_the_same_drawing_whatever_their_order(study):
    mixed = study | {"assets": study.assets.iloc[::-1]}
    assert itg.draw_section(study, "street:1") == itg.draw_section(mixed, "street:1")


def test_an_unknown_sheet_moment_or_form_is_refused(study):
    for more, word in (({"sheet": "A0"}, "sheet"), ({"when": "soon"}, "drawn now or after")):
        with pytest.raises(DataError, match=word):
            itg.draw_section(study, "street:1", **more)
    with pytest.raises(DataError, match="page, pair, dxf, pair_svg, pdf"):
        itg.section_files(study, "street:1", form="docx")


VAGUE = [("gas_low", -2.0, 1.0, 110, 1.0), ("water_main", 1.2, 1.0, 110, 1.0)]


@pytest.fixture(scope="module")
def doubtful():
    made = street(width=6.0, footway=0, facade=False, lines=[*VAGUE, ("gravity_sewer", -2.4, 1.0, 200, 0.05), ("gravity_sewer", 2.2, 1.0, 200, 0.05)])  # fmt: skip
    return take(made | {"claims": claim("gravity_sewer", width=1.6, depth_from=1.2, depth_to=1.8)}, "fit")


def test_an_unknown_shows_its_trial_trench_at_its_own_place_and_depth(doubtful):
    root = ET.fromstring(itg.draw_section(doubtful, "street:1"))
    found = [g for g in root.iter() if g.attrib.get("class") == "trench"]
    assert len(found) == 1 and "proefsleuf" in found[0].attrib["aria-label"]
    row = doubtful.room.loc["street:1|c1"]
    said = itg.draw_section(doubtful, "street:1")
    assert "PS1 voor K1" in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", said))
    number = f"{row['trench_from'] + 3.0:.2f}".replace(".", ",")
    assert number in found[0].attrib["aria-label"]


def test_groundwater_stands_in_the_section_when_it_is_known(study):
    wet = study | {"streets": study.streets.assign(surface_level=1.2, groundwater=-0.3)}
    assert itg.section(wet, "street:1").attrs["water"] == pytest.approx(1.5)
    svg = itg.draw_section(wet, "street:1")
    assert 'class="groundwater"' in svg and "GHG −0,30" in svg and "hoogte (m NAP)" in svg
    assert 'class="groundwater"' not in itg.draw_section(study, "street:1")


def test_cables_too_near_to_tell_apart_get_a_detail_with_all_their_distances():
    lines = [("cable_low", -5.0, 0.6, 40, 0.05), ("telecom", -4.97, 0.6, 40, 0.05), ("gas_low", -4.7, 0.8, 110, 0.05)]
    svg = itg.draw_section(street(lines=lines), "street:1", sheet="A3")
    part = re.search(r'<g class="detail".*', svg, re.S)
    assert part and "LS1" in part[0] and "D1" in part[0]
    assert "Detail" not in itg.draw_section(street(lines=[lines[0], lines[2]]), "street:1", sheet="A3")


def test_the_screen_sheet_fills_its_field_and_has_no_column(study):
    svg = itg.draw_section(study, "street:1", sheet="screen")
    assert 'width="100%" height="100%" viewBox=' in svg and "title-block" not in svg and "K1" in svg


@pytest.fixture(scope="module")
def renewed():
    made = street(lines=LINES[:5])
    work = {"id": "work:r", "name": "riool groter", "party": "party:a", "kind": "gravity_sewer", "action": "renew", "street": "street:1", "depth": "deep", "earliest": 2030, "preferred": 2031, "latest": 2034, "width": 0.9}  # fmt: skip
    return take(made | {"works": pd.DataFrame([work])}, "fit")


def test_before_and_after_stand_at_the_same_place_and_tell_what_goes_and_comes(renewed):
    root = ET.fromstring(itg.section_files(renewed, "street:1", form="pair_svg"))
    moments = {g.attrib["class"]: g for g in root.iter() if str(g.attrib.get("class")).startswith("moment-")}
    ids = {n: {g.attrib["data-id"] for g in part.iter() if "data-id" in g.attrib} for n, part in moments.items()}
    assert "R1" in ids["moment-before"] and "R1" not in ids["moment-after"] and "K1" in ids["moment-after"]
    lefts = {
        n: next(g for g in part.iter() if g.attrib.get("class") == "ground")[0].attrib for n, part in moments.items()
    }
    assert lefts["moment-before"]["x"] == lefts["moment-after"]["x"]
    assert lefts["moment-before"]["width"] == lefts["moment-after"]["width"]
    text = " ".join(t for t in root.itertext())
    assert "vervalt" in text and "Wat komt" in text and "→" in text


@pytest.mark.parametrize("form", ["pdf", "pair_pdf"])
def test_the_pdf_is_tagged_and_holds_drawing_and_table(renewed, form, tmp_path):
    made = itg.section_files(renewed, "street:1", form=form, path=tmp_path / "a.pdf")
    assert isinstance(made, bytes) and made.startswith(b"%PDF") and (tmp_path / "a.pdf").read_bytes() == made
    assert b"/MarkInfo" in made and b"pdfuaid" in made and len(made) > 20_000
    assert made == itg.section_files(renewed, "street:1", form=form)


def test_a_name_from_a_file_of_others_stays_text_in_the_pdf(renewed):
    odd = renewed | {"streets": renewed.streets.assign(name='#panic("x") </svg> $x$')}
    assert itg.section_files(odd, "street:1", form="pdf").startswith(b"%PDF")


def test_a_section_that_is_not_to_scale_has_files_too(study):
    wrong = study | {"streets": study.streets.assign(width=7.0)}
    for form in ("page", "pair", "pair_svg", "pdf", "pair_pdf", "dxf"):
        assert itg.section_files(wrong, "street:1", form=form)
