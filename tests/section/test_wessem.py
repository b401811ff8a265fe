"""The real delivery of a village: every line that crosses ten marked places, counted straight from the file."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest
from lxml import etree

import integralie as itg

FILE = "data/klic-local-only/Levering_22O000517_1.zip"
LINES = (
    "Elektriciteitskabel",
    "Telecommunicatiekabel",
    "OlieGasChemicalienPijpleiding",
    "Waterleiding",
    "Rioolleiding",
    "ThermischePijpleiding",
    "Overig",
    "Kabelbed",
    "Mantelbuis",
    "Duct",
)
HREF = "{http://www.w3.org/1999/xlink}href"
PLACES = 10


def local(element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def routes(path) -> list[tuple[str, np.ndarray]]:
    """Class and positions of every line in the file, read without the importer."""
    with zipfile.ZipFile(path) as archive:
        name = next(n for n in archive.namelist() if n.lower().endswith((".xml", ".gml")))
        root = etree.parse(archive.open(name)).getroot()
    links, found = {}, []
    for member in root.iter("{*}featureMember", "{*}member"):
        for element in member:
            if local(element) == "UtilityLink":
                texts = [e.text.split() for e in element.iter("{*}posList", "{*}pos") if e.text]
                links[element.get("{http://www.opengis.net/gml/3.2}id")] = np.array(sum(texts, []), float).reshape(
                    -1, 2
                )
            elif local(element) in LINES:
                found.append(
                    (
                        local(element),
                        [(c.get(HREF) or "").rsplit("/", 1)[-1].lstrip("#") for c in element if local(c) == "link"],
                    )
                )
    return [(kind, links[k]) for kind, refs in found for k in refs if k in links]


def crossings(
    lines: list[tuple[str, np.ndarray]], origin: np.ndarray, right: np.ndarray, left: float, wide: float
) -> np.ndarray:
    """Distances from the left edge at which lines cross the cut: plain geometry of segments."""
    ahead, out = np.array([-right[1], right[0]]), []
    for _, points in lines:
        a, b = points[:-1] - origin, points[1:] - origin
        sa, sb = a @ ahead, b @ ahead
        hit = (sa > 0) != (sb > 0)
        t = sa[hit] / (sa[hit] - sb[hit])
        x = (a[hit] @ right) * (1 - t) + (b[hit] @ right) * t
        out.append(x[(x >= left) & (x <= left + wide)] - left)
    return np.sort(np.concatenate(out)) if out else np.zeros(0)


@pytest.mark.shared
def test_ten_places_show_every_line_that_crosses_in_order_within_a_decimetre(shared):
    path = shared / FILE
    if not path.is_file():
        pytest.skip("the delivery is not beside this checkout")
    study, lines = itg.read(path), routes(path)
    seen = default = 0
    for street in study.streets.index[:: max(len(study.streets) // PLACES, 1)][:PLACES]:
        table = itg.section(study, street)
        head = table.attrs
        turn = np.radians(head["heading"])
        right = np.array([np.cos(turn), -np.sin(turn)])
        origin = np.array([head["x"], head["y"]])
        want = crossings(lines, origin, right, 0.0, head["width"])
        distinct = sum(len(crossings([line], origin, right, 0.0, head["width"])) > 0 for line in lines)
        shown = table[table["role"].isin(["network", "crossing"])]
        assert shown["x"].is_monotonic_increasing
        assert shown["asset"].nunique() == distinct, street
        straight = shown[shown["role"] == "network"]
        across = shown[shown["role"] == "crossing"]
        for x in straight["x"]:
            assert np.abs(want - x).min() <= 0.1, (street, x)
        for x in want:  # a line that runs along the cut is one row over its whole stretch
            near = straight["x"].sub(x).abs().min() if len(straight) else np.inf
            assert near <= 0.1 or ((across["left"] - 0.1 <= x) & (x <= across["right"] + 0.1)).any(), (street, x)
        seen += len(want)
        assert set(shown["depth_quality"]) <= {"default", "measured", "unknown"}
        default += int((shown["depth_quality"] == "default").sum())
        assert shown.loc[shown["kind"] == "gravity_sewer", "top"].isna().all()
        assert "standaardwaarde" in itg.draw_section(study, street)
    assert seen > 80 and default > 60
