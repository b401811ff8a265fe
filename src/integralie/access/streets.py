"""From the tables of a study to a street network: sections, speeds, where help comes from, what a work closes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from integralie.access.network import Ints, Mask, Network
from integralie.figures import Figures
from integralie.kinds import kinds
from integralie.schema.near import streets_of

MODES = ("car", "emergency", "foot", "wheelchair")
CLASSES = ("main", "distributor", "residential", "path")  # from the most to the least for through traffic
MINUTES, KILOMETRE = 60.0, 1000.0


def nodes(streets: pd.DataFrame, figures: Figures) -> tuple[Ints, Ints, int]:
    """The node at each end of each section, and how many nodes there are.

    From `from_node` and `to_node` where every section tells them, else ends that lie within `node_reach` of each
    other are one junction.
    """
    if len(streets) and streets["from_node"].notna().all() and streets["to_node"].notna().all():
        code, labels = pd.factorize(pd.concat([streets["from_node"], streets["to_node"]]), sort=True)
        return code[: len(streets)].astype(np.int64), code[len(streets) :].astype(np.int64), len(labels)
    lines = np.asarray(streets.geometry)
    points = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    xy = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    if not len(xy):
        return np.zeros(0, np.int64), np.zeros(0, np.int64), 0
    pairs = cKDTree(np.nan_to_num(xy)).query_pairs(figures.value("node_reach"), output_type="ndarray")
    tied = csr_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(xy), len(xy)))
    count, code = connected_components(tied, directed=False)
    return code[: len(lines)].astype(np.int64), code[len(lines) :].astype(np.int64), int(count)


def length(streets: pd.DataFrame) -> np.ndarray:
    """Metres of each section: as told, else along its line."""
    return np.asarray(streets["length"].astype(float).fillna(streets.geometry.length), float)


def minutes(streets: pd.DataFrame, mode: str, figures: Figures) -> np.ndarray:
    """Minutes to pass each section; infinite where figure `speed` is 0."""
    where = streets[["road_class", "surface"]].assign(mode=mode)
    speed = figures.lookup("speed", where)["value"].to_numpy(float)
    with np.errstate(divide="ignore"):
        return length(streets) / KILOMETRE / speed * MINUTES


def places(assets: pd.DataFrame, serves: str) -> pd.DataFrame:
    """The assets that serve people in this way: of a kind that does, or with a function that begins so."""
    own = [n for n, k in kinds().items() if k.serves == serves]
    words = tuple(f for n in own for f in kinds()[n].functions)
    told = assets["function"].astype(object).fillna("").astype(str).str.lower()
    return assets[assets["kind"].isin(own) | (told.str.startswith(words) if words else False)]


def gates(streets: pd.DataFrame, tail: Ints, head: Ints) -> Ints:
    """The nodes through which the town is entered: loose ends of the highest class of road that has any, else all
    nodes of the highest class there is.
    """
    ends, count = np.unique(np.concatenate([tail, head]), return_counts=True)
    loose = set(ends[count == 1].tolist())
    rank = streets["road_class"].astype(object).to_numpy()
    for name in CLASSES[:2]:
        on = np.unique(np.concatenate([tail[rank == name], head[rank == name]]))
        out = np.array([n for n in on.tolist() if n in loose], np.int64)
        if len(out):
            return out
    for name in CLASSES[:3]:
        if (rank == name).any():
            return np.unique(np.concatenate([tail[rank == name], head[rank == name]]))
    return ends[:1]


def nearest_nodes(streets: pd.DataFrame, assets: pd.DataFrame, tail: Ints, head: Ints, figures: Figures) -> Ints:
    """The nodes at both ends of the section that each of these places lies at."""
    at = streets_of(assets, streets, figures.value("street_reach"))["street"].unique()
    rows = streets.index.get_indexer(at)
    return np.unique(np.concatenate([tail[rows], head[rows]]))


def network(
    streets: pd.DataFrame, assets: pd.DataFrame, figures: Figures, mode: str = "car", serves: str | None = None
) -> Network:
    """The street network for one way of travelling, with the cost of each section in minutes.

    Sections stand in the order of `streets`. It starts at the places that serve `serves` (emergency, school, shop);
    where there are none, and for cars, at the roads out of town.

    Reads streets (from_node, to_node or geometry m, length m, road_class, surface), assets (kind, function).
    """
    tail, head, count = nodes(streets, figures)
    from_ = places(assets, serves) if serves else assets.iloc[:0]
    start = nearest_nodes(streets, from_, tail, head, figures) if len(from_) else np.zeros(0, np.int64)
    if not len(start) and len(streets):
        start = gates(streets, tail, head)
    return Network.of(tail, head, minutes(streets, mode, figures), start, count)


def with_addresses(streets: pd.DataFrame) -> Mask:
    """Sections that must stay reachable: with addresses, or where nobody has told how many."""
    return np.asarray(streets["residents"].astype(float).fillna(1.0) > 0, bool)


def emergency_limit(figures: Figures) -> float:
    """Minutes of driving that remain of the norm after the turnout."""
    return figures.value("emergency_norm") - figures.value("turnout")


def closes(works: pd.DataFrame, mode: str, figures: Figures) -> pd.Series:
    """Whether each work closes the sections it lies in for this way of travelling (figure `closes`)."""
    got = figures.lookup("closes", works[["depth", "kind"]].assign(mode=mode))["value"]
    return (got.astype(float) > 0) & works["depth"].notna() & (works["depth"] != "none")


def closures(
    works: pd.DataFrame, members: pd.DataFrame, programme: pd.DataFrame, mode: str, figures: Figures
) -> pd.DataFrame:
    """The sections that are closed in each period: rows `street, period`, each once, sorted.

    A section is closed when a programmed work that lies in it closes it and keeps no passage there (members with role
    `passage` of its row of the programme); all closures of one year count as at once.
    """
    done = programme.loc[programme["period"].notna(), ["work", "period"]]
    shut = works.index[closes(works, mode, figures)]
    held = members[(members["role"] == "street") & members["set"].isin(shut)]
    held = held[~kept_open(held, members, programme)]
    rows = held[["set", "member"]].merge(done, left_on="set", right_on="work")
    out = rows[["member", "period"]].rename(columns={"member": "street"}).drop_duplicates()
    return out.sort_values(["period", "street"], ignore_index=True)


def passages(members: pd.DataFrame, programme: pd.DataFrame) -> pd.DataFrame:
    """Where programmed works keep a passage: rows `work, street, period`."""
    rows = members.loc[members["role"] == "passage", ["set", "member"]]
    told = programme[["work", "period"]].reindex(rows["set"]).reset_index(drop=True)
    out = told.assign(street=rows["member"].to_numpy())
    return out.dropna(subset=["work", "period"])[["work", "street", "period"]]


def kept_open(held: pd.DataFrame, members: pd.DataFrame, programme: pd.DataFrame) -> Mask:
    """Which sections of works (rows `set, member`) stay passable, because the work keeps a passage there."""
    kept = passages(members, programme)
    pairs = pd.MultiIndex.from_frame(held[["set", "member"]])
    return np.asarray(pairs.isin(pd.MultiIndex.from_frame(kept[["work", "street"]])), bool)
