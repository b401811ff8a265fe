"""Twin: the drawing as a table, for who cannot see it: the same rows, the same order, the same rounding."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from integralie.paper.profile.things import Thing, bundled, things
from integralie.paper.svg import tag
from integralie.paper.words import Words

COLUMNS = ("id", "name", "state", "x", "x_how", "width", "top", "bottom", "depth_how", "nap", "info")


def facts(rows: pd.DataFrame, head: dict, words: Words) -> tuple[str, list[str], list[list[str]]]:
    """Caption, header cells and one row per thing in the drawing, left to right; the first cell is its number."""
    caption = words.t("section.twin", name=head["name"] or words.t("street_unnamed"))
    cells = [words.t(f"section.column.{c}") for c in COLUMNS]
    return caption, cells, [_row(t, head.get("nap"), words) for t in bundled(things(rows, words))]


def _row(t: Thing, nap: float | None, words: Words) -> list[str]:
    sure = t.x_quality != "proposed"
    x_how, d_how = (
        f"{words.term('quality', quality)} ±{words.num(band, 2)}" if sure else words.t("section.proposal")
        for quality, band in ((t.x_quality, t.x_band), (t.depth_quality, t.depth_band))
    )
    return [
        t.id,
        f"{t.count} × {t.label}" if t.count > 1 else t.label,
        words.t(f"section.state.{t.state}"),
        words.num(t.x, 2),
        x_how,
        words.num(t.width, 2),
        words.t("unknown") if t.top is None else words.num(t.top, 2),
        words.t("unknown") if t.bottom is None else words.num(t.bottom, 2),
        words.term("quality", "unknown") if t.top is None else d_how,
        "–" if nap is None or t.top is None else words.num(nap - t.top, 2),
        t.info or "–",
    ]


def twin(rows: pd.DataFrame, head: dict, words: Words, name: str = "section") -> Markup:
    """The table: one row per thing in the drawing, left to right, with header cells and a caption."""
    caption, cells, lines = facts(rows, head, words)
    top = tag("tr", [tag("th", c, scope="col") for c in cells])
    body = [
        tag("tr", [tag("th", one, scope="row"), *(tag("td", v) for v in values)], data_id=one) for one, *values in lines
    ]
    return tag(
        "table", [tag("caption", caption), tag("thead", [top]), tag("tbody", body)], id=f"{name}-table", class_="twin"
    )
