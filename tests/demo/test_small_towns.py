"""Very small towns are made too, and every rule about the street has something to say in the shipped town."""

from __future__ import annotations

import pytest

import integralie as itg
from integralie.errors import DataError


@pytest.mark.parametrize(("size", "seed"), [(60, 2), (60, 5), (61, 3), (61, 9), (61, 14), (70, 4), (70, 11)])
def test_a_very_small_town_is_made_with_its_square(size: int, seed: int) -> None:
    town = itg.town(size=size, seed=seed)
    assert town.plans["name"].str.contains("marktplein").sum() >= 1
    assert len(town.capacity) and len(town.claims)


def test_a_town_of_a_few_streets_is_refused_with_what_to_give() -> None:
    with pytest.raises(DataError, match="60 to 20000"):
        itg.town(size=10)


def test_events_detours_and_buses_meet_works_in_the_town() -> None:
    town = itg.run(itg.town(size=250), only=("forecast", "match"))
    assert {"event", "detour"} <= set(town.claims["kind"])
    assert {"event", "bus"} <= set(town.clashes["rule"])
    told = itg.explain(town, town.clashes.index[town.clashes["rule"] == "bus"][0], language="nl")
    assert "Buslijn" in told
