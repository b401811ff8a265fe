"""Why not another year: what each year would cost one work, given the rest of the programme.

Counted from the table of options, which holds what every work and every opening costs in every year: the work moves,
all others stay. What the engine itself says about it (`integralie.why_not`) is used when it is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from integralie.api.gestures import conditions
from integralie.api.shapes import Shape
from integralie.api.sight import Sight
from integralie.verbs.programme.parts import parts_of

CENTS = 100


class Term(Shape):
    """One part of a difference in cost."""

    term: str
    title: str
    amount: float


class Need(Shape):
    """A way to make it possible: in words, what it takes, and the gestures that do it."""

    words: str
    price: float | None
    actions: list[dict[str, Any]]


class Year(Shape):
    """One year in which the work could be done."""

    period: int
    allowed: bool
    extra: float | None
    at_prices: float | None
    terms: list[Term]
    twice: bool
    joins: list[str]
    reasons: list[str]
    forbidden: list[str]
    needs: list[Need]


class Exit(Shape):
    """Not within the programme."""

    extra: float | None


class Window(Shape):
    """From when to when."""

    earliest: int | None
    preferred: int | None
    latest: int | None


class Alternatives(Shape):
    """What each year would cost one work, given the rest of the programme."""

    work: str
    name: str
    party: str | None
    given: int | None
    fixed: int | None
    window: Window
    opening: str | None
    together: list[str]
    years: list[Year]
    later: Exit


@dataclass
class Move:
    """One work and where it is; every year is looked at with the rest of the programme as it stands."""

    look: Sight
    work: str
    subject: str = ""  # in the options; of a further part of a long work not the work itself

    @cached_property
    def further(self) -> list[Move]:
        """The further parts of a long work, each in its own block."""
        named = [] if self.subject else parts_of(self.look.study.options, self.work)[1:]
        return [Move(self.look, self.work, n) for n in named]

    @cached_property
    def row(self) -> pd.Series:
        return self.look.row("works", self.work)

    @cached_property
    def placed(self) -> pd.Series | None:
        rows = self.look.study.programme
        mine = rows[rows["work"] == self.work]
        return mine.iloc[0] if len(mine) else None

    @cached_property
    def given(self) -> int | None:
        return None if self.placed is None or pd.isna(self.placed["period"]) else int(self.placed["period"])

    @cached_property
    def own(self) -> pd.DataFrame:
        """Its own options by year: in the given year the way that was chosen, in another the cheapest; the exit has no year."""
        rows = self.look.study.options
        mine = rows[rows["subject"] == (self.subject or self.work)]
        here = mine["period"].eq(-1 if self.given is None else self.given).fillna(False).astype(bool)
        chosen = None if self.placed is None else self.placed["mode"]
        given = mine[here & (mine["mode"].eq(chosen) if pd.notna(chosen) else mine["mode"].isna())]
        rest = (
            mine[~here].sort_values("cost", kind="stable").drop_duplicates("period")
        )  # each other year in its cheapest way
        return pd.concat([given if len(given) else mine[here].head(1), rest]).sort_values("period", kind="stable")

    @cached_property
    def _years(self) -> dict[int | None, dict[str, Any]]:
        """Its own options under their year; the exit under None."""
        told = zip(self.own["period"], self.own.to_dict("records"))
        return {None if pd.isna(year) else int(year): option for year, option in reversed(list(told))}

    @cached_property
    def prices(self) -> dict[tuple[str, int], tuple[Any, Any, Any]]:
        """Price, use and limit of what it may take, per resource and year."""
        keys = {k for part in (self, *self.further) for c in ("budget", "crew") for k in part.own[c].dropna()}
        rows = self.look.study.prices
        rows = rows[rows["resource"].isin(keys)]
        told = zip(rows["resource"], rows["period"], rows["price"], rows["used"], rows["capacity"])
        return {(str(r), int(p)): (price, used, most) for r, p, price, used, most in told}

    @cached_property
    def block(self) -> str | None:
        return None if self.own.empty else str(self.own["block"].iloc[0])

    @cached_property
    def mates(self) -> pd.DataFrame:
        """The other works of its block that have a year and open the street, with the step of paving of each."""
        rows = self.look.study.programme
        rows = rows[
            (rows["block"] == self.block)
            & rows["period"].notna()
            & (rows["work"] != self.work)
            & rows["opening"].notna()
        ]
        options = self.look.study.options
        works = options[(options["block"] == self.block) & options["rest"].isna()]
        layer = works.assign(mode=works["mode"].fillna("")).set_index(["subject", "period", "mode"])["layer"]
        keys = pd.MultiIndex.from_arrays([rows["work"], rows["period"], rows["mode"].fillna("")])
        return rows.assign(layer=layer[~layer.index.duplicated()].reindex(keys).fillna(0).to_numpy(dtype="float64"))

    @cached_property
    def openings(self) -> pd.DataFrame:
        rows = self.look.study.options
        return rows[(rows["subject"] == self.block) & rows["rest"].notna()]

    @cached_property
    def _priced(self) -> dict[tuple[int, int], tuple[float, float]]:
        """Per year and step of paving what opening the block costs, and what coming a year too early costs (cents)."""
        rows = self.openings
        told = zip(rows["period"], rows["layer"], rows["cost"], rows["rest_price"])
        return {(int(p), int(k)): (float(c), 0.0 if pd.isna(r) else float(r)) for p, k, c, r in told}

    def block_cost(self, period: int | None) -> tuple[float, float]:
        """What its block costs with this work in that year (None: without it): opening, and coming too early (cents)."""
        layers = self.mates.groupby("period")["layer"].max().astype(int).to_dict()
        if period is not None and self.opens:
            layers[period] = max(int(self.layer(period)), layers.get(period, 0))
        held = sorted((int(y), k) for y, k in layers.items() if (int(y), k) in self._priced)
        if not held:
            return 0.0, 0.0
        rest, last = int(self.openings["rest"].iloc[0]), self.openings["last_opened"].iloc[0]
        before = [-np.inf if pd.isna(last) else float(last), *(y for y, _ in held[:-1])]
        early = sum(max(rest - (y - b), 0) * self._priced[y, k][1] for (y, k), b in zip(held, before))
        return sum(self._priced[at][0] for at in held), early

    def layer(self, period: int) -> float:
        layer: Any = self._years.get(period, {}).get("layer")
        return 0.0 if pd.isna(layer) else float(layer)

    @cached_property
    def opens(self) -> bool:
        """Whether doing it opens the street."""
        return bool(
            self.placed is not None
            and (pd.notna(self.placed["opening"]) or (self.given is None and len(self.openings)))
        )

    def cost(self, period: int) -> float | None:
        """Its own cost in that year, in cents."""
        option = self._years.get(period)
        return None if option is None else float(option["cost"])

    def asks(self, period: int) -> list[tuple[str, float, str]]:
        """What it takes in that year, all its parts together: resource, amount (hundredths), money or days."""
        total: dict[tuple[str, str], float] = {}
        for part in (self, *self.further):
            option = part._years.get(period, {})
            for key, amount, unit in (("budget", "cash", "money"), ("crew", "days", "days")):
                if pd.notna(option.get(key)) and pd.notna(option.get(amount)):
                    name = (str(option[key]), unit)
                    total[name] = total.get(name, 0.0) + float(option[amount])
        return [(key, amount, unit) for (key, unit), amount in total.items()]

    @cached_property
    def exit(self) -> float | None:
        option = self._years.get(None)
        return None if option is None else float(option["cost"])

    def parts(self, period: int | None) -> tuple[float, float, float] | None:
        """Its own cost, that of opening its blocks, and that of coming too early, with the work in that year (cents)."""
        own = self.exit if period is None else self.cost(period)
        others = [part.parts(period) for part in self.further]
        if own is None or any(o is None for o in others):
            return None
        every = [(own, *self.block_cost(period)), *(o for o in others if o is not None)]
        return sum(e[0] for e in every), sum(e[1] for e in every), sum(e[2] for e in every)

    @cached_property
    def now(self) -> tuple[float, float, float]:
        """The same where it is now."""
        return self.parts(self.given) or (0.0, 0.0, 0.0)


def alternatives(look: Sight, work: str) -> Alternatives:
    """What each year would cost one work, given the rest of the programme."""
    move = Move(look, work)
    row, placed = move.row, move.placed
    years = [_year(move, y) for y in look.study.settings.years]
    gone = move.parts(None)
    late = None if gone is None else round((sum(gone) - sum(move.now)) / CENTS, 2)
    together = list(move.mates.loc[move.mates["period"] == move.given, "work"]) if move.given is not None else []
    return Alternatives(
        work=work, name=str(row["name"]), party=_text(row["party"]), given=move.given, fixed=_int(row["fixed"]), years=years,
        window=Window(earliest=_int(row["earliest"]), preferred=_int(row["preferred"]), latest=_int(row["latest"])),
        opening=None if placed is None else _text(placed["opening"]), together=together, later=Exit(extra=late),
    )  # fmt: skip


def _year(move: Move, period: int) -> Year:
    """One year: what it costs more than now, why, and what forbids it."""
    look, parts = move.look, move.parts(period)
    joins = list(move.mates.loc[move.mates["period"] == period, "work"])
    forbidden, needs = _forbidden(move, period, parts is not None)
    terms, extra = [], None
    if parts is not None:
        more = [(n, a - b) for n, a, b in zip(("own", "opening", "early"), parts, move.now)]
        terms = [Term(term=n, title=look.t(f"term.{n}"), amount=round(v / CENTS, 2)) for n, v in more if abs(v) >= 0.5]
        extra = round((sum(parts) - sum(move.now)) / CENTS, 2)
    left = (
        move.given is not None
        and move.given != period
        and bool((move.mates["period"] == move.given).any())
        and move.opens
    )
    return Year(
        period=period, allowed=not forbidden, extra=0.0 if period == move.given else extra, at_prices=_at_prices(move, period, extra),
        terms=terms, twice=left and not joins, joins=joins, reasons=_reasons(move, period, terms, joins, left), forbidden=forbidden, needs=needs[:3],
    )  # fmt: skip


def _reasons(move: Move, period: int, terms: list[Term], joins: list[str], left: bool) -> list[str]:
    look, row = move.look, move.row
    told = [look.t("why.dearer" if t.amount > 0 else "why.cheaper", what=t.title, amount=abs(t.amount)) for t in terms]
    if joins:
        told.append(look.t("why.joins", count=len(joins), period=period))
    elif left:
        told.append(look.t("why.twice", period=period))
    if pd.notna(row["preferred"]) and period != row["preferred"]:
        told.append(look.t("why.off_preferred", preferred=int(row["preferred"])))
    return told


Told = tuple[list[str], list[Need]]  # what stands in the way, and what it would take


def _forbidden(move: Move, period: int, possible: bool) -> Told:
    """What stands in the way of that year, and what it would take."""
    if period == move.given:
        return [], []
    window, agreed = _window(move, period), _agreed(move, period)
    told, needs = [*window[0], *agreed[0]], [*window[1], *agreed[1]]
    if not possible and not told:
        told.append(move.look.t("why.dearer_than_late"))
    rest, short = _rest(move, period), _too_little(move, period)
    told += [*([rest] if rest is not None else []), *short[0]]
    return told, _with_fix(move, period, [*needs, *short[1]]) if told else []


def _window(move: Move, period: int) -> Told:
    look, row = move.look, move.row
    early = pd.notna(row["earliest"]) and period < row["earliest"]
    if not early and not (pd.notna(row["latest"]) and period > row["latest"]):
        return [], []
    column = "earliest" if early else "latest"
    wider = {"do": "set", "table": "works", "rows": [move.work], "column": column, "value": period}
    words = look.t("need.window", party=look.party_name(row["party"]), period=period)
    told = look.t("why.window", first=int(row["earliest"]), last=int(row["latest"]))
    return [told], [Need(words=words, price=None, actions=[wider])]


def _agreed(move: Move, period: int) -> Told:
    closed = _closed(move, period)
    if not closed:
        return [], []
    ended = [{"do": "end-agreement", "agreement": rule} for rule in closed]
    return [move.look.t("why.agreed")], [Need(words=move.look.t("need.end_agreement"), price=None, actions=ended)]


def _too_little(move: Move, period: int) -> Told:
    """The money and crews of which there is too little that year."""
    told, needs, look = [], [], move.look
    for key, short, unit in _short(move, period):
        party, resource = key.split("/", 1)
        said = {"party": look.party_name(party), "period": period, "amount": short}
        amount = round(_limit(look, party, resource, period) + short, 2)
        more = {"do": "limit", "party": party, "resource": resource, "period": period, "amount": amount}
        told.append(look.t(f"why.short_{unit}", **said))
        price = short if unit == "money" else None
        needs.append(Need(words=look.t(f"need.short_{unit}", **said), price=price, actions=[more]))
    return told, needs


def _with_fix(move: Move, period: int, needs: list[Need]) -> list[Need]:
    """Each need with the work fixed on that year after it, and fixing it in spite of all as the last."""
    fix = {"do": "fix", "works": [move.work], "period": period, "outside": True}
    decided = Need(words=move.look.t("need.decide", period=period), price=None, actions=[fix])
    return [*(Need(words=n.words, price=n.price, actions=[*n.actions, fix]) for n in needs), decided]


def _closed(move: Move, period: int) -> list[str]:
    """The agreements that forbid this work that year."""
    agreed = move.look.study.agreements
    mine = {move.work, str(move.row["plan"])}
    told = {str(i): conditions(w) for i, w in agreed.loc[agreed["rule"] == "forbid", "applies_to"].items()}
    return [
        i for i, pairs in told.items() if mine & set(pairs.get("work", [])) and str(period) in pairs.get("period", [])
    ]


def _rest(move: Move, period: int) -> str | None:
    """Whether the street is still at rest in that year: a hard rest period after another opening of the block."""
    rows = move.openings
    if rows.empty or not move.opens or pd.notna(rows["rest_price"].iloc[0]):
        return None
    rest, last = int(rows["rest"].iloc[0]), rows["last_opened"].iloc[0]
    years = {int(p) for p in move.mates["period"]} | ({int(last)} if pd.notna(last) else set())
    near = [y for y in years if y != period and abs(period - y) < rest]
    return move.look.t("why.rest", opened=min(near, key=lambda y: abs(y - period)), rest=rest) if near else None


def _short(move: Move, period: int) -> list[tuple[str, float, str]]:
    """The money and the crews that are lacking in that year when everything else stays."""
    made = []
    for key, amount, unit in move.asks(period):
        _, used, most = move.prices.get((key, period), (None, None, None))
        if pd.isna(used) or pd.isna(most):
            continue
        short = float(used) + amount - float(most)
        if short > 0:
            made.append((key, round(short / CENTS, 2), unit))
    return made


def _limit(look: Sight, party: str, resource: str, period: int) -> float:
    rows = look.study.capacity
    hit = rows[(rows["party"] == party) & (rows["resource"] == resource) & (rows["period"] == period)]
    return float(hit["amount"].sum())


def _at_prices(move: Move, period: int, extra: float | None) -> float | None:
    """The difference with what scarce money and crews are worth in that year and in the year it has now."""
    if extra is None:
        return None
    return round(extra + _worth(move, period) - (_worth(move, move.given) if move.given is not None else 0.0), 2)


def _worth(move: Move, period: int) -> float:
    asked = [
        (move.prices[key, period][0], amount) for key, amount, _ in move.asks(period) if (key, period) in move.prices
    ]
    return sum(float(price) * amount / 1e6 / CENTS for price, amount in asked)


def _int(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)
