"""Cuts: places along streets where a section is taken, each a line square to the axis, in whole arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from integralie.figures import Figures

CHORD = 5.0  # metres along the axis at both sides of a cut that tell its direction
BEYOND = 3.0  # metres outside half a told width in which an edge is looked for
RING = 150.0  # metres: a closed line no longer than this is a roundabout


@dataclass(frozen=True)
class Cuts:
    """Cuts in the order of their street: label, distance along it (m), origin and direction to the right (unit).

    `radius` is that of the bend in the axis at the cut (m, inf when straight); `ring` says that the axis is a
    roundabout.
    """

    street: np.ndarray
    at: np.ndarray
    length: np.ndarray
    origin: np.ndarray
    right: np.ndarray
    radius: np.ndarray
    ring: np.ndarray
    reach: np.ndarray

    def __len__(self) -> int:
        return len(self.at)

    @property
    def lines(self) -> np.ndarray:
        """The cuts as lines, from left to right, as far as an edge of the street is looked for."""
        return self.between(-self.reach, self.reach)

    def between(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """The part of each cut between two offsets from the axis, as a line."""
        ends = np.stack([self.origin + self.right * left[:, None], self.origin + self.right * right[:, None]], axis=1)
        return shapely.linestrings(ends)

    def offset(self, cut: np.ndarray, points: np.ndarray) -> np.ndarray:
        """How far points (n, 2) lie right (+) or left (-) of the axis, measured along their cut."""
        return np.einsum("ij,ij->i", points - self.origin[cut], self.right[cut])

    def ahead(self, cut: np.ndarray, points: np.ndarray) -> np.ndarray:
        """How far points lie past (+) or before (-) their cut, along the street."""
        forward = np.column_stack([-self.right[:, 1], self.right[:, 0]])
        return np.einsum("ij,ij->i", points - self.origin[cut], forward[cut])


def single(streets: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Positions and lines of the streets that have one: of a broken line the longest part."""
    shapes = np.asarray(streets.geometry)
    good = np.flatnonzero(~shapely.is_missing(shapes) & ~shapely.is_empty(shapes) & (shapely.length(shapes) > 0))
    lines = shapely.line_merge(shapes[good])
    for i in np.flatnonzero(shapely.get_type_id(lines) != 1):
        parts = shapely.get_parts(lines[i])
        lines[i] = parts[np.argmax(shapely.length(parts))]
    return good, lines


def spread(length: np.ndarray, figures: Figures) -> tuple[np.ndarray, np.ndarray]:
    """Where along each street it is cut: evenly, about every `section_spacing` metres, clear of the junctions.

    Gives the position of the street and the distance along it, for each cut.
    """
    spacing, clear, most = (figures.value(n) for n in ("section_spacing", "junction_clear", "most_cuts"))
    free = np.maximum(length - 2 * clear, 0)
    count = np.clip(np.ceil(free / spacing), 1, most).astype(int)
    owner = np.repeat(np.arange(len(length)), count)
    rank = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    begin = (length - free) / 2
    return owner, begin[owner] + free[owner] * (rank + 0.5) / count[owner]


def reaches(streets: pd.DataFrame, labels: np.ndarray, figures: Figures) -> np.ndarray:
    """How far from the axis an edge of each street is looked for: to `edge_reach`, less far when its width is told."""
    told = streets["width"].reindex(labels).to_numpy(float)
    return np.fmin(told / 2 + BEYOND, figures.value("edge_reach"))


def cut(labels: np.ndarray, lines: np.ndarray, owner: np.ndarray, at: np.ndarray, reach: np.ndarray) -> Cuts:
    """Cuts of these lines at these distances; the direction is that of a chord over a few metres. `reach` per line."""
    length = shapely.length(lines)[owner]
    back, front = np.maximum(at - CHORD, 0), np.minimum(at + CHORD, length)
    place, before, after = (
        shapely.get_coordinates(shapely.line_interpolate_point(lines[owner], s)) for s in (at, back, front)
    )
    step = after - before
    chord = np.linalg.norm(step, axis=1)
    ahead = step / np.maximum(chord, 1e-9)[:, None]
    right = np.column_stack([ahead[:, 1], -ahead[:, 0]])
    short = 1 - chord / np.maximum(front - back, 1e-9)  # a chord is shorter than its arc by s^2 / 24 R^2
    radius = np.where(short > 1e-6, (front - back) / np.sqrt(24 * np.maximum(short, 1e-12)), np.inf)
    ring = (shapely.is_closed(lines) & (shapely.length(lines) <= RING))[owner]
    return Cuts(labels[owner], at, length, place, right, radius, ring, reach[owner])


def along(streets: pd.DataFrame, figures: Figures) -> Cuts:
    """The cuts at which every street is tested."""
    good, lines = single(streets)
    owner, at = spread(shapely.length(lines), figures)
    labels = streets.index.to_numpy()[good]
    return cut(labels, lines, owner, at, reaches(streets, labels, figures))
