"""Match: which works meet and are better done together, and which hinder each other."""

from __future__ import annotations

import pandas as pd

from integralie.figures import Figures
from integralie.schema.frames import empty, table
from integralie.schema.notes import gather
from integralie.settings import Settings
from integralie.verbs.match import clashes as clash
from integralie.verbs.match import opportunities as chance

WRITES = ("opportunities", "clashes", "members", "reasons")


def places(works: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """The street sections of each work with the share of the work that lies in each."""
    rows = members[(members["role"] == "street") & members["set"].isin(works.index)][
        ["set", "member", "amount"]
    ].reset_index(drop=True)
    total = rows.groupby("set")["amount"].transform("sum")
    return rows.assign(share=(rows["amount"] / total).fillna(1.0))


def match(
    streets: pd.DataFrame,
    works: pd.DataFrame,
    members: pd.DataFrame,
    agreements: pd.DataFrame,
    openings_past: pd.DataFrame,
    figures: Figures,
    settings: Settings,
) -> dict[str, pd.DataFrame]:
    """The opportunities (works better done together) and clashes (works that hinder each other) in each street section.

    An opportunity is the year in which the works that can take part save most: one site instead of several, fewer
    days of traffic measures, paving broken up once (the widest of them), less what it costs to move each work from
    its own best year. Clashes are found by four rules: a window that ends within the rest period of the section; two
    works whose windows do not meet and that follow each other within the rest period; two commitments in different
    years within it; new paving that must come before work below it.

    Reads
        streets, works, members (role street), agreements (rule rest_period), openings_past.
    Writes
        opportunities (EUR), clashes, members (role work), reasons.

    >>> import integralie as itg
    >>> study = itg.run(itg.town(size="small"), only=("forecast", "match"))
    >>> bool((study.opportunities.net_saving > 0).all())
    True
    """
    where = places(works, members)
    found, held = chance.opportunities(works, where, streets, figures, settings)
    wrong, hit = clash.clashes(works, where, streets, agreements, openings_past, figures, settings)
    told = [
        *chance.reasons(found, streets, figures, settings),
        *clash.reasons(wrong, works, streets, agreements, openings_past, figures),
    ]
    long = [f for f in (held, hit) if len(f)]
    wrong = wrong.assign(geometry=wrong["street"].map(streets.geometry)) if len(wrong) else empty("clashes")
    return {
        "opportunities": found if len(found) else empty("opportunities"),
        "clashes": wrong[[c for c in wrong.columns if c in table("clashes").columns]],
        "members": pd.concat(long, ignore_index=True) if long else empty("members").reset_index(),
        "reasons": gather(told, "reasons"),
    }
