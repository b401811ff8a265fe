"""Texts and numbers on paper: complete in both languages, written as people write them there."""

from __future__ import annotations

import re
import string
from importlib.resources import files

import pytest

from integralie.errors import DataError
from integralie.paper.words import NBSP, Words, both, texts

NL, EN = Words("nl"), Words("en")


def test_every_text_stands_in_both_languages():
    assert both(texts()) == []


def test_both_languages_ask_for_the_same_values():
    for key, row in texts().items():
        named = [{n for _, n, _, _ in string.Formatter().parse(row[language]) if n} for language in ("nl", "en")]
        assert named[0] == named[1], key


def _asked() -> set[str]:
    """All keys that templates and code ask for by a fixed name."""
    found: set[str] = set()
    for package in ("paper", "verbs.report", "verbs.hand_over"):
        folder = files(f"integralie.{package}")
        pages = [p for sub in (folder, folder.joinpath("templates")) if sub.is_dir() for p in sub.iterdir()]
        for page in (p for p in pages if p.name.endswith((".j2", ".py"))):
            found |= set(
                re.findall(r"(?<![\w.])(?:w\.|words\.)?t\(['\"]([a-z0-9_.]*[a-z0-9_])['\"]", page.read_text("utf-8"))
            )
    return found


def test_no_key_is_asked_that_has_no_text():
    assert sorted(_asked() - set(texts())) == []


def test_dutch_is_not_left_in_english():
    long = [k for k, row in texts().items() if row["nl"] == row["en"] and len(row["en"].split()) > 3]
    assert long == []


def test_money_is_written_as_people_write_it():
    assert NL.eur(1240000) == f"€{NBSP}1.240.000" and EN.eur(1240000) == "€1,240,000"
    assert NL.cent(1234.5) == f"€{NBSP}1.234,50" and EN.cent(1234.5) == "€1,234.50"
    assert NL.mln(36_960_000) == f"€{NBSP}36,96{NBSP}mln" and NL.mln(400) == f"€{NBSP}400"
    assert NL.eur(-41000).startswith("\u2212") and NL.eur(None) == "onbekend" and EN.eur(float("nan")) == "unknown"


def test_halves_go_up_and_nothing_is_minus_zero():
    assert NL.eur(0.5).endswith("1") and NL.num(2.345, 2) == "2,35" and NL.eur(-0.2) == f"€{NBSP}0"


def test_the_gap_is_rounded_up_and_never_nothing():
    assert NL.gap(0.00385).startswith("0,4") and EN.gap(0.0) == "0.1%" and EN.gap(0.031) == "3.1%"


def test_a_share_that_exists_is_never_written_as_nothing():
    assert EN.pct(0.001) == f"<{NBSP}1%" and EN.pct(0) == "0%"


def test_a_language_without_texts_is_refused():
    with pytest.raises(DataError, match="nl"):
        Words("fr")
