"""Geometry from GML 3: points, lines, areas, with arcs drawn as arcs."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon

SAGITTA = 0.001  # metres that a drawn arc may lie beside the true one
Coordinates = np.ndarray


def local(element: Any) -> str:
    """The name of an element without its namespace; comments have none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _children(element: Any, *names: str) -> list[Any]:
    return [e for e in element if local(e) in names]


def numbers(element: Any) -> Coordinates:
    """The positions in one `posList` or `pos`, in two dimensions.

    A list without `srsDimension`, on itself or above, is two-dimensional: that is how the BGT writes the segments of
    a curve.
    """
    values = np.array((element.text or "").split(), dtype=float)
    holder, dimension = element, None
    while holder is not None and dimension is None:
        dimension = holder.get("srsDimension")
        holder = holder.getparent()
    size = int(dimension or 2)
    return values[: len(values) // size * size].reshape(-1, size)[:, :2]


def _positions(element: Any) -> Coordinates:
    """All positions directly in an element, from posList, pos or coordinates."""
    parts = [numbers(e) for e in _children(element, "posList", "pos")]
    for text in _children(element, "coordinates"):
        parts.append(np.array([p.split(",")[:2] for p in (text.text or "").split()], dtype=float))
    return np.vstack(parts) if parts else np.empty((0, 2))


def arc(points: Coordinates) -> Coordinates:
    """A circular arc through three points as a line that nowhere lies more than a millimetre beside it.

    >>> line = arc(np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]))
    >>> bool(np.allclose(np.hypot(*line.T), 1.0))
    True
    """
    start, middle, end = points
    (ax, ay), (bx, by) = middle - start, end - start
    cross = 2 * (ax * by - ay * bx)
    if abs(cross) < 1e-9:
        return points
    a2, b2 = ax * ax + ay * ay, bx * bx + by * by
    centre = start + np.array([by * a2 - ay * b2, ax * b2 - bx * a2]) / cross
    radius = float(np.hypot(*(start - centre)))
    first, turn = np.arctan2(*(start - centre)[::-1]), np.arctan2(*(end - centre)[::-1])
    sweep = (turn - first) % (2 * np.pi)
    sweep = sweep if cross > 0 else sweep - 2 * np.pi
    step = 2 * np.arccos(max(1 - SAGITTA / radius, 0.0))
    count = int(min(max(np.ceil(abs(sweep) / step), 2), 720))
    angle = first + sweep * np.linspace(0, 1, count + 1)
    line = centre + radius * np.column_stack([np.cos(angle), np.sin(angle)])
    line[0], line[-1] = start, end
    return line


def _segment(element: Any) -> Coordinates:
    points = _positions(element)
    name = local(element)
    if name in ("Arc", "ArcString") and len(points) >= 3:
        return np.vstack([arc(points[i : i + 3]) for i in range(0, len(points) - 2, 2)])
    if name == "Circle" and len(points) == 3:
        return np.vstack([arc(points), arc(np.array([points[2], 2 * _centre(points) - points[1], points[0]]))])
    return points


def _centre(points: Coordinates) -> Coordinates:
    a, b, c = points
    d = 2 * (a[0] * (b[1] - c[1]) + b[0] * (c[1] - a[1]) + c[0] * (a[1] - b[1]))
    n = (points**2).sum(axis=1)
    return (
        np.array(
            [
                n @ np.array([b[1] - c[1], c[1] - a[1], a[1] - b[1]]),
                n @ np.array([c[0] - b[0], a[0] - c[0], b[0] - a[0]]),
            ]
        )
        / d
    )


def curve(element: Any) -> Coordinates:
    """The positions along a curve of any kind: LineString, Curve, CompositeCurve, Ring, LinearRing."""
    name = local(element)
    if name in ("LineString", "LinearRing"):
        return _positions(element)
    if name in ("LineStringSegment", "Arc", "ArcString", "Circle"):
        return _segment(element)
    if name == "OrientableCurve" and element.get("orientation") == "-":
        return _joined([curve(c) for c in element])[::-1]
    return _joined([curve(c) for c in element if isinstance(c.tag, str)])


def _joined(parts: list[Coordinates]) -> Coordinates:
    filled = [p for p in parts if len(p)]
    if not filled:
        return np.empty((0, 2))
    line = np.vstack(filled)
    keep = np.r_[True, np.any(np.diff(line, axis=0) != 0, axis=1)]
    return line[keep]


def _polygon(element: Any) -> Polygon | None:
    rings = {
        side: [curve(r) for holder in _children(element, side) for r in holder]
        for side in ("exterior", "interior", "outerBoundaryIs", "innerBoundaryIs")
    }
    outer = [r for r in rings["exterior"] + rings["outerBoundaryIs"] if len(r) >= 4]
    inner = [r for r in rings["interior"] + rings["innerBoundaryIs"] if len(r) >= 4]
    return Polygon(outer[0], inner) if outer else None


def geometry(element: Any) -> shapely.Geometry | None:
    """The geometry in an element, whichever way GML wraps it; None when there is none."""
    name = local(element)
    if name in ("Polygon", "PolygonPatch"):
        return _polygon(element)
    if name == "Point":
        points = _positions(element)
        return Point(points[0]) if len(points) else None
    if name in ("LineString", "Curve", "CompositeCurve", "OrientableCurve"):
        points = curve(element)
        return LineString(points) if len(points) >= 2 else None
    parts = [g for g in (geometry(e) for e in element if isinstance(e.tag, str)) if g is not None]
    return parts[0] if len(parts) == 1 else _collected(parts)


def _collected(parts: list[shapely.Geometry]) -> shapely.Geometry | None:
    """Several parts as one geometry of their own sort: areas that touch become one area."""
    if not parts:
        return None
    kinds = {p.geom_type.removeprefix("Multi") for p in parts}
    return (
        shapely.union_all(parts)
        if kinds == {"Polygon"}
        else shapely.multilinestrings(parts)
        if kinds == {"LineString"}
        else shapely.geometrycollections(parts)
    )
