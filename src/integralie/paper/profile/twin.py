"""Twin: the drawing as a table, for who cannot see it: the same rows, the same order, the same rounding."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from integralie.paper.profile.things import bundled, things
from integralie.paper.svg import tag
from integralie.paper.words import Words

COLUMNS = ("id", "name", "state", "x", "x_how", "width", "top", "bottom", "depth_how", "nap", "info")


def twin(rows: pd.DataFrame, head: dict, words: Words, name: str = "section") -> Markup:
    """The table: one row per thing in the drawing, left to right, with header cells and a caption."""
    found = bundled(things(rows, words))
    nap = head.get("nap")
    caption = words.t("section.twin", name=head["name"] or words.t("street_unnamed"))
    cells = tag("tr", [tag("th", words.t(f"section.column.{c}"), scope="col") for c in COLUMNS])
    body = []
    for t in found:
        sure = t.x_quality != "proposed"
        x_how = (
            words.t("section.proposal")
            if not sure
            else f"{words.term('quality', t.x_quality)} ±{words.num(t.x_band, 2)}"
        )
        d_how = (
            words.t("section.proposal")
            if not sure
            else f"{words.term('quality', t.depth_quality)} ±{words.num(t.depth_band, 2)}"
        )
        if t.top is None:
            d_how = words.term("quality", "unknown")
        high = "–" if nap is None or t.top is None else words.num(nap - t.top, 2)
        values = [
            f"{t.count} × {t.label}" if t.count > 1 else t.label,
            words.t(f"section.state.{t.state}"),
            words.num(t.x, 2),
            x_how,
            words.num(t.width, 2),
            words.t("unknown") if t.top is None else words.num(t.top, 2),
            words.t("unknown") if t.bottom is None else words.num(t.bottom, 2),
            d_how,
            high,
            t.info or "–",
        ]
        body.append(tag("tr", [tag("th", t.id, scope="row"), *(tag("td", v) for v in values)], data_id=t.id))
    return tag(
        "table", [tag("caption", caption), tag("thead", [cells]), tag("tbody", body)], id=f"{name}-table", class_="twin"
    )
