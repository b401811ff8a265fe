"""Green: how many new trees can stand in each street, what is short, and which network would have to move for more."""

from __future__ import annotations

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.kinds import BURIED, kinds
from integralie.schema.clearance import FACADE, Rules
from integralie.verbs.fit.obstacles import Ground
from integralie.verbs.fit.ways import standing

SIZES = ("1", "2", "3")
USUAL = "2"
SHORT = {1: "clearance", 2: "volume", 3: "facade", 4: "surface"}


def _arrays(ground: Ground, size: str, rules: Rules, figures: Figures, without: str | None) -> tuple[np.ndarray, ...]:
    """Per cut what keeps the heart of a tree off, and between what its roots may spread."""
    things = ground.things if without is None else ground.things[ground.things["kind"] != without]
    names = {k: rules.between("tree", k, size) for k in things["kind"].unique()}
    half = things["half"].to_numpy(float)
    heart, edge = (
        things["kind"].map({k: getattr(b, m) for k, b in names.items()}).to_numpy(float) for m in ("heart", "edge")
    )
    reach = np.where(heart > 0, half + heart, half + edge)
    buried = things["symbol"].isin(BURIED).to_numpy()
    inf = np.full(len(things), np.inf)
    zones = ground.zones
    stands = {n: figures.value("may_stand", kind="tree", surface=n) > 0 for n in zones["kind"].unique()}
    strips = zones[~zones["kind"].map(stands).to_numpy(bool)]
    middle, wide = (strips["left"] + strips["right"]).to_numpy() / 2, (strips["right"] - strips["left"]).to_numpy() / 2
    cut = np.concatenate([things["cut"].to_numpy(), strips["cut"].to_numpy()])
    order = np.argsort(cut, kind="stable")
    parts = (
        np.concatenate([things["at"].to_numpy(float), middle]),
        np.concatenate([reach, wide]),
        np.concatenate([np.zeros(len(things), bool), np.ones(len(strips), bool)]),
        np.concatenate([np.where(buried, things["at"] - half, inf), strips["left"].to_numpy(float)]),
        np.concatenate([np.where(buried, things["at"] + half, -inf), strips["right"].to_numpy(float)]),
    )
    return cut[order], *(p[order] for p in parts)


def counted(
    ground: Ground,
    ends: pd.DataFrame,
    street: np.ndarray,
    run: np.ndarray,
    size: str,
    rules: Rules,
    figures: Figures,
    without: str | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Trees of one size per street, and per street the code of what is mostly short."""
    cut, at, reach, hard, roots_left, roots_right = _arrays(ground, size, rules, figures, without)
    begin = np.searchsorted(cut, np.arange(len(ends) + 1))
    facade = rules.between("tree", FACADE, size).hearts(0.0, 0.0)
    left, right = ends["left"].to_numpy(float), ends["right"].to_numpy(float)
    low = np.where(ends["left_edge"] == "facade", left + facade, left + rules.between("water_main", FACADE).edge)
    high = np.where(ends["right_edge"] == "facade", right - facade, right - rules.between("water_main", FACADE).edge)
    count, code = standing(
        begin,
        at,
        reach,
        hard,
        left,
        right,
        low,
        high,
        roots_left,
        roots_right,
        right - left,
        figures.value("tree_spacing", size=size),
        run,
        figures.value("tree_volume", size=size),
        figures.value("root_depth"),
    )
    total = np.bincount(street, weights=count, minlength=len(ground.streets))
    short = np.zeros(len(ground.streets), int)
    for value in SHORT:
        many = np.bincount(street, weights=code == value, minlength=len(ground.streets))
        short = np.where(
            many > np.bincount(street, weights=code != value, minlength=len(ground.streets)) / 2, value, short
        )
    return total, short


def greening(
    ground: Ground, ends: pd.DataFrame, street: np.ndarray, run: np.ndarray, rules: Rules, figures: Figures
) -> pd.DataFrame:
    """Per street: `trees_1` to `trees_3`, what is short, and the one network whose move wins most trees of size 2.

    Trees stand in a row: no two side by side. A street whose edges are not known has no count.
    """
    out = pd.DataFrame(index=ground.streets)
    for size in SIZES:
        out[f"trees_{size}"], short = counted(ground, ends, street, run, size, rules, figures)
        if size == USUAL:
            out["trees_short"] = pd.Series(short, index=out.index).map(SHORT)
    gain, mover = np.zeros(len(out)), np.full(len(out), None, dtype=object)
    buried = [k for k in sorted(ground.things["kind"].unique()) if kinds()[k].symbol in BURIED]
    for kind in buried:
        more = (
            counted(ground, ends, street, run, USUAL, rules, figures, without=kind)[0]
            - out[f"trees_{USUAL}"].to_numpy()
        )
        better = more > gain
        gain, mover = np.where(better, more, gain), np.where(better, kind, mover)
    out["trees_gain"], out["trees_move"] = gain, mover
    blind = ground.doubt != ""
    out.loc[blind, ["trees_1", "trees_2", "trees_3", "trees_gain"]] = np.nan
    out.loc[blind, ["trees_move", "trees_short"]] = None
    return out
