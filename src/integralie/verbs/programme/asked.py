"""Why not another year: one block read back from the tables of a programme and planned anew with a work held there."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from integralie.errors import DataError
from integralie.verbs.programme.count import MILLION
from integralie.verbs.programme.explaining import WhyNot, why_not
from integralie.verbs.programme.modes import USUAL
from integralie.verbs.programme.parts import parts_of
from integralie.verbs.programme.problem import CENTS, Problem


def why_not_year(
    options: pd.DataFrame, uses: pd.DataFrame, programme: pd.DataFrame, prices: pd.DataFrame, work: str, period: int | None,
    gap: float = np.inf,
) -> dict[str, Any]:  # fmt: skip
    """What it would cost to do a work in another year (None: not within the programme), given the rest of the programme.

    Gives `allowed` (the year lies in the window of the work), `at_prices` (EUR of present value, scarce money and crews
    at their prices), its `terms`, `given_rest` (EUR, when only this block is planned anew within what is left; None
    where that does not fit), `moved` (other works of the block that would move along, with their year), and `proven`
    (the difference is larger than `gap`, what the whole programme may be off, in EUR). Of a work that is too long for one
    block its parts are asked one by one and added up.

    Reads
        options, uses, programme, prices (whole numbers, as the programme wrote them).
    Raises
        DataError when there is no such work or the year lies outside the programme.
    """
    if work not in set(programme["work"]):
        raise DataError(f"There is no work '{work}' in the programme; look up its id in the table 'programme'.")
    parts = parts_of(options, work)
    if len(parts) > 1:
        uses = uses[~_only_ties(uses, parts)]
        programme = _each(programme, work, parts)
    found = [_one(options, uses, programme, prices, p, period, gap) for p in parts]
    return found[0] if len(found) == 1 else _added(found, work, period, gap)


def _only_ties(uses: pd.DataFrame, parts: list[str]) -> Any:
    """Rows of limits that do nothing else than tie the parts of one work."""
    users = uses.groupby("resource")["subject"].agg(lambda s: set(s) <= set(parts))
    return uses["resource"].map(users).to_numpy(bool)


def _each(programme: pd.DataFrame, work: str, parts: list[str]) -> pd.DataFrame:
    """The programme with a row for every further part of a long work, done with it."""
    row = programme[programme["work"] == work]
    return pd.concat([programme, *(row.assign(work=p) for p in parts[1:])])


def _added(found: list[dict[str, Any]], work: str, period: int | None, gap: float) -> dict[str, Any]:
    """What its parts say, each in its own block, added up."""
    prices, rest = ([f[k] for f in found] for k in ("at_prices", "given_rest"))
    terms: dict[str, float] = {}
    for k, v in ((k, v) for f in found for k, v in f["terms"].items()):
        terms[k] = terms.get(k, 0.0) + v
    total = None if None in prices else float(sum(prices))
    return {
        "work": work, "period": period, "allowed": all(f["allowed"] for f in found), "at_prices": total,
        "given_rest": None if None in rest else float(sum(rest)), "proven": total is not None and total > gap,
        "terms": terms, "moved": [m for f in found for m in f["moved"]],
    }  # fmt: skip


def _one(
    options: pd.DataFrame, uses: pd.DataFrame, programme: pd.DataFrame, prices: pd.DataFrame, work: str, period: int | None,
    gap: float,
) -> dict[str, Any]:  # fmt: skip
    block = _Block(options, uses, programme, prices, work)
    at = -1 if period is None else period - block.first
    if period is not None and not 0 <= at < block.periods:
        raise DataError(f"{period} lies outside the programme, which runs from {block.first} to {block.last}.")
    standing = block.result(gap)
    found = why_not(block.problem, standing, int(block.order[block.names.index(work)]), at)
    return block.told(found, work, period)


class _Block:
    """One block of a programme as a problem of its own."""

    def __init__(
        self, options: pd.DataFrame, uses: pd.DataFrame, programme: pd.DataFrame, prices: pd.DataFrame, work: str
    ) -> None:
        own = options["subject"].to_numpy(object) == work
        label = options["block"].to_numpy(object)[own][0]
        rows = options[options["block"].to_numpy(object) == label]
        inside = rows["rest"].notna()
        works, opening = rows[~inside], rows[inside]
        if not (
            works.loc[works["subject"] == work, "layer"].fillna(-1) >= 0
        ).any():  # it opens nothing: a block by itself
            works, opening = works[works["subject"] == work], opening.iloc[:0]
        self.first, self.last = int(options["period"].min()), int(options["period"].max())
        self.first = min(self.first, int(prices["period"].min())) if len(prices) else self.first
        self.last = max(self.last, int(prices["period"].max())) if len(prices) else self.last
        self.periods = self.last - self.first + 1
        self.prices, self.label = prices, label
        self.works, self.opening = works, opening
        self.names = sorted(works["subject"].unique())
        self.plan = programme.set_index("work").reindex(self.names)
        self.resources = self._named(uses)
        self.prices = prices[prices["resource"].isin(self.resources)]
        self.problem = self._problem(uses)

    def _named(self, uses: pd.DataFrame) -> list[str]:
        """The resources that this block can use and that have a limit."""
        told = set(self.prices["resource"])
        used = (
            set(self.works["budget"].dropna()) | set(self.works["crew"].dropna()) | set(self.opening["budget"].dropna())
        )
        further = uses[uses["subject"].isin([*self.names, self.label])]
        return sorted((used | set(further["resource"])) & told)

    def _wide(self, column: str, missing: float = np.nan) -> np.ndarray:
        """A column of the price list per resource and period."""
        out = np.full((len(self.resources), self.periods), missing)
        at = pd.Index(self.resources).get_indexer(self.prices["resource"])
        out[at, self.prices["period"].to_numpy(int) - self.first] = self.prices[column].astype(float).to_numpy()
        return out

    def _most(self, column: str) -> np.ndarray:
        """The largest value of a column per resource, zero where there is none."""
        return np.nan_to_num(self._wide(column, 0.0)).max(axis=1, initial=0.0)

    def _problem(self, uses: pd.DataFrame) -> Problem:
        done = self.works[self.works["period"].notna()]
        way = done["mode"].astype(object).fillna(USUAL)
        keys = pd.MultiIndex.from_arrays([done["subject"].astype(object), way])
        lonely = [n for n in self.names if n not in set(done["subject"])]
        self.rows = pd.MultiIndex.from_tuples([*keys.unique(), *((n, USUAL) for n in lonely)])
        many = len(self.rows)
        cost, cash, days = (np.full((many, self.periods), v) for v in (np.nan, 0.0, 0.0))
        at, t = self.rows.get_indexer(keys), done["period"].to_numpy(int) - self.first
        cost[at, t] = done["cost"].to_numpy(float) / CENTS
        cash[at, t] = done["cash"].astype(float).fillna(0).to_numpy() / CENTS
        days[at, t] = done["days"].astype(float).fillna(0).to_numpy() / CENTS
        one = done.groupby([done["subject"].astype(object), way], sort=False).first().reindex(self.rows)
        number = {n: k for k, n in enumerate(self.resources)}
        exits = self.works[self.works["period"].isna()].set_index("subject")["cost"].astype(float) / CENTS
        subject = self.rows.get_level_values(0)
        late = exits.reindex(subject).to_numpy()
        only = np.where(np.isnan(late), np.nanargmin(np.where(np.isnan(cost), np.inf, cost), axis=1), -1)
        layer = one["layer"].astype(float).fillna(-1).to_numpy(int)
        return Problem.from_arrays(
            np.zeros(many, int), cost, cash, one["budget"].map(number).fillna(-1).to_numpy(int), days,
            one["crew"].map(number).fillna(-1).to_numpy(int), np.nan_to_num(late), fixed=only, layer=layer, opens=layer >= 0,
            work=subject.to_numpy(str), id=np.array([f"{a}~{b}" for a, b in self.rows]),
            **self._openings(number), **self._limits(), **self._further(uses, number),
        )  # fmt: skip

    def _openings(self, number: dict[str, int]) -> dict[str, Any]:
        if self.opening.empty:
            return {}
        price = np.zeros((1, self.periods, 3))
        cash, rest = np.zeros_like(price), np.full((1, self.periods), -1.0)
        o = self.opening.sort_values(["period", "layer"])
        t, k = o["period"].to_numpy(int) - self.first, o["layer"].to_numpy(int)
        price[0, t, k], cash[0, t, k] = o["cost"].to_numpy(float) / CENTS, o["cash"].astype(float).to_numpy() / CENTS
        rest[0, t] = o["rest_price"].astype(float).fillna(-CENTS).to_numpy() / CENTS
        last = float(o["last_opened"].iloc[0]) - self.first if pd.notna(o["last_opened"].iloc[0]) else np.nan
        crowd = (int(o["crowd"].iloc[0]), float(o["crowd_price"].iloc[0]) / CENTS)
        return {
            "opening_cost": np.maximum.accumulate(price, axis=2), "opening_cash": np.maximum.accumulate(cash, axis=2),
            "opening_budget": [number.get(str(o["budget"].iloc[0]), -1)], "rest": [int(o["rest"].iloc[0])],
            "rest_price": rest, "last_opened": [last], "crowd": crowd,
        }  # fmt: skip

    def _limits(self) -> dict[str, Any]:
        """What the rest of the programme leaves is set by `why_not`; here the limits as they were."""
        if not self.resources:
            return {}
        hard = np.isnan(self._wide("over_price"))
        own = self.prices.set_index("resource")["adds_up"].groupby(level=0).first().reindex(self.resources)
        self.over = ~hard.all(axis=1)
        steps = np.stack([self._most(c) for c in ("step_price", "over_price")], axis=1) / MILLION
        two: Any = (self._wide("step", 0.0) > 0).any(axis=1)
        width = np.full((len(self.resources), 2), np.nan)
        width[:, 0] = np.where(two, self._most("step") / CENTS, np.inf)
        over = np.where(two[:, None], steps, np.stack([steps[:, 1], np.full(len(two), np.nan)], axis=1))
        over[~self.over] = np.nan
        minimum = self._wide("least") / CENTS
        return {
            "capacity": self._wide("capacity") / CENTS, "carry": np.nan_to_num(self._wide("carry")) / CENTS,
            "minimum": minimum if np.isfinite(minimum).any() else None,
            "minimum_price": self._most("least_price") / MILLION,
            "adds_up": own.fillna(False).to_numpy(bool),
            **({"over_price": over, "over_width": width} if self.over.any() else {}),
        }  # fmt: skip

    def _further(self, uses: pd.DataFrame, number: dict[str, int]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        mine = uses[uses["subject"].isin(self.names) & uses["resource"].isin(self.resources)]
        if len(mine):
            way = mine["mode"].astype(object).fillna(USUAL)
            row = self.rows.get_indexer(pd.MultiIndex.from_arrays([mine["subject"].astype(object), way]))
            amount = mine["amount"].to_numpy(float) / CENTS
            made["uses"] = (
                row,
                mine["resource"].map(number).to_numpy(int),
                amount,
                mine["shift"].fillna(0).to_numpy(int),
            )
        opened = uses[(uses["subject"] == self.label) & uses["resource"].isin(self.resources)]
        if len(opened) and len(self.opening):
            wide = opened.pivot_table(index="resource", columns="layer", values="amount", aggfunc="first").reindex(
                columns=range(3)
            )
            wide = wide.astype(float).ffill(axis=1).fillna(0.0) / CENTS
            made["opening_uses"] = (np.zeros(len(wide), int), wide.index.map(number).to_numpy(int), wide.to_numpy())
        return made

    def result(self, gap: float) -> Any:
        """The programme as it stands, as far as this block goes."""
        row = self.rows.get_indexer(
            pd.MultiIndex.from_arrays([self.names, self.plan["mode"].astype(object).fillna(USUAL).to_numpy()])
        )
        period = self.plan["period"].astype("float64").to_numpy() - self.first
        done = np.isfinite(period)
        used = np.nan_to_num(self._wide("used")).astype(np.int64)
        order = pd.Index(pd.unique(self.rows.get_level_values(0))).get_indexer(self.names)
        rows, periods = np.empty(len(order), np.int64), np.empty(len(order), np.int64)
        rows[order], periods[order] = np.where(done, row, -1), np.where(done, period, -1).astype(np.int64)
        self.order = order
        return SimpleNamespace(
            row=rows, period=periods, prices=np.nan_to_num(self._wide("price")) / MILLION, objective=gap, lower_bound=0.0,
            certificate=SimpleNamespace(used=used),
        )  # fmt: skip

    def allowed(self, work: str, period: int | None) -> bool:
        """Whether the work may be done in that year at all."""
        own = self.works.loc[self.works["subject"] == work, "period"]
        return bool(own.isna().any() if period is None else (own == period).fillna(False).any())

    def told(self, found: WhyNot, work: str, period: int | None) -> dict[str, Any]:
        """The answer with names and years."""
        names = {f"resource {k}": n for k, n in enumerate(self.resources)}
        back = {int(k): self.names[i] for i, k in enumerate(self.order)}
        return {
            "work": work, "period": period, "allowed": self.allowed(work, period), "at_prices": found.at_prices, "given_rest": found.given_rest, "proven": found.proven,
            "terms": {names.get(k, k): v for k, v in found.terms.items()},
            "moved": [(back[i], None if t < 0 else self.first + t) for i, t in found.moved if back[i] != work],
        }  # fmt: skip
