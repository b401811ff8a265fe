"""Street names: made up, by district, and running on over the sections that continue one another."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

STRAIGHT = 0.82  # cosine of the sharpest bend over which a street keeps its name
STEMS = {
    "centre": "Markt Kerk Toren Wal Klooster Vis Boter Koren Smeden Wevers Kuipers Raadhuis Haven Brouwers Turf Zout "
    "Linnen Leer Molen Poort Waag School Bak Hout Kaas Touw Zilver Ganzen Hoenders Graan Ketel Vlas Steen Grutters",
    "prewar": "Linden Eiken Beuken Wilgen Iepen Kastanje Populieren Berken Elzen Acacia Platanen Noten Essen Esdoorn "
    "Meidoorn Hazelaar Vlier Sering Jasmijn Hulst Laurier Moerbei Goudenregen Peren Kersen Appel Pruimen",
    "postwar": "Merel Lijster Vink Spreeuwen Zwaluw Leeuwerik Nachtegaal Kievit Wulp Koekoek Reiger Ooievaar Fazant "
    "Patrijs Kwartel Roodborst Specht Wielewaal Tortel Zanglijster Karekiet Grutto Plevier Buizerd Havik Sperwer Uilen",
    "seventies": "Klaver Boterbloem Madelief Korenbloem Klaproos Anemoon Akelei Ereprijs Zonnedauw Dotter Kamille "
    "Tijm Salie Lavendel Munt Rozemarijn Gentiaan Margriet Violier Lupine Aster Dahlia Narcis Tulp Hyacint Krokus Iris",
    "nineties": "Saffier Robijn Smaragd Topaas Opaal Agaat Amber Kristal Parel Koraal Jade Onyx Turkoois Granaat "
    "Zonnewende Avondster Morgenster Poolster Regenboog Horizon Einder Zomer Winter Lente Herfst Meteoor Komeet",
    "business": "Ampere Volt Turbine Dynamo Ketel Staal Koper Zink Smeder Draaier Katoen Textiel Spindel Kamwiel",
    "park": "Vijver Zwanen Boog Rozen Wandel Varen Heide Eekhoorn Beukenhof Weide Rietland Gaarden",
}
ENDS = {
    "centre": "straat steeg gang poort stoep",
    "prewar": "straat laan weg",
    "postwar": "straat laan weg",
    "seventies": "hof erf gaarde weide werf kamp",
    "nineties": "laan dreef zoom rede hage",
    "business": "weg straat hof",
    "park": "pad laan weg",
}
BEFORE = ("", "Nieuwe ", "Korte ", "Lange ", "Oude ", "Achter-", "Grote ", "Kleine ")
WAYS = ["Oosterdijkse", "Zandrader", "Vennerlandse", "Heidelose", "Broekermeerse"]
WINDS = ["Oost", "Noordoost", "Noord", "Noordwest", "West", "Zuidwest", "Zuid", "Zuidoost"]


def strokes(lines: np.ndarray, start: np.ndarray, end: np.ndarray, group: np.ndarray) -> np.ndarray:
    """A number for each run of sections of one group that continue one another without a sharp bend."""
    count = len(lines)
    tail = shapely.get_coordinates(np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)]))
    next_ = shapely.get_coordinates(np.concatenate([shapely.get_point(lines, 1), shapely.get_point(lines, -2)]))
    away = (next_ - tail) / np.linalg.norm(next_ - tail, axis=1)[:, None]
    half = pd.DataFrame(
        {
            "node": np.concatenate([start, end]),
            "line": np.tile(np.arange(count), 2),
            "group": np.tile(group, 2),
            "x": away[:, 0],
            "y": away[:, 1],
        }
    )
    pairs = half.merge(half, on=["node", "group"], suffixes=("", "2"))
    pairs = pairs[pairs["line"] < pairs["line2"]]
    pairs = pairs.assign(bend=pairs["x"] * pairs["x2"] + pairs["y"] * pairs["y2"]).sort_values(
        ["bend", "line", "line2"]
    )
    pairs = pairs[pairs["bend"] < -STRAIGHT]
    pairs = pairs[~pairs.duplicated(["node", "line"]) & ~pairs.duplicated(["node", "line2"])]
    graph = coo_matrix((np.ones(len(pairs)), (pairs["line"], pairs["line2"])), shape=(count, count))
    return connected_components(graph, directed=False)[1]


def _list(type_: str, rng: np.random.Generator) -> list[str]:
    """All names that a type of district may give, the plainest first."""
    stems = STEMS[type_].split()
    plain = [f"{s}{e}" for s, e in product(rng.permutation(stems), ENDS[type_].split())]
    plain = [plain[i] for i in rng.permutation(len(plain))]
    further = (f" {n}" for n in (*WINDS, *(str(k) for k in range(2, 60))))
    return [b + p if b != "Achter-" else b + p.lower() for b in BEFORE for p in plain] + [
        p + f for f in further for p in plain
    ]


def _wind(angle: np.ndarray) -> np.ndarray:
    return np.array(WINDS)[np.round(np.degrees(angle) / 45).astype(int) % 8]


def names(
    lines: np.ndarray,
    start: np.ndarray,
    end: np.ndarray,
    rank: np.ndarray,
    type_: np.ndarray,
    cell: np.ndarray,
    centre: tuple[float, float],
    canal: shapely.LineString,
    rng: np.random.Generator,
) -> np.ndarray:
    """A name for each section: roads out and ring roads by direction, quays after the canal, streets after a theme."""
    points = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    xy = shapely.get_coordinates(points)
    middle = xy - np.array(centre)
    angle, far = np.arctan2(middle[:, 1], middle[:, 0]), np.hypot(middle[:, 0], middle[:, 1])
    wide = np.isin(rank, ("main", "distributor"))
    group = np.where(wide, -1, cell * 4 + (rank == "quay") * 1 + (rank == "bridge") * 2)
    run = strokes(lines, start, end, group)
    out = np.full(len(lines), None, dtype=object)
    taken: set[str] = set()
    for kind in STEMS:
        own = np.unique(run[(type_ == kind) & (rank == "local")])
        free = [n for n in _list(kind, rng) if n not in taken][: len(own)]
        taken |= set(free)
        table = dict(zip(own, free))
        mask = (type_ == kind) & (rank == "local")
        out[mask] = [table[r] for r in run[mask]]
    winds = _wind(angle)
    out[rank == "distributor"] = [f"Ringbaan {w}" for w in winds[rank == "distributor"]]
    inner = (rank == "distributor") & (far < np.quantile(far, 0.22))
    out[inner] = [f"{w}ersingel" for w in winds[inner]]
    ways = np.array([f"{w}weg" for w in WAYS])
    turn = np.round((np.degrees(angle) - 25) / 66).astype(int) % 5
    out[rank == "main"] = ways[turn[rank == "main"]]
    axis = shapely.get_coordinates(shapely.line_interpolate_point(canal, shapely.line_locate_point(canal, points)))
    quay = rank == "quay"
    bank = np.where(xy[:, 1] > axis[:, 1], "Noorder", "Zuider")
    out[quay] = [f"{b}kade {w}" if w in ("Oost", "West") else f"{b}kade" for b, w in zip(bank[quay], winds[quay])]
    out[rank == "bridge"] = [f"{n}brug" for n in ("Waag", "Markt", "Kerk", "Toren", "Vis", "Haven")][
        : (rank == "bridge").sum()
    ]
    return out
