"""What openings share in a quarter: crews, streets that may not be open at once, and the patience of a neighbourhood."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.schema import agreed
from integralie.settings import Settings
from integralie.verbs.phase.units import QUARTERS, Floats, Ints, Units

CREW, CLOSED, NUISANCE = "crew", "closed", "nuisance"
CAP = "openings"
ORDER = "/order"  # how the programme ends the name of a use that keeps two works in order


@dataclass
class Limits:
    """Resources (R) with what there is in each quarter (R, T; nan is no limit), and which unit uses how much of them.

    `names`: resource, sort (crew, closed, nuisance), party, what. `unit`, `row`, `amount` (N, K): the use in the quarter of
    the start and those after it. Above what there is, `width` (R,) costs `near` each and the rest `far`. `before` (M, 2):
    the second unit begins no earlier than the first.
    """

    names: pd.DataFrame
    room: Floats
    width: Floats
    near: Floats
    far: Floats
    unit: Ints
    row: Ints
    amount: Floats
    before: Ints

    def beyond(self, row: Ints, quarter: Ints, used: Floats) -> tuple[Floats, Floats]:
        """How much lies above what there is, and what that costs (EUR); nothing where there is no limit."""
        over = np.nan_to_num(np.clip(used - self.room[row, quarter], 0.0, None))
        over = np.where(over > 1e-6, over, 0.0)
        inner = np.minimum(over, self.width[row])
        return over, inner * self.near[row] + (over - inner) * self.far[row]


@dataclass
class _Made:
    quarters: int
    size: int
    most: int
    rows: list[dict[str, object]] = field(default_factory=list)
    room: list[Floats] = field(default_factory=list)
    parts: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)

    def add(self, rows: list[dict[str, object]], room: Floats, unit: Ints, row: Ints, amount: Floats) -> None:
        """Resources with their room (R, T), and uses that count them from zero."""
        self.parts.append((unit, row + len(self.rows), amount))
        self.rows += rows
        self.room.append(room)


def limits(
    made: Units, streets: pd.DataFrame, areas: pd.DataFrame, capacity: pd.DataFrame, agreements: pd.DataFrame,
    uses: pd.DataFrame, figures: Figures, settings: Settings,
) -> Limits:  # fmt: skip
    """All of them: crew days, openings at once, dwelling-days per neighbourhood."""
    out = _Made(made.quarters, len(made.rows), made.open.shape[1])
    _crews(out, made, capacity, settings, figures)
    _closed(out, made, streets, capacity, agreements, settings, figures)
    _nuisance(out, made, streets, areas, figures)
    columns = ["resource", "sort", "party", "what", "near", "far", "part"]
    names = pd.DataFrame(out.rows, columns=columns)
    room = np.concatenate(out.room) if out.room else np.zeros((0, made.quarters))
    none = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, out.most)))
    unit, row, amount = (np.concatenate(x) for x in zip(*out.parts, none))
    many = np.isfinite(room).sum(axis=1)
    mean = np.nansum(room, axis=1) / np.maximum(many, 1)
    near, far = (names[c].to_numpy(float) for c in ("near", "far"))
    return Limits(names, room, mean * names["part"].to_numpy(float), near, far, unit, row, amount, orders(made, uses))


def orders(made: Units, uses: pd.DataFrame) -> Ints:
    """Pairs of units of which the second waits for the first, as the programme keeps works in order (M, 2)."""
    rows = uses[uses["resource"].astype(object).astype(str).str.endswith(ORDER)]
    rows = rows.merge(made.parts[["work", "unit"]], left_on="subject", right_on="work")  # a long work lies in several
    give, take = (part[["resource", "unit"]] for part in (rows[rows["amount"] < 0], rows[rows["amount"] > 0]))
    both = give.merge(take, on="resource", suffixes=("", "_b"))[["unit", "unit_b"]].to_numpy(np.int64)
    return np.unique(both[both[:, 0] != both[:, 1]], axis=0).reshape(-1, 2)


def _price(figures: Figures, near: str, far: str, part: float) -> dict[str, object]:
    return {"near": figures.value(near), "far": figures.value(far), "part": part}


def _crews(out: _Made, made: Units, capacity: pd.DataFrame, settings: Settings, figures: Figures) -> None:
    """Of each crew that is told a quarter of its days of the year in every quarter."""
    told = capacity[capacity["resource"].astype(object).fillna("").astype(str).str.startswith(f"{CREW}:")]
    name = told["party"].astype(object) + "/" + told["resource"].astype(object)
    years = list(range(settings.first, settings.first + made.years))
    year = told.assign(name=name).pivot_table(index="name", columns="period", values="amount", aggfunc="sum")
    year = year.reindex(columns=years)
    used = made.parts["party"].astype(object) + f"/{CREW}:" + made.parts["discipline"].astype(object).fillna("other")
    at = year.index.get_indexer(used)
    hit = (at >= 0) & (made.days.sum(axis=1) > 0)
    keys, back = np.unique(
        np.stack([made.parts["unit"].to_numpy(int)[hit], at[hit]], axis=1).reshape(-1, 2), axis=0, return_inverse=True
    )
    amount = np.zeros((len(keys), made.days.shape[1]))
    np.add.at(amount, back.ravel(), made.days[hit])
    price = _price(figures, "phase_crew", "phase_crew_far", figures.value("phase_crew_near"))
    rows = [
        {"resource": n, "sort": CREW, "party": n.split("/")[0], "what": n.split(f"{CREW}:", 1)[1], **price}
        for n in year.index
    ]
    room = np.repeat(year.to_numpy(float) / QUARTERS, QUARTERS, axis=1)
    out.add(rows, room, keys[:, 0].astype(np.int64), keys[:, 1].astype(np.int64), amount)


def _closed(
    out: _Made, made: Units, streets: pd.DataFrame, capacity: pd.DataFrame, agreements: pd.DataFrame,
    settings: Settings, figures: Figures,
) -> None:  # fmt: skip
    """Agreements `not_together` and rows `openings` of capacity: so many open in one quarter."""
    years = list(range(settings.first, settings.first + made.years))
    for rule in agreements[agreements["rule"] == "not_together"].sort_index().itertuples():
        text = "" if pd.isna(rule.applies_to) else str(rule.applies_to)
        named = [v for p in text.split() if p.startswith("streets=") for v in p[len("streets=") :].split(",")]
        hit = streets.index[streets.index.isin(named)] if named else streets.index[agreed.applies(text, streets)]
        most = 1.0 if pd.isna(rule.value) else float(rule.value)
        _at_once(out, made, set(hit), f"{rule.Index}/{CAP}", rule.party, np.full(made.years, most), figures)
    told = capacity[capacity["resource"].astype(object).astype(str).str.split(":").str[0] == CAP]
    for (party, resource), rows in told.groupby(["party", "resource"], observed=True, sort=True):
        area = str(resource).split(":", 1)[1] if ":" in str(resource) else None
        hit = streets.index if area is None else streets.index[(streets["area"] == area).fillna(False)]
        amount = rows.groupby("period")["amount"].sum().reindex(years).to_numpy(float)
        _at_once(out, made, set(hit), f"{party}/{resource}", party, amount, figures)


def _at_once(out: _Made, made: Units, hit: set[str], name: str, party: object, most: Floats, figures: Figures) -> None:
    """One limit on the openings of these sections in a quarter."""
    unit = np.unique(made.held.loc[made.held["street"].isin(hit), "unit"].to_numpy(np.int64))
    if not len(unit):
        return
    lasts = made.rows["lasts"].to_numpy(int)[unit]
    amount = (np.arange(out.most) < lasts[:, None]).astype(float)
    price = {"near": figures.value("phase_closed"), "far": figures.value("phase_closed"), "part": 1.0}
    row = {"resource": name, "sort": CLOSED, "party": None if pd.isna(party) else party, "what": name.split("/")[0]}
    room = np.repeat(most, QUARTERS)[None, :]
    out.add([{**row, **price}], room, unit, np.zeros(len(unit), np.int64), amount)


def _nuisance(out: _Made, made: Units, streets: pd.DataFrame, areas: pd.DataFrame, figures: Figures) -> None:
    """Days open times dwellings in a neighbourhood: above an even share of its year they cost more and more."""
    area = made.rows["street"].map(streets["area"]).astype(object)
    use = made.open * made.dwellings[:, None]
    hit = np.flatnonzero((area.notna() & made.rows["opening"].notna()).to_numpy(bool) & (use.sum(axis=1) > 0))
    names, row = np.unique(area.to_numpy(object)[hit].astype(str), return_inverse=True)
    year = made.rows["first"].to_numpy(int)[hit] // QUARTERS
    level = np.zeros((len(names), made.years))
    np.add.at(level, (row, year), use[hit].sum(axis=1) / QUARTERS)
    price = _price(figures, "nuisance_pile_up", "nuisance_pile_up_far", 1.0)
    title = areas["name"].reindex(names).astype(object)
    rows = [
        {"resource": f"{n}/{NUISANCE}", "sort": NUISANCE, "party": None, "what": n if pd.isna(t) else t, **price}
        for n, t in zip(names, title)
    ]
    out.add(rows, np.repeat(level, QUARTERS, axis=1), hit.astype(np.int64), row.astype(np.int64), use[hit])
