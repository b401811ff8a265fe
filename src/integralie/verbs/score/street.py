"""What a programme does to the people in the street: nuisance, access, reopening, dig damage, and works on time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from integralie.access import Broken, Network, broken, detour_alone, detours
from integralie.access import streets as town
from integralie.access.lines import held_up
from integralie.figures import Figures
from integralie.nuisance import sites
from integralie.nuisance.reopening import reopening
from integralie.schema.agreed import rest_years
from integralie.schema.opening import indexed, rates
from integralie.settings import Settings


@dataclass(frozen=True)
class Row:
    """One score: an indicator with its value and unit, for a party, a place or a year where it is about one."""

    indicator: str
    value: float
    unit: str
    party: str | None = None
    place: str | None = None
    period: int | None = None


@dataclass(frozen=True)
class Streets:
    """The tables that the scores of the street lean on; everything below is counted once, when first asked for."""

    tables: Mapping[str, pd.DataFrame]
    figures: Figures
    settings: Settings

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or name not in self.tables:
            raise AttributeError(name)
        return self.tables[name]

    @cached_property
    def bus(self) -> pd.DataFrame:
        return sites.bus_streets(self.streets, self.assets, self.figures)

    @cached_property
    def rate(self) -> pd.DataFrame:
        return rates(self.streets, self.figures, self.settings)

    @cached_property
    def resident_days(self) -> pd.DataFrame:
        return sites.resident_days(self.openings, self.streets, self.figures, self.settings)

    @cached_property
    def reopenings(self) -> pd.DataFrame:
        rest = rest_years(self.streets, self.agreements, self.figures)
        tables = (self.streets, self.openings_past, self.openings, self.members)
        return reopening(*tables, rest, self.figures, self.settings)

    @cached_property
    def help(self) -> Network:
        return self.network("emergency", "emergency")

    @cached_property
    def reached(self) -> dict[int, Broken]:
        """What the closures of each year do to help; where a work keeps a passage it closes nothing."""
        need, limit = town.with_addresses(self.streets), town.emergency_limit(self.figures)
        years = _per_year(self, "emergency")
        return {y: broken(self.help, closed, need, limit) for y, closed in years.items()}

    def closures(self, mode: str) -> pd.DataFrame:
        return town.closures(self.works, self.members, self.programme, mode, self.figures)

    def network(self, mode: str, serves: str | None = None) -> Network:
        return town.network(self.streets, self.assets, self.figures, mode, serves)


def _per_year(s: Streets, mode: str) -> dict[int, np.ndarray]:
    """The positions of the closed sections in each year."""
    rows = s.closures(mode)
    place = s.streets.index.get_indexer(rows["street"])
    return {int(y): place[part.index.to_numpy()] for y, part in rows[place >= 0].groupby("period")}


def access(s: Streets) -> Iterator[Row]:
    """Dwellings cut off or reached too late, sections and years in which work keeps a passage and what that costs,
    detours, buses, shops and schools.

    Whatever closes counts, but for the passages that are a condition of a work: without that condition addresses behind
    an only access are cut off.
    """
    need = town.with_addresses(s.streets)
    dwellings = s.rate["residents"].fillna(0.0).to_numpy(float)
    got = s.reached
    yield Row("cut_off", _sum(dwellings[g.cut_off] for g in got.values()), "dwelling-year")
    yield Row("late_help", _sum(dwellings[g.late] for g in got.values()), "dwelling-year")
    kept = town.passages(s.members, s.programme)[["street", "period"]].drop_duplicates()
    yield Row("passages", float(len(kept)), "count")
    yield Row("passage_cost", float(s.programme["passage"].fillna(0.0).sum()), "EUR")
    yield from _detours(s)
    hit = s.closures("car").merge(s.bus, on="street")[["line", "period"]].drop_duplicates()
    yield Row("bus_lines_hit", float(len(hit)), "line-year")
    yield Row("bus_lines_stuck", _buses_stuck(s), "line-year")
    for mode, closed in (("foot", _per_year(s, "foot")), ("wheelchair", _per_year(s, "wheelchair"))):
        for serves in ("shop", "school"):
            if len(town.places(s.assets, serves)):
                net = s.network(mode, serves)
                most = s.figures.value("walk_most")
                lost = (broken(net, c, need, most, cuts=False) for c in closed.values())
                yield Row(f"{serves}_{mode}", _sum(dwellings[b.cut_off | b.late] for b in lost), "dwelling-year")


def _buses_stuck(s: Streets) -> float:
    """Years, added over bus lines, in which a bus has no way round a closed stretch within `bus_detour`."""
    place = s.streets.index.get_indexer(s.bus["street"])
    lines = [place[part.index.to_numpy()] for _, part in s.bus.reset_index(drop=True).groupby("line")]
    if not lines:
        return 0.0
    net, most = s.network("car"), s.figures.value("bus_detour")
    years = (held_up(net, lines, net.mask(closed), most) for closed in _per_year(s, "car").values())
    return float(sum(len({stretch.line for stretch in stuck}) for stuck in years))


def closures_to_part(s: Streets) -> list[dict[str, object]]:
    """Which works must not be at the same time, and whom that would cut off or keep waiting: one for each smallest set of
    closures of a year (period, streets, dwellings, late).
    """
    need, limit = town.with_addresses(s.streets), town.emergency_limit(s.figures)
    dwellings = s.rate["residents"].fillna(0.0).to_numpy(float)
    name = s.streets["name"].astype(object).fillna(s.streets.index.to_series()).to_numpy()
    out: list[dict[str, object]] = []
    for year, hit in sorted(s.reached.items()):
        for cut in hit.cuts:
            alone = broken(s.help, cut, need, limit, cuts=False)
            told = " + ".join(dict.fromkeys(name[cut]))
            gone, late = float(dwellings[alone.cut_off].sum()), float(dwellings[alone.late].sum())
            out.append({"period": year, "streets": told, "dwellings": gone, "late": late})
    return out


def _sum(parts: Iterator[np.ndarray]) -> float:
    return float(sum(float(p.sum()) for p in parts))


def _detours(s: Streets) -> Iterator[Row]:
    """The extra way of the cars of closed sections: metres and minutes for each, vehicle-kilometres over days open."""
    car = s.network("car")
    length = town.length(s.streets)
    metres = Network.of(car.tail, car.head, np.where(np.isfinite(car.cost), length, np.inf), car.sources, car.nodes)
    vehicles = s.rate["vehicles"].fillna(0.0).to_numpy(float)
    days = s.resident_days.groupby(["street", "period"])["days"].max()
    kilometres, extra, minutes = 0.0, [], []
    for year, closed in _per_year(s, "car").items():
        shut = np.unique(closed)
        away, longer = detours(metres, shut), detours(car, shut)
        there = np.isfinite(away)
        keys = pd.MultiIndex.from_product([s.streets.index[shut], [year]])
        open_ = days.reindex(keys).fillna(0.0).to_numpy()
        kilometres += float((vehicles[shut] * np.where(there, away, 0.0) * open_).sum()) / town.KILOMETRE
        extra.append(away[there])
        minutes.append(longer[np.isfinite(longer)])
    all_, slow = (np.concatenate(v) if v else np.zeros(0) for v in (extra, minutes))
    yield Row("detour_metres", float(all_.mean()) if len(all_) else 0.0, "m")
    yield Row("detour_minutes", float(slow.mean()) if len(slow) else 0.0, "minute")
    yield Row("detour_kilometres", kilometres, "vehicle-km")


def nuisance(s: Streets) -> Iterator[Row]:
    """Days before dwellings, the index of Helsinki, the Dutch classes, peaks, and the budget where one was agreed."""
    days = s.resident_days
    yield Row("resident_days", float(days["resident_days"].sum()), "dwelling-day x class")
    areas = sites.by_area(days, s.streets)
    for r in areas.itertuples():
        yield Row(
            "resident_days", float(r.resident_days), "dwelling-day x class", place=str(r.area), period=int(r.period)
        )
    yield Row("nuisance_peaks", float(len(sites.peaks(areas, s.figures, s.settings))), "area-year")
    over = sites.budget(days, s.streets, s.agreements, s.areas)
    if len(over):
        yield Row("nuisance_over_budget", float(over["over"].sum()), "dwelling-day")
    shut = _closed_openings(s)
    lines = s.bus.groupby("street")["line"].nunique()
    index = sites.index(s.openings, s.streets, shut, lines, s.figures, s.settings)
    yield Row("helsinki_mean", float(index["index"].mean()) if len(index) else 0.0, "0-5")
    yield Row("helsinki_red", float((index["index"] >= RED).sum()), "count")
    letter = sites.dutch(_delay(s, shut), s.openings["street"].map(s.rate["vehicles"]), s.figures)
    for name in sites.LETTERS:
        yield Row(f"hindrance_{name}", float((letter == name).sum()), "count")


LOOK = (2.0, 8.0)  # minutes within which a way round is looked for first
RED = 4.0  # Helsinki draws a site red from here


def _closed_openings(s: Streets) -> pd.Series:
    """Whether each opening closes the carriageway: one of its works does."""
    shut = town.closes(s.works, "car", s.figures)
    held = s.members[(s.members["role"] == "work") & s.members["set"].isin(s.openings.index)]
    return (
        held["member"]
        .map(shut)
        .fillna(False)
        .astype(bool)
        .groupby(held["set"])
        .any()
        .reindex(s.openings.index)
        .fillna(False)
    )


def _delay(s: Streets, shut: pd.Series) -> pd.Series:
    """Minutes of extra travel time of each opening: the way round its section when it is closed alone."""
    car = s.network("car")
    place = s.streets.index.get_indexer(s.openings["street"])
    asked = np.unique(place[shut.to_numpy(bool) & (place >= 0)])
    own = dict(zip(asked.tolist(), detour_alone(car, asked, LOOK).tolist()))
    told = [own.get(int(p), 0.0) if c else 0.0 for p, c in zip(place, shut)]
    return pd.Series(told, index=s.openings.index)


def reopened(s: Streets) -> Iterator[Row]:
    """Openings within a rest period, and what history lets expect besides the programme."""
    rows = s.reopenings
    yield Row("openings_too_soon", float(rows["too_soon"].sum()), "count")
    yield Row("reopenings_expected", float(rows["reopenings"].sum()), "count")
    yield Row("openings_unplanned", float(rows["unplanned"].sum()), "count")


def shared(s: Streets) -> Iterator[Row]:
    """Works that open a section in the same year as a work of another party: by agreement, or by chance."""
    opens = s.works.index[s.works["depth"].notna() & (s.works["depth"] != "none")]
    held = s.members[(s.members["role"] == "street") & s.members["set"].isin(opens)]
    done = s.programme.loc[s.programme["period"].notna(), ["work", "period", "party"]]
    rows = held[["set", "member"]].merge(done, left_on="set", right_on="work")
    parties = rows.groupby(["member", "period"])["party"].transform("nunique")
    yield Row("works_shared", float(rows.loc[parties > 1, "work"].nunique()), "count")


def on_time(s: Streets) -> Iterator[Row]:
    """Works that are done within their window, and those that are not."""
    plan = s.programme.join(s.works[["latest"]], on="work")
    asked = plan[plan["status"] != "later"]
    late = asked["period"].isna() | (asked["period"] > asked["latest"]).fillna(False)
    yield Row("works_on_time", float((~late).sum()), "count")
    yield Row("works_late", float(late.sum()), "count")
    done = int(plan["period"].notna().sum())
    yield Row("days_per_work", float(s.openings["days"].fillna(0).sum()) / max(done, 1), "day")


def conflicts(s: Streets) -> Iterator[Row]:
    """Sites that are in each other's way: two openings of one section in one year that were not planned as one."""
    held = s.members[(s.members["role"] == "street") & s.members["set"].isin(s.openings.index)]
    rows = held.assign(period=held["set"].map(s.openings["period"]))
    size = rows.groupby(["member", "period"])["set"].nunique()
    yield Row("space_conflicts", float((size * (size - 1) // 2).sum()), "count")


def damage(s: Streets) -> Iterator[Row]:
    """Dig damage to expect: one in so many openings that dig, at the direct cost of repair."""
    digs = s.openings["depth"].isin(["shallow", "deep"])
    cost = s.figures.find("dig_damage_cost")
    level = indexed(pd.Series([cost.value]), pd.Series([cost.price_level], dtype=object), s.figures, s.settings).iloc[0]
    expected = float(digs.sum()) * s.figures.value("dig_damage")
    yield Row("dig_damage", expected, "count")
    yield Row("dig_damage_cost", expected * float(level), "EUR")


def street_rows(s: Streets) -> Iterator[Row]:
    """All of them, in order."""
    if s.programme.empty:
        return
    for part in (shared, on_time, nuisance, reopened, access, conflicts, damage):
        yield from part(s)
