"""The phasing as tables: the quarter of each unit, what each quarter carries, and why not an earlier quarter."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from integralie.figures import Figures
from integralie.paper.words import Words
from integralie.schema.notes import LANGUAGES, because, finding, gather
from integralie.verbs.phase.costs import Costs
from integralie.verbs.phase.limits import CLOSED, CREW, NUISANCE, Limits
from integralie.verbs.phase.units import QUARTERS, Floats, Ints, Units

OWN = ("season", "shops", "event")  # terms of a unit by itself
SHARED = (CREW, CLOSED, NUISANCE)
LEAN = {CREW: "phase_crew", CLOSED: "phase_closed", NUISANCE: "nuisance_pile_up"}
LEAST = 0.05  # what is less than this is not told: it rounds to nothing


def tables(made: Units, own: Costs, kept: Limits, chosen: Ints, figures: Figures) -> dict[str, pd.DataFrame]:
    """The phasing with its quarters, loads, findings and reasons."""
    rows = _phases(made, chosen)
    used = usage(made, kept, chosen)
    loads = _loads(made, kept, used)
    shown = loads[loads["sort"] != NUISANCE]
    said = [*_reasons(made, own, kept, chosen, used, rows, figures), *_why_load(shown)]
    found = [*_short(shown), *_misfits(made, own, chosen, rows)]
    keep = ["resource", "party", "period", "quarter", "used", "capacity", "short"]
    return {
        "phases": rows.drop(columns=["first"]), "loads": shown[keep],
        "findings": gather(found, "findings"), "reasons": gather(said, "reasons"),
    }  # fmt: skip


def _phases(made: Units, chosen: Ints) -> pd.DataFrame:
    rows = made.rows.assign(quarter=chosen + 1, quarters=made.rows["lasts"]).drop(columns="lasts")
    rows.index = pd.Index("phase:" + rows.index.astype(str), name="id")
    return rows


def usage(made: Units, kept: Limits, chosen: Ints) -> Floats:
    """What all units use of each resource in each quarter (R, T)."""
    out = np.zeros(kept.room.shape)
    begin = made.rows["first"].to_numpy(int)[kept.unit] + chosen[kept.unit]
    for k in range(kept.amount.shape[1]):
        inside = begin + k < made.quarters
        np.add.at(out, (kept.row[inside], begin[inside] + k), kept.amount[inside, k])
    return out


def _loads(made: Units, kept: Limits, used: Floats) -> pd.DataFrame:
    """One row per resource and quarter."""
    row, at = np.indices(used.shape).reshape(2, -1)
    names = kept.names.iloc[row].reset_index(drop=True)
    short, _ = kept.beyond(row, at, used[row, at])
    out = names.assign(
        period=made.start + at // QUARTERS, quarter=at % QUARTERS + 1, used=used[row, at].round(2),
        capacity=kept.room[row, at].round(2), short=short.round(2),
    )  # fmt: skip
    label = out["resource"].astype(str) + "|" + out["period"].astype(str) + "|" + out["quarter"].astype(str)
    return out.set_axis(pd.Index(label, name="id"))


def marginal(made: Units, kept: Limits, chosen: Ints, used: Floats) -> tuple[dict[str, Floats], dict[str, Floats], dict[str, Ints]]:  # fmt: skip
    """What each unit would put above the limits in each quarter of its year, all others as they are: per sort of limit
    the amount of its dearest resource, the euros of all of them, and which resource that is (U, 4).
    """
    size, most = len(made.rows), kept.amount.shape[1]
    extra, euros = (np.zeros((len(kept.unit), QUARTERS)) for _ in range(2))
    first, now = made.rows["first"].to_numpy(int)[kept.unit], chosen[kept.unit]
    for start in range(QUARTERS):
        for k in range(most):
            at, back = first + start + k, start + k - now
            inside = np.flatnonzero((at < made.quarters) & (kept.amount[:, k] > 0))
            own = np.where(
                (back >= 0) & (back < most), kept.amount[np.arange(len(at)), np.clip(back, 0, most - 1)], 0.0
            )
            base = used[kept.row[inside], at[inside]] - own[inside]
            low, cheap = kept.beyond(kept.row[inside], at[inside], base)
            high, dear = kept.beyond(kept.row[inside], at[inside], base + kept.amount[inside, k])
            extra[inside, start] += high - low
            euros[inside, start] += dear - cheap
    total, amount, which = {}, {}, {}
    sort = kept.names["sort"].to_numpy(object)[kept.row] if len(kept.row) else np.zeros(0, object)
    for name in SHARED:
        mine = np.flatnonzero(sort == name)
        total[name] = np.zeros((size, QUARTERS))
        np.add.at(total[name], kept.unit[mine], euros[mine])
        amount[name], which[name] = _dearest(size, kept, mine, euros, extra)
    return amount, total, which


def _dearest(size: int, kept: Limits, mine: Ints, euros: Floats, extra: Floats) -> tuple[Floats, Ints]:
    """Per unit and quarter the resource that costs most, and how much lies above it."""
    amount, which = np.zeros((size, QUARTERS)), np.full((size, QUARTERS), -1)
    for start in range(QUARTERS):
        order = mine[np.lexsort((-kept.row[mine], euros[mine, start]))]  # the last word counts: the dearest
        amount[kept.unit[order], start] = extra[order, start]
        which[kept.unit[order], start] = kept.row[order]
    return amount, which


def _reasons(
    made: Units, own: Costs, kept: Limits, chosen: Ints, used: Floats, rows: pd.DataFrame, figures: Figures
) -> list[pd.DataFrame]:
    """Why each begins when it does, and for each earlier quarter what is against it."""
    amount, total, which = marginal(made, kept, chosen, used)
    euros = {n: own.amount[n] * own.price[n] for n in OWN} | total
    facts = pd.DataFrame({
        "name": rows["name"], "year": rows["period"], "quarter": rows["quarter"], "days": rows["days"],
        "quarters": rows["quarters"], "room": made.room,
    }, index=rows.index)  # fmt: skip
    size = np.arange(len(chosen))
    against = np.sum([v[size, chosen] for n, v in euros.items() if n != NUISANCE], axis=0) > LEAST
    first = (chosen == 0) & ~against
    long = (rows["quarters"] > 1).to_numpy(bool)
    said = [
        because("phases", "phase.first", facts.loc[first, ["name", "year", "days"]]),
        because("phases", "phase.begins", facts.loc[~first, ["name", "year", "quarter", "days"]]),
        because("phases", "phase.least", facts.loc[against, []], step=QUARTERS),
        because("phases", "phase.lasts", facts.loc[long, ["room", "quarters"]], figures.find("quarter_days").id, 5),
    ]
    waits, whom = _waits(made, kept, chosen)
    lean: dict[str, pd.Series | str] = {n: figures.find(f).id for n, f in LEAN.items()}
    for other in range(QUARTERS - 1):
        at = np.flatnonzero(chosen > other)
        if not len(at):
            continue
        here = chosen[at]
        lean |= {n: pd.Series(own.lean[n][:, other], index=rows.index) for n in OWN}
        more = np.stack([v[at, other] - v[at, here] for v in euros.values()], axis=1)
        waited = own.price["wait"] * (here - other)  # what an earlier start would save
        worst = np.where(more.sum(axis=1) >= waited - LEAST, more.argmax(axis=1), -1)
        worst = np.where(made.rows["first"].to_numpy(int)[at] + other < waits[at], len(euros), worst)
        for k, name in enumerate([*euros, "order", "plan"]):
            hit = at[worst == (k if name != "plan" else -1)]
            if not len(hit):
                continue
            values = pd.DataFrame({"other": other + 1}, index=rows.index[hit])
            if name in OWN:
                values["amount"] = own.amount[name][hit, other]
            elif name in SHARED:
                values["amount"] = amount[name][hit, other]
                values = values.assign(**_named(kept, which[name][hit, other]))
            if name == "order":
                values["what"] = rows["name"].to_numpy(object)[whom[hit]]
            if name == "event":
                values["what"] = _events(own, hit, other)
            said.append(because("phases", f"phase.not.{name}", values, lean.get(name), other + 1))
    return said


def _waits(made: Units, kept: Limits, chosen: Ints) -> tuple[Ints, Ints]:
    """The quarter before which each unit cannot begin, since another comes first, and which that is (-1 is none)."""
    waits, whom = np.full(len(chosen), -1), np.full(len(chosen), -1)
    begin = made.rows["first"].to_numpy(int) + chosen
    first, second = kept.before.T
    order = np.argsort(begin[first], kind="stable")  # the last word counts: the latest of all that come first
    waits[second[order]], whom[second[order]] = begin[first[order]], first[order]
    return waits, whom


def _named(kept: Limits, row: Ints) -> dict[str, npt.NDArray[np.object_]]:
    """The party of each resource and what it is called, in both languages where that differs."""
    names = kept.names.iloc[row]
    return {"what": _words(names), "party": names["party"].to_numpy(object)}


def _words(names: pd.DataFrame) -> npt.NDArray[np.object_]:
    """The word for a crew in both languages; other things have one name."""
    speak = {n: Words(n) for n in LANGUAGES}
    told = {w: {n: s.term("discipline", w) for n, s in speak.items()} for w in names["what"].unique()}
    out = np.empty(len(names), object)
    out[:] = [told[w] if s == CREW else w for w, s in zip(names["what"], names["sort"])]
    return out


def _events(own: Costs, hit: Ints, other: int) -> npt.NDArray[np.object_]:
    """The names of the events that a unit would meet."""
    if own.what is None:
        return np.full(len(hit), None, object)
    return own.what.reindex(index=hit, columns=[other])[other].to_numpy(object)


def _why_load(loads: pd.DataFrame) -> list[pd.DataFrame]:
    told = loads[["quarter", "used", "capacity"]].assign(year=loads["period"])
    free, crew = loads["capacity"].isna(), loads["sort"] == CREW
    return [
        because("loads", "phase.load_free", told[free].drop(columns="capacity")),
        because("loads", "phase.load", told[~free & crew]),
        because("loads", "phase.load_at_once", told[~free & ~crew]),
    ]


def _short(loads: pd.DataFrame) -> list[pd.DataFrame]:
    """What does not fit: which crew lacks how many days, in this quarter alone or over the year, and where too many
    streets are open.
    """
    year = loads.groupby(["resource", "period"])[["used", "capacity"]].transform("sum")
    whole = loads.assign(year_used=year["used"], year_capacity=year["capacity"])
    over = whole[whole["short"] > LEAST]
    columns = ["short", "used", "capacity", "quarter", "party", "year_used", "year_capacity"]
    values = over[columns].assign(year=over["period"], what=_words(over))
    crew, uneven = over["sort"] == CREW, over["year_used"] <= over["year_capacity"] + LEAST
    return [
        finding("phase.crew_short", "loads", over.index[crew & ~uneven], values[crew & ~uneven]),
        finding("phase.crew_uneven", "loads", over.index[crew & uneven], values[crew & uneven], "note"),
        finding("phase.closed", "loads", over.index[~crew], values[~crew]),
    ]


def _misfits(made: Units, own: Costs, chosen: Ints, rows: pd.DataFrame) -> list[pd.DataFrame]:
    """What lies outside its season, meets an event or runs on into the next year all the same."""
    size = np.arange(len(chosen))
    values = rows[["name", "days", "quarter"]].assign(year=rows["period"])
    out = []
    for name in (*OWN, "over"):
        much = own.amount[name][size, chosen]
        hit = np.flatnonzero(much > LEAST)
        told = values.iloc[hit].assign(amount=much[hit])
        if name == "event":
            told["what"] = [_events(own, np.array([u]), int(q))[0] for u, q in zip(hit, chosen[hit])]
        out.append(finding(f"phase.{name}", "phases", told.index, told, "note"))
    if own.guessed:
        out.append(finding("phase.event_quarter", "claims", [""], {"count": own.guessed}, "note", "figures used"))
    return out
