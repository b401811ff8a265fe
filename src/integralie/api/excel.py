"""Tables as an Excel file: a sheet each, titles and units in the head, what is unknown left empty and counted."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pandas as pd
import xlsxwriter

from integralie.paper.words import Words
from integralie.schema import frames
from integralie.study import Study

WIDEST = 48  # characters of a column on the screen
MOST_ROWS = 1_048_575  # that one sheet can hold below its head
FORMATS = {"EUR": "#,##0.00", "year": "0", "m": "0.00", "mm": "0"}
STATUS = {"programme": "programme", "works": "works", "openings": "openings"}


def book(study: Study, sheets: Mapping[str, pd.DataFrame], words: Words) -> bytes:
    """The file as bytes; formulas in cells stay texts, so that nobody's name can run in a spreadsheet."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as made:
        made.set_properties(
            {"title": study.settings.name, "comments": words.t("api.excel.about", year=study.settings.price_level)}
        )
        for name, frame in sheets.items():
            _sheet(made, study, name, frame, words)
    return out.getvalue()


def _sheet(made: xlsxwriter.Workbook, study: Study, name: str, frame: pd.DataFrame, words: Words) -> None:
    sheet = made.add_worksheet(_title(name, words)[:31])
    head = made.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    spec = frames.table(name).columns
    plain = frame.drop(columns="geometry", errors="ignore")
    columns = [("id", list(plain.index)), *((c, frames.python(plain[c])) for c in plain.columns)]
    if name in STATUS:
        columns.append(("status_of_figures", weakest(study, name, plain.index)))
    for at, (column, cells) in enumerate(columns):
        told = spec.get(column)
        unit = told.unit if told is not None and told.unit not in ("list", "") else ""
        title = (told.meaning_nl if told is not None and words.language == "nl" else column.replace("_", " ")) or column
        title = words.t("api.excel.status") if told is None else title
        sheet.write_string(
            0, at, f"{title} [{unit}]" if unit and told is not None and told.type in ("int", "float") else title, head
        )
        form = made.add_format({"num_format": FORMATS[unit]}) if unit in FORMATS else None
        longest = max([len(title) // 2, *(len(str(c)) for c in cells[:200])], default=8)
        sheet.set_column(at, at, min(longest + 2, WIDEST), form)
        sheet.write_column(1, at, cells[:MOST_ROWS])
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(plain), 1), len(columns) - 1)


def _title(name: str, words: Words) -> str:
    told = frames.table(name)
    text = told.meaning_nl if words.language == "nl" else told.name.replace("_", " ")
    return text.split(":")[0].split(",")[0].translate(str.maketrans("[]:*?/\\", "       "))


def weakest(study: Study, name: str, ids: pd.Index) -> list[str | None]:
    """For each row the weakest status among the figures that its reasons lean on."""
    order = ("firm", "indicative", "placeholder", "gap")
    rows = study.reasons[(study.reasons["target"] == name) & study.reasons["figure"].notna()]
    place = rows["figure"].map({k: order.index(f.status) for k, f in study.figures.by_id.items()})
    worst = place.groupby(rows["row"].to_numpy()).max().reindex(ids)
    return [None if pd.isna(w) else order[int(w)] for w in worst]
