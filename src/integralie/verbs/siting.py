"""Siting: where in a street, or in all streets, a transformer house could stand; each no with its reason."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from shapely import STRtree

from integralie.figures import Figures
from integralie.kinds import BURIED, drawn, kinds, lines_below
from integralie.paper.words import Words
from integralie.schema.clearance import rules_of
from integralie.settings import Settings
from integralie.verbs.section.cuts import single

WRITES: tuple[str, ...] = ()
KIND = "substation"
STEP = 10.0  # m between candidate places along a street
SIDES = (-1.0, 1.0)
NO_WIDTH = "width"
TESTS = (
    "read",
    "surface",
    "footprint",
    "networks",
    "dwellings",
    "play",
    "tree",
    "door",
    "vehicle",
    "reach",
    "load",
    "cable",
    "bend",
)
SHAPES = ("box", "front", "before", "after")
PAVED = ("carriageway", "cycle_path", "parking", "water_body")
DRIVE = ("carriageway", "parking")
PLAY = ("playground",)


def siting(
    streets: pd.DataFrame,
    assets: pd.DataFrame,
    figures: Figures,
    settings: Settings,
    *,
    street: str | None = None,
    language: str = "nl",
) -> pd.DataFrame:
    """Candidate places for a transformer house, the best first, with for each test whether it is met.

    Every ten metres along a street, at both sides, a footprint is laid between carriageway and edge and tested: cables and
    pipes have been read (`read`); on ground where an object may stand (`surface`); big enough (`footprint`); not above
    cables or pipes (`networks`, CS-114); far enough from `dwellings`, `play` areas and each `tree`; room in front of the
    doors (`door`, CS-117); within reach of a road for a vehicle with a crane (`vehicle`); some and at most 200 dwellings
    within 200 m (`reach`, `load`: CS-112, CS-113); a medium-voltage cable near (`cable`), and beside the footprint enough free
    length for that cable to turn within its bend radius (`bend`). A place is `possible` when all tests are met; else `no`
    names the first that is not, and `says` all of them in words. `trench` tells that a line lies so near that its band of
    position reaches the footprint: dig a trial trench first. A street without a known width has one row that says so. Rank
    is by number of tests met, then by dwellings within reach.

    Reads
        streets (geometry, residents, width m), assets (kind, geometry, width m). Figures `station_...`, `size`, `band`,
        `bend_radius`.
    Writes
        nothing.
    """
    words = Words(language)
    some = streets if street is None else streets.loc[[street]]
    spots = candidates(some, figures)
    tests = pd.DataFrame(_tested(spots, streets, assets, figures), index=spots.index)
    out = pd.concat([spots.drop(columns=list(SHAPES)), tests], axis=1)
    met = tests[list(TESTS)].to_numpy(bool).reshape(len(out), len(TESTS))
    out["possible"] = met.all(axis=1)
    out["no"] = np.where(met.all(axis=1), None, np.array(TESTS, dtype=object)[met.argmin(axis=1)])
    told = np.array([words.term("siting", n) for n in TESTS], dtype=object)
    out["says"] = ["; ".join(told[~row]) for row in met]
    out = out.assign(rank=met.sum(axis=1)).sort_values(
        ["rank", "homes", "street", "along"], ascending=[False, False, True, True], kind="stable"
    )
    blind = some.index[some["width"].isna() | some.geometry.isna()]
    lost = pd.DataFrame({"street": blind, "possible": False, "no": NO_WIDTH, "says": words.term("siting", NO_WIDTH)})
    return pd.concat([out.drop(columns="rank"), lost], ignore_index=True) if len(lost) else out


def candidates(streets: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Footprints along the streets with a known width, against the edge, with the room before the doors and for cables."""
    some = streets[streets["width"].notna() & streets.geometry.notna()]
    good, lines = single(some)
    length = shapely.length(lines)
    count = (length // STEP).astype(int)
    who = np.repeat(np.arange(len(lines)), count)
    rank = np.arange(len(who)) - np.repeat(np.cumsum(count) - count, count)
    at = (rank + 0.5) * length[who] / np.maximum(count[who], 1)
    who, at, side = np.repeat(who, 2), np.repeat(at, 2), np.tile(SIDES, len(who))
    back, front = np.maximum(at - 1, 0), np.minimum(at + 1, length[who])
    place, a, b = (shapely.get_coordinates(shapely.line_interpolate_point(lines[who], s)) for s in (at, back, front))
    ahead = (b - a) / np.maximum(np.linalg.norm(b - a, axis=1), 1e-9)[:, None]
    outward = np.column_stack([ahead[:, 1], -ahead[:, 0]]) * side[:, None]
    wide, yard = figures.value("size", kind=KIND), figures.value("station_working_space_in_front_of_doors")
    long = figures.value("station_footprint") / wide
    lead = 2 * figures.value("bend_radius", kind="cable_medium")  # an S-bend takes no more than two radii along
    middle = place + outward * (some["width"].to_numpy(float)[good][who] / 2 - wide / 2)[:, None]
    step = ahead * (long + lead) / 2
    shapes = {
        "box": _boxes(middle, ahead, outward, long, wide),
        "front": _boxes(middle - outward * (wide + yard) / 2, ahead, outward, long, yard),
        "before": _boxes(middle - step, ahead, outward, lead, wide),
        "after": _boxes(middle + step, ahead, outward, lead, wide),
    }
    names = some.index.to_numpy(object)[good][who]
    out = pd.DataFrame({"street": names, "along": at.round(1), "side": np.where(side > 0, "right", "left")} | shapes)
    return out.assign(geometry=shapely.centroid(shapes["box"]))


def _boxes(middle: np.ndarray, ahead: np.ndarray, outward: np.ndarray, long: float, wide: float) -> np.ndarray:
    """Rectangles around these places, `long` along the street and `wide` across."""
    corners = [middle + ahead * long / 2 * i + outward * wide / 2 * j for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    out: np.ndarray = shapely.polygons(np.stack(corners, axis=1)) if len(middle) else np.empty(0, dtype=object)
    return out


def _tested(
    spots: pd.DataFrame, streets: pd.DataFrame, assets: pd.DataFrame, figures: Figures
) -> dict[str, np.ndarray]:
    boxes, front, before, after = (np.asarray(spots[c], dtype=object) for c in SHAPES)
    known = assets[assets.geometry.notna()]
    shapes = {n: np.asarray(known.geometry[known["kind"].isin(k)]) for n, k in _groups().items()}
    homes = _homes(streets, boxes, figures)
    tree = rules_of(figures).between("tree", "water_main").heart
    band = figures.value("band", axis="x", quality="registered")
    clear = _away(boxes, shapes["networks"], 0.0)
    return {
        "read": np.full(len(boxes), lines_below(known["kind"].unique())),
        "surface": _away(boxes, shapes["paved"], 0.05),
        "footprint": shapely.area(boxes) >= figures.value("station_footprint") - 1e-6,
        "networks": clear,
        "dwellings": _away(boxes, shapes["buildings"], figures.value("station_clear_of_dwellings")),
        "play": _away(boxes, shapes["play"], figures.value("station_clear_of_play")),
        "tree": _away(boxes, shapes["trees"], tree),
        "door": _away(front, shapes["solid"], 0.0),
        "vehicle": ~_away(boxes, shapes["drive"], figures.value("station_vehicle")),
        "reach": homes > 0,
        "load": homes <= figures.value("station_dwellings_served_at_most"),
        "cable": ~_away(boxes, shapes["medium"], figures.value("station_cable_reach")),
        "bend": _away(before, shapes["solid"], 0.0) | _away(after, shapes["solid"], 0.0),
        "trench": clear & ~_away(boxes, shapes["networks"], band),
        "homes": homes,
    }


def _groups() -> dict[str, list[str]]:
    return {
        "paved": list(PAVED),
        "networks": list(drawn(*BURIED)),
        "buildings": list(drawn("building")),
        "trees": list(drawn("tree")),
        "play": list(PLAY),
        "solid": [*drawn("building", "tree", "mast", "station", "chamber", "wall")],
        "drive": list(DRIVE),
        "medium": [n for n, k in kinds().items() if k.network == "electricity_medium"],
    }


def _away(boxes: np.ndarray, shapes: np.ndarray, distance: float) -> np.ndarray:
    """Whether nothing of these comes nearer than so many metres."""
    out = np.ones(len(boxes), bool)
    if len(shapes):
        hit = STRtree(shapes).query(boxes, predicate="dwithin", distance=max(distance, 1e-6))[0]
        out[hit] = False
    return out


def _homes(streets: pd.DataFrame, boxes: np.ndarray, figures: Figures) -> np.ndarray:
    """Dwellings in the streets whose middle lies within the reach of the station."""
    reach = figures.value("station_distance_to_dwellings_at_most")
    some = streets[streets.geometry.notna()]
    middles = shapely.line_interpolate_point(np.asarray(some.geometry), 0.5, normalized=True)
    which, hit = STRtree(middles).query(shapely.centroid(boxes), predicate="dwithin", distance=reach)
    return np.bincount(
        which, weights=some["residents"].astype("float64").fillna(0).to_numpy()[hit], minlength=len(boxes)
    )
