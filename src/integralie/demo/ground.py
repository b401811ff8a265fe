"""What one sees of the town: houses in rows, carriageways, footways, parking, green and water."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from integralie.demo.layout import CANAL, bent
from integralie.demo.network import Net, market
from integralie.demo.streets import MARKET, TODAY, last_paved

# district: front garden, depth of the house, length of a row, gap between rows, the room a back garden takes
ROWS = {
    "centre": (0.0, 10.0, 40.0, 0.0, 0.0),
    "prewar": (1.0, 9.5, 60.0, 1.0, 1.5),
    "postwar": (4.0, 9.0, 48.0, 14.0, 4.0),
    "seventies": (4.0, 8.5, 30.0, 6.0, 3.0),
    "nineties": (4.5, 9.0, 36.0, 7.0, 4.0),
    "business": (9.0, 32.0, 60.0, 18.0, 0.0),
}
BARS = (10.0, 44.0, 30.0)  # post-war bars: depth, length, distance between them
BACK = {"clay_brick": "clay_brick", "asphalt": "concrete_tile", "concrete_block": "concrete_tile"}
HOMES_YEAR = 4
UNIT = 10.0  # metres of front of what stands or falls together
LEAST = 55.0  # m2 of a house
TOUCH = 0.02  # metres between houses of one row


def piece(lines: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The part of each line between two distances, its points kept."""
    length = shapely.length(lines)
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    at = shapely.line_locate_point(lines[owner], shapely.points(xy))
    inside = (at > start[owner] + 0.01) & (at < np.minimum(end, length)[owner] - 0.01)
    first = shapely.get_coordinates(shapely.line_interpolate_point(lines, start))
    last = shapely.get_coordinates(shapely.line_interpolate_point(lines, np.minimum(end, length)))
    who = np.concatenate([np.arange(len(lines)), owner[inside], np.arange(len(lines))])
    where = np.concatenate([start, at[inside], np.minimum(end, length)])
    points = np.concatenate([first, xy[inside], last])
    order = np.lexsort((where, who))
    return shapely.linestrings(points[order], indices=who[order])


def band(lines: np.ndarray, inner: np.ndarray, outer: np.ndarray) -> np.ndarray:
    """The strip between two distances from a line; a negative distance is on the right."""
    one = shapely.offset_curve(lines, inner, join_style="mitre")
    two = shapely.offset_curve(lines, outer, join_style="mitre")
    good = (shapely.get_type_id(one) == 0 + 1) & (shapely.get_type_id(two) == 1)
    good &= ~shapely.is_empty(one) & ~shapely.is_empty(two)
    out = np.full(len(lines), None, dtype=object)
    where = np.flatnonzero(good)
    if not len(where):
        return out
    xy1, i1 = shapely.get_coordinates(one[where], return_index=True)
    xy2, i2 = shapely.get_coordinates(shapely.reverse(two[where]), return_index=True)
    xy, who = np.concatenate([xy1, xy2]), np.concatenate([i1, i2])
    order = np.argsort(who, kind="stable")
    out[where] = shapely.polygons(shapely.linearrings(xy[order], indices=who[order]))
    return np.where(shapely.is_valid(out), out, None)  # type: ignore[call-overload]


def corner(sections: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """How far from each end the widest other street reaches: half its width."""
    nodes = np.concatenate([sections["start"], sections["end"]])
    half = np.tile(sections["half"].to_numpy(), 2)
    most = np.zeros(nodes.max() + 1)
    np.maximum.at(most, nodes, half)
    return most[sections["start"]], most[sections["end"]]


def _units(s: pd.DataFrame, kind: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Candidate houses along both sides of the sections of one type: shape, section, and the row they belong to."""
    front, depth, long, gap, _ = ROWS[kind]
    near, far = corner(s)
    own = np.flatnonzero((s["type"] == kind) & ~s["profile"].isin(["bridge", "park"]))
    begin, end = near[own] + 1.0, s["length"].to_numpy()[own] - far[own] - 1.0
    fits = end - begin > UNIT * 0.7
    own, begin, end = own[fits], begin[fits], end[fits]
    rows = np.maximum(1, np.round((end - begin) / (long + gap))).astype(int)
    each = np.maximum(1, np.round(((end - begin) / rows - gap) / min(UNIT, long))).astype(int)
    who = np.repeat(np.arange(len(own)), rows * each)
    rank = np.arange(len(who)) - np.repeat(np.cumsum(rows * each) - rows * each, rows * each)
    row, place = rank // each[who], rank % each[who]
    step = ((end - begin) / rows)[who]
    wide = (step - gap) / each[who]
    from_ = begin[who] + row * step + gap / 2 + place * wide
    parts = piece(s["line"].to_numpy()[own][who], from_, from_ + wide)
    base = s["half"].to_numpy()[own][who] + front + 0.05
    sides = [band(parts, side * base, side * (base + depth)) for side in (1, -1)]
    label = (own[who] * 64 + row) * 2
    return np.concatenate(sides), np.tile(own[who], 2), np.concatenate([label, label + 1])


def _rows(s: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Candidate houses of all districts, those along the wider roads first."""
    parts = [_units(s, kind) for kind in ROWS if (s["type"] == kind).any()]
    shapes, owner, row = (np.concatenate(p) for p in zip(*parts))
    order = np.lexsort((row, -s["half"].to_numpy()[owner]))
    return shapes[order], owner[order], row[order]


def joined(shapes: np.ndarray, label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shapes with one label that touch become one; gives the shapes and their labels."""
    order = np.argsort(label, kind="stable")
    names, index = np.unique(label[order], return_inverse=True)
    grown = shapely.multipolygons(shapely.buffer(shapes[order], TOUCH, join_style="mitre"), indices=index)
    whole = shapely.buffer(shapely.buffer(grown, 0), -TOUCH, join_style="mitre")
    parts, back = shapely.get_parts(whole, return_index=True)
    solid = shapely.area(parts) > LEAST
    return parts[solid], names[back[solid]]


def _bars(s: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Candidate bars of the post-war quarters: blocks of flats with their end to the street and lawn between them."""
    depth, long, step = BARS
    own = np.flatnonzero((s["profile"] == "postwar") & (s["length"] > 90) & (s["run"] % 3 == 0))
    if not len(own):
        return np.array([], dtype=object), np.array([], dtype=int)
    count = ((s["length"].to_numpy()[own] - 40) // step).astype(int) + 1
    who = np.repeat(own, count)
    rank = np.arange(len(who)) - np.repeat(np.cumsum(count) - count, count)
    lines, at = s["line"].to_numpy()[who], 20 + rank * step
    base = shapely.get_coordinates(shapely.line_interpolate_point(lines, at))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(lines, at + depth)) - base
    along = ahead / np.linalg.norm(ahead, axis=1)[:, None]
    left = np.column_stack([-along[:, 1], along[:, 0]]) * np.where(s["run"].to_numpy()[who] % 2, 1, -1)[:, None]
    close, away = (s["half"].to_numpy()[who] + 6)[:, None], (s["half"].to_numpy()[who] + 6 + long)[:, None]
    ring = np.stack(
        [
            base + left * close,
            base + along * depth + left * close,
            base + along * depth + left * away,
            base + left * away,
        ],
        1,
    )
    return shapely.polygons(ring), who


def _free(shapes: np.ndarray, label: np.ndarray, s: pd.DataFrame, net: Net, gap: np.ndarray) -> np.ndarray:
    """Which candidates stand clear of all streets, of the water and of the candidates before them."""
    profile = shapely.buffer(s["line"].to_numpy(), s["half"].to_numpy(), cap_style="square")
    hit = shapely.STRtree(np.concatenate([profile, canal(net)])).query(shapes, predicate="intersects")[0]
    town = np.array([c.shape for c in net.plan.cells if c.type not in ("meadow", "park")], dtype=object)
    homes = shapely.STRtree(bent(town, net.plan.radius)).query(shapely.centroid(shapes), predicate="intersects")[0]
    clear = np.zeros(len(shapes), bool)
    clear[homes] = True
    clear &= ~shapely.contains_xy(market(net), shapely.get_coordinates(shapely.centroid(shapes)))
    clear[hit] = False
    left = np.flatnonzero(clear)
    grown = shapely.buffer(shapes[left], gap[left], join_style="mitre")
    a, b = shapely.STRtree(shapes[left]).query(grown, predicate="intersects")
    earlier = (b < a) & (label[left][a] != label[left][b])
    lost = np.zeros(len(left), bool)
    # a candidate gives way only to one that stands itself; the pairs are few, so they are walked in order
    order = np.lexsort((b[earlier], a[earlier]))
    for i, j in zip(a[earlier][order], b[earlier][order]):
        lost[i] |= not lost[j]
    return left[~lost]


def canal(net: Net) -> np.ndarray:
    """The water of the canal, as far as it runs past the town."""
    return bent(np.array([net.plan.canal.buffer(CANAL, cap_style="flat")], dtype=object), net.plan.radius)


def buildings(s: pd.DataFrame, net: Net, seed: int) -> pd.DataFrame:
    """Rows of houses, blocks and halls along the streets: clear of streets, water and one another."""
    rng = np.random.default_rng([seed, 30])
    bars, bar_owner = _bars(s)
    rows, row_owner, row = _rows(s)
    shapes, owner = np.concatenate([bars, rows]), np.concatenate([bar_owner, row_owner]).astype(int)
    label = np.concatenate([-1 - np.arange(len(bars)), row])
    there = ~shapely.is_missing(shapes)
    shapes, owner, label = shapes[there], owner[there], label[there]
    gap = s["type"].map({k: v[4] for k, v in ROWS.items()}).fillna(0).to_numpy()[owner]
    kept = _free(shapes, label, s, net, np.maximum(gap, 0.05))
    home = dict(zip(label[kept], owner[kept]))
    shapes, label = joined(shapes[kept], label[kept])
    owner = np.array([home[k] for k in label])
    year = s["built"].to_numpy()[owner] + rng.integers(-HOMES_YEAR, HOMES_YEAR + 1, len(owner))
    old = s["type"].to_numpy()[owner] == "centre"
    year = np.where(old, rng.integers(1650, 1925, len(owner)), year)
    return pd.DataFrame(
        {
            "id": [f"asset:building:{i + 1:05d}" for i in range(len(shapes))],
            "kind": "building",
            "party": np.where(  # type: ignore[call-overload]
                (s["type"].to_numpy()[owner] == "postwar") & (rng.uniform(size=len(owner)) < 0.6), "party:housing", None
            ),
            "year_built": year,
            "year_built_quality": "registered",
            "level": 0,
            "section": owner,
            "geometry": shapes,
        }
    )


def _shrunk(s: pd.DataFrame) -> np.ndarray:
    near, far = corner(s)
    length = s["length"].to_numpy()
    most = 0.35 * length
    return piece(s["line"].to_numpy(), np.minimum(near, most), length - np.minimum(far, most))


def _both(lines: np.ndarray, inner: np.ndarray, outer: np.ndarray) -> np.ndarray:
    one, two = band(lines, inner, outer), band(lines, -inner, -outer)
    return shapely.union(one, two)


def _paving(
    s: pd.DataFrame, kind: str, shapes: np.ndarray, made_of: np.ndarray, paved: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    age = TODAY - paved
    known = rng.uniform(size=len(s)) < 0.75
    score = np.clip(np.round(1 + age / 7 + rng.normal(0, 0.6, len(s))), 1, 6)
    hidden = rng.uniform(size=len(s)) < 0.06
    return pd.DataFrame(
        {
            "id": f"asset:{kind}:" + s["street"].str[7:].to_numpy(),
            "kind": kind,
            "party": "party:roads",
            "year_built": np.where(hidden, np.nan, paved),
            "year_built_quality": np.where(hidden, "unknown", "registered"),
            "material": made_of,
            "condition": np.where(known, score, np.nan),
            "condition_quality": np.where(known, "measured", "unknown"),
            "level": 0,
            "street": s["street"].to_numpy(),
            "geometry": shapes,
        }
    )


def square(s: pd.DataFrame, net: Net, seed: int) -> pd.DataFrame:
    """The paving of the market square, between the streets around it."""
    face = market(net)
    near = s["line"].to_numpy()[shapely.dwithin(s["line"].to_numpy(), face, 1.0)]
    half = s["half"].to_numpy()[shapely.dwithin(s["line"].to_numpy(), face, 1.0)]
    shape = shapely.difference(face, shapely.union_all(shapely.buffer(near, half)))
    own = s[s["name"] == MARKET].iloc[:1] if (s["name"] == MARKET).any() else s.iloc[:1]
    brick = np.array(["clay_brick"], dtype=object)
    out = _paving(
        own, "footway", np.array([shape], dtype=object), brick, np.array([1993.0]), np.random.default_rng([seed, 32])
    )
    return out.assign(id="asset:footway:markt", year_built=1993.0, year_built_quality="registered", name=MARKET)


def pavement(sections: pd.DataFrame, seed: int) -> list[pd.DataFrame]:
    """Carriageways, footways, cycle paths and parking, one of each kind per section that has it."""
    s, rng = sections, np.random.default_rng([seed, 31])
    paved = last_paved(s, seed)
    trimmed = _shrunk(s)
    road, half, surface = s["road"].to_numpy(), s["half"].to_numpy(), s["surface"].to_numpy()
    tiles = np.where(surface == "clay_brick", "clay_brick", "concrete_tile")
    wide = shapely.buffer(s["line"].to_numpy(), road, cap_style="flat")
    path = (s["profile"] == "park").to_numpy()
    out = [
        _paving(s[~path], "carriageway", wide[~path], surface[~path], paved[~path], rng),
        _paving(s[path], "cycle_path", wide[path], surface[path], paved[path], rng),
    ]
    from_, to = road + s["parking"].to_numpy() + 0.9, road + 0.9 + s["parking"].to_numpy() + s["cycle"].to_numpy()
    for kind, inner, outer, made_of in (
        ("footway", half - s["foot"].to_numpy(), half, tiles),
        ("cycle_path", from_, to, np.full(len(s), "asphalt", dtype=object)),
        (
            "parking",
            road,
            road + s["parking"].to_numpy(),
            np.where(surface == "clay_brick", "clay_brick", "concrete_block"),
        ),
    ):
        side = (outer - inner) > 0.5
        if kind == "parking":
            side &= (s["run"] % 3 != 0).to_numpy() & (s["length"] > 45).to_numpy()
        shapes = _both(trimmed[side], inner[side], outer[side])
        good = ~shapely.is_missing(shapes)
        where = np.flatnonzero(side)[good]
        out.append(_paving(s.iloc[where], kind, shapes[good], made_of[where], paved[where], rng))
    return out
