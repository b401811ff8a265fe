"""Many shapes at once as flat arrays: parts (lines, rings, points) and their vertices."""

from __future__ import annotations

import numpy as np
import shapely

LINEAR_RING = 2
AREAL = (3, 6)


def parts(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The lines, rings and points of every shape, in order, with the row that each belongs to; an outer ring stands
    before its holes.
    """
    loose, row = shapely.get_parts(shapes, return_index=True)
    areal = shapely.get_type_id(loose) == AREAL[0]
    rings, at = shapely.get_rings(loose[areal], return_index=True)
    place = np.concatenate([np.flatnonzero(~areal), np.flatnonzero(areal)[at]])
    order = np.argsort(place, kind="stable")
    rows = np.concatenate([row[~areal], row[areal][at]])
    return np.concatenate([loose[~areal], rings])[order], rows[order]


def oriented(shapes: np.ndarray, clockwise: bool) -> np.ndarray:
    """The shapes with outer rings in one direction and holes in the other, looked at with north up."""
    out = shapes.copy()
    areal = np.isin(shapely.get_type_id(out), AREAL)
    out[areal] = shapely.orient_polygons(out[areal], exterior_cw=clockwise)
    return out


def vertices(pieces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The vertices of all parts and the part of each; a ring does not repeat its first vertex."""
    xy, of = shapely.get_coordinates(pieces, return_index=True)
    closing = np.zeros(len(xy), bool)
    ring = shapely.get_type_id(pieces) == LINEAR_RING
    closing[np.cumsum(shapely.get_num_coordinates(pieces))[ring] - 1] = True
    return xy[~closing], of[~closing]


def thin(steps: np.ndarray, of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Without vertices that fall on the one before; every part keeps its first."""
    keep = np.ones(len(of), bool)
    keep[1:] = (steps[1:] != steps[:-1]).any(axis=1) | (of[1:] != of[:-1])
    return steps[keep], of[keep]


def differences(steps: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Each vertex as the difference to the one before among those with the same label; the first as it is."""
    out = steps.copy()
    same = np.flatnonzero(of[1:] == of[:-1]) + 1
    out[same] -= steps[same - 1]
    return out
