"""What a page knows: the tables joined by label once, so that each section only has to choose and order."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.kinds import kinds
from integralie.paper.words import Words
from integralie.schema import notes
from integralie.schema.colours import network
from integralie.settings import Settings

ORDER = ("firm", "indicative", "placeholder", "gap")  # from strong to weak; the weakest one decides
WEAK = ("placeholder", "gap")
CENTS = 100
CHECKED = ("options", "programme")  # what the checker needs


def weakest(statuses: pd.Series, by: pd.Series) -> pd.Series:
    """Per label the weakest status among its rows."""
    places = statuses.map({s: i for i, s in enumerate(ORDER)})
    worst = places.groupby(by.to_numpy()).max()
    return worst.map(dict(enumerate(ORDER)))


@dataclass(frozen=True)
class Facts:
    """The tables of the study, and what can be read off them together."""

    tables: Mapping[str, pd.DataFrame]
    figures: Figures
    settings: Settings
    words: Words

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or name not in self.tables:
            raise AttributeError(name)
        return self.tables[name]

    def party(self, label: Any) -> str:
        """The name of a party; a party that has no row is shown by its label."""
        if pd.isna(label):
            return self.words.t("unknown")
        return str(self.parties["name"].get(label, str(label).removeprefix("party:").replace("_", " ")))

    def street(self, label: Any) -> str:
        """The name of a street section; without a name it is said so."""
        name = self.streets["name"].get(label) if not pd.isna(label) else None
        return self.words.t("street_unnamed") if name is None or pd.isna(name) else str(name)

    @cached_property
    def status(self) -> pd.Series:
        """For each found row (`table|row`) the weakest status of the figures its reasons lean on."""
        lean = self.reasons[self.reasons["figure"].notna()]
        known = lean["figure"].map({k: f.status for k, f in self.figures.by_id.items()})
        return weakest(known, lean["target"] + "|" + lean["row"]) if len(lean) else pd.Series(dtype=object)

    def _status(self, target: str, rows: pd.Index) -> pd.Series:
        return pd.Series((target + "|" + rows.astype(str)).map(self.status).to_numpy(), index=rows, dtype=object)

    @cached_property
    def work_status(self) -> pd.Series:
        """Per work the weakest status among its own reasons and those of its place in the programme."""
        own = self._status("works", self.works.index)
        placed = self._status("programme", self.programme.index)
        placed.index = pd.Index(self.programme["work"].astype(object))
        both = pd.concat([own, placed]).dropna()
        return weakest(both, both.index.to_series()) if len(both) else pd.Series(dtype=object)

    @cached_property
    def opening_status(self) -> pd.Series:
        """Per opening the weakest status among its own reasons and its works."""
        own = self._status("openings", self.openings.index)
        works = self.opened[["opening", "work"]]
        theirs = pd.Series(
            works["work"].map(self.work_status).to_numpy(), index=works["opening"].astype(object), dtype=object
        )
        both = pd.concat([own, theirs]).dropna()
        return weakest(both, both.index.to_series()) if len(both) else pd.Series(dtype=object)

    def weak(self, target: str, row: Any) -> bool:
        """Whether an amount of this work or opening leans on a placeholder figure."""
        series = {"works": self.work_status, "openings": self.opening_status}[target]
        return series.get(row) in WEAK

    @cached_property
    def placed(self) -> pd.DataFrame:
        """The programme with what each work is: works that got a year."""
        return self._joined(self.programme[self.programme["period"].notna()])

    @cached_property
    def opened(self) -> pd.DataFrame:
        """One row per opening and work in it; of a long work that opens several streets the share that lies there (`part`),
        and its name says so.
        """
        rows = self.placed[self.placed["opening"].notna()].assign(part=np.nan)
        told = self.members[(self.members["role"] == "work") & self.members["set"].isin(self.openings.index)]
        parts = told.loc[told["amount"].notna() & told["member"].isin(rows["work"]), ["set", "member", "amount"]]
        if parts.empty:
            return rows
        at = rows.set_index("work", drop=False).loc[parts["member"]]
        share = parts["amount"].to_numpy(float)
        at = at.assign(opening=parts["set"].to_numpy(object), name=self._with_share(at["name"], share), part=share)
        for column in ("cash", "cost", "duration", "quantity"):
            at[column] = at[column].astype(float) * share
        whole = rows[~rows["work"].isin(parts["member"])]
        return pd.concat([whole, at]).sort_values(["opening", "work"], kind="stable", ignore_index=True)

    def _with_share(self, names: pd.Series, share: np.ndarray) -> list[str]:
        told = zip(names.fillna(""), share)
        return [self.words.t("part.here", name=name, share=self.words.pct(part)) for name, part in told]

    @cached_property
    def deferred(self) -> pd.DataFrame:
        """The works that wanted a year within the programme and got none."""
        return self._joined(self.programme[self.programme["status"] == "deferred"])

    @cached_property
    def later(self) -> int:
        """How many works are due after the programme."""
        return int((self.programme["status"] == "later").sum())

    def _joined(self, rows: pd.DataFrame) -> pd.DataFrame:
        columns = [
            "kind",
            "discipline",
            "action",
            "earliest",
            "preferred",
            "latest",
            "cost",
            "duration",
            "quantity",
            "depth",
            "plan",
            "fixed",
        ]
        plain = pd.DataFrame(rows.drop(columns="geometry", errors="ignore"))
        joined = plain.join(pd.DataFrame(self.works)[columns], on="work")
        given = pd.DataFrame(self.works)[["name", "party", "street"]].reindex(joined["work"].to_numpy())
        for name in given.columns:
            joined[name] = joined[name].where(
                joined[name].notna(), pd.Series(given[name].to_numpy(), index=joined.index)
            )
        return joined

    @cached_property
    def joint(self) -> pd.DataFrame:
        """Openings in which more than one work is done."""
        return self.openings[self.openings["works"].fillna(0) >= 2]

    @cached_property
    def money(self) -> pd.DataFrame:
        """Party x year: what the programme uses of the budget, what there is (EUR), and its shadow price."""
        price = self.prices[self.prices["resource"].str.endswith("/budget")]
        used = price.groupby(["party", "period"])["used"].sum().astype("float64") / CENTS
        own = self.placed.groupby(["party", "period"])["cash"].sum()
        limit = (
            self.capacity[self.capacity["resource"] == "budget"].groupby(["party", "period"])["amount"].sum(min_count=1)
        )
        shadow = price.groupby(["party", "period"])["price"].max().astype("float64")
        parts = {"used": used.combine_first(own.astype("float64")), "limit": limit, "price": shadow}
        frame = pd.concat([s.rename(k).astype("float64") for k, s in parts.items()], axis=1)
        frame.index.names = ["party", "period"]
        frame = frame.reset_index()
        frame = frame[frame["period"].isin(list(self.settings.years))]
        return (
            frame.assign(used=frame["used"].fillna(0.0))
            .sort_values(["party", "period"], kind="stable")
            .reset_index(drop=True)
        )

    @cached_property
    def money_status(self) -> pd.Series:
        """Euros by the weakest status of the figures under each work and opening; `none`: told by the owner."""
        works = self.placed["cash"].astype("float64").to_numpy()
        openings = self.openings["cost"].astype("float64").to_numpy()
        status = [self.placed["work"].map(self.work_status), self.openings.index.to_series().map(self.opening_status)]
        labels = np.concatenate([part.astype(object).fillna("none").to_numpy() for part in status])
        total = pd.Series(np.concatenate([works, openings])).groupby(labels).sum()
        return total.reindex([*ORDER, "none"]).fillna(0.0)

    def score(self, variant: str, *indicators: str) -> float | None:
        """The value of the first of these indicators that the scores hold for all parties together."""
        rows = self.scores[
            (self.scores["variant"] == variant) & self.scores["party"].isna() & self.scores["place"].isna()
        ]
        for indicator in indicators:
            hit = rows.loc[rows["indicator"] == indicator, "value"].dropna()
            if len(hit):
                return float(hit.iloc[0])
        return None

    @cached_property
    def verdict(self) -> Any:
        """What the stand-alone checker says of this programme and its price list; None without a programme to check."""
        if any(self.tables.get(name) is None or self.tables[name].empty for name in CHECKED):
            return None
        from integralie.checker import check  # only here: a page without a programme needs no checker

        return check(self.tables)

    @cached_property
    def bound(self) -> float | None:
        """The lower bound of the programme in euros of present value."""
        return self.verdict.lower_bound if self.verdict is not None else self.score("together", "lower_bound")

    @cached_property
    def gap(self) -> float | None:
        """(programme - lower bound) / lower bound, as a share."""
        if self.verdict is not None:
            return max(self.verdict.gap, 0.0) if self.verdict.proven else None
        best, bound = self.score("together", "objective"), self.score("together", "lower_bound")
        if best is not None and bound is not None and bound > 0:
            return max(best - bound, 0.0) / bound
        return self.score("together", "gap")

    def reasons_of(self, target: str, row: str) -> list[dict[str, Any]]:
        """The reasons of one found row in order, as sentences, each with its figure."""
        rows = self._reasons_by.get((target, row), [])
        return [self._reason(self.reasons.loc[i]) for i in rows]

    def sentence(self, row: Any) -> str:
        """A row of `reasons` as a sentence with names for ids; a code without a sentence is shown as it is."""
        values = json.loads(row.args) if isinstance(row.args, str) and row.args else {}
        if row.code not in notes.sentences():
            return str(row.code)
        named = {k: self._named(v) if isinstance(v, str) else v for k, v in values.items()}
        return notes.say(row.code, named, self.words.language)

    def with_names(self, text: str) -> str:
        """A text in which the labels of parties are replaced by their names."""
        return re.sub(r"party:[\w-]+", lambda hit: self._names.get(hit.group(0), hit.group(0)), text)

    def _named(self, value: str) -> str:
        """A label, or a list of labels of parties, as names; anything else stays as it is."""
        if value in self._names:
            return self._names[value]
        found = [self._names.get(f"party:{part.removeprefix('party:')}") for part in value.split(", ")]
        return self.words.listed([name for name in found if name]) if all(found) else value

    @cached_property
    def _names(self) -> dict[str, str]:
        """Parties and streets by their label."""
        held = [self.tables[n]["name"].dropna() for n in ("parties", "streets") if n in self.tables]
        return {str(k): str(v) for names in held for k, v in names.items()}

    def chip(self, kind: Any) -> dict[str, str]:
        """The letters and colour of a kind of work, with its name."""
        known = kinds().get(str(kind))
        c = network(known.network if known else "other")
        name = (known.label_nl if self.words.language == "nl" else known.label) if known else self.words.t("unknown")
        return {"letter": c.letter, "ink": c.on, "ground": c.screen, "label": name}

    def _reason(self, row: Any) -> dict[str, Any]:
        figure = self.figures.by_id.get(row.figure) if isinstance(row.figure, str) else None
        return {"text": self.sentence(row), "figure": figure, "weak": figure is not None and figure.status in WEAK}

    @cached_property
    def _reasons_by(self) -> dict[tuple[str, str], list[str]]:
        ordered = self.reasons.sort_values(["target", "row", "step", "code"], kind="stable")
        made: dict[tuple[str, str], list[str]] = {}
        for label, target, row in zip(ordered.index, ordered["target"], ordered["row"]):
            made.setdefault((target, row), []).append(label)
        return made

    @cached_property
    def shared_rows(self) -> dict[str, pd.DataFrame]:
        """The rows of `shares` per opening."""
        return {str(k): v for k, v in self.shares.groupby("opening", sort=True)}

    @cached_property
    def works_in(self) -> dict[str, pd.DataFrame]:
        """The placed works per opening."""
        return {str(k): v for k, v in self.opened.groupby("opening", sort=True)}

    def along(self, opening: Any) -> list[str]:
        """The other openings of the long works of an opening: they lie in the same year."""
        here = self.opened[self.opened["part"].notna()]
        works = here.loc[here["opening"] == opening, "work"]
        return sorted(set(here.loc[here["work"].isin(works), "opening"]) - {opening})

    @cached_property
    def streets_of(self) -> dict[str, list[str]]:
        """The street sections of each set."""
        rows = self.members[self.members["role"] == "street"]
        made: dict[str, list[str]] = {}
        for label, member in zip(rows["set"], rows["member"]):
            made.setdefault(label, []).append(member)
        return made

    @cached_property
    def value(self) -> pd.Series:
        """Per opening the money that goes into the ground there: its works and the opening itself."""
        works = self.opened.groupby("opening")["cash"].sum().reindex(self.openings.index).fillna(0.0)
        return works + self.openings["cost"].fillna(0.0)
