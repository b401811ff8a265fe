"""The list of colours: complete, valid, readable."""

from __future__ import annotations

import re

import pytest

from integralie.errors import DataError
from integralie.kinds import kinds
from integralie.schema import colours as C


def _luminance(hex_: str) -> float:
    parts = [int(hex_[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, two: str) -> float:
    a, b = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (a + 0.05) / (b + 0.05)


def test_every_colour_is_a_hex_value():
    for c in C.colours().values():
        for value in (c.screen, c.on, c.casing, c.pmkl):
            assert value == "" or re.fullmatch(r"#[0-9A-F]{6}", value), c.name


def test_every_network_of_a_kind_has_a_colour_with_letters_and_two_names():
    for kind in kinds().values():
        c = C.colour(kind.network)
        assert c.group == "network" and len(c.letter) == 2 and c.label_en and c.label_nl


def test_letters_read_on_networks_years_and_verdicts():
    for c in (*C.group("network"), *C.group("year"), *C.group("verdict")):
        low = 3.0 if c.name in ("building", "ground") else 4.5
        assert contrast(c.screen, c.on) >= low, c.name


def test_ink_reads_on_paper_and_page():
    for name in ("ink", "ink-2", "ink-3", "accent", "good", "warn", "bad", "unknown"):
        for ground in ("paper", "ground-page", "sunken"):
            assert contrast(C.colour(name).screen, C.colour(ground).screen) >= 4.5, (name, ground)


def test_letters_are_unique():
    letters = [c.letter for c in C.group("network")]
    assert len(set(letters)) == len(letters)


def test_soon_is_dark_whatever_the_length_of_the_programme():
    for periods in (1, 2, 10, 20, 60):
        made = [_luminance(C.year_colour(2027 + i, 2027, periods).screen) for i in range(periods)]
        assert made == sorted(made)
    assert C.year_colour(2046, 2027, 20).name == "year.9"


def test_unknown_colour_lists_what_there_is():
    with pytest.raises(DataError, match="sewer"):
        C.colour("chartreuse")
    assert C.network("chartreuse").name == "other"
