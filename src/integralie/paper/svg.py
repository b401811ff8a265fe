"""SVG from geometry: a world in metres on a sheet in whole units, and elements whose text is always escaped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from markupsafe import Markup, escape

AIR, AIR_METRES = 0.03, 15.0  # around what is drawn: a share of its size, and metres


def tag(name: str, content: Iterable[Markup | str] | Markup | str = "", **attributes: Any) -> Markup:
    """One element. Attribute names are written with `_` for `-` (`stroke_width`); text and values are escaped."""
    pairs = "".join(
        f' {k.rstrip("_").replace("_", "-")}="{escape(_short(v))}"'
        for k, v in attributes.items()
        if v is not None and v != ""
    )
    inside = escape(content) if isinstance(content, str) else Markup("").join(content)
    return Markup(f"<{name}{pairs}>{inside}</{name}>") if inside else Markup(f"<{name}{pairs}/>")


def _short(value: Any) -> Any:
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


def picture(
    content: Iterable[Markup], width: float, height: float, title: str, about: str, name: str, **more: Any
) -> Markup:
    """A whole drawing with a title and a description for who cannot see it; `name` makes its ids unique on the page."""
    head = [tag("title", title, id=f"{name}-title"), tag("desc", about, id=f"{name}-desc")]
    return tag(
        "svg",
        [*head, *content],
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_short(float(width))} {_short(float(height))}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        id=name,
        **more,
    )


@dataclass(frozen=True)
class Sheet:
    """A piece of the world on paper: metres to whole units, north up."""

    west: float
    north: float
    scale: float
    width: int
    height: int

    @classmethod
    def around(
        cls, bounds: tuple[float, float, float, float], width: int, low: float = 0.45, high: float = 0.85
    ) -> Sheet:
        """The sheet of that width around the bounds with some air; its height stays between two shares of the width."""
        west, south, east, north = bounds
        air = AIR * max(east - west, north - south) + AIR_METRES
        wide, tall = east - west + 2 * air, north - south + 2 * air
        share = min(max(tall / wide, low), high)
        wide = max(wide, tall / share)
        tall = wide * share
        return cls(
            (west + east) / 2 - wide / 2, (south + north) / 2 + tall / 2, width / wide, width, round(width * share)
        )

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the sheet in metres."""
        return self.west, self.north - self.height / self.scale, self.west + self.width / self.scale, self.north

    def place(self, points: np.ndarray) -> np.ndarray:
        """Points in metres as whole units on the sheet."""
        moved = np.column_stack([points[:, 0] - self.west, self.north - points[:, 1]]) * self.scale
        return np.floor(moved + 0.5).astype(np.int64)

    def path(self, shapes: Iterable[Any], smallest: float = 0.0) -> str:
        """The outlines of all shapes as one short path; shapes smaller than `smallest` units square are left out."""
        geometries = np.asarray([g for g in shapes if g is not None and not shapely.is_empty(g)], dtype=object)
        if not len(geometries):
            return ""
        parts = shapely.get_parts(shapely.simplify(geometries, 0.6 / self.scale))
        if smallest:
            parts = parts[(shapely.area(parts) * self.scale**2 >= smallest) | (shapely.get_type_id(parts) != 3)]
        rings = shapely.get_rings(parts[shapely.get_type_id(parts) == 3])
        lines = parts[shapely.get_type_id(parts) == 1]
        return "".join([*(self._line(r, True) for r in rings), *(self._line(r, False) for r in lines)])

    def _line(self, shape: Any, closed: bool) -> str:
        points = self.place(shapely.get_coordinates(shape))
        keep = np.r_[True, np.any(np.diff(points, axis=0) != 0, axis=1)]
        points = points[keep]
        if len(points) < (4 if closed else 2):
            return ""
        points = points[:-1] if closed else points
        steps = np.diff(points, axis=0)
        moves = "".join(f"{x}{y:+d}" if i == 0 or x < 0 else f" {x}{y:+d}" for i, (x, y) in enumerate(steps.tolist()))
        return f"M{points[0][0]} {points[0][1]}l{moves}{'z' if closed else ''}"
