"""Cables and pipes of the town: each in its own strip, from the facade to the axis of the street."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from integralie.demo.streets import TODAY


@dataclass(frozen=True)
class Strip:
    """Where one kind of network lies, whose it is, how deep: metres from the facade (none is the axis), of cover."""

    kind: str
    party: str
    from_facade: float | None
    side: int
    cover: float
    first: int  # before this year the kind was not laid here
    life: float  # years after which such a network has mostly been replaced


STRIPS = (
    Strip("cable_low", "party:grid", 0.5, 1, 0.6, 1925, 62),
    Strip("telecom", "party:telecom", 0.8, 1, 0.6, 1950, 50),
    Strip("cable_medium", "party:grid", 1.1, 1, 0.8, 1935, 62),
    Strip("gas_low", "party:grid", 1.6, 1, 0.9, 1910, 72),
    Strip("water_main", "party:water", 2.2, 1, 1.0, 1905, 80),
    Strip("heat", "party:heat", 3.3, 1, 0.9, 1994, 40),
    Strip("gas_high", "party:grid", 1.6, -1, 1.1, 1964, 90),
    Strip("pressure_sewer", "party:sewer", 2.4, -1, 1.1, 1970, 50),
    Strip("gravity_sewer", "party:sewer", None, 1, 1.7, 1915, 74),
)
# material by year laid: the last one whose first year is not later
MATERIALS = {
    "water_main": ((0, "grey_cast_iron"), (1948, "asbestos_cement"), (1973, "pvc"), (2004, "pe")),
    "gas_low": ((0, "grey_cast_iron"), (1955, "asbestos_cement"), (1966, "pvc"), (1998, "pe")),
    "gas_high": ((0, "steel"), (1995, "pe")),
    "gravity_sewer": ((0, "vitrified_clay"), (1932, "concrete"), (1984, "pvc")),
    "pressure_sewer": ((0, "asbestos_cement"), (1978, "pvc"), (1995, "pe")),
    "cable_low": ((0, "paper_lead"), (1968, "xlpe")),
    "cable_medium": ((0, "paper_lead"), (1972, "xlpe")),
    "telecom": ((0, "copper"), (2006, "fibre")),
    "heat": ((0, "steel"),),
}
SIZES = {  # diameters in mm: in a street, in a wider road
    "water_main": ((110, 110, 160), (200, 315)),
    "gas_low": ((110, 110, 160), (160, 200)),
    "gas_high": ((160, 200), (200, 300)),
    "gravity_sewer": ((300, 300, 400), (500, 600, 800)),
    "pressure_sewer": ((160, 200), (250, 315)),
    "heat": ((100, 150), (250, 300)),
}
UNKNOWN_YEAR = {"cable_low": 0.22, "telecom": 0.25, "gas_low": 0.06, "water_main": 0.08, "gravity_sewer": 0.10}
RENEWED = 0.72  # share of the streets where what was worn out has been replaced


def present(sections: pd.DataFrame, heat_cell: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Which networks lie in which section."""
    s = sections
    lived = ~s["profile"].isin(["park", "bridge"]).to_numpy()
    wide = s["rank"].isin(["main", "distributor"]).to_numpy()
    run = s["run"].to_numpy()
    spine = (rng.uniform(size=run.max() + 1) < 0.13)[run] | s["rank"].isin(["distributor"]).to_numpy()
    telecom = (rng.uniform(size=run.max() + 1) < 0.62)[run]
    press = (s["rank"] == "main").to_numpy() & (rng.uniform(size=len(s)) < 0.75)
    heat = ((s["cell"] == heat_cell) & ~wide).to_numpy() & (rng.uniform(size=run.max() + 1) < 0.85)[run]
    return {
        "cable_low": lived,
        "telecom": lived & telecom,
        "cable_medium": lived & spine,
        "gas_low": lived & ~wide & ~heat,
        "water_main": lived,
        "heat": heat,
        "gas_high": (s["rank"] == "main").to_numpy() | (wide & (s["cell"] % 3 == 1).to_numpy()),
        "pressure_sewer": press,
        "gravity_sewer": lived & ~(s["rank"] == "main").to_numpy(),
    }


def laid(strip: Strip, built: np.ndarray, run: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The year laid: with the street, or once more when it was worn out, a whole street at a time."""
    luck = rng.uniform(size=(3, run.max() + 1))[:, run]
    year = np.maximum(built, strip.first + np.round(luck[0] * 14)).astype(float)
    worn = year + strip.life * (0.82 + 0.36 * luck[1])
    for _ in range(2):
        again = (worn < TODAY - 2) & (luck[2] < RENEWED)
        year = np.where(again, worn, year)
        worn = np.where(again, year + strip.life * (0.85 + 0.3 * luck[1]), worn)
    return np.clip(np.round(year), 1900, TODAY - 1)


def material(kind: str, year: np.ndarray) -> np.ndarray:
    """What was laid in that year."""
    steps = MATERIALS[kind]
    at = np.searchsorted([y for y, _ in steps], year, side="right") - 1
    return np.array([m for _, m in steps], dtype=object)[at]


def _diameter(kind: str, wide: np.ndarray, run: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    if kind not in SIZES:
        return np.full(len(wide), np.nan)
    small, large = SIZES[kind]
    pick = rng.uniform(size=run.max() + 1)[run]
    one = np.array(small)[(pick * len(small)).astype(int)]
    two = np.array(large)[(pick * len(large)).astype(int)]
    return np.where(wide, two, one).astype(float)


def _strip(strip: Strip, s: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    n, run = len(s), s["run"].to_numpy()
    offset = np.zeros(n) if strip.from_facade is None else strip.side * np.maximum(s["half"] - strip.from_facade, 0.4)
    offset = np.where(s["rank"] == "distributor", np.sign(offset) * np.abs(offset), offset)
    lines = np.where(offset == 0, s["line"], shapely.offset_curve(s["line"].to_numpy(), offset, join_style="mitre"))
    year = laid(strip, s["built"].to_numpy(), run, rng)
    made_of = material(strip.kind, year)
    hidden = (rng.uniform(size=run.max() + 1) < UNKNOWN_YEAR.get(strip.kind, 0.04))[run]
    vague = ~hidden & (rng.uniform(size=n) < 0.12)
    known = rng.uniform(size=n)
    return pd.DataFrame(
        {
            "id": "asset:" + strip.kind + ":" + s["street"].str[7:],
            "kind": strip.kind,
            "party": strip.party,
            "year_built": np.where(hidden, np.nan, np.where(vague, np.round(year / 10) * 10, year)),
            "year_built_quality": np.where(hidden, "unknown", np.where(vague, "assumed", "registered")),
            "material": np.where(hidden & (known < 0.5), None, made_of),  # type: ignore[call-overload]
            "diameter": _diameter(strip.kind, s["rank"].isin(["main", "distributor"]).to_numpy(), run, rng),
            "cover": np.round(strip.cover + np.where(known < 0.45, 0, rng.normal(0, 0.12, n)), 2),
            "cover_quality": np.where(known < 0.45, "default", np.where(known < 0.6, "measured", "registered")),
            "accuracy": np.where(known < 0.6, 0.5, 1.0),
            "level": -1,
            "run": run,
            "built": s["built"].to_numpy(),
            "geometry": lines,
        }
    )


def networks(sections: pd.DataFrame, heat_cell: int, seed: int) -> list[pd.DataFrame]:
    """All cables and pipes of the town, one per kind and section."""
    where = present(sections, heat_cell, np.random.default_rng([seed, 20]))
    out = []
    for i, strip in enumerate(STRIPS):
        own = sections[where[strip.kind]]
        if len(own):
            frame = _strip(strip, own, np.random.default_rng([seed, 21, i]))
            out.append(frame[shapely.length(frame["geometry"].to_numpy()) > 2.0])
    return out
