"""The street sections of the town, with their profile: what lies where between the two facades."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from integralie.demo.layout import BUILT, HEART, bent
from integralie.demo.names import names, strokes
from integralie.demo.network import Net, market
from integralie.settings import RD_NEW

# rank or district: width facade to facade, half the carriageway, parking per side, cycle path per side, footway, paving
PROFILE = {
    "main": (27.0, 3.75, 0.0, 2.4, 2.4, "asphalt"),
    "distributor": (21.0, 3.3, 0.0, 2.2, 2.2, "asphalt"),
    "quay": (10.0, 2.4, 0.0, 0.0, 1.8, "clay_brick"),
    "bridge": (9.0, 2.6, 0.0, 0.0, 1.5, "clay_brick"),
    "centre": (9.0, 2.3, 0.0, 0.0, 1.9, "clay_brick"),
    "prewar": (13.0, 2.6, 1.9, 0.0, 1.9, "clay_brick"),
    "postwar": (17.0, 2.8, 1.9, 0.0, 2.0, "concrete_block"),
    "seventies": (10.0, 2.4, 0.0, 0.0, 1.5, "concrete_block"),
    "nineties": (14.0, 2.6, 1.9, 0.0, 1.8, "concrete_block"),
    "business": (18.0, 3.5, 0.0, 0.0, 2.0, "asphalt"),
    "park": (5.0, 1.5, 0.0, 0.0, 0.0, "asphalt"),
}
ROAD_CLASS = {"main": "main", "distributor": "distributor"}
DWELLINGS = {"centre": 0.20, "prewar": 0.22, "postwar": 0.26, "seventies": 0.16, "nineties": 0.13, "business": 0.01}
TRAFFIC = {"main": 11_000, "distributor": 5_200, "quay": 700, "bridge": 1_100, "local": 480}
CANAL_NAMES = {"centre": "Binnenstad", "prewar": "Bomenbuurt", "postwar": "Vogelwijk", "seventies": "Bloemenveld"}
CANAL_NAMES |= {"nineties": "De Edelstenen", "business": "Bedrijvenpark De Turbine", "park": "Zwanenpark"}
TODAY = 2026
MARKET = "Markt"


def sections(net: Net, seed: int) -> pd.DataFrame:
    """One row per section with all that the other parts of the town need to know of it."""
    rng = np.random.default_rng([seed, 3])
    types = np.array([c.type for c in net.plan.cells])[net.cell]
    types = np.where(types == "meadow", "nineties", types)
    kind = np.where(net.rank == "local", types, net.rank)
    kind = np.where((types == "park") & np.isin(net.rank, ("local", "quay")), "park", kind)
    out = pd.DataFrame({"type": types, "rank": net.rank, "profile": kind, "cell": net.cell})
    columns = ("width", "road", "parking", "cycle", "foot", "surface")
    for i, column in enumerate(columns):
        out[column] = out["profile"].map({k: v[i] for k, v in PROFILE.items()})
    group = np.where(np.isin(net.rank, ("main", "distributor")), -1, net.cell * 4 + (net.rank == "quay"))
    out["run"] = strokes(net.lines, net.start, net.end, group)
    axis = bent(np.array([net.plan.canal], dtype=object), net.plan.radius)[0]
    out["name"] = names(net.lines, net.start, net.end, net.rank, types, net.cell, HEART, axis, rng)
    around = shapely.length(shapely.intersection(net.lines, market(net).boundary)) > 0.5 * shapely.length(net.lines)
    out.loc[around & (net.rank == "local"), "name"] = MARKET
    out["line"] = net.lines
    out["length"] = shapely.length(net.lines).round(2)
    out["from_node"], out["to_node"] = _labels(net.start), _labels(net.end)
    out["start"], out["end"] = net.start, net.end
    out["street"] = [f"street:{i + 1:05d}" for i in range(len(out))]
    luck = rng.normal(0, 1, out["run"].max() + 1)[out["run"]]
    out["built"] = (out["type"].map(BUILT).fillna(1965) + np.clip(luck, -1.6, 1.6) * 5).round().astype(int)
    out["half"] = out["width"] / 2
    return out


def _labels(nodes: np.ndarray) -> list[str]:
    return [f"node:{n + 1:05d}" for n in nodes]


def last_paved(sections: pd.DataFrame, seed: int) -> np.ndarray:
    """The year in which each street was last paved anew: whole streets at once, mains more often."""
    rng = np.random.default_rng([seed, 4])
    size = sections["run"].max() + 1
    cycle = np.where(np.isin(sections["rank"], ("main", "distributor")), 22, 32)
    ago = (rng.uniform(0.03, 1.1, size)[sections["run"]] * cycle).round()
    return np.maximum(sections["built"], TODAY - 1 - ago).astype(int)


def areas(net: Net) -> gpd.GeoDataFrame:
    """The town and its neighbourhoods, with the year in which each was mostly built."""
    cells = [(i, c) for i, c in enumerate(net.plan.cells) if c.type != "meadow"]
    shapes = bent(np.array([c.shape for _, c in cells], dtype=object), net.plan.radius)
    count: dict[str, int] = {}
    rows = []
    for (i, cell), shape in zip(cells, shapes):
        count[cell.type] = count.get(cell.type, 0) + 1
        again = f" {count[cell.type]}" if count[cell.type] > 1 else ""
        rows.append((f"area:{i:03d}", CANAL_NAMES[cell.type] + again, "neighbourhood", BUILT.get(cell.type), shape))
    frame = pd.DataFrame(rows, columns=["id", "name", "level", "year_built", "geometry"])
    whole = shapely.union_all(shapes, grid_size=0.01)
    town = pd.DataFrame([("area:town", "Integralië", "city", None, whole)], columns=frame.columns)
    frame["parent"] = "area:town"
    out = pd.concat([town, frame], ignore_index=True)
    out["year_built_quality"] = np.where(out["year_built"].notna(), "registered", "unknown")
    return gpd.GeoDataFrame(
        out.assign(party="party:planning", source="wijken en buurten", sharing=3), geometry="geometry", crs=RD_NEW
    )


def heights(lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Height of the footway and of the mean highest groundwater (m NAP): gentle ground, water about 1.7 m below it."""
    place = (shapely.get_coordinates(shapely.line_interpolate_point(lines, 0.5, normalized=True)) - HEART) / 700.0
    x, y = place[:, 0], place[:, 1]
    level = 1.6 + 0.5 * np.sin(x + 0.4 * y) + 0.3 * np.cos(1.7 * y)
    below = 1.7 + 0.25 * np.sin(2.1 * x - y)
    return level.round(2), (level - below).round(2)


def streets(sections: pd.DataFrame, net: Net, seed: int) -> gpd.GeoDataFrame:
    """The table of street sections."""
    rng = np.random.default_rng([seed, 5])
    s, n = sections, len(sections)
    traffic = s["rank"].map(TRAFFIC) * np.exp(rng.normal(0, 0.35, n))
    traffic = np.where(s["profile"] == "park", 0, (traffic / 50).round() * 50)
    dwell = s["type"].map(DWELLINGS).fillna(0) * np.where(s["rank"] == "main", 0.4, 1.0)
    homes = (dwell * np.maximum(s["length"] - 20, 0) * rng.uniform(0.7, 1.3, n)).round()
    homes = np.where(np.isin(s["profile"], ("park", "bridge")), 0, homes)
    guessed = rng.uniform(size=n) < 0.15
    road_class = np.where(s["profile"] == "park", "path", s["rank"].map(ROAD_CLASS).fillna("residential"))
    province = (s["rank"] == "main") & (
        ~np.isin(s["cell"], [i for i, c in enumerate(net.plan.cells) if c.type == "centre"])
    )
    outside = shapely.distance(s["line"].to_numpy(), shapely.Point(HEART)) > net.plan.radius * 0.98
    return gpd.GeoDataFrame(
        {
            "id": s["street"],
            "name": s["name"],
            "from_node": s["from_node"],
            "to_node": s["to_node"],
            "length": s["length"],
            "width": s["width"],
            "width_quality": np.where(rng.uniform(size=n) < 0.2, "assumed", "measured"),
            "road_class": road_class,
            "surface_level": heights(s["line"].to_numpy())[0],
            "groundwater": heights(s["line"].to_numpy())[1],
            "surface": s["surface"],
            "traffic": np.where(guessed, np.nan, traffic),
            "traffic_quality": np.where(guessed, "unknown", np.where(s["rank"] == "local", "assumed", "measured")),
            "residents": homes,
            "residents_quality": "registered",
            "area": [f"area:{c:03d}" if net.plan.cells[c].type != "meadow" else None for c in s["cell"]],
            "last_opened": np.where(rng.uniform(size=n) < 0.9, last_paved(s, seed), np.nan),
            "last_opened_quality": "registered",
            "party": np.where(province & outside, "party:province", "party:roads"),
            "source": "wegenlijst gemeente",
            "sharing": 3,
            "geometry": s["line"],
        },
        geometry="geometry",
        crs=RD_NEW,
    ).assign(last_opened_quality=lambda f: np.where(f["last_opened"].notna(), "registered", "unknown"))
