"""The numbers of a programme: how good it is proven to be, and what it asks of money, crews and streets each year."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import pandas as pd

from integralie.api import replan
from integralie.api.desk import Desk
from integralie.api.jobs import RUNNING, Jobs
from integralie.api.memo import kept
from integralie.api.shapes import Shape
from integralie.api.sight import Sight
from integralie.checker import Verdict, check
from integralie.schema import frames
from integralie.study import Study

HUNDREDTHS = 100  # of a euro or a day
MILLIONTHS = 1_000_000
LARGEST = 5  # works that are named per year
STREET = ("openings", "days_open", "dwelling_days", "nuisance")
UNITS = {
    "budget": "EUR",
    "crew": "day",
    "openings": "count",
    "days_open": "day",
    "dwelling_days": "dwelling-day",
    "nuisance": "EUR",
}
PROOF = ("options", "programme", "openings", "prices")
State = Literal["none", "checking", "checked", "improving", "stale", "impossible", "unchecked"]


class Demand(Shape):
    """A demand that clashes with what else was fixed: in words, and the works that would make room when released."""

    words: str
    works: list[str]


class Certificate(Shape):
    """How good the programme is proven to be, in numbers and in a sentence."""

    state: State
    proven: bool = False
    gap: float | None = None
    gap_shown: str | None = None
    objective: float | None = None
    lower_bound: float | None = None
    sentence: str
    sentences: list[str] = []
    demands: list[Demand] = []
    job: str | None = None


class Load(Shape):
    """What the programme asks of one resource each year, and what there is."""

    resource: str
    title: str
    party: str | None
    party_name: str | None
    unit: str
    load: list[float | None]
    limit: list[float | None]
    price: list[float | None]
    over: list[bool]
    largest: list[list[str]]


class Loads(Shape):
    """All resources, per party and for all together."""

    periods: list[int]
    rows: list[Load]
    sums: list[Load]


def verdict(desk: Desk, study: Study, wait: bool = False) -> Verdict | None:
    """The verdict of the checker on the programme that stands in a study; None while it is still checking."""
    made: tuple[object, Verdict] | None = desk.later.ask(*_checking(study), wait)
    return None if made is None else made[1]


def expect(desk: Desk, study: Study) -> None:
    """Lets the checker begin on a programme that will be asked for soon, while other things are reckoned."""
    desk.later.begin(*_checking(study))


def _checking(study: Study) -> tuple[tuple[object, ...], Callable[[], tuple[object, Verdict]]]:
    tables = tuple(study.tables.get(n) for n in PROOF)  # one that nobody filled is not there, each time alike
    return ("verdict", *map(id, tables)), lambda: (tables, judged(study))


def judged(study: Study) -> Verdict:
    """The verdict of the checker on a study."""
    return check({n: study[n] for n in frames.tables()})


def claimed(study: Study) -> Verdict | None:
    """What the engine says of a programme that it just made, as a verdict that nobody has checked yet."""
    told = replan.said(study)
    return None if told is None else Verdict(False, told["cost"], told["bound"], told["gap"], ())


def cost(desk: Desk, study: Study) -> float | None:
    """What a programme costs: as the engine says, else as the checker says."""
    if study.programme.empty or study.options.empty:
        return None
    got = claimed(study) or verdict(desk, study, wait=True)
    return None if got is None else got.objective


def certificate(look: Sight, jobs: Jobs, wait: bool = False) -> Certificate:
    """How good the programme is proven to be; what a party may not see is not summed for it.

    While the checker is busy with a programme that was just made, it is what the engine says.
    """
    if look.raw.programme.empty:
        return Certificate(state="none", sentence=look.t("proof.none"))
    checked, old = verdict(look.desk, look.raw, wait), look.desk.behind(look.scenario, wait)
    got = checked or claimed(look.raw)
    if got is None or (old is None and checked is not None):
        return Certificate(state="checking", sentence=look.t("proof.checking"))
    busy = next(
        (
            j
            for j in jobs.all.values()
            if j.process == replan.PROCESS and j.status in RUNNING and j.scenario == look.scenario
        ),
        None,
    )
    state: State = "checking" if checked is None else "checked" if got.proven else "unchecked"
    clashing: list[Demand] = []
    if old:
        state = "stale"
    elif clashing := demands(look):
        state = "impossible"
    elif busy is not None and got.proven:
        state = "improving"
    shown = look.words.gap(got.gap)
    best = got.proven and round(got.objective * HUNDREDTHS) == round(got.lower_bound * HUNDREDTHS)
    open_ = look.party is None
    return Certificate(
        state=state, proven=got.proven, gap=got.gap, gap_shown=shown, objective=got.objective if open_ else None,
        lower_bound=got.lower_bound if open_ else None, sentence=look.t(f"proof.{_worded(state, best)}", gap=shown, count=len(clashing)),
        sentences=list(got.sentences) if open_ else [], demands=clashing, job=busy.id if busy else None,
    )  # fmt: skip


def _worded(state: State, best: bool) -> str:
    return "best" if best and state == "checked" else "claimed" if state == "checking" else state


def demands(look: Sight) -> list[Demand]:
    """The demands that no programme can meet together, as the engine told them: the smallest set that clashes, and the
    fixed works that take of what is short.
    """
    rows = look.study.findings
    rows = rows[rows["rule"] == "programme.way_out"] if len(rows) else rows
    if rows.empty:
        return []
    fixed = set(look.study.works.index[look.study.works["fixed"].notna()])
    used = chosen(look)
    made = []
    for row in rows.itertuples():
        key, _, year = str(row.row).rpartition("|")
        hit = used[(used["period"].astype(str) == year) & ((used["budget"] == key) | (used["crew"] == key))]
        told = str(row.message_nl if look.language == "nl" and isinstance(row.message_nl, str) else row.message)
        made.append(Demand(words=told, works=[w for w in hit["work"] if w in fixed]))
    return made


def chosen(look: Sight) -> pd.DataFrame:
    """The option of every work in its year: which money and which crew it uses, and how much."""
    done = look.study.programme[look.study.programme["period"].notna()]
    columns = ["subject", "period", "mode", "budget", "cash", "crew", "days"]
    return done[["work", "period", "mode"]].merge(
        look.study.options[columns], left_on=["work", "period", "mode"], right_on=["subject", "period", "mode"]
    )


def loads(look: Sight, resources: set[str] | None) -> Loads:
    """What the programme asks of each resource each year, its limit as it is now, and the largest works."""
    asked = tuple(sorted(resources)) if resources is not None else None
    made: Loads = kept(look, "loads", lambda: _loads(look, resources), asked)
    return made


def _loads(look: Sight, resources: set[str] | None) -> Loads:
    years = list(look.study.settings.years)
    rows = _scarce(look, years, resources) + _streets(look, years, resources)
    return Loads(periods=years, rows=rows, sums=_sums(look, rows))


def _scarce(look: Sight, years: list[int], resources: set[str] | None) -> list[Load]:
    """Money and crews: what is used comes with the price list, what there is from the table of capacity."""
    prices, capacity = _owned(look.study.prices), look.study.capacity
    keys = prices["resource"].str.split("/", n=1).str[-1] if len(prices) else pd.Series(dtype=object)
    largest, none = _largest(look), (prices.iloc[:0], capacity.iloc[:0])
    asked = dict(list(prices.assign(key=keys).groupby(["party", "key"], observed=True)))
    there_is = dict(list(capacity.groupby(["party", "resource"], observed=True)))
    made = []
    pairs = pd.concat(
        [prices.assign(key=keys)[["party", "key"]], capacity.rename(columns={"resource": "key"})[["party", "key"]]]
    )
    for party, key in pairs.drop_duplicates().sort_values(["key", "party"]).itertuples(index=False):
        if str(key).split(":")[0] not in UNITS:
            continue  # limits that are no money, crews or openings of somebody
        if resources is not None and key not in resources and key.split(":")[0] not in resources:
            continue
        used = asked.get((party, key), none[0]).set_index("period")
        there = there_is.get((party, key), none[1]).groupby("period")["amount"].sum()
        load = _by_year(used["used"].astype("Float64") / HUNDREDTHS, years)
        price = _by_year(used["price"].astype("Float64") / MILLIONTHS, years)
        name, group = look.party_name(party), str(key).split(":")
        title = f"{look.t('resource.' + group[0])}{' ' + look.t('discipline.' + group[1]) if len(group) > 1 else ''} {_short(name)}"
        limit = _by_year(there, years)
        named = [largest.get((f"{party}/{key}", y), []) for y in years]
        made.append(_load(str(key), title, str(party), name, UNITS[group[0]], load, limit, price, named))
    return made


def _owned(prices: pd.DataFrame) -> pd.DataFrame:
    """The prices of money, crews and openings of somebody; not those of ties between works, of which there are many more."""
    told, codes = pd.unique(prices["resource"]), pd.factorize(prices["resource"])[0]
    kind = [str(r).split("/", 1)[-1].split(":")[0] in UNITS for r in told]
    return prices[np.array(kind, bool)[codes]] if len(prices) else prices


def _short(name: str | None) -> str:
    """The name of a party without the organisation before the comma."""
    return (name or "").rsplit(", ", 1)[-1]


def _load(resource: str, title: str, party: str | None, name: str | None, unit: str, load: list[float | None], limit: list[float | None],
          price: list[float | None], largest: list[list[str]]) -> Load:  # fmt: skip
    over = [a is not None and b is not None and a > b + 0.005 for a, b in zip(load, limit)]
    return Load(
        resource=resource,
        title=title,
        party=party,
        party_name=name,
        unit=unit,
        load=load,
        limit=limit,
        price=price,
        over=over,
        largest=largest,
    )


def _by_year(values: pd.Series, years: list[int]) -> list[float | None]:
    told = values.reindex(years)
    return [None if pd.isna(v) else round(float(v), 2) for v in told]


def _largest(look: Sight) -> dict[tuple[str, int], list[str]]:
    """Per resource and year the works that use most of it."""
    if look.study.options.empty or look.study.programme.empty:
        return {}
    rows = chosen(look)
    parts = [
        rows[[key, "period", "work", amount]].set_axis(["resource", "period", "work", "amount"], axis=1)
        for key, amount in (("budget", "cash"), ("crew", "days"))
    ]
    all_ = pd.concat(parts).dropna(subset=["resource"]).sort_values("amount", ascending=False, kind="stable")
    top = all_.groupby(["resource", "period"]).head(LARGEST)
    return {(str(k[0]), int(k[1])): list(p) for k, p in top.groupby(["resource", "period"])["work"]}  # type: ignore[index]


def _streets(look: Sight, years: list[int], resources: set[str] | None) -> list[Load]:
    """What streets and people bear: openings, days, days times dwellings, and nuisance in money, kept apart."""
    rows = look.study.openings
    days = rows["days"].astype(float)
    homes = rows["street"].map(look.study.streets["residents"]).astype("Float64").fillna(0).astype(float)
    values = {
        "openings": pd.Series(1.0, index=rows.index),
        "days_open": days,
        "dwelling_days": days * homes,
        "nuisance": rows["nuisance"],
    }
    made = []
    for name in STREET:
        if resources is not None and name not in resources:
            continue
        told = values[name].astype(float).groupby(rows["period"]).sum().reindex(years, fill_value=0.0)
        none: list[float | None] = [None] * len(years)
        empty: list[list[str]] = [[] for _ in years]
        made.append(
            _load(name, look.t(f"resource.{name}"), None, None, UNITS[name], _by_year(told, years), none, none, empty)
        )
    return made


def _sums(look: Sight, rows: list[Load]) -> list[Load]:
    """All parties together, per resource; a year counts as unknown when one of them is."""
    made = []
    for key in dict.fromkeys(r.resource for r in rows if r.party is not None):
        part, group = [r for r in rows if r.resource == key], key.split(":")
        title = look.t("resource." + group[0]) + (f" {look.t('discipline.' + group[1])}" if len(group) > 1 else "")
        load, limit = (_added([getattr(r, c) for r in part]) for c in ("load", "limit"))
        none: list[float | None] = [None] * len(load)
        made.append(_load(key, title, None, None, part[0].unit, load, limit, none, [[] for _ in load]))
    return made


def _added(rows: list[list[float | None]]) -> list[float | None]:
    table = np.array([[np.nan if v is None else v for v in r] for r in rows])
    return [None if np.isnan(v) else round(float(v), 2) for v in table.sum(axis=0)]
