"""The programme: every work its period, under scarce money and crews, with the price list that proves its quality."""

from __future__ import annotations

import pandas as pd

from integralie.figures import Figures
from integralie.schema.frames import conform
from integralie.schema.notes import gather
from integralie.settings import Settings
from integralie.verbs.programme import found, tables
from integralie.verbs.programme.draft import draft as make_draft
from integralie.verbs.programme.engine import Result, solve
from integralie.verbs.programme.problem import Problem
from integralie.verbs.programme.terms import add_all

__all__ = ["Problem", "Result", "programme", "solve"]
WRITES = ("options", "uses", "programme", "openings", "prices", "members", "findings", "reasons")


def programme(
    works: pd.DataFrame,
    members: pd.DataFrame,
    streets: pd.DataFrame,
    openings_past: pd.DataFrame,
    capacity: pd.DataFrame,
    agreements: pd.DataFrame,
    goals: pd.DataFrame,
    figures: Figures,
    settings: Settings,
    *,
    seconds: float = 60,
    alone: bool = False,
) -> dict[str, pd.DataFrame]:
    """The year of every work, the joint openings, and the price list that proves how good the whole is.

    Every work gets one year in its window or is deferred at a cost; works in one block and year share one opening;
    budgets per party, crews per discipline and hard rest periods are kept to the cent; a commitment is kept in any
    case and told when it does not fit. `alone` gives the programme that each party would make for itself with the
    same engine: no shared openings, every opening on its own budget.

    Reads
        works, members (sections of a work), streets, openings_past, capacity (EUR or working days a year), agreements
        (rest_period).
    Writes
        options (the problem in cents), programme, openings (EUR), prices (millionths), members (works and sections of
        an opening), findings, reasons.
    Source
        Karabakal, Bean and Lohmann 1994 (prices per street); figures named in the reasons of `options`.
    """
    given = {
        "works": works,
        "members": members,
        "streets": streets,
        "openings_past": openings_past,
        "capacity": capacity,
        "goals": goals,
    }
    draft = add_all(make_draft({**given, "agreements": agreements}, figures, settings, alone))
    problem = tables.problem(draft)
    result = solve(problem, seconds)
    works = found.chosen(draft, result)
    table = found.programme(draft, result, works)
    made, list_ = found.openings(draft, table, works), found.prices(draft, problem, result)
    crs = str(settings.crs)
    reasons = found.explain(draft, table, works, made, list_)
    keep = [
        c for c in made.columns if c not in ("at", "layer", "total", "longest", "own_surface", "deep", "names", "payer")
    ]
    return {
        "options": conform("options", tables.options(draft, problem), crs),
        "uses": conform("uses", tables.uses(draft, problem), crs),
        "programme": conform("programme", table, crs),
        "openings": conform("openings", made[keep].rename_axis("id").reset_index(), crs),
        "prices": conform("prices", list_, crs),
        "members": conform("members", found.members(draft, table, made), crs),
        "findings": gather(draft.findings, "findings").assign(verb="programme"),
        "reasons": gather(reasons, "reasons").assign(verb="programme"),
    }
