"""The map on a sheet: the street, what lies in it, and the sections that open."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from markupsafe import Markup

from integralie.kinds import kinds
from integralie.paper import street_map as town
from integralie.paper.facts import Facts
from integralie.paper.svg import Sheet, picture, tag
from integralie.schema.colours import Colour, colour, network
from integralie.verbs.hand_over.ground import Ground, Line

TALL = 0.36  # height of the map as a share of its width
AROUND = 20.0  # metres around the street that the map shows
NAMES, NAME_SIZE = 8, 34
LINE, CASING, DASH = 6, 9, 2.5  # units; dashes are given for a line of one unit
LETTERS = 7  # places along a line over which the letters of the networks are spread


def drawing(
    facts: Facts, ground: Ground, streets: gpd.GeoDataFrame, lying: list[Line], name: str, place: int
) -> Markup:
    """The street with what lies in it: sections to open are outlined, networks have their colour, dash and letters."""
    bounds = town.extent(streets, streets)
    if bounds is None:
        return Markup("")
    west, south, east, north = bounds
    paper = Sheet.around((west - AROUND, south - AROUND, east + AROUND, north + AROUND), town.WIDTH, TALL, TALL)
    frame = shapely.box(*paper.bounds)
    others = facts.streets.iloc[np.sort(facts.streets.sindex.query(frame, predicate="intersects"))]
    under = town.background(paper, others, *ground.within(frame), f"under-{place}")
    names = town.names(paper, others, NAMES, NAME_SIZE)
    parts = [under, _ring(paper, streets), *_networks(paper, lying), names, town.furniture(paper, facts.words)]
    title = facts.words.t("sheet.map", name=name)
    about = facts.words.t("sheet.map.about", sections=len(streets), n=len(lying))
    return picture(parts, paper.width, paper.height, title, about, f"map-{place}", class_="map")


def _ring(paper: Sheet, streets: gpd.GeoDataFrame) -> Markup:
    """A broad soft line under the sections that open."""
    look: dict[str, Any] = {
        "fill": "none",
        "stroke": colour("accent").screen,
        "stroke_opacity": 0.2,
        "stroke_width": 60,
    }
    return tag("path", d=paper.path(streets.geometry.to_numpy()), stroke_linecap="round", **look)


def _networks(paper: Sheet, lying: list[Line]) -> list[Markup]:
    """Each network as lines of its colour and dash, with its letters on the longest line."""
    groups: dict[str, list[Line]] = {}
    for line in lying:
        groups.setdefault(kinds()[line.kind].network, []).append(line)
    made: list[Markup] = []
    for label, part in sorted(groups.items()):
        c, d = network(label), paper.path([line.shape for line in part])
        dash = " ".join(f"{float(v) * DASH:g}" for v in c.dash.split())
        made += [tag("path", d=d, fill="none", stroke=c.casing, stroke_width=CASING)] if c.casing else []
        made.append(tag("path", d=d, fill="none", stroke=c.screen, stroke_width=LINE, stroke_dasharray=dash))
    for place, (label, part) in enumerate(sorted(groups.items())):
        longest = max(part, key=lambda line: line.metres)
        along = 0.2 + 0.6 * (place % LETTERS) / (LETTERS - 1)
        made += _letters(paper, longest.shape, along, network(label))
    return made


def _letters(paper: Sheet, shape: shapely.Geometry, along: float, c: Colour) -> list[Markup]:
    """The two letters of a network on a plate of its colour."""
    spot = shapely.line_interpolate_point(shapely.line_merge(shape), along, normalized=True)
    x, y = paper.place(shapely.get_coordinates(spot))[0].tolist()
    box = {"x": x - 26, "y": y - 19, "width": 52, "height": 38, "rx": 6}
    plate = tag("rect", fill=c.screen, stroke=colour("paper").screen, stroke_width=3, **box)
    text = tag("text", c.letter, x=x, y=y + 10, text_anchor="middle", font_size=28, font_weight=700, fill=c.on)
    return [plate, text]
