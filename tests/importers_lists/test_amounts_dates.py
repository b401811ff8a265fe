"""Amounts and years as people write them."""

from __future__ import annotations

import datetime

import pytest

from integralie.importers.amounts import amount
from integralie.importers.dates import window


@pytest.mark.parametrize(
    ("cell", "euros"),
    [
        ("€ 1.250.000,-", 1250000),
        ("1,25 mln", 1250000),
        ("1.250 mln", 1250000),
        ("€ 1,5 miljoen", 1500000),
        ("250k", 250000),
        ("€250.000", 250000),
        ("250,000", 250000),
        ("1,250,000.50", 1250000.5),
        ("12.500,75", 12500.75),
        ("12,5", 12.5),
        ("EUR 400000 excl. btw", 400000),
        ("ca. 80.000", 80000),
        (5000, 5000),
        (5000.5, 5000.5),
        ("0", 0),
    ],
)
def test_amounts_that_mean_something(cell: object, euros: float) -> None:
    assert amount(cell).value == pytest.approx(euros)


@pytest.mark.parametrize(
    ("cell", "wrong"),
    [
        ("PM", "open"),
        ("n.t.b.", "open"),
        (None, "open"),
        ("-5000", "negative"),
        (-5, "negative"),
        ("(5.000)", "negative"),
        ("€ -5.000,-", "negative"),
        ("veel", "text"),
        ("1.2.3,4,5", "text"),
        (float("inf"), "text"),
        ("100-200", "text"),
    ],
)
def test_amounts_that_are_unknown(cell: object, wrong: str) -> None:
    assert amount(cell).value is None
    assert amount(cell).wrong == wrong


@pytest.mark.parametrize(
    ("cell", "earliest", "latest"),
    [
        ("2027", 2027, 2027),
        (2027.0, 2027, 2027),
        ("31-12-2027", 2027, 2027),
        ("2027-12-31", 2027, 2027),
        ("2027-12-31 00:00:00", 2027, 2027),
        ("1/7/27", 2027, 2027),
        ("Q3 2027", 2027, 2027),
        ("medio 2028", 2028, 2028),
        ("2027-2029", 2027, 2029),
        ("2027/2029", 2027, 2029),
        ("2027 t/m 2029", 2027, 2029),
        ("2027-29", 2027, 2029),
        ("na 2030", 2031, None),
        ("vanaf 2030", 2030, None),
        ("2030 e.v.", 2030, None),
        ("voor 2030", None, 2029),
        ("uiterlijk 2030", None, 2030),
        (46387, 2026, 2026),
        (datetime.datetime(2027, 5, 1), 2027, 2027),
    ],
)
def test_windows(cell: object, earliest: int | None, latest: int | None) -> None:
    found = window(cell)
    assert (found.earliest, found.latest, found.wrong) == (earliest, latest, "")


@pytest.mark.parametrize(
    ("cell", "wrong"),
    [
        ("31-2-2027", "impossible"),
        ("2027-13-01", "impossible"),
        ("9999", "implausible"),
        ("31-12-9999", "implausible"),
        ("spoedig", "text"),
        ("", "open"),
        (None, "open"),
        (0, "implausible"),
    ],
)
def test_windows_that_are_unknown(cell: object, wrong: str) -> None:
    assert (window(cell).year, window(cell).wrong) == (None, wrong)
