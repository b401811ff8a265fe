"""Section: a street in cross-section, above and below ground, and for each value how it is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from integralie.errors import DataError
from integralie.figures import Figures
from integralie.verbs.section.cuts import Cuts, along, cut, reaches, single
from integralie.verbs.section.laid import Laid, lay
from integralie.verbs.section.table import COLUMNS, head, table

WRITES: tuple[str, ...] = ()


def section(
    streets: pd.DataFrame, assets: pd.DataFrame, figures: Figures, *, street: str, at: float | None = None
) -> pd.DataFrame:
    """What lies across one street, above and below ground, as a table from left to right.

    The street is cut square to its axis, `at` metres from where its line begins (halfway by default, clear of the
    junctions). Left is the left hand when looking along the line; x is 0 at the left edge. Depth is counted from
    peil, the level of the footway; `cover` from the surface itself. Each value says how it is known: measured,
    registered, default (one depth for a whole network), assumed (a figure) or unknown, and a band says how far it
    may be off. A line without a registered depth has none here either.

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
    cuts = place(streets, street, at, figures)
    near = _near(assets, cuts)
    laid = lay(cuts, streets, near, figures, figures.value("section_reach"))
    rows = table(laid, figures)
    rows.attrs.update(head(laid, streets, rows))
    return rows


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
    ray = shapely.buffer(cuts.lines[0], 12.0)
    return assets[assets.geometry.notna() & shapely.intersects(np.asarray(assets.geometry), ray)]


__all__ = ["COLUMNS", "Laid", "along", "lay", "place", "section"]
