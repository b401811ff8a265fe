"""Siting: where in a street, or in all streets, a transformer house could stand; each no with its reason."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from shapely import STRtree

from integralie.figures import Figures
from integralie.kinds import BURIED, drawn, kinds
from integralie.schema.clearance import rules_of
from integralie.settings import Settings

WRITES: tuple[str, ...] = ()
KIND = "substation"
STEP = 10.0  # m between candidate places along a street
SIDES = (-1.0, 1.0)
TESTS = ("surface", "footprint", "networks", "dwellings", "tree", "door", "vehicle", "reach", "load", "bend")
PAVED = ("carriageway", "cycle_path", "parking", "water_body")
DRIVE = ("carriageway", "parking")


def siting(
    streets: pd.DataFrame, assets: pd.DataFrame, figures: Figures, settings: Settings, *, street: str | None = None
) -> pd.DataFrame:
    """Candidate places for a transformer house, the best first, with for each test whether it is met.

    Every ten metres along a street, at both sides, a footprint is laid between carriageway and edge and tested: on
    ground where an object may stand; big enough; not above cables or pipes (CS-114); far enough from dwellings and
    trees; room in front of the doors (CS-117); within reach of a road for a vehicle with a crane; at most 200 dwellings
    within 200 m (CS-112, CS-113), a medium-voltage cable near, and beside
    the footprint enough free length for the cable to turn within its bend radius. A place is
    `possible` when all tests are met; else `no` names the first that is not, and `says` all of them. Rank is by number of
    tests met, then by dwellings within reach.

    Reads
        streets (geometry, residents, width m), assets (kind, geometry, width m). Figures `station_...`, `size`, `bend_radius`.
    Writes
        nothing.
    """
    spots = candidates(streets if street is None else streets.loc[[street]], figures)
    if spots.empty:
        return spots.assign(possible=pd.Series(dtype=bool), no=None, says=None)
    tests = _tested(spots, streets, assets, figures)
    met = pd.DataFrame(tests, index=spots.index)
    out = pd.concat([spots.drop(columns=["box", "front", "before", "after"]), met.drop(columns=["homes"])], axis=1)
    names = np.array(TESTS, dtype=object)
    out["homes"] = met["homes"]
    out["possible"] = met[list(TESTS)].all(axis=1)
    out["no"] = [next((n for n, ok in zip(names, row) if not ok), None) for row in met[list(TESTS)].to_numpy()]
    out["says"] = [", ".join(n for n, ok in zip(names, row) if not ok) for row in met[list(TESTS)].to_numpy()]
    out["rank"] = met[list(TESTS)].sum(axis=1)
    return out.sort_values(
        ["rank", "homes", "street", "along"], ascending=[False, False, True, True], kind="stable"
    ).drop(columns="rank")


def candidates(streets: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Footprints along the streets with a known width, against the edge, with the working room in front of the doors."""
    rows = []
    lead = 2 * figures.value(
        "bend_radius", kind="cable_medium"
    )  # an S-bend takes no more than two radii along the street
    wide, front = figures.value("size", kind=KIND), figures.value("station_working_space_in_front_of_doors")
    area = figures.value("station_footprint")
    long = area / wide
    for label, line, width in zip(streets.index, streets.geometry, streets["width"]):
        if line is None or pd.isna(width):
            continue
        count = int(line.length // STEP)
        at = (np.arange(count) + 0.5) * line.length / max(count, 1)
        for s in at:
            a, b = shapely.get_coordinates(
                shapely.line_interpolate_point(line, [max(s - 1, 0), min(s + 1, line.length)])
            )
            ahead = (b - a) / max(float(np.linalg.norm(b - a)), 1e-9)
            right = np.array([ahead[1], -ahead[0]])
            origin = shapely.get_coordinates(shapely.line_interpolate_point(line, s))[0]
            for side in SIDES:
                middle = origin + right * side * (width / 2 - wide / 2)
                box = _box(middle, ahead, right, long, wide)
                yard = _box(middle - right * side * (wide / 2 + front / 2), ahead, right, long, front)
                leads = [_box(middle + ahead * way * (long + lead) / 2, ahead, right, lead, wide) for way in SIDES]
                rows.append((str(label), round(float(s), 1), "right" if side > 0 else "left", box, yard, *leads))
    return pd.DataFrame(rows, columns=["street", "along", "side", "box", "front", "before", "after"]).assign(
        geometry=lambda f: [b.centroid for b in f["box"]] if len(f) else []
    )


def _box(middle: np.ndarray, ahead: np.ndarray, right: np.ndarray, long: float, wide: float) -> shapely.Polygon:
    corners = [middle + ahead * long / 2 * i + right * wide / 2 * j for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    return shapely.Polygon(corners)


def _tested(
    spots: pd.DataFrame, streets: pd.DataFrame, assets: pd.DataFrame, figures: Figures
) -> dict[str, np.ndarray]:
    boxes, fronts = np.asarray(spots["box"], dtype=object), np.asarray(spots["front"], dtype=object)
    known = assets[assets.geometry.notna()]
    shapes = {n: np.asarray(known.geometry[known["kind"].isin(k)]) for n, k in _groups().items()}
    rules = rules_of(figures)
    homes = _homes(streets, boxes, figures)
    tree = rules.between("tree", "water_main").heart
    medium = shapes["medium"]
    entry = [_away(np.asarray(spots[c], dtype=object), shapes["solid"], 0.0) for c in ("before", "after")]
    return {
        "surface": _away(boxes, shapes["paved"], 0.05),
        "footprint": shapely.area(boxes) >= figures.value("station_footprint") - 1e-6,
        "networks": _away(boxes, shapes["networks"], 0.0),
        "dwellings": _away(boxes, shapes["buildings"], figures.value("station_clear_of_dwellings")),
        "tree": _away(boxes, shapes["trees"], tree),
        "door": _away(fronts, shapes["solid"], 0.0),
        "vehicle": ~_away(boxes, shapes["drive"], figures.value("station_vehicle")),
        "reach": homes > 0,
        "load": homes <= figures.value("station_dwellings_served_at_most"),
        "bend": ~_away(boxes, medium, figures.value("station_cable_reach")) & (entry[0] | entry[1]),
        "homes": homes,
    }


def _groups() -> dict[str, list[str]]:
    return {
        "paved": list(PAVED),
        "networks": list(drawn(*BURIED)),
        "buildings": list(drawn("building")),
        "trees": list(drawn("tree")),
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
