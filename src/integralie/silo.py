"""Compare: each owner alone against all together, both computed with the same engine."""

from __future__ import annotations

import pandas as pd

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
