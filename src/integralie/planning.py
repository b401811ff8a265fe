"""Planning at the table: again after one edit, why not another year, what a year of freedom is worth, what else is nearly
as good, more or less money.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd

from integralie.checker import check
from integralie.edits import seen
from integralie.errors import Refused
from integralie.pipeline import inputs, own_rows, take, verbs
from integralie.schema.frames import SHARED_WRITERS, tables
from integralie.study import Study

Watch = Callable[[dict[str, float]], Any]
PROGRAMME = "programme"
SECONDS = 1.0  # what an answer at once may take


def replan(study: Study, seconds: float = 0.3, watch: Watch | None = None) -> Study:
    """The study with a programme made again from the one that stands, after an edit.

    With no more than `SECONDS` a valid programme at once: what still fits stays, the rest is put back at the prices that
    stand. With more time the engine goes on improving; `watch` is called with {"cost", "bound", "gap", "seconds"} (EUR; bound and gap
    None while nothing is proven yet),
    the last time for the programme that is given, and stops it by returning False. Without a programme to begin from it
    is made in the ordinary way.
    """
    if study.programme.empty or study.prices.empty:
        return take(study, PROGRAMME, seconds=max(seconds, 1.0), watch=watch)
    start = (study.programme, study.prices)
    return take(study, PROGRAMME, seconds=seconds, start=start, quick=seconds <= SECONDS, watch=watch)


def why_not(study: Study, work: str, period: int | None) -> dict[str, Any]:
    """What it would cost to do a work in another year (None: not within the programme), given the rest of the programme.

    See `integralie.verbs.programme.asked.why_not_year`: `allowed`, `at_prices` and its `terms`, `given_rest`, `moved`,
    `proven`; euros of present value.
    """
    from integralie.verbs.programme.asked import why_not_year

    _has_programme(study)
    return why_not_year(study.options, study.uses, study.programme, study.prices, work, period, gap(study))


def gap(study: Study) -> float:
    """How far the programme may be off, in euros; without scores that tell it nothing is proven, so without end."""
    scores = study.scores[study.scores["variant"] == "together"]
    whole = scores[scores[["party", "place", "period"]].isna().all(axis=1)]  # of the programme as a whole
    rows = whole.set_index("indicator")["value"]
    both = rows.reindex(["objective", "lower_bound"]).astype(float)
    return float(both.iloc[0] - both.iloc[1]) if both.notna().all() else float("inf")


def alternatives(
    study: Study, number: int = 2, share: float = 0.005, seconds: float = 30
) -> list[tuple[Study, float, int]]:
    """Other programmes within a share of the cost: (study, euros that it costs more, works in another year).

    A near tie is a choice for people: of many programmes that cost nearly the same, these differ most from the one that
    stands and from each other, as far as the engine finds.
    """
    from integralie.verbs.programme.others import others

    told = _standing(study)
    made = []
    for found in others(told, study.figures, study.settings, number, share, seconds):
        merged = {t: _merged(study, t, f) for t, f in found.items() if t in tables()}
        made.append((study | merged, float(found["extra"]), int(found["differs"])))
    return made


def flexibility(study: Study) -> pd.DataFrame:
    """What a year of freedom of each work is worth: a row per work without a fixed year, the most valuable first.

    Columns `name`, `party`, `earliest`, `latest`, and `earlier` and `later`: euros of present value that the programme
    would save if the window began a year earlier or ended a year later, at the prices that stand and with the rest of the
    programme as it is. Zero means that this year would change nothing.
    """
    from integralie.verbs.programme.freedom import freedom

    told = _standing(study)
    made = freedom(told, study.figures, study.settings)
    order = (-made[["earlier", "later"]].max(axis=1)).sort_values(kind="stable").index
    return made.loc[order]


def _has_programme(study: Study) -> None:
    if study.programme.empty:
        raise Refused("There is no programme yet; run the study first.")


def _standing(study: Study) -> dict[str, pd.DataFrame]:
    """What the programme reads, with the programme and the prices that stand."""
    _has_programme(study)
    given = inputs(study, verbs()[PROGRAMME])
    return {k: v for k, v in given.items() if k in tables()} | {"programme": study.programme, "prices": study.prices}


def _merged(study: Study, table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The table with the rows of the programme replaced."""
    return own_rows(study[table], frame, PROGRAMME) if table in SHARED_WRITERS else frame


def _cost(study: Study) -> float:
    """What the programme that stands costs, in euros of present value."""
    return check({n: study[n] for n in tables()}).objective


def budget_curve(
    study: Study, party: str, shares: tuple[float, ...] = (0.9, 0.95, 1.0, 1.05, 1.1), seconds: float = 60
) -> pd.DataFrame:
    """The programme when one party has less or more money in every year: a row per share.

    Columns `share`, `budget` (EUR over all years), `cost` and `lower_bound` (EUR of present value over all parties),
    `openings`, `deferred`. Each from the programme that stands, so that the rows can be compared.
    """
    capacity = seen(study).capacity
    mine = (capacity["party"] == party) & capacity["resource"].str.startswith("budget")
    if not mine.any():
        raise Refused(f"'{party}' has no budget in the table 'capacity'; a curve needs one.")
    rows, stands, least = [], study, float("inf")
    for share in sorted(shares):  # what fits with less money fits with more
        amount = capacity["amount"].where(~mine, capacity["amount"] * share)
        trial = replace(study, made={}) | {"capacity": capacity.assign(amount=amount)}
        best = study if share >= 1 and _cost(study) < least else stands
        after = take(trial, PROGRAMME, seconds=seconds / len(shares), start=(best.programme, best.prices))
        proof = check({n: after[n] for n in tables()})
        stands, least = after, proof.objective
        deferred = int((after.programme["status"] == "deferred").sum())
        rows.append(
            (share, float(amount[mine].sum()), proof.objective, proof.lower_bound, len(after.openings), deferred)
        )
    return pd.DataFrame(rows, columns=["share", "budget", "cost", "lower_bound", "openings", "deferred"])
