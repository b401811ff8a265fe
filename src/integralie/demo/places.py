"""Places that people must be able to reach in the town: fire station, schools, shops, and the lines of the bus."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from integralie.demo.layout import HEART

HOMES = ("prewar", "postwar", "seventies", "nineties")
STATION_PER = 2_500  # street sections per fire station
SHOP_STEP = 5  # in the old town after every so many sections there are shops
BUS = ("main", "distributor", "quay")
OFF_ROUTE = 4.0  # how much longer a bus finds a street that is no main road


def _row(kind: str, s: pd.DataFrame, rows: np.ndarray, name: list[str], party: str | None) -> pd.DataFrame:
    """A point beside the middle of each of these sections."""
    own = s.iloc[rows]
    middle = shapely.line_interpolate_point(own["line"].to_numpy(), 0.5, normalized=True)
    xy = shapely.get_coordinates(middle) + np.column_stack([own["half"].to_numpy() + 4.0, np.zeros(len(own))])
    return pd.DataFrame(
        {
            "id": [f"asset:{kind}:{i + 1:03d}" for i in range(len(own))],
            "kind": kind,
            "party": party,
            "name": name,
            "year_built_quality": "unknown",
            "level": 0,
            "street": own["street"].to_numpy(),
            "geometry": shapely.points(np.round(xy, 2)),
        }
    )


def _middles(s: pd.DataFrame, fit: pd.Series) -> np.ndarray:
    """Per district the section of these that lies nearest to its middle."""
    xy = shapely.get_coordinates(shapely.line_interpolate_point(s["line"].to_numpy(), 0.5, normalized=True))
    at = pd.DataFrame(xy, columns=["x", "y"]).assign(cell=s["cell"].to_numpy())[fit.to_numpy()]
    by = at.groupby("cell")[["x", "y"]]
    far = np.hypot(at["x"] - by.transform("mean")["x"], at["y"] - by.transform("mean")["y"])
    return np.sort(far.groupby(at["cell"]).idxmin().to_numpy())


def lines(s: pd.DataFrame) -> pd.DataFrame:
    """Bus lines from one end of the town through the middle to another, over the main roads."""
    count = int(max(s["start"].max(), s["end"].max())) + 1
    slow = np.where(s["rank"].isin(BUS), 1.0, OFF_ROUTE) * s["length"].to_numpy()
    best = s.assign(slow=slow, row=np.arange(len(s))).sort_values("slow")
    best = pd.concat([best, best.rename(columns={"start": "end", "end": "start"})]).drop_duplicates(["start", "end"])
    graph = coo_array((best["slow"], (best["start"], best["end"])), shape=(count, count)).tocsr()
    row = best.set_index(["start", "end"])["row"].to_dict()
    xy = np.full((count, 2), np.inf)
    xy[s["start"]] = shapely.get_coordinates(shapely.get_point(s["line"].to_numpy(), 0))
    xy[s["end"]] = shapely.get_coordinates(shapely.get_point(s["line"].to_numpy(), -1))
    far = np.hypot(*(xy - HEART).T)
    heart, loose = int(np.argmin(far)), _gates(s, far)
    _, before = dijkstra(graph, indices=heart, return_predecessors=True)
    routes = [_route(int(n), heart, before, row) for n in loose]
    half = (len(routes) + 1) // 2
    pairs = [routes[i] + routes[(i + half) % len(routes)] for i in range(half)] if routes else []
    both = [np.unique(rows) for rows in pairs if rows]
    shapes = [shapely.line_merge(shapely.multilinestrings(list(s["line"].to_numpy()[rows]))) for rows in both]
    return pd.DataFrame(
        {
            "id": [f"asset:bus_line:{i + 1}" for i in range(len(shapes))],
            "kind": "bus_line",
            "party": "party:province",
            "name": [f"Buslijn {i + 1}" for i in range(len(shapes))],
            "year_built_quality": "unknown",
            "level": 0,
            "geometry": shapes,
        }
    )


def _gates(s: pd.DataFrame, far: np.ndarray) -> list[int]:
    """The outer ends of the main roads, in the order of their names."""
    main = s[s["rank"] == "main"]
    ends, times = np.unique(np.concatenate([s["start"], s["end"]]), return_counts=True)
    on = set(main["start"]) | set(main["end"])
    return [int(n) for n in ends[times == 1] if n in on and np.isfinite(far[n])]


def _route(node: int, heart: int, before: np.ndarray, row: dict[tuple[int, int], int]) -> list[int]:
    """The sections on the way back to the middle."""
    out = []
    while node != heart and before[node] >= 0:
        out.append(row[(int(before[node]), node)])
        node = int(before[node])
    return out


def places(s: pd.DataFrame) -> list[pd.DataFrame]:
    """Fire stations, a school and a shop per quarter, shops in the old town, and the bus."""
    xy = shapely.get_coordinates(shapely.line_interpolate_point(s["line"].to_numpy(), 0.5, normalized=True))
    ring = np.flatnonzero(s["rank"] == "distributor")
    ring = ring[np.argsort(np.hypot(*(xy[ring] - HEART).T), kind="stable")]
    stations = ring[np.linspace(0, len(ring) - 1, 1 + len(s) // STATION_PER).astype(int)]
    local = (s["rank"] == "local") & s["type"].isin(HOMES)
    quarter = _middles(s, local)
    old = np.flatnonzero((s["type"] == "centre") & (s["rank"] == "local"))[::SHOP_STEP]
    school = [f"Basisschool {n}" for n in s["name"].iloc[quarter]]
    shops = [f"Winkels {n}" for n in s["name"].iloc[np.concatenate([old, quarter])]]
    return [
        _row("fire_station", s, stations, [f"Brandweerkazerne {i + 1}" for i in range(len(stations))], None),
        _row("school", s, quarter, school, None),
        _row("shop", s, np.concatenate([old, quarter]), shops, None),
        lines(s),
    ]
