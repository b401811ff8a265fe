"""The index of Helsinki on its published vectors, every one of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from integralie.figures import shipped
from integralie.nuisance import helsinki as H

F = shipped()
VECTORS = [
    ((1, 0, 1, 1, 1), 0.8),
    ((1, 1, 0, 1, 1), 0.8),
    ((1, 1, 1, 1, 1), 1.0),
    ((1, 2, 2, 2, 2), 1.9),
    ((3, 3, 3, 3, 3), 3.0),
    ((3, 4, 4, 4, 4), 3.9),
    ((5, 5, 5, 5, 5), 5.0),
    ((5, 0, 0, 5, 5), 0.0),
    ((1, 4, 2, 1, 2), 2.1),
]
LIMITS = [
    ("helsinki_duration", {0: 1, 13: 1, 14: 3, 90: 3, 91: 5, 1000: 5}),
    ("helsinki_volume", {0: 0, 1: 1, 499: 1, 500: 2, 1499: 2, 1500: 3, 4999: 3, 5000: 4, 9999: 4, 10000: 5}),
    ("helsinki_length", {0: 0, 1: 2, 9: 2, 10: 3, 99: 3, 100: 4, 499: 4, 500: 5}),
    ("helsinki_buses", {0: 2, 1: 3, 10: 3, 11: 4, 20: 4, 21: 5}),
]


@pytest.mark.parametrize(("classes", "index"), VECTORS)
def test_the_published_vectors_to_the_decimal(classes, index):
    assert float(H.car(*classes, F)) == index


@pytest.mark.parametrize(("name", "cases"), LIMITS)
def test_the_published_limits(name, cases):
    assert H.classify(name, list(cases), F).tolist() == list(cases.values())


def test_the_full_published_case():
    """A thousand vehicles, street class 4, a day, one lane, under 10 m; a critical bus street, rails, a cycle route."""
    car = H.car(1, 4, H.classify("helsinki_volume", 1000, F), 1, 2, F)
    bus = H.bus(0, False, True, True, F)
    index, mode = H.overall(car, F.value("helsinki_cycle", route="other"), bus, F.value("helsinki_tram", track="rails"))
    assert (float(car), int(bus), float(index), str(mode)) == (2.1, 5, 5.0, "bus")


@pytest.mark.parametrize(
    ("rush", "trunk", "ordinary", "critical", "class_"),
    [(0, False, False, False, 0), (0, False, True, False, 2), (0, True, False, False, 4), (5, False, True, False, 3), (25, True, True, False, 5), (0, False, False, True, 5)],
)  # fmt: skip
def test_buses(rush, trunk, ordinary, critical, class_):
    assert int(H.bus(rush, trunk, ordinary, critical, F)) == class_


@given(st.tuples(*[st.integers(0, 5)] * 5))
def test_halves_round_up_for_every_combination(classes):
    weights = (10, 20, 25, 25, 20)
    hundredths = sum(w * c for w, c in zip(weights, classes))
    expected = 0 if classes[1] == classes[2] == 0 else (hundredths + 5) // 10
    assert round(float(H.car(*classes, F)) * 10) == expected


def test_arrays_in_arrays_out():
    many = H.car(np.full(3, 1), np.array([4, 4, 0]), np.array([2, 2, 0]), np.full(3, 1), np.full(3, 2), F)
    assert many.tolist() == [2.1, 2.1, 0.0]
