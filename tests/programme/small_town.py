"""A small hand-made town for the tests of the programme: streets, works and members as the verbs expect them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString

from integralie import checker
from integralie.figures import shipped
from integralie.schema.frames import conform, empty
from integralie.settings import Settings
from integralie.verbs.programme import WRITES, programme
from integralie.verbs.score import counted

SETTINGS = Settings(first=2027, periods=10)
KINDS = ("gravity_sewer", "water_main", "gas_low", "cable_low", "carriageway", "lighting_mast", "tree")
DISCIPLINE = ("sewer", "water", "gas", "electricity", "paving", "lighting", "green")
DEPTH = ("deep", "shallow", "shallow", "shallow", "surface", "surface", "none")


def streets(count: int = 1, **columns: Any) -> pd.DataFrame:
    """A row of sections of 100 m."""
    rows = pd.DataFrame({
        "id": [f"street:{i:04d}" for i in range(count)],
        "name": [f"Straat {i}" for i in range(count)],
        "road_class": "residential",
        "width": 10.0,
        "party": "party:road",
        "residents": 20,
        "traffic": 400.0,
        "surface": "clay_brick",
        "geometry": [LineString([(100000 + 150 * i, 400000), (100100 + 150 * i, 400000)]) for i in range(count)],
    })  # fmt: skip
    return conform("streets", rows.assign(**columns))


def work(name: str, street: str | None = "street:0000", preferred: int = 2030, **columns: Any) -> dict[str, Any]:
    """One plan with a window of three years on either side."""
    row = {
        "id": f"work:{name}", "name": name, "party": "party:sewer", "kind": "gravity_sewer", "discipline": "sewer", "plan": f"plan:{name}",
        "street": street, "depth": "deep", "earliest": preferred - 3, "preferred": preferred, "latest": preferred + 3, "duration": 10.0,
        "life": 60.0, "cost": 100000.0, "surface_cost": 20000.0, "sharing": 3,
    }  # fmt: skip
    return {**row, **columns}


def works(*rows: dict[str, Any]) -> pd.DataFrame:
    return conform("works", pd.DataFrame(list(rows)))


def members(table: pd.DataFrame, **more: list[str]) -> pd.DataFrame:
    """The sections of each work; `more` names further sections by work name."""
    rows = [(w, s) for w, s in table["street"].items() if pd.notna(s)]
    rows += [(f"work:{n}", s) for n, many in more.items() for s in many]
    made = pd.DataFrame(rows, columns=["set", "member"]).drop_duplicates()
    return conform("members", made.assign(id=made["set"] + "|" + made["member"], role="street", verb="forecast"))


def budget(party: str, amount: float, years: range = SETTINGS.years, resource: str = "budget") -> list[dict[str, Any]]:
    return [
        {"id": f"capacity:{party}:{resource}:{y}", "party": f"party:{party}", "resource": resource, "period": y, "amount": amount}
        for y in years
    ]  # fmt: skip


def agreement(rule: str, applies_to: str | None = None, value: float | None = None, **more: Any) -> dict[str, Any]:
    """One rule of the game."""
    return {"id": f"{rule}-{applies_to}", "rule": rule, "applies_to": applies_to, "value": value, **more}


def agreements(*rows: dict[str, Any]) -> pd.DataFrame:
    return conform("agreements", pd.DataFrame(list(rows)))


def capacity(*groups: list[dict[str, Any]]) -> pd.DataFrame:
    rows = [r for g in groups for r in g]
    return conform("capacity", pd.DataFrame(rows)) if rows else empty("capacity")


def town(count: int, seed: int = 1, settings: Settings = SETTINGS) -> dict[str, pd.DataFrame]:
    """A town of `count` sections with three to seven works each, budgets that do not suffice, and a sewer through two
    sections.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(count):
        for k in rng.permutation(len(KINDS))[: rng.integers(3, 8)]:
            best, built = (
                int(rng.integers(settings.first - 2, settings.first + settings.periods + 4)),
                int(rng.integers(1950, 1995)),
            )
            cost = float(rng.integers(10, 200)) * 1000
            rows.append(work(
                f"{KINDS[k]}-{i}", f"street:{i:04d}", best, party=f"party:{DISCIPLINE[k]}", kind=KINDS[k], discipline=DISCIPLINE[k],
                depth=DEPTH[k], plan=None if rng.random() < 0.7 else f"plan:{i}-{k}", year_built=built, cost=cost, probability=0.6,
                surface_cost=round(cost * float(rng.uniform(0.05, 0.5)), 2), duration=float(rng.integers(2, 40)), life=float(rng.integers(25, 80)),
            ))  # fmt: skip
    table = works(*rows)
    told = []
    for party, amount in (table["cost"].groupby(table["party"]).sum() / settings.periods).items():
        told.append(budget(str(party).removeprefix("party:"), round(float(amount) * 0.8), settings.years))
    crew = table["duration"][table["discipline"] == "water"].sum() / settings.periods
    told.append(budget("water", float(crew), settings.years, "crew:water"))
    told.append(budget("road", count * 9000.0, settings.years))
    long = {
        f"gravity_sewer-{i}": [f"street:{i + 1:04d}"]
        for i in range(0, count - 1, 7)
        if f"work:gravity_sewer-{i}" in table.index
    }
    return {
        "works": table, "members": members(table, **long), "streets": streets(count), "openings_past": empty("openings_past"),
        "capacity": capacity(*told), "agreements": empty("agreements"), "assets": empty("assets"), "goals": empty("goals"), "room": empty("room"),
    }  # fmt: skip


def run(told: pd.DataFrame, limits: pd.DataFrame | None = None, count: int = 1, **more):
    """The programme of some works in a row of sections; what it writes, as tables, proven and counted."""
    given = {
        "works": told, "members": members(told), "streets": streets(count), "openings_past": empty("openings_past"),
        "capacity": capacity() if limits is None else limits, "agreements": empty("agreements"),
        "assets": empty("assets"), "goals": empty("goals"), "room": empty("room"),
    }  # fmt: skip
    options = {k: v for k, v in more.items() if k in ("alone", "seconds", "start", "quick")}
    given |= {k: v for k, v in more.items() if k in given}
    made = programme(**given, figures=more.get("figures", shipped()), settings=SETTINGS, **options)
    assert set(made) == set(WRITES)
    verdict = checker.check({**given, **made})
    assert verdict.proven or not len(told), verdict.sentences
    if len(told):
        assert counted(made["options"], made["programme"], made["openings"], made["prices"]) == pytest.approx(
            verdict.objective
        )
    return made


def years(made: dict) -> dict:
    return {
        w.removeprefix("work:"): (None if pd.isna(p) else int(p))
        for w, p in zip(made["programme"]["work"], made["programme"]["period"])
    }


def codes(made: dict, target: str) -> set:
    return set(made["reasons"].loc[made["reasons"]["target"] == target, "code"])
