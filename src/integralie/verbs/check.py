"""Check: what is odd in the told data, before anything is computed with it."""

from __future__ import annotations

import pandas as pd

from integralie.figures import Figures
from integralie.schema.checks import RULES, World
from integralie.schema.frames import conform
from integralie.schema.notes import gather
from integralie.settings import Settings

WRITES = ("findings",)


def check(
    parties: pd.DataFrame,
    areas: pd.DataFrame,
    streets: pd.DataFrame,
    assets: pd.DataFrame,
    plans: pd.DataFrame,
    capacity: pd.DataFrame,
    agreements: pd.DataFrame,
    openings_past: pd.DataFrame,
    settings: Settings,
    figures: Figures,
) -> dict[str, pd.DataFrame]:
    """Remarks on the told data: what contradicts itself, cannot be meant, points to nothing or has no place.

    Nothing is changed and no row is left out: each remark says what is wrong, in which row, and what to do. An
    *error* is something that later steps cannot use as it is; a *warning* deserves a look; a *note* is good to know.
    A plan counts as old when it was last confirmed longer ago than the figure `plan_old`, before the first year.

    *Reads* parties, areas, streets, assets, plans, capacity, agreements, openings_past (RD New, metres, years, EUR).
    *Writes* findings, one row per rule and row.

    >>> from integralie.verbs.check import WRITES
    >>> WRITES
    ('findings',)
    """
    world = World(parties, areas, streets, assets, plans, capacity, agreements, openings_past, figures, settings)
    parts = [part.assign(verb="check") for rule in RULES for part in rule(world)]
    return {"findings": conform("findings", gather(parts, "findings"))}
