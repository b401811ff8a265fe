"""Laid: all that lies on many cuts at once, as arrays that `section` shows and `fit` tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.kinds import kinds
from integralie.verbs.section import crossing
from integralie.verbs.section.bodies import bodies
from integralie.verbs.section.cuts import Cuts
from integralie.verbs.section.edges import PRIVATE, edges, public, zones

WATER = [k.name for k in kinds().values() if k.network == "surface_water"]


@dataclass(frozen=True)
class Laid:
    """Cuts with their edges and zones, and what crosses them. `asset` in each frame is a position in `assets`."""

    cuts: Cuts
    assets: pd.DataFrame
    body: pd.DataFrame
    ends: pd.DataFrame
    zones: pd.DataFrame
    lines: pd.DataFrame
    things: pd.DataFrame


def lay(cuts: Cuts, streets: pd.DataFrame, assets: pd.DataFrame, figures: Figures, reach: np.ndarray | float) -> Laid:
    """What lies on these cuts; single things count up to `reach` metres before and behind each."""
    shown = assets[assets.geometry.notna() & ~assets.geometry.is_empty]
    surface = crossing.surfaces(cuts, shown, "zone")
    ours = public(surface, shown)
    yards = surface[~surface.index.isin(ours.index)]
    ends = edges(cuts, streets, ours, crossing.surfaces(cuts, shown, "building"), yards, figures)
    bridge = crossing.surfaces(cuts, shown, "bridge")
    over = bridge["cut"][(bridge["left"] < 0) & (bridge["right"] > 0)].unique().astype(int)
    ends.loc[ends.index[over], "doubt"] = "bridge"
    return Laid(
        cuts=cuts,
        assets=shown,
        body=bodies(shown, figures),
        ends=ends,
        zones=zones(ours, ends, np.flatnonzero(shown["kind"].isin(WATER))),
        lines=_within(crossing.lines(cuts, shown, ends, figures), ends),
        things=_within(crossing.things(cuts, shown, ends, reach), ends),
    )


def _within(found: pd.DataFrame, ends: pd.DataFrame) -> pd.DataFrame:
    """The rows between the edges of their cut."""
    at = found["cut"].to_numpy(int)
    inside = (found["offset"] >= ends["left"].to_numpy()[at]) & (found["offset"] <= ends["right"].to_numpy()[at])
    return found[inside].reset_index(drop=True)


__all__ = ["PRIVATE", "Laid", "lay"]
