"""Thermal: how far drinking water must stay from a heat pair, calculated from what is known of both.

Model: the steady heat loss of an insulated pipe in the ground, with a mirror pipe above the surface that keeps the
surface at the temperature of the undisturbed soil (zero order of the multipole method). Per pipe the loss is
q = (T - T0) / (R_insulation + R_soil) with R_insulation = ln(D / (D - 2t)) / 2 pi k_insulation and
R_soil = ln(4 H / D) / 2 pi k_soil. It warms the soil at distance r (and r' from the mirror) by q ln(r'/r) / 2 pi k_soil.
Supply and return add up. The distance sought is the least at which the soil beside the water main stays at the
highest temperature allowed for drinking water (CS-063). Water that flows takes on less than the soil: the model is on
the safe side. It is no substitute for the calculation of the sector agreement (CS-060), which the operators make.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from integralie.figures import Figure, Figures

FARTHEST, FINE = 10.0, 0.01  # m: how far is looked, and how finely
INPUTS = (
    "supply_temperature",
    "return_temperature",
    "insulation_conductivity",
    "insulation_thickness",
    "soil_conductivity",
    "soil_temperature",
    "pair_gap",
)
WARMER = {
    "supply_temperature": 1,
    "return_temperature": 1,
    "insulation_conductivity": 1,
    "insulation_thickness": -1,
    "soil_conductivity": -1,
    "soil_temperature": 1,
    "pair_gap": 0,
}


@dataclass(frozen=True)
class HeatBesideWater:
    """The least distance outside to outside (m) with its spread, and the figures it was calculated from."""

    distance: float
    low: float
    high: float
    inputs: tuple[Figure, ...]
    limit: float


def warming(distance: float, given: dict[str, float], casing: float, depth: float, water: float) -> float:
    """Degrees by which a heat pair warms the soil at a water main, `distance` m from its nearest pipe outside to outside.

    `casing` is the outer diameter of one pipe, `depth` that of its heart, `water` the depth of the heart of the main.
    """
    k = given["soil_conductivity"]
    lagging = math.log(casing / (casing - 2 * given["insulation_thickness"])) / (
        2 * math.pi * given["insulation_conductivity"]
    )
    soil = math.log(4 * depth / casing) / (2 * math.pi * k)
    total = 0.0
    for name, away in (("supply_temperature", 0.0), ("return_temperature", casing + given["pair_gap"])):
        loss = (given[name] - given["soil_temperature"]) / (lagging + soil)
        dx = distance + casing / 2 + away
        near, mirror = math.hypot(dx, water - depth), math.hypot(dx, water + depth)
        total += loss * math.log(mirror / max(near, casing / 2)) / (2 * math.pi * k)
    return total


def _least(given: dict[str, float], limit: float, casing: float, depth: float, water: float) -> float:
    """The least distance at which the soil stays within the limit, by halving; the farthest when nothing helps."""
    allowed = limit - given["soil_temperature"]
    if allowed <= 0 or warming(FARTHEST, given, casing, depth, water) > allowed:
        return FARTHEST
    low, high = 0.0, FARTHEST
    while high - low > FINE / 4:
        middle = (low + high) / 2
        low, high = (middle, high) if warming(middle, given, casing, depth, water) > allowed else (low, middle)
    return math.ceil(high / FINE - 1e-6) * FINE


@lru_cache(maxsize=16)
def heat_beside_water(figures: Figures) -> HeatBesideWater:
    """The distance with the figures of the study; its spread is that of each figure in turn at its end, added as
    independent (root of the sum of squares).

    >>> from integralie.figures import shipped
    >>> found = heat_beside_water(shipped())
    >>> found.low <= found.distance <= found.high
    True
    """
    rows = {n: figures.find(n) for n in INPUTS}
    casing, limit = figures.value("height", kind="heat"), figures.by_id["CS-063"].value
    depth = figures.value("cover", kind="heat") + casing / 2
    water = figures.value("cover", kind="water_main") + figures.value("size", kind="water_main") / 2

    def at(changed: str = "", end: int = 0) -> float:
        given = {n: r.value for n, r in rows.items()}
        edge = rows[changed].high if end * WARMER.get(changed, 0) > 0 else rows[changed].low if changed else math.nan
        if changed and not math.isnan(edge):
            given[changed] = edge
        return _least(given, limit, casing, depth, water)

    middle = at()
    away = {end: math.hypot(*(at(n, end) - middle for n in INPUTS if WARMER[n])) for end in (-1, 1)}
    low, high = max(middle - away[-1], 0.0), middle + away[1]
    return HeatBesideWater(middle, round(low, 2), round(high, 2), tuple(rows.values()), limit)
