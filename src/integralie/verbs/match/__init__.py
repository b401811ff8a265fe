"""Match: which works meet and are better done together, and which hinder each other."""

from __future__ import annotations

import pandas as pd

from integralie.figures import Figures
from integralie.schema import agreed
from integralie.schema.frames import empty, table
from integralie.schema.notes import because, finding, gather
from integralie.schema.part import parts
from integralie.schema.windows import choices, held, places
from integralie.settings import Settings
from integralie.verbs.match import clashes as clash
from integralie.verbs.match import nearby, told
from integralie.verbs.match import opportunities as chance
from integralie.verbs.match.gone import lapsed, touched

WRITES = ("opportunities", "clashes", "members", "findings", "reasons")


def match(
    streets: pd.DataFrame,
    assets: pd.DataFrame,
    plans: pd.DataFrame,
    goals: pd.DataFrame,
    claims: pd.DataFrame,
    capacity: pd.DataFrame,
    works: pd.DataFrame,
    members: pd.DataFrame,
    agreements: pd.DataFrame,
    openings_past: pd.DataFrame,
    edits: pd.DataFrame,
    figures: Figures,
    settings: Settings,
) -> dict[str, pd.DataFrame]:
    """The opportunities (works better done together) and clashes (works that hinder each other) in each street section.

    A joint opportunity is the year in which the works that can take part save most: one site instead of several,
    fewer days of traffic measures, paving broken up once (the widest of them), less what it costs to move each work
    from its own best year. Its value adds what the programme does not count and comes as a band; it names the party
    that must move and the next step, and says when to keep the works apart. Near misses, works without a partner and
    room that could ride along are opportunities of another kind; what was looked at and rejected keeps its reason.

    Clashes are found by rules that a programmer can check on two rows: rest period, windows that follow each other,
    commitments, order, work that a later one makes superfluous; works, events and bus routes too near each other in
    the same years, by the agreed set of rules or by what one party asked to be told; and what keeps works apart: pace,
    urgency, contract, time that a street is closed, money of the year.

    Ids are made of place and works, so that an opportunity stays itself when it is found again; one that somebody has
    worked on and that is no longer found stays as lapsed.

    Reads
        streets, assets (bus), plans and goals (goals without work), claims, capacity (budget), works, members (role street, asset), agreements
        (rest_period, rule_set, clash_buffer, clash_years), openings_past, edits (what was decided on opportunities).
    Writes
        opportunities (EUR), clashes, members (role work, party), findings, reasons.

    >>> import integralie as itg
    >>> study = itg.run(itg.town(size="small"), only=("forecast", "match"))
    >>> joint = study.opportunities[study.opportunities.kind == "joint"]
    >>> bool((joint.net_saving > 0).all() and (joint.value_low <= joint.value).all())
    True
    """
    where = places(works, members)
    lying = held(works, where, streets, figures, settings)
    rows = chance.together(choices(lying, figures), touched(edits, "opportunities"), figures)
    found, warned = chance.joint(rows, works, streets, capacity, figures, settings)
    extra = chance.others(lying, rows, claims, figures, settings)
    apart = agreed.parts_apart(agreements, figures)
    part = parts(works, members, assets) if apart else pd.Series(dtype=object)
    near = nearby.objects(works, claims, assets, figures, settings)
    wrong = clash.clashes(works, where, streets, agreements, openings_past, part, near, warned, figures, settings)
    gone = lapsed(edits, {"opportunities": [*found.index, *extra.index], "clashes": list(wrong.index)}, streets)
    said = [
        *told.joint(found, works, streets, figures, settings),
        *told.others(extra, works, streets, figures),
        *clash.reasons(wrong, works, streets, agreements, openings_past, figures),
        *(because(name, "match.lapsed", part[[]]) for name, part in gone.items()),
    ]
    long = [f for f in (chance.members(rows, extra), clash.members(wrong, works, claims)) if len(f)]
    return {
        "opportunities": _shaped("opportunities", [found, extra, gone["opportunities"]], streets),
        "clashes": _shaped("clashes", [wrong.assign(status="found"), gone["clashes"]], streets),
        "members": pd.concat(long, ignore_index=True) if long else empty("members").reset_index(),
        "findings": gather([_idle_goals(goals, plans)], "findings"),
        "reasons": gather(said, "reasons"),
    }


def _shaped(name: str, parts: list[pd.DataFrame], streets: pd.DataFrame) -> pd.DataFrame:
    """The parts as one table, with the street section as place."""
    filled = [p for p in parts if len(p)]
    if not filled:
        return empty(name)
    out = pd.concat(filled)
    out = out.assign(geometry=out["street"].map(streets.geometry))
    return out[[c for c in table(name).columns if c in out.columns]]


def _idle_goals(goals: pd.DataFrame, plans: pd.DataFrame) -> pd.DataFrame:
    """Goals that no plan serves, themselves or through the goals below them."""
    served = set(plans["goal"].dropna())
    parent = goals["parent"].dropna().to_dict()
    for goal in list(served):
        while goal in parent and parent[goal] not in served:
            goal = parent[goal]
            served.add(goal)
    idle = goals[~goals.index.isin(served)]
    return finding("goal_without_work", "goals", idle.index, idle[["name"]], "note")
