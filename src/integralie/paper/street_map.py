"""The map of a town on paper: ground, water, buildings and streets below; coloured streets and names above."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from markupsafe import Markup

from integralie.kinds import kinds
from integralie.paper.svg import Sheet, tag
from integralie.paper.words import Words
from integralie.schema.colours import colour

WIDTH = 2200  # units over the whole sheet; shown at about 1100 px, so two units are one pixel
TEXT = 28  # units: 14 px on the screen, and above 6 points on A4
MOST_DOTS = 6000  # trees beyond this number are left out of a drawing
MOST_NAMES = 45
SMALLEST = 5.0  # units square: a building smaller than this is a speck
RANK, LEAST = {"main": 3.0, "distributor": 2.0, "residential": 1.0}, 0.5  # which names are written first
STREET_SHARE = 0.55  # part of the width between facades that is drawn white


def extent(streets: gpd.GeoDataFrame, assets: gpd.GeoDataFrame) -> tuple[float, float, float, float] | None:
    """The bounds of what there is to draw: the streets, or the assets when there are no streets."""
    for frame in (streets, assets):
        drawn = frame.geometry[frame.geometry.notna() & ~frame.geometry.is_empty] if len(frame) else frame
        if len(drawn):
            west, south, east, north = (float(v) for v in drawn.total_bounds)
            return west, south, east, north
    return None


@cache
def _kinds(network: str, geometry: str) -> tuple[str, ...]:
    return tuple(k.name for k in kinds().values() if k.network == network and k.geometry == geometry)


def _layer(names: np.ndarray, shapes: np.ndarray, network: str, geometry: str) -> np.ndarray:
    """The shapes of all assets whose kind has that network and form."""
    wanted = _kinds(network, geometry)
    return shapes[np.fromiter((n in wanted for n in names), dtype=bool, count=len(names))]


def _surfaces(sheet: Sheet, names: np.ndarray, shapes: np.ndarray) -> list[Markup]:
    layers = (
        ("green", "map.park", 0.0),
        ("surface_water", "map.water", 0.0),
        ("road", "map.street", 0.0),
        ("building", "map.building", SMALLEST),
    )
    made = []
    for network, name, smallest in layers:
        d = sheet.path(_layer(names, shapes, network, "polygon"), smallest)
        line = colour("map.building").casing if network == "building" else None
        made.append(
            tag("path", d=d, fill=colour(name).screen, stroke=line, stroke_width=1 if line else None)
            if d
            else Markup("")
        )
    return made


def _trees(sheet: Sheet, names: np.ndarray, shapes: np.ndarray) -> Markup:
    """Trees as dots of one path: lines of no length with round ends."""
    points = _layer(names, shapes, "green", "point")
    points = points[~shapely.is_missing(points)] if len(points) else points
    if not len(points) or len(points) > MOST_DOTS:
        return Markup("")
    places = sheet.place(
        np.column_stack([shapely.get_x(shapely.centroid(points)), shapely.get_y(shapely.centroid(points))])
    )
    d = "".join(f"M{x} {y}h0" for x, y in np.unique(places, axis=0).tolist())
    size = max(6.0 * sheet.scale, 3.0)
    return tag("path", d=d, stroke=colour("map.tree").screen, stroke_width=size, stroke_linecap="round", fill="none")


def _widths(sheet: Sheet, streets: gpd.GeoDataFrame) -> pd.Series:
    """How broad each street is drawn: by its width where known, and never thinner than can be seen."""
    known = streets["width"].astype("float64")
    usual = known.median() if known.notna().any() else 12.0
    return (known.fillna(usual) * STREET_SHARE * sheet.scale).clip(5.0, 40.0).round()


def _streets(sheet: Sheet, streets: gpd.GeoDataFrame) -> list[Markup]:
    made: list[Markup] = []
    widths = _widths(sheet, streets)
    for more, ink in ((3, colour("map.street").casing), (0, colour("map.street").screen)):
        for width, part in streets.groupby(widths, sort=True):
            d = sheet.path(part.geometry.to_numpy())
            made.append(
                tag(
                    "path",
                    d=d,
                    stroke=ink,
                    stroke_width=width + more,
                    fill="none",
                    stroke_linecap="round",
                    stroke_linejoin="round",
                )
            )
    return made


def background(sheet: Sheet, streets: gpd.GeoDataFrame, names: np.ndarray, shapes: np.ndarray, label: str) -> Markup:
    """All that lies under a theme, from assets by kind and shape, as a group that can be used again by its label."""
    ground = tag("rect", width=sheet.width, height=sheet.height, fill=colour("map.ground").screen)
    surfaces, trees = _surfaces(sheet, names, shapes), _trees(sheet, names, shapes)
    return tag("g", [ground, *surfaces, *_streets(sheet, streets), trees], id=label, stroke_linejoin="round")


def lines(sheet: Sheet, shapes: gpd.GeoSeries, ink: str, width: float, title: str = "", dash: str = "") -> Markup:
    """Lines of one colour with a dark casing, so that the light end of a scale still stands out."""
    d = sheet.path(shapes.to_numpy())
    if not d:
        return Markup("")
    casing = tag("path", d=d, stroke=colour("ink").screen, stroke_width=width + 4)
    body = tag("path", d=d, stroke=ink, stroke_width=width, stroke_dasharray=dash)
    inside = [tag("title", title)] if title else []
    return tag("g", [*inside, casing, body], fill="none", stroke_linecap="round", stroke_linejoin="round")


@dataclass(frozen=True)
class Name:
    """One street name on the map: where, how it is turned, and the box that it fills."""

    text: str
    x: float
    y: float
    turn: float
    box: shapely.Polygon


def _candidates(sheet: Sheet, streets: gpd.GeoDataFrame, size: float) -> list[Name]:
    """A name for each street, on its longest section; the long and busy streets first."""
    shapes = streets.geometry.to_numpy()
    metres = shapely.length(shapes)
    found: dict[str, list[float]] = {}  # per name: weight, longest, its place
    for place, (name, road, long) in enumerate(zip(streets["name"], streets["road_class"], metres)):
        if isinstance(name, str) and long > 0:
            held = found.setdefault(name, [0.0, 0.0, 0])
            held[0] += long * RANK.get(road, LEAST)
            held[1:] = [long, place] if long > held[1] else held[1:]
    ordered = sorted(found.items(), key=lambda item: (-round(item[1][0], 3), item[0]))
    return [_named(sheet, name, shapes[int(held[2])], size) for name, held in ordered]


def _named(sheet: Sheet, text: str, shape: shapely.Geometry, size: float) -> Name:
    ends = sheet.place(
        shapely.get_coordinates([shapely.line_interpolate_point(shape, s, normalized=True) for s in (0.3, 0.5, 0.7)])
    )
    (x0, y0), (x, y), (x1, y1) = ends.astype(float).tolist()
    turn = float(np.degrees(np.arctan2(y1 - y0, x1 - x0)))
    turn = turn - 180 if turn > 90 else turn + 180 if turn < -90 else turn
    wide, tall = len(text) * size * 0.56, size * 1.25
    box = shapely.affinity.rotate(shapely.box(x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2), turn)
    return Name(text, x, y, turn, box)


def names(sheet: Sheet, streets: gpd.GeoDataFrame, most: int = MOST_NAMES, size: float = TEXT) -> Markup:
    """Names of the bigger streets; a name that would lie on another or leave the sheet is not written."""
    field = shapely.box(4, 4, sheet.width - 4, sheet.height - 4 - 3 * TEXT)
    kept: list[Name] = []
    for name in _candidates(sheet, streets, size)[: most * 4]:
        if len(kept) < most and field.covers(name.box) and not any(name.box.intersects(k.box) for k in kept):
            kept.append(name)
    texts = [
        tag("text", n.text, x=0, y=size * 0.34, transform=f"translate({n.x:.0f} {n.y:.0f})rotate({n.turn:.1f})")
        for n in kept
    ]
    return tag(
        "g",
        texts,
        font_size=size,
        font_weight=600,
        text_anchor="middle",
        fill=colour("ink").screen,
        stroke=colour("paper").screen,
        stroke_width=6,
        paint_order="stroke",
        stroke_linejoin="round",
        aria_hidden="true",
    )


def furniture(sheet: Sheet, words: Words) -> Markup:
    """Scale bar at the bottom left and north arrow at the top right."""
    steps = [m for e in range(1, 6) for m in (10**e, 2 * 10**e, 5 * 10**e)]
    metres = max((m for m in steps if m * sheet.scale <= sheet.width * 0.16), default=10)
    long, y, ink = metres * sheet.scale, sheet.height - 36, colour("ink").screen
    text = f"{words.num(metres / 1000)} km" if metres >= 1000 else f"{words.num(metres)} m"
    plate = tag(
        "rect",
        x=16,
        y=y - 32,
        width=long + 60 + len(text) * TEXT * 0.55,
        height=54,
        rx=6,
        fill=colour("paper").screen,
        fill_opacity=0.9,
    )
    bar = tag("path", d=f"M32 {y - 14}v14h{long:.0f}v-14", fill="none", stroke=ink, stroke_width=4)
    label = tag("text", text, x=long + 46, y=y + 2, font_size=TEXT, fill=ink)
    x = sheet.width - 50
    arrow = tag("path", d=f"M{x} 22l18 48l-18-12l-18 12z", fill=ink)
    north = tag("text", "N", x=x, y=100, font_size=TEXT, text_anchor="middle", font_weight=700, fill=ink)
    disc = tag("rect", x=x - 34, y=10, width=68, height=100, rx=6, fill=colour("paper").screen, fill_opacity=0.9)
    return tag("g", [plate, bar, label, disc, arrow, north])
