"""Search by name or id: streets, areas, parties, works, openings, plans and assets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from fastapi import APIRouter, Query

from integralie.api.shapes import Shape
from integralie.api.sight import Looking, Sight
from integralie.importers.mapping import plain

router = APIRouter(tags=["search"])
TABLES = ("streets", "areas", "parties", "works", "plans", "openings", "assets")
SHORTEST = 2  # letters before anything is sought


class Hit(Shape):
    """One thing that was found."""

    id: str
    table: str
    title: str
    subtitle: str
    bbox: list[float] | None


class Hits(Shape):
    """What was found, best first."""

    hits: list[Hit]


@router.get("/search")
def search(look: Looking, q: str, limit: int = Query(default=20, ge=1, le=100)) -> Hits:
    """What is called that: names that begin with the text first, then names and ids that hold it. A street of several
    sections is told once.
    """
    text = plain(q)
    if len(text) < SHORTEST:
        return Hits(hits=[])
    found = [h for name in TABLES for h in _in(look, name, text)]
    best = sorted(range(len(found)), key=lambda i: (found[i][0], i))
    return Hits(hits=[found[i][1] for i in best[:limit]])


def _in(look: Sight, name: str, text: str) -> list[tuple[int, Hit]]:
    frame = look.study[name]
    if frame.empty or "name" not in frame.columns:
        return []
    names = frame["name"].astype(object)
    flat = {n: plain(n) for n in names.dropna().unique()}
    told = pd.Series([flat.get(n, "") for n in names], index=frame.index, dtype=object)
    starts, holds = told.str.startswith(text), told.str.contains(text, regex=False)
    ids = frame.index.to_series().str.lower().str.contains(text.replace(" ", "-"), regex=False)
    rank = np.select([told == text, starts, holds, ids], [0, 1, 2, 3], 9)
    hit = frame[rank < 9].assign(rank=rank[rank < 9])
    if name == "streets":
        return _streets(look, hit)
    return [(int(r["rank"]), _hit(look, name, str(i), r)) for i, r in hit.head(200).iterrows()]


def _streets(look: Sight, hit: pd.DataFrame) -> list[tuple[int, Hit]]:
    """One hit per street and area: the section in the middle of it stands for all."""
    made = []
    for (name, area), part in hit.groupby([hit["name"].fillna(""), hit["area"].fillna("")], sort=False):
        box = [round(float(v), 1) for v in part.total_bounds]
        areas = look.study.areas["name"]
        subtitle = look.t("sections", count=len(part), area=areas.get(area, ""))
        told = Hit(
            id=str(part.index[len(part) // 2]),
            table="streets",
            title=str(name) or str(part.index[0]),
            subtitle=subtitle,
            bbox=box,
        )
        made.append((int(part["rank"].min()), told))
    return made


def _hit(look: Sight, table: str, id: str, row: Any) -> Hit:
    shape = row.get("geometry")
    box = None if shape is None or shape.is_empty else [round(float(v), 1) for v in shape.bounds]
    parts = [look.party_name(row["party"])] if "party" in row and pd.notna(row["party"]) else []
    period = row.get("period", row.get("preferred"))
    parts += [str(int(period))] if period is not None and pd.notna(period) else []
    title = str(row["name"]) if pd.notna(row["name"]) else id
    return Hit(
        id=id, table=table, title=title, subtitle=" · ".join([look.t(f"one.{table}"), *map(str, parts)]), bbox=box
    )
