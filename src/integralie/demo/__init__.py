"""The town of Integralië: a made-up Dutch town with its streets, assets, plans, parties, budgets and crews.

Nothing in it is copied from a real place. The same seed gives the same town, on every machine.
"""

from __future__ import annotations

import pandas as pd

from integralie.demo.assets import assets
from integralie.demo.capacity import capacity
from integralie.demo.events import events
from integralie.demo.network import network
from integralie.demo.parties import agreements, claims, contributions, goals, openings_past, parties
from integralie.demo.plans import plans
from integralie.demo.streets import areas, last_paved, sections, streets
from integralie.errors import DataError
from integralie.schema.frames import conform

SIZES = {"small": 100, "town": 1_000, "city": 10_000}
LARGEST = 20_000
SMALLEST = 60


def _count(size: str | int) -> int:
    count = SIZES.get(size, size) if isinstance(size, str) else size
    if not isinstance(count, int) or not SMALLEST <= count <= LARGEST:
        known = ", ".join(SIZES)
        raise DataError(
            f"A town has size {known} or {SMALLEST} to {LARGEST} street sections, not {size!r}; give one of these."
        )
    return count


def town(size: str | int = "town", seed: int = 1) -> dict[str, pd.DataFrame]:
    """The told tables of a made-up Dutch town.

    An old town with a market and a canal, blocks from before the war, post-war quarters with bars of flats, winding
    courts from the seventies, a younger extension with water, a park and a business estate, and roads that lead out.
    `size` is small (about 100 street sections), town (1,000), city (10,000) or a number of sections up to 20,000.
    Years are partly unknown, depths partly guessed, and about one plan in fifteen is wrong or contradicts another, as
    in real lists.

    Writes
        parties, areas, streets, assets, plans, goals, claims, capacity, agreements, openings_past, contributions;
        geometry in RD New (m), money in EUR.

    Raises
        DataError when the size is none of these.

    >>> from integralie.demo import town
    >>> len(town("small")["streets"]) in range(90, 111)
    True
    """
    net = network(_count(size), seed)
    parts = sections(net, seed)
    young = parts.loc[parts["type"] == "nineties", "cell"]
    heat_cell = int(young.mode().iloc[0]) if len(young) else -1
    objects, intentions = assets(parts, net, heat_cell, seed), plans(parts, seed)
    made = {
        "parties": parties(),
        "areas": areas(net),
        "streets": streets(parts, net, seed),
        "assets": objects,
        "plans": intentions,
        "goals": goals(),
        "claims": pd.concat([claims(parts, seed), events(parts)], ignore_index=True),
        "capacity": capacity(intentions, objects, float(parts["length"].sum()), seed),
        "agreements": agreements(),
        "openings_past": openings_past(parts, last_paved(parts, seed), seed),
        "contributions": contributions(parts, seed),
    }
    return {name: conform(name, frame) for name, frame in made.items()}


__all__ = ["town"]
