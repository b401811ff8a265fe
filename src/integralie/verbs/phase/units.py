"""What gets a quarter: openings, and works that open nothing, with the days of every work in every quarter they last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from integralie.figures import Figures
from integralie.kinds import DEPTHS, DISCIPLINES
from integralie.schema.opening import rates
from integralie.settings import Settings

QUARTERS = 4
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Units:
    """Openings and lone works of the first years (U), their works (P), and the quarters that they can last (K).

    `rows`: opening, work, name, street, period, days, works, parties, sharing, geometry, lasts (quarters), and `first`,
    the number of the first quarter of its year counted from the first year. `parts`: one row per work with its unit
    (position), party, discipline, kind, action, surface. `days` (P, K): working days of each work in the quarter in
    which its unit begins and those after it. `open` (U, K): days of each unit. `held`: unit (position) and street.
    """

    rows: pd.DataFrame
    parts: pd.DataFrame
    days: Floats
    open: Floats
    held: pd.DataFrame
    dwellings: Floats
    years: int
    start: int
    room: float

    @property
    def quarters(self) -> int:
        """The number of quarters that are planned."""
        return QUARTERS * self.years


def units(
    programme: pd.DataFrame,
    openings: pd.DataFrame,
    works: pd.DataFrame,
    members: pd.DataFrame,
    streets: pd.DataFrame,
    figures: Figures,
    settings: Settings,
    years: int,
) -> Units:
    """The openings of the first years and the works of those years that lie in none, in the order of their ids."""
    last = settings.first + years - 1
    now = programme[programme["period"].notna() & (programme["period"] <= last)]
    room = figures.value("quarter_days")
    parts = _parts(_everywhere(now, openings, members), works, streets)
    rows = _rows(openings[openings["period"] <= last], parts)
    parts = parts.assign(unit=rows.index.get_indexer(parts["label"]))
    parts = parts[parts["unit"] >= 0].sort_values(["unit", "deep", "trade", "work"], kind="stable", ignore_index=True)
    rows["first"] = QUARTERS * (rows["period"].to_numpy(int) - settings.first)
    rows["lasts"] = np.maximum(np.ceil(rows["days"].to_numpy(float) / room), 1).astype(int)
    most = int(min(rows["lasts"].max(), QUARTERS * years)) if len(rows) else 1
    begin, end = _sequence(parts, rows)
    held = _held(rows, members)
    homes = rates(streets, figures, settings)["residents"]
    dwellings = held["street"].map(homes).fillna(0.0).groupby(held["unit"]).sum().reindex(range(len(rows)))
    return Units(
        rows, parts, _spread(parts["duration"].to_numpy(float), begin, end, room, most),
        _spread(rows["days"].to_numpy(float), np.zeros(len(rows)), rows["days"].to_numpy(float), room, most),
        held, dwellings.fillna(0.0).to_numpy(float), years, settings.first, room,
    )  # fmt: skip


def _everywhere(now: pd.DataFrame, openings: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """The programmed works, a long one with a row in each opening that it is part of and the share that lies there."""
    told = members[(members["role"] == "work") & members["amount"].notna() & members["set"].isin(openings.index)]
    told = told[told["member"].isin(now["work"])]
    whole = now[~now["work"].isin(told["member"])].assign(part=1.0)
    if told.empty:
        return whole
    rows = now.set_index("work", drop=False).loc[told["member"]]
    street = openings["street"].reindex(told["set"]).to_numpy(object)
    rows = rows.assign(opening=told["set"].to_numpy(object), street=street, part=told["amount"].to_numpy(float))
    return pd.concat([whole, rows], ignore_index=True)


def _parts(now: pd.DataFrame, works: pd.DataFrame, streets: pd.DataFrame) -> pd.DataFrame:
    """The works that are done in these years, with what decides about their quarter."""
    facts = works[["kind", "discipline", "action", "depth", "duration"]].reindex(now["work"])
    out = facts.reset_index(names="work").assign(
        label=now["opening"].astype(object).where(now["opening"].notna(), now["work"]).to_numpy(object),
        opening=now["opening"].to_numpy(object),
        party=now["party"].to_numpy(object),
        name=now["name"].to_numpy(object),
        street=now["street"].to_numpy(object),
        period=now["period"].to_numpy(int),
        sharing=now["sharing"].to_numpy(),
        geometry=now["geometry"].to_numpy(object),
    )
    out["surface"] = out["street"].map(streets["surface"]).astype(object)
    out["duration"] = out["duration"].astype(float).fillna(0.0).clip(lower=0.0) * now["part"].to_numpy(float)
    out["deep"] = out["depth"].map({d: i for i, d in enumerate(reversed(DEPTHS))}).fillna(len(DEPTHS))
    out["trade"] = out["discipline"].map({d: i for i, d in enumerate(DISCIPLINES)}).fillna(len(DISCIPLINES))
    return out


def _rows(openings: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """One row per opening, and one per work without."""
    columns = ["name", "street", "period", "days", "works", "parties", "sharing", "geometry"]
    whole = pd.DataFrame(openings[columns]).assign(opening=openings.index, work=None)
    lone = parts[parts["opening"].isna()]
    lone = (
        lone.assign(days=lone["duration"], works=1, parties=1)
        .set_index("label")[[*columns, "work"]]
        .assign(opening=None)
    )
    both = [f.astype(object) for f in (whole, lone) if len(f)]
    out = pd.concat(both).sort_index(kind="stable") if both else whole.astype(object)
    return out.assign(days=out["days"].astype(float).fillna(0.0).clip(lower=0.0))


def _sequence(parts: pd.DataFrame, rows: pd.DataFrame) -> tuple[Floats, Floats]:
    """When each work begins and ends, in working days from the start of its unit: after one another, in the time there is."""
    by = parts.groupby("unit")["duration"]
    total = by.transform("sum").to_numpy(float)
    end = by.cumsum().to_numpy(float)
    given = rows["days"].to_numpy(float)[parts["unit"].to_numpy(int)]
    pace = np.divide(given, total, out=np.zeros_like(total), where=total > 0)
    return (end - parts["duration"].to_numpy(float)) * pace, end * pace


def _spread(amount: Floats, begin: Floats, end: Floats, room: float, most: int) -> Floats:
    """An amount over the quarters from begin to end (working days), evenly; what takes no time falls where it begins."""
    edge = room * np.arange(most)
    part = np.clip(np.minimum(end[:, None], edge + room) - np.maximum(begin[:, None], edge), 0.0, None)
    length = (end - begin)[:, None]
    at = np.minimum(begin // room, most - 1).astype(int)[:, None] == np.arange(most)
    return amount[:, None] * np.where(length > 0, part / np.where(length > 0, length, 1.0), at)


def _held(rows: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """The sections that each opening closes: those of its block, else its own."""
    opened = rows[rows["opening"].notna()]
    told = members[(members["role"] == "street") & members["set"].isin(opened.index)][["set", "member"]]
    lone = opened[~opened.index.isin(told["set"]) & opened["street"].notna()]
    out = pd.concat(
        [
            told.rename(columns={"set": "label", "member": "street"}),
            pd.DataFrame({"label": lone.index, "street": lone["street"].to_numpy()}),
        ]
    )
    out = out.assign(unit=rows.index.get_indexer(out["label"]))
    return out.sort_values(["unit", "street"], ignore_index=True)[["unit", "street"]]
