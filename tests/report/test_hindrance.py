"""What the report says of nuisance, access, reopening and chances, on tables of a few rows."""

from __future__ import annotations

import pandas as pd
from world import town

from integralie.pipeline import asked

CHANCE = {
    "id": "opportunity:1", "street": "street:0004", "kind": "joint", "works": 2, "parties": 2, "period": 2029, "net_saving": 9000.0,
    "value": 12000.0, "value_low": -500.0, "value_high": 30000.0, "mover": "party:water", "mover_years": -3, "years_moved": 3,
    "advice": "consider", "next_step": "ask_mover", "status": "agreed", "saving": 15000.0, "moving_cost": 6000.0,
}  # fmt: skip


def page(language: str = "nl", **changes: pd.DataFrame) -> str:
    return asked(town(**changes), "report", language=language)


def scored(**more: object) -> pd.DataFrame:
    base = town().scores.reset_index()
    own = [
        ("resident_days", 900.0, "area:1", 2028), ("resident_days", 100.0, "area:1", 2030), ("cut_off", 12.0, None, None),
        ("helsinki_mean", 2.1, None, None), ("works_late", 3.0, None, None), ("works_programmed", 5.0, None, None),
    ]  # fmt: skip
    rows = [{"id": f"{v}|{i}|x{n}", "variant": v, "indicator": i, "value": x + (v == "silo"), "unit": "count", "place": p, "period": y} for v in ("together", "silo") for n, (i, x, p, y) in enumerate(own)]  # fmt: skip
    kept = base[~base["indicator"].isin([i for i, *_ in own])]
    return pd.concat([kept, pd.DataFrame(rows)], ignore_index=True)


def test_a_chance_shows_its_band_who_moves_the_next_step_and_why_to_look_twice():
    text = page(opportunities=pd.DataFrame([CHANCE]))
    for said in ("12.000", "30.000", "3 jaar eerder", "wie schuift vragen", "twee keer kijken", "onderkant negatief", "Welke vensters ertoe doen", "afgesproken"):  # fmt: skip
        assert said in text.replace("\xa0", " "), said


def test_without_value_or_talks_the_report_says_no_more_than_it_knows():
    bare = {k: CHANCE[k] for k in ("id", "street", "works", "parties", "period", "net_saving")}
    text = page(opportunities=pd.DataFrame([bare | {"kind": "joint"}]))
    assert "9.000" in text and "Hoe ver de gesprekken zijn" not in text and "onderkant negatief</span>" not in text


def test_nuisance_stands_by_neighbourhood_and_year_with_its_peaks():
    text = page(scores=scored())
    assert "▲0,9" in text and "Hinder per buurt en jaar" in text and "s4" in text


def test_access_and_the_price_of_working_apart_stand_beside_each_other():
    text = page("en", scores=scored())
    assert "Who can still be reached" in text and "The price of not working integrally" in text
    alone = scored()
    assert "The price of not working integrally" not in page("en", scores=alone[alone["variant"] == "together"])


def test_warnings_to_keep_works_apart_are_told():
    clash = pd.DataFrame(
        [
            {
                "id": "clash:pace:1:a:b",
                "rule": "pace",
                "street": "street:0004",
                "period": 2029,
                "severity": "high",
                "amount": 40.0,
            }
        ]
    )
    assert "Wanneer niet combineren" in page(clashes=clash)


def test_every_street_of_the_list_has_its_sentence():
    assert "naar bedoeling dicht" in page() or "geen eerdere opening bekend" in page()
