"""How the streets of one district run, by the time it was built: lines before they are cut at their crossings."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPoint

from integralie.demo.layout import SAMPLE, Cell, Layout

# metres between long streets, between cross streets; depth and length of the bends; share of odd streets taken away
GRID = {
    "prewar": (58.0, 92.0, 4.0, 420.0, 0.10),
    "postwar": (66.0, 118.0, 0.0, 900.0, 0.16),
    "seventies": (47.0, 62.0, 9.0, 190.0, 0.72),
    "nineties": (56.0, 104.0, 26.0, 520.0, 0.30),
    "business": (120.0, 190.0, 0.0, 900.0, 0.15),
    "park": (170.0, 190.0, 45.0, 420.0, 0.20),
}
BLOCK = 62.0  # metres between the centres of blocks in the old town
LOOSE = {"centre": 0.08} | {k: v[4] for k, v in GRID.items()}


def _lines(cell: Cell, rng: np.random.Generator) -> list[LineString]:
    """A grid in the direction of the district, bent as its time liked it; cross streets run a few blocks."""
    along, across, deep, long, _ = GRID[cell.type]
    turn = np.radians(cell.angle - 90 + rng.uniform(-8, 8))
    rotate = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    middle = np.array(cell.shape.centroid.coords[0])
    reach = max(np.ptp(cell.shape.exterior.coords.xy[0]), np.ptp(cell.shape.exterior.coords.xy[1])) * 0.75
    phase = rng.uniform(0, 2 * np.pi, 2)

    def place(u: np.ndarray, v: np.ndarray) -> LineString:
        uu = u + deep * 0.6 * np.sin(2 * np.pi * v / long + phase[0])
        vv = v + deep * np.sin(2 * np.pi * u / long + phase[1])
        return LineString(np.column_stack([uu, vv]) @ rotate.T + middle)

    rows = np.arange(-reach, reach, along)
    rows = rows + rng.uniform(-0.08, 0.08, len(rows)) * along
    run = np.arange(-reach, reach, SAMPLE / 2)
    out = [place(run, np.full_like(run, v)) for v in rows]
    for low in range(0, len(rows) - 1, 2):
        high = min(low + 2, len(rows) - 1)
        shift = rng.uniform(0, across)
        span = np.linspace(rows[low], rows[high], 9)
        out += [place(np.full_like(span, u), span) for u in np.arange(-reach + shift, reach, across)]
    return out


def _old_town(cell: Cell, rng: np.random.Generator) -> list[LineString]:
    """Streets that grew: the borders between scattered blocks, smaller near the market."""
    x0, y0, x1, y1 = cell.shape.bounds
    gx, gy = np.meshgrid(np.arange(x0 - 60, x1 + 60, BLOCK), np.arange(y0 - 60, y1 + 60, BLOCK * 0.84))
    gx = gx + (np.arange(gx.shape[0]) % 2)[:, None] * BLOCK / 2
    points = np.column_stack([gx.ravel(), gy.ravel()]) + rng.uniform(-0.30, 0.30, (gx.size, 2)) * BLOCK
    edges = shapely.voronoi_polygons(MultiPoint(points), only_edges=True)
    return list(shapely.get_parts(shapely.line_merge(edges)))


def local_lines(layout: Layout, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """All local streets of the drawing, cut to their district and off the canal, with the number of the district."""
    strip, shapes, owner = layout.strip, [], []
    for i, cell in enumerate(layout.cells):
        rng = np.random.default_rng([seed, 11, i])
        if cell.type == "meadow":
            continue
        lines = _old_town(cell, rng) if cell.type == "centre" else _lines(cell, rng)
        cut = shapely.intersection(np.array(lines, dtype=object), cell.shape.buffer(1.0))
        cut = shapely.difference(cut, strip.buffer(-1.0)) if cell.shape.intersects(strip) else cut
        parts = shapely.get_parts(cut)
        parts = parts[(shapely.get_type_id(parts) == 1) & (shapely.length(parts) > 2.0)]
        shapes.append(parts)
        owner.append(np.full(len(parts), i))
    return np.concatenate(shapes), np.concatenate(owner)


def water_lines(layout: Layout) -> tuple[np.ndarray, np.ndarray]:
    """The quay streets along the canal within the town, and the bridges of the old town."""
    from integralie.demo.layout import STRIP

    town = shapely.union_all([c.shape for c in layout.cells if c.type not in ("meadow", "park")]).buffer(2)
    quays = shapely.intersection([layout.canal.offset_curve(STRIP), layout.canal.offset_curve(-STRIP)], town)
    quays = shapely.get_parts(quays)
    at = layout.canal.project(shapely.Point(0, 0)) + np.array([-0.45, 0.05, 0.55]) * layout.inner
    middle = shapely.line_interpolate_point(layout.canal, at)
    ahead = shapely.line_interpolate_point(layout.canal, at + 1)
    dx, dy = shapely.get_x(ahead) - shapely.get_x(middle), shapely.get_y(ahead) - shapely.get_y(middle)
    side = np.column_stack([-dy, dx]) * (STRIP + 1.5)
    base = shapely.get_coordinates(middle)
    bridges = shapely.linestrings(np.stack([base - side, base + side], axis=1))
    return quays[shapely.get_type_id(quays) == 1], bridges
