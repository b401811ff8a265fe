"""Compare: each owner alone against all together, both computed with the same engine."""

from __future__ import annotations

import pandas as pd

from integralie.errors import DataError
from integralie.pipeline import take
from integralie.study import Study

ALONE, TOGETHER = "silo", "together"
STEPS = ("programme", "share")


def silo(study: Study, seconds: float = 60) -> Study:
    """The study as it would be if every owner planned alone: same works, same money, same engine, no shared opening
    planned.

    Two owners who happen to open one street in the same year still open it twice: nobody has agreed to share. A hard
    rest period holds for each owner by itself.
    """
    for verb in STEPS:
        study = take(study, verb, **({"seconds": seconds, "alone": True} if verb == "programme" else {}))
    return take(study, "score", variant=ALONE)


def compare(study: Study, seconds: float = 60) -> Study:
    """The study with the scores of both variants: `together` as it stands and `silo`, each owner alone.

    The saving of working together is the difference, never a percentage without its baseline: the baseline is each
    owner's own best programme under the same budgets, crews and rest periods.
    """
    apart = silo(study, seconds)
    if not (study.scores["variant"] == TOGETHER).any():
        study = take(study, "score")
    own = study.scores[study.scores["variant"] == TOGETHER]
    both = pd.concat([own, apart.scores]).reset_index()
    return study | {"scores": both}


def table(study: Study) -> pd.DataFrame:
    """Both variants beside each other: a row per indicator and party, columns `together, silo, difference, unit`."""
    rows = study.scores[study.scores["place"].isna() & study.scores["period"].isna()]
    wide = rows.assign(party=rows["party"].fillna("")).pivot_table(
        index=["indicator", "party", "unit"], columns="variant", values="value", sort=False
    )
    wide = wide.reindex(columns=[TOGETHER, ALONE]).reset_index()
    return wide.assign(difference=(wide[TOGETHER] - wide[ALONE]).round(2))


PRICE = {  # what gets worse when everybody works alone, in the five things that the brochure of the City Deal names
    "works_late": "tasks in time",
    "space_conflicts": "room",
    "openings_too_soon": "room",
    "dig_damage": "dig damage",
    "dig_damage_cost": "dig damage",
    "life_cycle_cost": "life-cycle cost",
    "days_open": "nuisance",
    "days_per_work": "nuisance",
    "resident_days": "nuisance",
}


def price(study: Study) -> pd.DataFrame:
    """The price of not working integrally: tasks late, conflicts, dig damage, life-cycle cost and nuisance, each owner
    alone against all together.

    Needs the scores of both variants (`compare`). A row per indicator: `about, together, silo, worse, unit`; a negative
    `worse` is told as it is: who works together does more works, and that can mean more days.

    Raises
        DataError when one of the variants was not computed.
    """
    both = table(study)
    rows = both[(both["party"] == "") & both["indicator"].isin(PRICE)].set_index("indicator")
    if rows.empty or rows[[TOGETHER, ALONE]].isna().any(axis=None):
        raise DataError("The price of working apart needs both programmes; run 'compare' first.")
    out = rows.reindex([i for i in PRICE if i in rows.index])
    worse = (out[ALONE] - out[TOGETHER]).round(2)
    return out[[TOGETHER, ALONE, "unit"]].assign(about=pd.Series(PRICE), worse=worse)
