"""The plan of the town before its streets: a centre, rings of districts around it, main roads, a canal.

All of it is drawn around the origin and laid on the map at the end, after one smooth bend of the whole drawing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

HEART = (152_000.0, 456_000.0)  # where the town lies, RD New
RADIALS = (25.0, 95.0, 150.0, 215.0, 290.0)  # degrees; between them run canal and districts
SPLIT = 0.4  # where a sector that is too wide is cut in two
WIDEST = 950.0  # metres of arc that one district may have
STRIP = 17.0  # metres from the axis of the canal to that of a quay street
CANAL = 9.0  # half the width of the water
SAMPLE = 20.0  # metres between the points of a drawn curve
AROUND = (
    ("postwar", "prewar", "prewar", "postwar", "seventies"),
    ("nineties", "seventies", "park", "postwar", "nineties", "business", "meadow"),
    ("nineties", "seventies", "business", "meadow", "postwar", "nineties", "park"),
)
ALONE = ("prewar", "seventies", "nineties", "postwar", "park")
BUILT = {"centre": 1890, "prewar": 1928, "postwar": 1958, "seventies": 1976, "nineties": 1997, "business": 1986}


@dataclass(frozen=True)
class Cell:
    """One district: its type, its outline, and the direction it faces."""

    name: str
    type: str
    shape: Polygon
    angle: float


@dataclass
class Layout:
    """The drawing: districts, and lines with the rank of the road they will become."""

    radius: float
    inner: float
    cells: list[Cell] = field(default_factory=list)
    main: list[LineString] = field(default_factory=list)
    distributor: list[LineString] = field(default_factory=list)
    canal: LineString = field(default_factory=LineString)

    @property
    def strip(self) -> Polygon:
        """The canal with its two quays."""
        return self.canal.buffer(STRIP, cap_style="flat")


def _radius(base: float, angle: np.ndarray, wave: np.ndarray) -> np.ndarray:
    """Rings are no circles: they swell and shrink around the town."""
    turn = np.radians(angle)
    return base * (1 + 0.10 * np.sin(2 * turn + wave[0]) + 0.06 * np.sin(3 * turn + wave[1]))


def _polar(base: float, angle: np.ndarray, wave: np.ndarray) -> np.ndarray:
    turn, r = np.radians(angle), _radius(base, angle, wave)
    return np.column_stack([r * np.cos(turn), r * np.sin(turn)])


def _arc(base: float, start: float, end: float, wave: np.ndarray) -> np.ndarray:
    count = max(6, int(base * np.radians(end - start) / SAMPLE))
    return _polar(base, np.linspace(start, end, count), wave)


def rings(sections: int) -> np.ndarray:
    """Outer radii of centre and rings, as shares of the whole, for a town of so many street sections."""
    count = 1 if sections <= 250 else max(2, round(2 * np.sqrt(sections / 1000)))
    return np.array([0.40, 1.0]) if count == 1 else (np.arange(count + 1) + 0.62) / (count + 0.62)


def _sectors(radius: float, before: list[float]) -> list[float]:
    """The bounding directions of a ring: those of the ring inside it, cut again where a district would be too wide."""
    out = []
    for start, end in zip(before, [*before[1:], before[0] + 360]):
        out.append(start)
        if np.radians(end - start) * radius > WIDEST:
            out.append(start + SPLIT * (end - start))
    return out


def _type(ring: int, rings_: int, index: int) -> str:
    if rings_ == 1:
        return ALONE[index % len(ALONE)]
    around = AROUND[min(ring - 1, len(AROUND) - 1)]
    chosen = around[(index * (1 if ring < 3 else 3)) % len(around)]
    return "nineties" if chosen == "meadow" and ring < rings_ else chosen


def _canal(radius: float, inner: float) -> LineString:
    x = np.arange(-1.35, 1.351, 0.01) * radius
    y = 0.16 * inner + 0.05 * radius * np.sin(2.4 * x / radius + 0.6) - 0.11 * radius * (x / radius) ** 2
    return LineString(np.column_stack([x, y]))


def _ring(
    layout: Layout, ring: int, edges: np.ndarray, cuts: list[float], before: list[float], wave: np.ndarray
) -> None:
    inner, outer = edges[ring - 1], edges[ring]
    for i, (start, end) in enumerate(zip(cuts, [*cuts[1:], cuts[0] + 360])):
        rim, base = _arc(outer, start, end, wave), _arc(inner, start, end, wave)
        kind = _type(ring, len(edges) - 1, i)
        cell = Cell(f"{ring}.{i + 1}", kind, Polygon(np.vstack([base, rim[::-1]])), (start + end) / 2)
        layout.cells.append(cell)
        if kind != "meadow":
            layout.distributor.append(LineString(rim))
        spoke = LineString([base[0], rim[0]])
        (layout.main if start in RADIALS else layout.distributor).append(spoke)


def layout(sections: int, radius: float, rng: np.random.Generator) -> Layout:
    """The drawing of a town of that radius: centre, districts, main roads out, ring roads, canal."""
    wave = rng.uniform(0, 2 * np.pi, 2)
    edges = rings(sections) * radius
    out = Layout(radius, edges[0])
    out.canal = _canal(radius, edges[0])
    around = np.arange(0, 360, 4.0)
    out.cells.append(Cell("0", "centre", Polygon(_polar(edges[0], around, wave)), 0.0))
    out.distributor.append(LineString(_arc(edges[0], 25, 385, wave)))
    cuts: list[float] = list(RADIALS)
    for ring in range(1, len(edges)):
        before, cuts = cuts, (_sectors(edges[ring], cuts) if ring > 1 else cuts)
        _ring(out, ring, edges, cuts, before, wave)
    ends = np.array(RADIALS)
    start, end = _polar(edges[-1], ends, wave), _polar(edges[-1] * 1.22, ends, wave)
    out.main += [LineString(pair) for pair in zip(start, end)]
    return out


def bend(xy: np.ndarray, radius: float) -> np.ndarray:
    """The whole drawing bent a little and laid on the map, so that nothing is drawn with a ruler."""
    x, y = xy[:, 0], xy[:, 1]
    step = 0.035 * min(radius, 1200.0)
    wave = 2 * np.pi / (1.3 * min(radius, 1200.0))
    dx = step * np.sin(wave * 0.8 * y + 0.5) + 0.25 * step * np.sin(wave * 2.1 * y + 1.3)
    dy = step * np.sin(wave * 0.7 * x + 1.9) + 0.25 * step * np.sin(wave * 1.9 * x + 0.2)
    return np.column_stack([HEART[0] + x + dx, HEART[1] + y + dy])


def bent(shapes: np.ndarray, radius: float) -> np.ndarray:
    """Shapes of the drawing as they lie on the map."""
    return shapely.transform(shapely.segmentize(np.asarray(shapes, dtype=object), SAMPLE), lambda xy: bend(xy, radius))
