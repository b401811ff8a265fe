"""PDF: drawings on sheets of their own size, with their text for who cannot see them, and their tables behind them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import as_file, files

import typst
from markupsafe import Markup

LAYOUT = """
#let told = json(bytes(sys.inputs.told))
#set document(title: told.title, date: none)
#set text(lang: told.language, font: "Noto Sans", size: 8pt)
#for one in told.drawings {
  page(width: one.width * 1mm, height: one.height * 1mm, margin: 0mm, image(bytes(one.svg), format: "svg", width: 100%, alt: one.about))
}
#set page(paper: "a4", flipped: true, margin: 15mm, numbering: "1 / 1")
#show table.cell.where(y: 0): strong
#for one in told.tables {
  heading(level: 1, one.title)
  table(columns: one.head.len(), stroke: (x: none, y: 0.3pt + luma(180)), inset: 3pt, table.header(..one.head), ..one.rows.flatten())
}
"""


def pdf(
    drawings: Sequence[tuple[Markup, float, float, str]],
    tables: Sequence[tuple[str, list[str], list[list[str]]]],
    title: str,
    language: str,
) -> bytes:
    """One tagged PDF: each drawing (SVG, width and height in mm, text) on its own page, then the tables.

    The texts go in as data, never as layout, so that a name in a file of others cannot change the page.
    """
    told = {
        "title": title,
        "language": language,
        "drawings": [{"svg": str(s), "width": w, "height": h, "about": about} for s, w, h, about in drawings],
        "tables": [{"title": t, "head": head, "rows": rows} for t, head, rows in tables],
    }
    with as_file(files("integralie.paper").joinpath("fonts")) as fonts:
        made = typst.compile(  # type: ignore[misc]
            LAYOUT.encode(),
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            sys_inputs={"told": json.dumps(told, ensure_ascii=False)},
            pdf_standards=["ua-1"],
        )
    return bytes(made)
