"""The draft of a problem: works and blocks as frames, to which every term adds its costs, uses and rules."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from integralie.access import Network
from integralie.figures import Figures
from integralie.schema.once import once
from integralie.schema.opening import joint_days, rates
from integralie.settings import Settings
from integralie.verbs.programme.blocks import contract, spans
from integralie.verbs.programme.extras import Extras
from integralie.verbs.programme.modes import with_modes
from integralie.verbs.programme.parts import split
from integralie.verbs.programme.problem import LAYERS

Floats = npt.NDArray[np.float64]


@dataclass
class Draft:
    """What the terms fill in; works are sorted by id, blocks by id, all money in euros.

    `works` has a row per work and mode (index: the id of the work, with `~mode` behind it for every mode but the first)
    with columns work, mode, block, opens, layer, own (cost less shared paving), budget and crew names ...; `blocks`
    has columns street, site, traffic, nuisance, payer.
    """

    works: pd.DataFrame
    blocks: pd.DataFrame
    streets: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    figures: Figures
    settings: Settings
    alone: bool
    of_street: pd.Series
    place: pd.DataFrame  # sections of each work (work, street)
    cost: Floats  # (W, T) nan is not allowed
    defer: Floats  # (W,)
    cash: Floats  # (W, T)
    days: Floats  # (W, T)
    fixed: npt.NDArray[np.int64]  # (W,)
    open_cost: Floats  # (B, T, 3)
    open_cash: Floats
    rest: npt.NDArray[np.int64]  # (B,)
    rest_price: Floats  # (B, T), negative is hard
    last_opened: Floats  # (B,)
    extras: Extras = field(default_factory=Extras)
    kept: npt.NDArray[np.bool_] | None = None  # (S,) sections in which work keeps a passage
    closing: pd.DataFrame | None = None  # where works close sections (terms/passage.py)
    nets: tuple[Network, ...] = ()  # the street network for cars, and for help
    lines: tuple[npt.NDArray[np.int64], ...] = ()  # positions of the sections that each bus line runs through
    caps: list[str] = field(default_factory=list)  # limits that reachability turned out to need
    parts: dict[str, Floats] = field(default_factory=dict)
    findings: list[pd.DataFrame] = field(default_factory=list)
    reasons: list[pd.DataFrame] = field(default_factory=list)

    @property
    def resources(self) -> list[str]:
        """The names of all resources, in the order of the arrays."""
        return list(self.extras.resources)

    @property
    def years(self) -> npt.NDArray[np.int64]:
        return np.array(self.settings.years)

    @property
    def discount(self) -> Floats:
        """Present value of one euro in each period (`discount_rate`)."""
        return (1 + self.figures.value("discount_rate") / 100) ** -np.arange(self.settings.periods, dtype=float)

    @property
    def block_at(self) -> npt.NDArray[np.int64]:
        """The place of each work's block."""
        return self.blocks.index.get_indexer(self.works["block"])


def _works(works: pd.DataFrame, of_work: pd.Series, alone: bool) -> pd.DataFrame:
    out = works.sort_index(kind="stable").copy()
    known = out["street"].notna() & of_work.reindex(out.index).isin(of_work)
    depth = out["depth"].fillna("none")
    out["opens"] = ((depth != "none") & known).to_numpy()
    out["block"] = of_work.reindex(out.index).to_numpy()
    if alone:
        out["block"] = out["block"] + "|" + out["party"].astype(object)
    for column in ("cost", "surface_cost", "duration"):
        out[column] = out[column].astype(float).fillna(0.0).clip(lower=0.0)
    out["surface_cost"] = out[["surface_cost", "cost"]].min(axis=1).where(out["opens"], 0.0)
    out["duration"] = out["duration"].where(out["opens"] | (depth == "none"), 0.0)
    widest = out["surface_cost"].groupby(out["block"]).transform("max")
    share = (out["surface_cost"] / widest.where(widest > 0)).fillna(0.0)
    out["layer"] = np.minimum(np.floor(share * LAYERS - 1e-9).clip(lower=0), LAYERS - 1).astype(int)
    out["own"] = out["cost"] - out["surface_cost"]
    return out


def _blocks(works: pd.DataFrame, rate: pd.DataFrame, of_street: pd.Series) -> pd.DataFrame:
    """One row per block with works: its longest section, and the rates of its opening."""
    rows = rate.assign(base=of_street.to_numpy())
    rows = rows.sort_values(["base", "length", "street"], ascending=[True, False, True])
    lead = rows.drop_duplicates("base").set_index("base")
    by = rows.groupby("base")
    sums = pd.DataFrame(
        {
            "site": by["site"].max(),
            "traffic": by["traffic"].max(),
            "nuisance": by["nuisance"].sum(),
            "residents": by["residents"].sum(),
            "assumed": by["assumed"].any(),
        }
    )
    labels = pd.Index(sorted(works["block"].unique()), name="id")
    base = labels.str.split("|", regex=False).str[0]
    out = pd.DataFrame({"base": np.asarray(base)}, index=labels)
    out = out.join(sums, on="base").join(lead[["street", "authority", "site_figure"]], on="base")
    numbers = ["site", "traffic", "nuisance", "residents"]
    out[numbers] = out[numbers].astype(float).fillna(0.0)
    return out


def _rates(streets: pd.DataFrame, figures: Figures, settings: Settings) -> pd.DataFrame:
    """The rates of an opening of each section, with its length and the authority of the road."""
    streets = streets.sort_index(kind="stable")
    return rates(streets, figures, settings).assign(
        street=streets.index, length=streets.geometry.length.round(3), authority=streets["party"]
    )


def draft(tables: dict[str, pd.DataFrame], figures: Figures, settings: Settings, alone: bool) -> Draft:
    """An empty draft: works and blocks are laid out, the terms have still to add what they know."""
    streets = tables["streets"].sort_index(kind="stable")
    ordered = tables["works"].sort_index(kind="stable")
    place = spans(ordered, tables["members"])
    of_street, of_work, left = contract(ordered, place, streets)
    ordered, of_work = split(ordered, of_work, of_street, place, left, streets, tables["agreements"])
    works = _works(ordered, of_work, alone)
    works.loc[~ordered["street"].isin(streets.index).to_numpy(), ["opens", "surface_cost"]] = [False, 0.0]
    works["own"] = works["cost"] - works["surface_cost"]
    works = with_modes(works, tables["agreements"], figures, settings)
    rate = once("rates", (tables["streets"], figures, settings), lambda: _rates(tables["streets"], figures, settings))
    blocks = _blocks(works, rate, of_street)
    size, periods, many = len(works), settings.periods, len(blocks)
    return Draft(
        works, blocks, streets, tables, figures, settings, alone, of_street, place,
        np.zeros((size, periods)), np.zeros(size), np.zeros((size, periods)), np.zeros((size, periods)), np.full(size, -1),
        np.zeros((many, periods, LAYERS)), np.zeros((many, periods, LAYERS)), np.zeros(many, np.int64),
        np.full((many, periods), -1.0), np.full(many, np.nan),
    )  # fmt: skip


def by_layer(made: Draft, column: str) -> Floats:
    """Per block and layer the largest value of a column among the works of that layer and those below it (B, 3)."""
    out = np.zeros((len(made.blocks), LAYERS))
    held = made.works["opens"].to_numpy(dtype=bool)
    np.maximum.at(
        out, (made.block_at[held], made.works["layer"].to_numpy()[held]), made.works[column].to_numpy(float)[held]
    )
    return np.maximum.accumulate(out, axis=1)


def day_shares(made: Draft) -> tuple[float, float]:
    """A day of work counts for so much of a joint opening, and the longest work for so much more; together one."""
    own = float(joint_days(np.array([1.0]), np.array([0.0]), made.figures)[0])
    return own, 1.0 - own
