"""Section files: the same section as a page with its table twin, as now above after, as PDF and as DXF."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from markupsafe import Markup

from integralie.errors import DataError
from integralie.figures import Figures
from integralie.paper.profile import draw, draw_pair, size_of
from integralie.paper.profile.dxf import dxf
from integralie.paper.profile.pdf import pdf
from integralie.paper.profile.twin import facts, twin
from integralie.paper.svg import tag
from integralie.paper.words import Words
from integralie.settings import Settings
from integralie.verbs.draw_section import BEFORE, content
from integralie.verbs.section import section

WRITES: tuple[str, ...] = ()
FORMS = ("page", "pair", "dxf", "pair_svg", "pdf", "pair_pdf")


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
) -> str | bytes:
    """One street in section as a file: `page`, `pair`, `pair_svg`, `pdf`, `pair_pdf` or `dxf`.

    `page` is HTML with the drawing and its table twin; `pdf` the same as tagged PDF, the drawing on a sheet of its own size.
    `pair` (HTML), `pair_svg` and `pair_pdf` put now above after on one upright sheet, with what goes, what comes and what that brings.
    The table twin tells the same facts as the drawing, in the same order and rounding, made from the same rows. DXF is in
    metres on layers named after NLCS.

    Reads
        what `draw_section` reads.
    Writes
        nothing; the text (of a PDF the bytes) is returned.
    Raises
        DataError for an unknown form, street or language.
    """
    if form not in FORMS:
        raise DataError(f"A section is given as {', '.join(FORMS)}, not '{form}'.")
    words = Words(language)
    rows = section(streets, assets, figures, street=street, at=at)
    moments = (BEFORE, "after") if form.startswith("pair") and rows.attrs["doubt"] in ("", "no_edge") else ("now",)
    made = [content(rows, assets, claims, works, members, room, figures, settings, words, m) for m in moments]
    if form == "dxf":
        return dxf(made[0].rows, dict(made[0].head), words)
    title = made[0].title
    if len(made) > 1:
        name = made[0].head["name"] or words.t("street_unnamed")
        title = words.t("section.pair.title", name=name)
        sheet = draw_pair(replace(made[0], title=title, subtitle=words.t("section.pair.subtitle")), made[1], words)
    else:
        sheet = draw(made[0], words, prefix="section-now")
    if form == "pair_svg":
        return str(sheet)
    if form.endswith("pdf"):
        about = made[0].notes.sentence or made[0].subtitle
        told = [facts(one.rows, dict(one.head), words) for one in made]
        tables = [(_named(caption, m, words), cells, lines) for m, (caption, cells, lines) in zip(moments, told)]
        return pdf([(sheet, *size_of(sheet), about)], tables, title, language)
    tables_ = [twin(one.rows, dict(one.head), words, f"section-{m}") for m, one in zip(moments, made)]
    return page(title, [tag("figure", [sheet])], tables_, words, moments[0])


def _named(caption: str, moment: str, words: Words) -> str:
    """The caption of a table with the moment it is about, where there are two."""
    return caption if moment == "now" else f"{words.t(f'section.pair.{moment}')}: {caption}"


def page(title: str, drawings: list[Markup], tables: list[Markup], words: Words, first: str = "now") -> str:
    """A page that loads nothing from elsewhere: drawings, then the tables, with a skip link."""
    style = (
        "body{font:15px/1.45 'Noto Sans','Open Sans',Arial,sans-serif;margin:1.5rem;max-width:1500px}figure{margin:0 0 1rem}svg{width:100%;height:auto}"
        "table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:1rem 0}th,td{padding:.3rem .6rem;border-bottom:1px solid #C9CFD4;text-align:left}"
        "caption{text-align:left;font-weight:700;padding:.5rem 0}.skip{position:absolute;left:-999px}.skip:focus{left:1rem}@media print{figure{break-inside:avoid}}"
    )
    head = [tag("meta", charset="utf-8"), tag("title", title), tag("style", Markup(style))]
    skip = tag("a", words.t("section.skip"), class_="skip", href=f"#section-{first}-table")
    body = [skip, tag("h1", title), *drawings, *tables]
    return "<!doctype html>" + str(tag("html", [tag("head", head), tag("body", body)], lang=words.language))
