"""Phase: the quarter in which each opening of the first years begins, under crews, seasons, events and streets shut at once."""

from __future__ import annotations

import pandas as pd

from integralie.errors import DataError
from integralie.figures import Figures
from integralie.schema.frames import empty
from integralie.schema.notes import gather
from integralie.settings import Settings
from integralie.verbs.phase import costs, limits, told, units
from integralie.verbs.phase.placed import placed

WRITES = ("phases", "loads", "findings", "reasons")


def phase(
    works: pd.DataFrame,
    members: pd.DataFrame,
    streets: pd.DataFrame,
    areas: pd.DataFrame,
    assets: pd.DataFrame,
    claims: pd.DataFrame,
    capacity: pd.DataFrame,
    agreements: pd.DataFrame,
    uses: pd.DataFrame,
    programme: pd.DataFrame,
    openings: pd.DataFrame,
    figures: Figures,
    settings: Settings,
    *,
    years: int = 2,
) -> dict[str, pd.DataFrame]:
    """The quarter in which each opening of the first years begins, and each work of those years that opens nothing.

    The year is that of the programme and stays. Within it a quarter is chosen for all openings together: a crew has a
    quarter of its year in each quarter; an opening that takes more days than a quarter has (`quarter_days`) stays open
    in the next ones and needs its crews there; no more streets are open at once than agreed (`not_together`, and rows
    `openings` of `capacity`); what lies open is spread over the quarters of each neighbourhood; work stays in its season
    (`season`, `season_shops`) and out of the quarter of an event in the street (`event_quarter`). Of equals the first
    quarter is taken. All of these have a price, so that everything keeps its year: what does not fit is placed where
    that costs least, and told in the findings.

    In an opening works follow each other in the order of the ground: deep before shallow, paving before green. What the
    programme keeps in order between streets begins no earlier than what it waits for.

    Reads
        programme (period, opening), openings (street, days), works (duration, discipline, kind), members (works and
        sections of an opening), streets (area, surface, dwellings), areas (name), assets (shops), claims (events),
        capacity (crew days and openings a year), agreements (not_together), uses (order between works).
    Writes
        phases (quarter 1 to 4, working days), loads (working days or openings per quarter), findings, reasons.
    Raises
        DataError when `years` is less than one.

    >>> import integralie as itg
    >>> study = itg.run(itg.town(size="small"), only=("forecast", "match", "fit", "programme", "phase"), seconds=5)
    >>> sorted(set(study.phases.period)), bool(study.phases.quarter.between(1, 4).all())
    ([2027, 2028], True)
    """
    if years < 1:
        raise DataError(f"The phasing is for the first {years} years; give at least one year with 'years'.")
    span = min(int(years), settings.periods)
    made = units.units(programme, openings, works, members, streets, figures, settings, span)
    if made.rows.empty:
        nothing = [gather([], "findings"), gather([], "reasons")]
        return {"phases": empty("phases"), "loads": empty("loads"), "findings": nothing[0], "reasons": nothing[1]}
    own = costs.costs(made, streets, assets, claims, figures)
    kept = limits.limits(made, streets, areas, capacity, agreements, uses, figures, settings)
    return told.tables(made, own, kept, placed(made, own, kept), figures)
