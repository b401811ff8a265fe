"""Section files: the same section as a page with its table twin, as before over after, and as DXF."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from integralie.errors import DataError
from integralie.figures import Figures
from integralie.paper.profile import draw
from integralie.paper.profile.dxf import dxf
from integralie.paper.profile.twin import twin
from integralie.paper.svg import tag
from integralie.paper.words import Words
from integralie.settings import Settings
from integralie.verbs.draw_section import content
from integralie.verbs.section import section

WRITES: tuple[str, ...] = ()
FORMS = ("page", "pair", "dxf")


def section_files(
    streets: pd.DataFrame,
    assets: pd.DataFrame,
    claims: pd.DataFrame,
    works: pd.DataFrame,
    members: pd.DataFrame,
    room: pd.DataFrame,
    figures: Figures,
    settings: Settings,
    *,
    street: str,
    at: float | None = None,
    language: str = "nl",
    form: str = "page",
) -> str:
    """One street in section as a file: `page` (HTML: drawing and table twin), `pair` (HTML: now over after) or `dxf`.

    The table twin tells the same facts as the drawing, in the same order and rounding, made from the same rows; a
    skip link leads to it. DXF is in metres on layers named after NLCS.

    Reads
        what `draw_section` reads.
    Writes
        nothing; the text is returned.
    Raises
        DataError for an unknown form, street or language.
    """
    if form not in FORMS:
        raise DataError(f"A section is given as {', '.join(FORMS)}, not '{form}'.")
    words = Words(language)
    rows = section(streets, assets, figures, street=street, at=at)
    moments = ("now", "after") if form == "pair" else ("now",)
    made = [content(rows, assets, claims, works, members, room, figures, settings, words, m) for m in moments]
    if form == "dxf":
        return dxf(made[0].rows, dict(made[0].head), words)
    parts: list[Markup] = []
    for moment, one in zip(moments, made):
        parts.append(tag("figure", [draw(one, words, prefix=f"section-{moment}")]))
    tables = [twin(one.rows, dict(one.head), words, f"section-{m}") for m, one in zip(moments, made)]
    return page(made[0].title, parts, tables, words)


def page(title: str, drawings: list[Markup], tables: list[Markup], words: Words) -> str:
    """A page that loads nothing from elsewhere: drawings, then the tables, with a skip link."""
    style = (
        "body{font:15px/1.45 'Noto Sans','Open Sans',Arial,sans-serif;margin:1.5rem;max-width:1500px}figure{margin:0 0 1rem}svg{width:100%;height:auto}"
        "table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:1rem 0}th,td{padding:.3rem .6rem;border-bottom:1px solid #C9CFD4;text-align:left}"
        "caption{text-align:left;font-weight:700;padding:.5rem 0}.skip{position:absolute;left:-999px}.skip:focus{left:1rem}@media print{figure{break-inside:avoid}}"
    )
    head = [tag("meta", charset="utf-8"), tag("title", title), tag("style", Markup(style))]
    skip = tag("a", words.t("section.skip"), class_="skip", href="#section-now-table")
    body = [skip, tag("h1", title), *drawings, *tables]
    return "<!doctype html>" + str(tag("html", [tag("head", head), tag("body", body)], lang=words.language))
