"""The programme: every work its period, under scarce money and crews, with the price list that proves its quality."""

from __future__ import annotations

import pandas as pd

from integralie.figures import Figures
from integralie.settings import Settings
from integralie.verbs.programme import found
from integralie.verbs.programme.again import Start, Watch, solved
from integralie.verbs.programme.engine import Result, replan, solve
from integralie.verbs.programme.problem import Problem

__all__ = ["Problem", "Result", "programme", "replan", "solve"]
WRITES = ("options", "uses", "programme", "openings", "prices", "members", "findings", "reasons")
STANDING = ("room",)  # a change of one year need not wait for the ground to be tested again


def programme(
    works: pd.DataFrame,
    members: pd.DataFrame,
    streets: pd.DataFrame,
    assets: pd.DataFrame,
    openings_past: pd.DataFrame,
    capacity: pd.DataFrame,
    agreements: pd.DataFrame,
    goals: pd.DataFrame,
    room: pd.DataFrame,
    figures: Figures,
    settings: Settings,
    *,
    seconds: float = 60,
    alone: bool = False,
    start: Start | None = None,
    quick: bool = False,
    watch: Watch | None = None,
) -> dict[str, pd.DataFrame]:
    """The year of every work, the joint openings, and the price list that proves how good the whole is.

    Every work gets one year in its window, in one of the ways that are allowed, or is deferred at a cost; works in one
    block and year share one opening; budgets per party (with what they may keep for a next year), crews per discipline,
    hard rest periods, order between works, and limits on openings at once are kept; every address stays reachable, if need be past a passage
    that a work keeps (at a price, a condition of that work);
    nuisance above what a neighbourhood bears, goals not reached and money not spent have a price. A commitment is kept
    in any case and told when it does not fit. `alone` gives the programme that each party would make for itself with
    the same engine: no shared openings, every opening on its own budget.

    `start` holds a programme and its price list to begin with; `quick` then only mends what no longer fits, and gives
    a valid programme at once. `watch` is called with {"cost", "bound", "gap", "seconds"} (EUR) and stops the search by
    returning False; the last time it is called tells of the programme that is given.

    Reads
        works, members (sections of a work), streets, assets (fire stations and other posts), openings_past, capacity
        (EUR, working days or openings a year), agreements, goals, room (what does not fit below ground).
    Writes
        options and uses (the problem in whole numbers), programme, openings (EUR), prices (millionths), members (works
        and sections of an opening), findings, reasons.
    Source
        Karabakal, Bean and Lohmann 1994 (prices per street); figures named in the reasons of `options`.
    """
    given = {
        "works": works, "members": members, "streets": streets, "openings_past": openings_past, "capacity": capacity,
        "agreements": agreements, "goals": goals, "room": room, "assets": assets,
    }  # fmt: skip
    draft, problem, result = solved(given, figures, settings, alone, seconds, start, quick, watch)
    return found.tables_of(draft, problem, result, str(settings.crs))
