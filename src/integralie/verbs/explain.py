"""Explain: everything that is known about why one row of the study is as it is, in plain words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from integralie.errors import DataError
from integralie.figures import Figures
from integralie.schema.notes import RULES, TOGETHER, say

WRITES = ()
HEADS = {
    "works": ("The work", "Het werk"),
    "programme": ("In the programme", "In het programma"),
    "openings": ("The joint opening", "De gezamenlijke opening"),
    "phases": ("The quarter", "Het kwartaal"),
    "opportunities": ("Opportunities", "Koppelkansen"),
    "clashes": ("Clashes", "Knelpunten"),
    "shares": ("Who pays", "Wie betaalt"),
    "room": ("Room in the street", "Ruimte in de straat"),
    "prices": ("Scarcity", "Schaarste"),
    "scores": ("Scores", "Scores"),
    "findings": ("Findings", "Bevindingen"),
    "figures": ("Figures used", "Gebruikte kengetallen"),
    "edits": ("Decisions", "Besluiten"),
}
STATUS = {
    "firm": ("firm", "hard"),
    "indicative": ("indicative", "indicatief"),
    "placeholder": ("placeholder", "voorlopig"),
    "gap": ("gap", "ontbreekt"),
}


def related(
    id: str,
    works: pd.DataFrame,
    programme: pd.DataFrame,
    openings: pd.DataFrame,
    members: pd.DataFrame,
    shares: pd.DataFrame,
) -> list[str]:
    """The ids that belong to one id, itself first: for a work its place in the programme, its opening and their quarter, who pays,
    its clashes and opportunities; for a clash that was made of a row of room, that row.
    """
    work = id.removeprefix("programme:") if id.startswith("programme:") else id
    work = f"work:{id}" if id.startswith("plan:") else work
    ids = [id, work] if work != id else [id]
    if work in works.index:
        row = programme[programme["work"] == work]
        sets = members.loc[(members["member"] == work) & (members["role"] == "work"), "set"]
        ids += [*row.index, *sorted(sets)]
    if id.startswith("street:"):
        ids += sorted(works.index[works["street"] == id]) + sorted(openings.index[openings["street"] == id])
    if id.startswith("clash:room:"):
        ids.append(id.removeprefix("clash:room:"))  # put on the list by hand: why stands at the row of room
    paid = shares[shares["opening"].isin(ids)]
    begins = [f"phase:{i}" for i in ids if i.startswith(("work:", "opening:"))]
    return list(dict.fromkeys([*ids, *begins, *sorted(paid.index)]))


def told(ids: list[str], reasons: pd.DataFrame) -> pd.DataFrame:
    """The reasons of these rows, in the order of the rows and of the steps within each; of a rule in the price list that
    held nothing back the one that it shares with the others.
    """
    place = {row: i for i, row in enumerate(ids)}
    rows = reasons[reasons["row"].isin(place)]
    if rows.empty and ids[0].startswith(RULES):
        return reasons[reasons["row"] == TOGETHER].assign(place=0)
    return rows.assign(place=rows["row"].map(place)).sort_values(["place", "step", "code"], kind="stable")


def sentence(code: str, args: str | float, language: str, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """One reason as a sentence, with the names of parties for their labels."""
    text = say(code, json.loads(args) if isinstance(args, str) else {}, language)
    return re.sub(r"party:[\w-]+", lambda hit: names.get(hit[0], hit[0]), text)


def _figure(figure: str, figures: Figures, english: bool) -> str:
    row = figures.by_id.get(figure)
    if row is None:
        return figure
    source = row.source or ("no source read" if english else "geen bron gelezen")
    return f"{row.id}: {row.figure} {row.text or row.value} {row.unit} [{STATUS[row.status][0 if english else 1]}] {source}"


def explain(
    parties: pd.DataFrame,
    works: pd.DataFrame,
    programme: pd.DataFrame,
    openings: pd.DataFrame,
    members: pd.DataFrame,
    shares: pd.DataFrame,
    findings: pd.DataFrame,
    edits: pd.DataFrame,
    reasons: pd.DataFrame,
    figures: Figures,
    *,
    id: str,
    language: str = "nl",
) -> str:
    """Why one row is as it is: the reasons written when the choice was made, in plain words, with the figures they
    lean on.

    The id may be that of a work, plan, opening, opportunity, clash, street section, or any other found row. A work
    also tells its place in the programme, its joint opening, who pays, and the clashes and opportunities it is part
    of.

    Raises
        DataError when nothing is known about that id.
    """
    ids = related(id, works, programme, openings, members, shares)
    rows = told(ids, reasons)
    remarks = findings[findings["row"].isin(ids)]
    decided = edits[edits["row"].isin(ids)]
    if rows.empty and remarks.empty and decided.empty:
        raise DataError(
            f"Nothing is known about '{id}'; give the id of a work, plan, opening or street as it stands in the tables, and run the study first."
        )
    english, names = language == "en", parties["name"].dropna().to_dict()
    lines = [str(works.loc[i, "name"]) for i in ids[:2] if i in works.index][:1] or [id]
    for target, part in rows.groupby("target", sort=False):
        lines += ["", HEADS.get(str(target), (str(target), str(target)))[0 if english else 1]]
        lines += [f"  - {sentence(r.code, r.args, language, names)}" for r in part.itertuples()]
    if len(decided):
        lines += [
            "",
            HEADS["edits"][0 if english else 1],
            *(f"  - {r.at} {r.who}: {r.why} ({r.column} = {r.value})" for r in decided.itertuples()),
        ]
    if len(remarks):
        lines += [
            "",
            HEADS["findings"][0 if english else 1],
            *("  - " + (m if english else n) for m, n in zip(remarks["message"], remarks["message_nl"])),
        ]
    used = list(dict.fromkeys(rows["figure"].dropna()))
    if used:
        lines += ["", HEADS["figures"][0 if english else 1], *(f"  - {_figure(f, figures, english)}" for f in used)]
    return "\n".join(lines)
