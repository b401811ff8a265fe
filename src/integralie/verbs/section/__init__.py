"""Section: a street in cross-section, above and below ground, and for each value how it is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely

from integralie.errors import DataError
from integralie.figures import Figures
from integralie.kinds import lines_below
from integralie.verbs.section.cuts import Cuts, along, cut, reaches, single
from integralie.verbs.section.laid import Laid, lay
from integralie.verbs.section.table import COLUMNS, head, table

WRITES: tuple[str, ...] = ()
AROUND = 12.0  # metres around a cut in which assets are looked at


def section(
    streets: pd.DataFrame, assets: pd.DataFrame, figures: Figures, *, street: str, at: float | None = None
) -> pd.DataFrame:
    """What lies across one street, above and below ground, as a table from left to right.

    The street is cut square to its axis, `at` metres from where its line begins. Without `at` it is cut where it is
    most like itself: of the cuts that `fit` tests the one that shares its lines with most others, near the middle;
    `.attrs` tells for how many cuts it stands (`alike` of `cuts`) and what lies `elsewhere`. Left is the left hand
    when looking along the line; x is 0 at the left edge. Depth is counted from peil, the level of the footway;
    `cover` from the surface itself. Each value says how it is known: measured, registered, default (one depth for a
    whole network), assumed (a figure) or unknown, and a band says how far it may be off. A line without a registered
    depth has none here either.

    A row has a `role`: zone, network (a line along the street), crossing (a line across it, with the stretch it
    takes), tree, thing (mast, chamber, station) or foundation. What is known of the cut as a whole stands in
    `.attrs`: place, width, what each edge is (facade, boundary, told, open) and `doubt`, the reason why no drawing to
    scale can be made (empty when there is none).

    Reads
        streets: geometry, name, width (m); assets: kind, geometry, level, width (m), diameter (mm), cover (m), top,
        bottom (m NAP), accuracy (m), status, function, and the qualities of these. Figures `band`, `size`, `height`,
        `edge_reach`, `edge_gap`, `slant_angle`, `section_reach` and what they name.
    Writes
        nothing.
    Raises
        DataError for a street that is not in the study, has no line, or is shorter than `at`.

    >>> import integralie as itg
    >>> town = itg.town("small")
    >>> rows = itg.section(town, town.streets.index[40])
    >>> bool((rows.loc[rows["role"] == "network", "x"] <= rows.attrs["width"]).all())
    True
    """
    told: dict[str, Any] = {"alike": 1, "cuts": 1, "elsewhere": []}
    if at is None:
        at, told = typical(streets, assets, street, figures)
    cuts = place(streets, street, at, figures)
    near = _near(assets, cuts)
    laid = lay(cuts, streets, near, figures, figures.value("section_reach"))
    rows = table(laid, figures)
    rows.attrs.update(head(laid, streets, rows) | told | {"networks": lines_below(assets["kind"].unique())})
    return rows


def typical(streets: pd.DataFrame, assets: pd.DataFrame, street: str, figures: Figures) -> tuple[float, dict[str, Any]]:
    """Where the street is most like itself, for how many of its cuts that stands, and which kinds lie elsewhere only."""
    middle = place(streets, street, None, figures)
    cuts = along(streets.loc[[street]], figures)
    laid = lay(cuts, streets, _near(assets, cuts), figures, 0.0)
    kind = (
        laid.assets["kind"].to_numpy(object)[laid.lines["asset"].to_numpy(int)]
        if len(laid.lines)
        else np.array([], dtype=object)
    )
    straight = laid.lines["left"].isna().to_numpy() if len(laid.lines) else np.zeros(0, bool)
    held = pd.Series(kind[straight]).groupby(laid.lines["cut"].to_numpy(int)[straight]).agg(lambda k: tuple(sorted(k)))
    signs = [(laid.ends["doubt"].iloc[i], held.get(i, ())) for i in range(len(cuts))]
    count = [signs.count(s) for s in signs]
    best = min(range(len(cuts)), key=lambda i: (signs[i][0] != "", -count[i], abs(cuts.at[i] - middle.at[0]), i))
    others = {k for s in signs for k in s[1]} - set(signs[best][1])
    return float(cuts.at[best]), {"alike": count[best], "cuts": len(cuts), "elsewhere": sorted(others)}


def place(streets: pd.DataFrame, street: str, at: float | None, figures: Figures) -> Cuts:
    """The one cut that is asked for."""
    if street not in streets.index:
        raise DataError(f"There is no street section '{street}' in this study; look up its id in the table of streets.")
    good, lines = single(streets.loc[[street]])
    if not len(good):
        raise DataError(f"Street section '{street}' has no line, so it cannot be cut; give it a geometry first.")
    length = float(shapely.length(lines[0]))
    where = length / 2 if at is None else float(at)
    if not 0 <= where <= length:
        raise DataError(
            f"Street section '{street}' is {length:.1f} m long; give a place between 0 and that, not {where:g}."
        )
    return cut(
        np.array([street]), lines, np.array([0]), np.array([where]), reaches(streets, np.array([street]), figures)
    )


def _near(assets: pd.DataFrame, cuts: Cuts) -> pd.DataFrame:
    """The assets that can touch the cut."""
    if assets.empty:
        return assets
    ray = shapely.buffer(shapely.union_all(cuts.lines), AROUND)
    return assets[assets.geometry.notna() & shapely.intersects(np.asarray(assets.geometry), ray)]


__all__ = ["COLUMNS", "Laid", "along", "lay", "place", "section"]
