"""The single things of the town: trees, masts, gullies, manholes, stations, bridges, quays, lawns and water."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from integralie.demo.ground import canal
from integralie.demo.layout import STRIP, bent
from integralie.demo.network import Net
from integralie.demo.streets import TODAY

TREES = {
    "centre": 0.15,
    "prewar": 0.5,
    "postwar": 0.55,
    "seventies": 0.3,
    "nineties": 0.5,
    "business": 0.2,
    "park": 0.5,
}
SPECIES = {"prewar": "linden", "postwar": "poplar", "seventies": "birch", "nineties": "plane", "centre": "linden"}
GREEN_LEAST = 900.0  # m2: a smaller remainder of a block is back garden
GREEN_SHARE = {"postwar": 0.85, "seventies": 0.55, "nineties": 0.5, "business": 0.4, "park": 1.0, "prewar": 0.08}


def along(s: pd.DataFrame, spacing: float, offset: np.ndarray, begin: float) -> tuple[np.ndarray, np.ndarray]:
    """Points every so many metres along each section, at a distance from its axis; and the position of the section."""
    length = s["length"].to_numpy()
    count = np.maximum(0, np.floor((length - 2 * begin) / spacing) + 1).astype(int)
    who = np.repeat(np.arange(len(s)), count)
    rank = np.arange(len(who)) - np.repeat(np.cumsum(count) - count, count)
    at = begin + rank * spacing
    lines = s["line"].to_numpy()[who]
    base = shapely.get_coordinates(shapely.line_interpolate_point(lines, at))
    step = shapely.get_coordinates(shapely.line_interpolate_point(lines, at - 0.5))
    ahead = base - step
    ahead = ahead / np.maximum(np.linalg.norm(ahead, axis=1), 1e-9)[:, None]
    left = np.column_stack([-ahead[:, 1], ahead[:, 0]])
    side = np.where(rank % 2, -1.0, 1.0)
    return shapely.points(base + left * (offset[who] * side)[:, None]), who


def _things(
    kind: str, party: str, s: pd.DataFrame, points: np.ndarray, who: np.ndarray, year: np.ndarray
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": [f"asset:{kind}:{i + 1:05d}" for i in range(len(points))],
            "kind": kind,
            "party": party,
            "year_built": year,
            "year_built_quality": "registered",
            "level": 0,
            "street": s["street"].to_numpy()[who],
            "geometry": points,
        }
    )


def trees(s: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Trees in rows in the streets that have them, of one sort and one year per street."""
    rng = np.random.default_rng([seed, 40])
    luck = rng.uniform(size=(3, s["run"].max() + 1))[:, s["run"]]
    has = (luck[0] < s["type"].map(TREES).fillna(0)) & (s["rank"] != "bridge") & (s["half"] > 4)
    own = s[has]
    offset = np.where(own["parking"] > 0, own["road"] + 1.0, np.maximum(own["half"] - 2.6, own["road"] + 0.4))
    points, who = along(own, 18.0, offset, 14.0)
    year = np.maximum(own["built"], TODAY - 5 - luck[1][has] * 65).round().to_numpy()[who]
    out = _things("tree", "party:green", own, points, who, year)
    vague = rng.uniform(size=len(out)) < 0.2
    out["material"] = own["type"].map(SPECIES).fillna("oak").to_numpy()[who]
    out["year_built"] = np.where(vague, np.nan, out["year_built"])
    out["year_built_quality"] = np.where(vague, "unknown", "assumed")
    return out


def masts(s: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Lighting masts along every street, renewed a whole street at a time."""
    rng = np.random.default_rng([seed, 41])
    year = np.maximum(s["built"], TODAY - 1 - (rng.uniform(size=s["run"].max() + 1)[s["run"]] * 38).round())
    points, who = along(s, 58.0, np.maximum(s["road"] + s["parking"] + 0.5, s["half"] * 0.6).to_numpy(), 14.0)
    return _things("lighting_mast", "party:lighting", s, points, who, year.to_numpy()[who])


def drains(s: pd.DataFrame, sewers: pd.DataFrame, seed: int) -> list[pd.DataFrame]:
    """Manholes where sewers meet, and gullies along the carriageway, of the year of their sewer."""
    own = s[s["street"].str[7:].isin(sewers["id"].str.rsplit(":", n=1).str[1])]
    year = sewers.set_index(sewers["id"].str.rsplit(":", n=1).str[1])["year_built"].reindex(own["street"].str[7:])
    node, first = np.unique(own["start"].to_numpy(), return_index=True)
    spots = shapely.get_point(own["line"].to_numpy()[first], 0)
    holes = _things("manhole", "party:sewer", own, spots, first, year.to_numpy()[first])
    points, who = along(own, 76.0, own["road"].to_numpy() - 0.2, 18.0)
    pits = _things("gully", "party:sewer", own, points, who, year.to_numpy()[who])
    for frame in (holes, pits):
        frame["year_built_quality"] = np.where(frame["year_built"].notna(), "registered", "unknown")
        frame["material"] = "concrete"
    return [holes, pits]


def stations(s: pd.DataFrame, seed: int) -> pd.DataFrame:
    """A transformer substation for every twenty sections or so, in the footway strip."""
    rng = np.random.default_rng([seed, 42])
    own = s[~s["profile"].isin(["park", "bridge"]) & (s["length"] > 40)].iloc[7::20]
    points, who = along(own, 1e6, (own["half"] - 0.7).to_numpy(), 20.0)
    year = np.clip(own["built"].to_numpy()[who] + rng.integers(0, 30, len(who)), 1950, TODAY - 2)
    return _things("substation", "party:grid", own, points, who, year)


def crossings(s: pd.DataFrame, net: Net, seed: int) -> list[pd.DataFrame]:
    """Bridges where streets cross the canal, and quay walls along it in the old town."""
    rng = np.random.default_rng([seed, 43])
    water = canal(net)[0]
    over = np.flatnonzero(shapely.intersects(s["line"].to_numpy(), water))
    lines, half = s["line"].to_numpy()[over], s["half"].to_numpy()[over]
    decks = shapely.intersection(shapely.buffer(lines, half, cap_style="flat"), shapely.buffer(water, 2.0))
    made_of = np.where(s["type"].to_numpy()[over] == "park", "wood", rng.choice(["concrete", "steel"], len(over)))
    bridges = _things(
        "bridge", "party:roads", s.iloc[over], decks, np.arange(len(over)), rng.integers(1936, 2004, len(over))
    )
    bridges = bridges.assign(
        material=made_of, level=1, condition=rng.integers(2, 6, len(over)), condition_quality="measured"
    )
    own = np.flatnonzero((s["rank"] == "quay") & s["type"].isin(["centre"]))
    edge = bent(np.array([net.plan.canal.offset_curve(d) for d in (9.0, -9.0)], dtype=object), net.plan.radius)
    reach = shapely.buffer(s["line"].to_numpy()[own], STRIP - 6.0, cap_style="flat")
    walls = shapely.line_merge(shapely.intersection(reach, shapely.multilinestrings(list(edge))))
    single = (shapely.get_type_id(walls) == 1) & (shapely.length(walls) > 5)
    quays = _things(
        "quay",
        "party:roads",
        s.iloc[own],
        walls[single],
        np.flatnonzero(single),
        rng.integers(1905, 1990, single.sum()),
    )
    quays = quays.assign(material="brick", condition=rng.integers(2, 6, single.sum()), condition_quality="measured")
    return [bridges, quays]


def blocks(s: pd.DataFrame, net: Net, houses: pd.DataFrame, seed: int) -> list[pd.DataFrame]:
    """Green within the blocks, clear of houses and streets; water in some blocks of the extension and the park."""
    rng = np.random.default_rng([seed, 44])
    lines = s["line"].to_numpy()
    faces = shapely.get_parts(shapely.polygonize(lines))
    faces = faces[np.lexsort((shapely.bounds(faces)[:, 1], shapely.bounds(faces)[:, 0]))]
    near = shapely.STRtree(lines).query_nearest(shapely.point_on_surface(faces), all_matches=False)[1]
    types = s["type"].to_numpy()[near]
    inside = _inside(faces, s)
    shapes = houses["geometry"].to_numpy()
    face, house = shapely.STRtree(shapes).query(inside, predicate="intersects")
    clear = np.where(np.isin(types, ["postwar", "park", "nineties"]), 2.0, 7.0)
    taken = (
        pd.Series(shapely.buffer(shapes[house], clear[face], cap_style="square", join_style="mitre"))
        .groupby(face)
        .agg(lambda g: shapely.union_all(g.to_numpy()))
    )
    wet_all = canal(net)[0]
    land = shapely.difference(inside, wet_all)
    land[taken.index.to_numpy()] = shapely.difference(land[taken.index.to_numpy()], taken.to_numpy())
    land = shapely.buffer(shapely.buffer(land, -2.5), 2.5)
    luck = rng.uniform(size=len(land))
    chosen = (luck < np.array([GREEN_SHARE.get(t, 0.0) for t in types])) & (shapely.area(land) > GREEN_LEAST)
    wet = (
        (types == "nineties") & (rng.uniform(size=len(land)) < 0.22)
        | (types == "park") & (rng.uniform(size=len(land)) < 0.3)
    ) & (shapely.area(land) > 1500)
    pond = shapely.buffer(shapely.buffer(land, -9.0), 3.0)
    pond = np.where(wet & (shapely.area(pond) > 250), pond, None)
    wet = ~shapely.is_missing(pond)
    land = np.where(wet, shapely.difference(land, pond), land)
    built = s["built"].to_numpy()[near]
    green = pd.DataFrame(
        {
            "kind": "green_area",
            "party": "party:green",
            "year_built": np.maximum(built, 1990)[chosen | wet],
            "geometry": land[chosen | wet],
        }
    )
    water = pd.DataFrame(
        {"kind": "water_body", "party": "party:waterboard", "year_built": built[wet], "geometry": pond[wet]}
    )
    lake = pd.DataFrame(
        {"kind": ["water_body"], "party": ["party:waterboard"], "year_built": [1640], "geometry": [wet_all]}
    )
    water = pd.concat([lake, water], ignore_index=True)
    return [
        f.assign(
            id=[f"asset:{f['kind'].iloc[0]}:{i + 1:04d}" for i in range(len(f))], level=0, year_built_quality="assumed"
        )
        for f in (green, water)
        if len(f)
    ]


def _inside(faces: np.ndarray, s: pd.DataFrame) -> np.ndarray:
    """The land of each block: what the street profiles around it leave."""
    profile = shapely.buffer(s["line"].to_numpy(), s["half"].to_numpy() + 0.3)
    face, street = shapely.STRtree(profile).query(faces, predicate="intersects")
    around = pd.Series(profile[street]).groupby(face).agg(lambda g: shapely.union_all(g.to_numpy()))
    out = faces.copy()
    out[around.index.to_numpy()] = shapely.difference(faces[around.index.to_numpy()], around.to_numpy())
    return out
