"""Obstacles: what stands in the way of a kind of claim, as arrays per street for the compiled search."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.kinds import BURIED, drawn, kinds, lines_below
from integralie.schema.clearance import FACADE, Rules
from integralie.verbs.section.laid import Laid
from integralie.verbs.section.table import LOW

IN_USE = ("in_use", "projected")
NOWHERE, ALWAYS = 1.0, 2.0  # depth unknown: in the way unless it is elsewhere; in the way at any depth
STANDING = ("tree", "station", "mast", "chamber")
RIGID = ("tree", "box", "station")  # symbols of claims that nothing may lie under


@dataclass(frozen=True)
class Ground:
    """All that lies in the streets, sorted by street: one row per thing and cut. `step` is how far apart cuts lie."""

    streets: np.ndarray
    things: pd.DataFrame
    zones: pd.DataFrame
    left: np.ndarray
    right: np.ndarray
    doubt: np.ndarray
    cuts: np.ndarray
    step: np.ndarray

    def position(self, labels: pd.Series) -> np.ndarray:
        """Where each street stands in the arrays; -1 when it has no line."""
        return pd.Series(np.arange(len(self.streets)), index=self.streets).reindex(labels).fillna(-1).to_numpy(int)


def ground(laid: Laid, streets: pd.DataFrame, figures: Figures) -> Ground:
    """Things and zones of all cuts by street. The edges of a street are the narrowest of its cuts.

    Lines that cross the street are passed over or under where they lie and stand in nobody's way along it; beds and
    ducts repeat what lies in them.
    """
    labels = pd.Index(pd.unique(laid.cuts.street))
    street = labels.get_indexer(laid.cuts.street)
    lines = laid.lines[laid.lines["left"].isna()] if len(laid.lines) else laid.lines
    found = pd.concat([lines[["cut", "asset", "offset"]], laid.things[["cut", "asset", "offset"]]], ignore_index=True)
    at = found["asset"].to_numpy(int)
    asset, body = laid.assets.iloc[at].reset_index(drop=True), laid.body.iloc[at].reset_index(drop=True)
    things = pd.DataFrame(
        {
            "street": street[found["cut"].to_numpy(int)],
            "cut": found["cut"].to_numpy(int),
            "who": at,
            "kind": asset["kind"],
            "at": found["offset"].to_numpy(float),
            "half": body["width"] / 2,
            "x_band": body["x_band"],
            "top": body["cover"],
            "bottom": body["cover"] + body["height"],
            "band": body["depth_band"].fillna(0.0),
            "quality": body["depth_quality"],
        }
    )
    symbol = things["kind"].map({n: k.symbol for n, k in kinds().items()})
    keep = symbol.isin((*BURIED, *STANDING)) & asset["status"].fillna("in_use").isin(IN_USE)
    things = things.assign(symbol=symbol, standing=symbol.isin(STANDING))[keep]
    things = things.sort_values(["street", "cut", "at", "who"], kind="stable", ignore_index=True)
    ends = laid.ends
    left = pd.Series(ends["left"].to_numpy()).groupby(street).max().to_numpy()
    right = pd.Series(ends["right"].to_numpy()).groupby(street).min().to_numpy()
    doubt = _doubts(ends["doubt"].to_numpy(object), street, len(labels))
    if not lines_below(laid.assets["kind"].unique()):
        doubt = np.where(doubt == "", "no_networks", doubt)  # no lines read is not the same as no lines there
    zones = laid.zones.assign(street=street[laid.zones["cut"].to_numpy(int)])
    known = zones["asset"].to_numpy(int)
    kind = np.where(
        known >= 0, laid.assets["kind"].to_numpy(object)[np.maximum(known, 0)] if len(laid.assets) else None, None
    )
    zones = zones.assign(
        kind=pd.Series(kind, index=zones.index).fillna(""),
        level=np.where(pd.Series(kind).isin(LOW), figures.value("kerb"), 0.0),
    )
    number = np.bincount(street, minlength=len(labels))
    at = pd.Series(laid.cuts.at).groupby(street).agg(["min", "max"])
    step = ((at["max"] - at["min"]) / np.maximum(number - 1, 1)).to_numpy(float)
    return Ground(labels.to_numpy(), things, zones, left, right, doubt, number, step)


def _doubts(doubt: np.ndarray, street: np.ndarray, count: int) -> np.ndarray:
    """Doubt of a street: the one that most of its cuts have, when no other (or none) is commoner."""
    names, code = np.unique(np.append(doubt.astype(str), ""), return_inverse=True)
    table = np.zeros((count, len(names)), int)
    np.add.at(table, (street, code[:-1]), 1)
    return names[table.argmax(axis=1)].astype(object)


@dataclass(frozen=True)
class Asked:
    """One kind of claim: its size, the depths that may be tried, and how far each thing keeps it off."""

    kind: str
    half: float
    height: float
    layers: np.ndarray
    frame: pd.DataFrame
    offsets: np.ndarray
    low: np.ndarray
    high: np.ndarray
    aim: float
    rank: float


def layers(kind: str, height: float, top: float, zones: pd.DataFrame, rules: Rules, figures: Figures) -> np.ndarray:
    """Tops (m below peil) that may be tried: from the least cover to the deepest that this kind is laid."""
    if not np.isnan(top):
        return np.array([top])
    symbol = kinds()[kind].symbol
    if symbol in RIGID and symbol != "box":
        return np.array([0.0])
    levels = zones[["kind", "level"]].drop_duplicates()
    least = sorted({round(level + rules.cover(kind, name)[0], 3) for name, level in levels.itertuples(index=False)})
    if not least:
        return np.array([rules.cover(kind, "")[0]])
    deepest = max(figures.value("deepest", symbol=symbol) - height, least[0])
    steps = np.arange(least[0], deepest + 1e-9, figures.value("depth_step"))
    return np.unique(np.round(np.concatenate([steps, [v for v in least if v <= deepest]]), 3))


def asked(
    ground: Ground,
    kind: str,
    width: float,
    height: float,
    top: float,
    size: str,
    barrier: bool,
    extra: pd.DataFrame,
    rules: Rules,
    figures: Figures,
    cost: np.ndarray,
) -> Asked:
    """Everything that the search needs for one kind of claim in all streets.

    `extra` are reservations that this claim must keep clear of, as things of their own.
    """
    half, symbol = (0.0 if kinds()[kind].symbol == "tree" else width / 2), kinds()[kind].symbol
    things = pd.concat([ground.things, extra], ignore_index=True) if len(extra) else ground.things
    frame = _kept_off(things, kind, half, size, barrier, rules, figures)
    tries = layers(kind, height, top, ground.zones, rules, figures)
    strips = _strips(ground.zones, kind, half, rules, figures, float(tries.max()))
    both = pd.concat([frame, strips], ignore_index=True).sort_values(
        ["street", "hard", "at", "who"], kind="stable", ignore_index=True
    )
    both["cost"] = np.where(both["who"] >= 0, cost[np.maximum(both["who"].to_numpy(int), 0)] if len(cost) else 0.0, 0.0)
    offsets = np.searchsorted(both["street"].to_numpy(), np.arange(len(ground.streets) + 1))
    facade = rules.between(kind, FACADE, size)
    keep = max(facade.hearts(half, 0.0), half)
    aim = 0.0 if symbol in ("sewer", "box") else np.nan
    return Asked(
        kind, half, height, tries, both, offsets, ground.left + keep, ground.right - keep, aim, rules.order(kind) or 0.0
    )


def _kept_off(
    things: pd.DataFrame, kind: str, half: float, size: str, barrier: bool, rules: Rules, figures: Figures
) -> pd.DataFrame:
    """How far each thing keeps the heart of the claim off, and within which depths."""
    symbol = kinds()[kind].symbol
    names = {n: rules.between(kind, n, size, barrier) for n in things["kind"].unique()}
    if symbol != "tree":
        names |= {n: rules.between(kind, n, size, standing=True) for n in names if n in drawn("tree")}
    h = things["half"].to_numpy(float).copy()
    trees = things["kind"].isin(drawn("tree")).to_numpy()
    h[trees] = things["half"].to_numpy(float)[trees]
    edge, centre, heart = (
        things["kind"].map({n: getattr(b, m) for n, b in names.items()}).to_numpy(float)
        for m in ("edge", "centre", "heart")
    )
    mine = np.where(trees & (symbol != "tree"), half, h)
    reach = np.maximum(np.maximum(half + h + edge, centre), np.where(heart > 0, mine + heart, 0.0))
    low, high = figures.value("unknown_depth_from"), figures.value("unknown_depth_to")
    nowhere = things["top"].isna().to_numpy() & ~things["standing"].to_numpy(bool)
    always = np.where(things["standing"].to_numpy(bool), ALWAYS, np.where(nowhere, NOWHERE, 0.0))
    if symbol in RIGID or rules.forbids_above(kind):
        always = np.full(len(things), ALWAYS)
    return things.assign(
        reach=reach,
        reach_high=reach + things["x_band"],
        reach_low=reach - things["x_band"],
        top=things["top"].fillna(low),
        bottom=things["bottom"].fillna(high),
        slack=figures.value("beside"),
        always=always,
        hard=False,
        bare=0.0,
        rank=things["kind"].map({n: rules.order(n) or 0.0 for n in names}).astype(float),
    )


def _strips(
    zones: pd.DataFrame, kind: str, half: float, rules: Rules, figures: Figures, deepest: float
) -> pd.DataFrame:
    """Strips of the street where the claim may not lie at all, or only from a certain depth."""
    names = zones["kind"].unique()
    cover = {n: rules.cover(kind, n)[0] for n in names}
    stands = {n: figures.value("may_stand", kind=kind, surface=n) > 0 for n in names}
    bare = zones["kind"].map(cover).to_numpy(float) + zones["level"].to_numpy(float)
    bare = np.where(zones["kind"].map(stands).to_numpy(bool), bare, np.inf)
    if kinds()[kind].symbol in RIGID and kinds()[kind].symbol != "box":
        bare = np.where(np.isinf(bare), bare, 0.0)
    middle, wide = (zones["left"] + zones["right"]).to_numpy() / 2, (zones["right"] - zones["left"]).to_numpy() / 2
    out = pd.DataFrame(
        {
            "street": zones["street"].to_numpy(),
            "cut": zones["cut"].to_numpy(),
            "who": -1,
            "kind": zones["kind"].to_numpy(),
            "at": middle,
            "half": wide,
            "reach": wide + half,
            "bare": bare,
        }
    )
    out = out.assign(
        reach_high=out["reach"],
        reach_low=out["reach"],
        top=0.0,
        bottom=0.0,
        slack=0.0,
        band=0.0,
        x_band=0.0,
        always=0.0,
        hard=True,
        rank=0.0,
    )
    return out[out["bare"] > 0]
