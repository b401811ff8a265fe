"""Lines to a tidy network: cut at junctions, stubs and slivers gone, short links between junctions drawn together."""

from __future__ import annotations

import numpy as np
import shapely

GRID = 0.01  # metres: ends that lie this close are one
CLOSE = 6.0  # metres: junctions joined by a shorter link are one junction (roundabouts, splitter islands)


def cut(lines: np.ndarray) -> np.ndarray:
    """The lines noded where they meet and merged where only two go on."""
    noded = shapely.node(shapely.set_precision(shapely.multilinestrings(list(lines)), GRID))
    return shapely.get_parts(shapely.line_merge(noded))


def tidy(lines: np.ndarray, least: float) -> np.ndarray:
    """Sections between junctions without stubs: loose ends shorter than `least` go, junctions closer than a few
    metres become one.

    Repeated until nothing changes, because removing a stub joins the two sections that it parted.
    """
    for _ in range(8):
        before = len(lines)
        lines = _collapse(_without_stubs(lines, least))
        lines = _merged(lines)
        if len(lines) == before:
            break
    return lines


def _merged(lines: np.ndarray) -> np.ndarray:
    parts = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(list(lines))))
    return parts[shapely.length(parts) > GRID]


def _ends(lines: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each line the number of the junction at either end, and how many ends each junction has."""
    both = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    spots = np.round(shapely.get_coordinates(both) / GRID).astype(np.int64)
    _, number, count = np.unique(spots, axis=0, return_inverse=True, return_counts=True)
    number = number.reshape(2, -1)
    return number[0], number[1], count


def _without_stubs(lines: np.ndarray, least: float) -> np.ndarray:
    first, last, count = _ends(lines)
    loose = (count[first] == 1) | (count[last] == 1)
    return lines[~(loose & (shapely.length(lines) < least))]


def _collapse(lines: np.ndarray) -> np.ndarray:
    """Junctions joined by a very short link become one, in the middle of them; a loop that shrinks to nothing goes."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    first, last, count = _ends(lines)
    short = (shapely.length(lines) < CLOSE) & (count[first] > 1) & (count[last] > 1) & (first != last)
    if not short.any():
        return lines
    size = len(count)
    links = coo_array((np.ones(short.sum()), (first[short], last[short])), shape=(size, size))
    _, cluster = connected_components(links, directed=False)
    spot = np.zeros((size, 2))
    spot[first] = shapely.get_coordinates(shapely.get_point(lines, 0))
    spot[last] = shapely.get_coordinates(shapely.get_point(lines, -1))
    members = np.bincount(cluster)
    centre = np.column_stack([np.bincount(cluster, spot[:, i]) / members for i in (0, 1)])
    kept = lines[~short]
    return np.array(
        [_moved(g, centre[cluster[a]], centre[cluster[b]]) for g, a, b in zip(kept, first[~short], last[~short])],
        dtype=object,
    )


def _moved(line: shapely.LineString, start: np.ndarray, end: np.ndarray) -> shapely.LineString:
    points = shapely.get_coordinates(line)
    points[0], points[-1] = start, end
    return shapely.LineString(np.round(points / GRID) * GRID)
