"""What lies in a street: the cables and pipes between the facades, and how well each is known."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from integralie.kinds import kinds
from integralie.paper.facts import Facts

DEPTHS = ("deep", "shallow", "surface", "none")  # what goes in first
BESIDE = 2.0  # metres outside the facades that still count as in the street
HALF_WIDTH = 10.0  # metres from the axis when the width of the street is not known
TOUCH = 1.0  # metres of a line in the street below which it only crosses or touches
GUESSED = ("default", "assumed")
COLUMNS = ("kind", "party", "material", "diameter", "year_built", "cover", "cover_quality")


@dataclass(frozen=True)
class Line:
    """One cable or pipe: `metres` of it lie in the street; what is not known is None."""

    kind: str
    party: str | None
    material: str | None
    diameter: float | None
    year_built: int | None
    cover: float | None
    cover_quality: str | None
    metres: float
    shape: shapely.Geometry

    @property
    def known(self) -> str:
        """How the depth is known."""
        return "unknown" if self.cover is None else self.cover_quality or "unknown"

    @property
    def alike(self) -> tuple[Hashable, ...]:
        """Lines with the same of these stand together in the table; also their order: deep first."""
        depth = DEPTHS.index(kinds()[self.kind].depth)
        return depth, self.kind, self.party or "", self.material or "", self.diameter or 0.0


@dataclass(frozen=True)
class Ground:
    """All assets as plain arrays with an index on place, made once for all sheets."""

    assets: gpd.GeoDataFrame
    kinds: np.ndarray = field(init=False)
    shapes: np.ndarray = field(init=False)
    tree: shapely.STRtree = field(init=False)
    values: list[tuple[Any, ...]] = field(init=False)

    def __post_init__(self) -> None:
        plain = self.assets[list(COLUMNS)].astype(object).where(self.assets[list(COLUMNS)].notna(), None)
        object.__setattr__(self, "kinds", plain["kind"].to_numpy())
        object.__setattr__(self, "shapes", self.assets.geometry.to_numpy())
        object.__setattr__(self, "tree", shapely.STRtree(self.shapes))
        object.__setattr__(self, "values", list(plain.itertuples(index=False, name=None)))

    def within(self, frame: shapely.Geometry) -> tuple[np.ndarray, np.ndarray]:
        """The kinds and shapes that meet a place, in the order of the table."""
        hits = np.sort(self.tree.query(frame, predicate="intersects"))
        return self.kinds[hits], self.shapes[hits]

    def lying(self, streets: gpd.GeoDataFrame) -> list[Line]:
        """The cables and pipes between the facades of these sections, deep first."""
        room = between(streets)
        wanted = {k.name for k in kinds().values() if k.geometry == "line" and k.depth in ("deep", "shallow")}
        hits = [i for i in np.sort(self.tree.query(room, predicate="intersects")) if self.kinds[i] in wanted]
        metres = shapely.length(shapely.intersection(self.shapes[hits], room)).tolist()
        made = [Line(*(*self.values[i], m, self.shapes[i])) for i, m in zip(hits, metres) if m >= TOUCH]
        return sorted(made, key=lambda line: line.alike)


def between(streets: gpd.GeoDataFrame) -> shapely.Geometry:
    """The room between the facades of these sections, a little more than as wide as they are."""
    known = streets[streets.geometry.notna()]
    half = (known["width"] / 2 + BESIDE).fillna(HALF_WIDTH).to_numpy()
    return shapely.union_all(shapely.buffer(known.geometry.to_numpy(), half, cap_style="flat"))


def table(facts: Facts, lying: list[Line]) -> list[dict[str, Any]]:
    """What lies in the street: alike lines together, the deepest kinds first."""
    return [_row(facts, list(part)) for _, part in groupby(lying, key=lambda line: line.alike)]


def _row(facts: Facts, part: list[Line]) -> dict[str, Any]:
    w, one = facts.words, part[0]
    covers = sorted({line.cover for line in part if line.cover is not None})
    years = sorted(line.year_built for line in part if line.year_built is not None)
    blind = sum(line.metres for line in part if line.cover is None)
    depth = w.num(covers[0], 2) if len(covers) == 1 else w.spread(covers[0], covers[-1]) if covers else ""
    return {
        "chip": facts.chip(one.kind),
        "party": facts.party(one.party),
        "material": w.term("material", one.material),
        "diameter": w.t("unknown") if one.diameter is None else f"ø{w.num(one.diameter, 0)}",
        "years": w.years(years[0], years[-1]) if years else w.t("unknown"),
        "depth": depth,
        "known": ", ".join(w.term("quality", k) for k in sorted({x.known for x in part if x.cover is not None})),
        "blind": "" if not blind else w.t("sheet.partly", metres=blind) if covers else w.t("unknown"),
        "metres": sum(line.metres for line in part),
    }


def unknowns(facts: Facts, lying: list[Line], works: pd.DataFrame) -> list[str]:
    """What must be found out before the work starts, each with the way to settle it."""
    w = facts.words
    made: list[str] = []
    blind: dict[str, float] = {}
    for line in lying:
        if line.cover is None:
            blind[line.kind] = blind.get(line.kind, 0.0) + line.metres
    told = [f"{facts.chip(kind)['label']} ({w.num(metres, 0)} m)" for kind, metres in sorted(blind.items())]
    made += [w.t("unknown.depth", kinds=w.listed(told))] if told else []
    guessed = sum(x.cover is not None and x.cover_quality in GUESSED for x in lying)
    ageless = sum(x.year_built is None for x in lying)
    made += [w.t("unknown.guessed", n=w.count("lines", guessed))] if guessed else []
    made += [w.t("unknown.year", n=w.count("lines", ageless))] if ageless else []
    made += [w.t("unknown.quantity", name=name) for name in works.loc[works["quantity"].isna(), "name"]]
    return made or ([] if lying else [w.t("unknown.nothing")])
