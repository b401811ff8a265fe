"""A simple stack of what lies under a street, for where no real section can be drawn: by depth, unknown apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
from markupsafe import escape

from integralie.api.sight import Sight
from integralie.kinds import kinds
from integralie.schema.colours import network
from integralie.schema.near import streets_of

LEFT, TOP, METRE, WIDE, LANE = 70.0, 40.0, 80.0, 640.0, 26.0
DEEPEST = 5.0


def lying(look: Sight, street: str) -> pd.DataFrame:
    """Cables and pipes of one street: code, kind, owner, depth of the top below the surface in metres, how it is known."""
    s = look.study
    rows = s.assets[s.assets["kind"].isin([n for n, k in kinds().items() if k.depth in ("shallow", "deep")])]
    reach = s.figures.value("street_reach")
    round_it = s.streets.geometry[street].buffer(2 * reach)
    near = rows[rows.geometry.intersects(round_it)]
    cut = streets_of(near, s.streets[s.streets.geometry.intersects(round_it)], reach)
    here = near.loc[near.index.isin(cut.loc[cut["street"] == street, "object"])]
    told = dict(kinds())
    return pd.DataFrame({
        "asset": list(here.index),
        "code": [network(told[k].network).letter for k in here["kind"]],
        "kind": [told[k].label_nl if look.language == "nl" else told[k].label for k in here["kind"]],
        "party": [look.party_name(p) for p in here["party"]],
        "depth": here["cover"].astype(float).to_numpy(),
        "quality": here["cover_quality"].astype(object).where(here["cover_quality"].notna(), "unknown").to_numpy(),
        "diameter": here["diameter"].astype(float).to_numpy(),
        "network": [told[k].network for k in here["kind"]],
    }).sort_values("depth", kind="stable", na_position="last", ignore_index=True)  # fmt: skip


def drawn(look: Sight, street: str) -> str:
    """The stack as SVG, the surface above, a scale in metres beside it; what has no known depth stands at the side."""
    rows = lying(look, street)
    known, blind = rows[rows["depth"].notna()], rows[rows["depth"].isna()]
    deepest = float(np.clip(known["depth"].max() + 0.5, 1.5, DEEPEST)) if len(known) else 1.5
    height = TOP + max(deepest * METRE, len(blind) * LANE) + 40
    title = look.study.streets.at[street, "name"]
    parts = [_text(LEFT, 22, str(title) if pd.notna(title) else street, 16), _surface()]
    parts += [_depth(m / 2) for m in range(int(deepest * 2) + 1)]
    parts += [_line(r, i, len(known)) for i, r in enumerate(known.itertuples())]
    if len(blind):
        parts.append(_text(LEFT + WIDE + 20, TOP - 8, look.t("section.blind", count=len(blind)), 13))
        parts += [_blind(r, i) for i, r in enumerate(blind.itertuples())]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDE + 460:.0f} {height:.0f}" role="img" '
        f'font-family="Inter, system-ui, sans-serif"><title>{escape(look.t("section.stack"))}</title>{"".join(parts)}</svg>'
    )


def _text(x: float, y: float, text: str, size: int = 13, fill: str = "#16203A") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" fill="{fill}">{escape(text)}</text>'


def _surface() -> str:
    return f'<rect x="{LEFT}" y="{TOP - 6}" width="{WIDE}" height="6" fill="#646A78"/>'


def _depth(metres: float) -> str:
    y = TOP + metres * METRE
    label = f"{metres:.1f}".replace(".", ",") + " m"
    return f'<line x1="{LEFT}" x2="{LEFT + WIDE}" y1="{y}" y2="{y}" stroke="#D6D3CB"/>' + _text(8, y + 4, label)


def _line(row: object, place: int, count: int) -> str:
    x = LEFT + WIDE * (place + 0.5) / count
    y = TOP + min(float(row.depth), DEEPEST) * METRE  # type: ignore[attr-defined]
    radius = max(min((row.diameter or 0) / 2000 * METRE, 40), 9) if row.diameter == row.diameter else 9  # type: ignore[attr-defined]
    return _disc(x, y + radius, radius, row)


def _disc(x: float, y: float, radius: float, row: object) -> str:
    colour = network(row.network)  # type: ignore[attr-defined]
    hatch = ' stroke-dasharray="4 3"' if row.quality in ("default", "assumed", "unknown") else ""  # type: ignore[attr-defined]
    label = f"{row.kind}, {row.party}"  # type: ignore[attr-defined]
    return (
        f'<g><title>{escape(label)}</title><circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}" fill="{colour.screen}" '
        f'stroke="#16203A"{hatch}/><text x="{x:.0f}" y="{y + radius + 14:.0f}" font-size="13" text-anchor="middle">'
        f"{escape(colour.letter)}</text></g>"
    )


def _blind(row: object, place: int) -> str:
    y = TOP + (place + 0.5) * LANE
    return _disc(LEFT + WIDE + 32, y, 8, row) + _text(LEFT + WIDE + 50, y + 4, f"? {row.kind}, {row.party}")  # type: ignore[attr-defined]
