"""Things: the rows of a section as what is drawn, with their symbol, colours and words; cables in one bed bundled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from integralie.kinds import kinds
from integralie.paper.words import Words
from integralie.schema.colours import network

BED = 0.4  # m: cables of one kind and owner within this width are one bundle
LEAST_IN_BED = 4
SAME = 0.02  # m: cables registered on one line lie in one bed, however few
LETTERS = {"measured": "g", "registered": "r", "default": "s", "assumed": "a", "unknown": "o", "proposed": "v"}
ENGLISH = {"measured": "m", "registered": "r", "default": "d", "assumed": "a", "unknown": "u", "proposed": "p"}


@dataclass(frozen=True)
class Thing:
    """One thing in the section; metres from the left edge and below peil. A depth that is unknown is None."""

    id: str
    role: str
    kind: str
    symbol: str
    label: str
    x: float
    left: float
    right: float
    width: float
    top: float | None
    bottom: float | None
    cover: float | None
    x_quality: str
    x_band: float
    depth_quality: str
    depth_band: float
    width_quality: str
    angle: float
    state: str
    info: str
    party: str
    verdict: str = ""
    count: int = 1

    @property
    def fill(self) -> str:
        """The trade's colour."""
        c = network(kinds()[self.kind].network if self.kind in kinds() else "other")
        return c.pmkl or {"tree": "#5B8C3A"}.get(self.symbol, c.dark or c.screen)

    @property
    def dark(self) -> str:
        """The same hue, dark enough for thin lines."""
        c = network(kinds()[self.kind].network if self.kind in kinds() else "other")
        return c.dark or c.screen


def _or_none(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _info(row: Any, words: Words) -> str:
    """Material and year in a few letters: PE110 '98."""
    material = "" if pd.isna(row.material) else words.term("material_short", row.material)
    size = (
        ""
        if pd.isna(row.width) or row.width_quality == "assumed" or row.role not in ("network", "crossing")
        else f"{row.width * 1000:.0f}"
    )
    year = "" if pd.isna(row.year_built) else f"’{int(row.year_built) % 100:02d}"
    return f"{material}{size} {year}".strip()


def _state(row: Any) -> str:
    status = "" if pd.isna(row.status) else str(row.status)
    if row.role == "claim":
        return "new"
    return {"disused": "off", "projected": "new", "gone": "gone"}.get(status, "there")


def things(rows: pd.DataFrame, words: Words) -> list[Thing]:
    """Everything but the zones, from left to right."""
    made = []
    for row in rows[rows["role"] != "zone"].itertuples():
        kind = "" if pd.isna(row.kind) else str(row.kind)
        known = kinds().get(kind)
        label = words.t("section.foundation") if row.role == "foundation" else known_label(kind, words)
        made.append(
            Thing(
                id=str(row.id),
                role=str(row.role),
                kind=kind,
                symbol=known.symbol if known else "wall",
                label=label,
                x=float(row.x),
                left=float(row.left),
                right=float(row.right),
                width=float(row.width) if pd.notna(row.width) else 0.0,
                top=_or_none(row.top),
                bottom=_or_none(row.bottom),
                cover=_or_none(row.cover),
                x_quality=str(row.x_quality),
                x_band=float(row.x_band) if pd.notna(row.x_band) else 0.0,
                depth_quality=str(row.depth_quality),
                depth_band=float(row.depth_band) if pd.notna(row.depth_band) else 0.0,
                width_quality=str(row.width_quality),
                angle=90.0 if pd.isna(row.angle) else float(row.angle),
                state=_state(row),
                info=_info(row, words),
                party="" if pd.isna(row.party) else str(row.party),
                verdict=str(getattr(row, "verdict", "") or ""),
            )
        )
    return made


def known_label(kind: str, words: Words) -> str:
    """The name of a kind; of an unknown kind its own word."""
    known = kinds().get(kind)
    if known is None:
        return kind or words.t("unknown")
    return (
        words.t(f"kind_short.{kind}")
        if words.has(f"kind_short.{kind}")
        else known.label_nl
        if words.language == "nl"
        else known.label
    )


def letter(quality: str, language: str) -> str:
    """The letter that stands for how a value is known."""
    return (LETTERS if language == "nl" else ENGLISH).get(quality, "?")


def bundled(found: list[Thing]) -> list[Thing]:
    """Cables of one kind, owner and state within one bed as one thing that tells how many there are."""
    out: list[Thing] = []
    held: dict[tuple[str, str, str], list[Thing]] = {}
    for thing in found:
        if thing.symbol not in ("cable", "trefoil", "duct") or thing.role != "network":
            out.append(thing)
            continue
        bed = held.setdefault((thing.kind, thing.party, thing.state), [])
        if bed and thing.right - bed[0].left > BED:
            out += _bundle(bed)
            bed.clear()
        bed.append(thing)
    for bed in held.values():
        out += _bundle(bed)
    return sorted(out, key=lambda t: (t.x, t.top is None, t.top or 0.0, t.id))


def _bundle(bed: list[Thing]) -> list[Thing]:
    if len(bed) < 2 or len(bed) < LEAST_IN_BED and bed[-1].x - bed[0].x > SAME:
        return list(bed)
    tops = [t.top for t in bed if t.top is not None]
    bottoms = [t.bottom for t in bed if t.bottom is not None]
    first = bed[0]
    left, right = min(t.left for t in bed), max(t.right for t in bed)
    one = replace(
        first,
        id=f"{first.id}–{bed[-1].id}",
        left=left,
        right=right,
        x=(left + right) / 2,
        width=right - left,
        top=min(tops) if tops else None,
        bottom=max(bottoms) if bottoms else None,
        x_band=max(t.x_band for t in bed),
        depth_band=max(t.depth_band for t in bed),
        count=len(bed),
        info="",
    )
    return [one]
