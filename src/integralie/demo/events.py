"""What else asks for the streets of the town: a market, a run round the town, a fair, and routes for detours."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from integralie.demo.layout import HEART
from integralie.demo.streets import MARKET
from integralie.settings import RD_NEW

WIDE = 12.0  # metres on either side of the axis that an event in a street takes
EVENTS = (  # name, kind, party, first and last year, hard
    ("Jaarmarkt", "event", "residents", 2027, 2036, True),
    ("Kermis", "event", "residents", 2027, 2031, True),
    ("Ringloop", "event", "residents", 2028, 2030, True),
    ("Lichtjesoptocht", "event", "residents", 2029, 2029, False),
    ("Omleidingsroute vrachtverkeer", "detour", "traffic", 2027, 2028, True),
)


def _where(s: pd.DataFrame) -> dict[str, np.ndarray]:
    """The sections of each of them."""
    xy = shapely.get_coordinates(shapely.line_interpolate_point(s["line"].to_numpy(), 0.5, normalized=True))
    near = np.argsort(np.hypot(*(xy - HEART).T), kind="stable")
    local = (s["rank"] == "local").to_numpy()
    market = np.flatnonzero((s["name"] == MARKET).to_numpy())
    ring = np.flatnonzero((s["rank"] == "distributor").to_numpy())
    old = near[local[near]][: max(3, len(s) // 60)]
    main = np.flatnonzero((s["rank"] == "main").to_numpy())
    quarter = np.flatnonzero(local & s["type"].isin(["postwar", "prewar"]).to_numpy())
    return {
        "Jaarmarkt": market if len(market) else old[:1],
        "Kermis": old,
        "Ringloop": ring,
        "Lichtjesoptocht": quarter[: max(2, len(s) // 100)],
        "Omleidingsroute vrachtverkeer": np.concatenate([ring[: len(ring) // 3], main[: len(main) // 3]]),
    }


def events(s: pd.DataFrame) -> gpd.GeoDataFrame:
    """Events and routes for detours as claims on public space, each for some years; no section of their own, since none
    asks for room below ground.
    """
    where = _where(s)
    told = [row for row in EVENTS if len(where[row[0]])]
    out = pd.DataFrame(told, columns=["name", "kind", "party", "period_from", "period_to", "hard"])
    shapes = []
    for name, kind in zip(out["name"], out["kind"]):
        lines = s["line"].to_numpy()[np.sort(where[name])]
        route = shapely.line_merge(shapely.multilinestrings(list(lines)))
        shapes.append(route if kind == "detour" else shapely.buffer(route, WIDE, cap_style="flat"))
    made = out.assign(
        id=[f"claim:{k}:{i + 1}" for i, k in enumerate(out["kind"])],
        party="party:" + out["party"],
        status="asked",
        source="evenementenkalender en verkeersbesluiten",
        sharing=3,
    )
    return gpd.GeoDataFrame(made, geometry=shapely.set_precision(shapes, 0.01), crs=RD_NEW)
