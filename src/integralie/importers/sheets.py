"""Lists as rows of cells, from Excel or from text with ; , tab or | between the cells."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import python_calamine

from integralie.errors import DataError

EXCEL = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")
TEXT = (".csv", ".tsv", ".txt")
MARKS = (";", "\t", ",", "|")
HEAD = 25  # rows among which the header is sought
Rows = list[list[Any]]


def sheets(path: Path) -> dict[str, Rows]:
    """The sheets of a list by name; a text file is one sheet.

    Raises
    ------
    DataError
        A file that is absent, empty, truncated or not of the kind that its name says.
    """
    if not path.is_file():
        raise DataError(f"There is no file '{path.name}'; check the name and the folder.")
    if path.stat().st_size == 0:
        raise DataError(f"The file '{path.name}' is empty; export the list again.")
    return _excel(path) if path.suffix.lower() in EXCEL else {path.stem: _text(path)}


def _excel(path: Path) -> dict[str, Rows]:
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        return {n: book.get_sheet_by_name(n).to_python(skip_empty_area=False) for n in book.sheet_names}
    except Exception as error:  # the reader raises its own kinds for each way in which a file can be broken
        raise DataError(
            f"'{path.name}' cannot be read as a spreadsheet (damaged or another kind of file); save it again as .xlsx."
        ) from error


def _text(path: Path) -> Rows:
    raw = path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = raw.decode("utf-16", errors="replace")
    elif b"\0" in raw:
        raise DataError(f"'{path.name}' is not a text file; save the list as .xlsx or .csv.")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", errors="replace")
    if not text.strip():
        raise DataError(f"The file '{path.name}' is empty; export the list again.")
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=_mark(text)))
    except csv.Error as error:
        raise DataError(f"'{path.name}' cannot be read as a list ({error}); save it again as .csv.") from error


def _mark(text: str) -> str:
    """The mark between cells: the one that gives the most cells per row, counted over the first rows."""
    head = text.splitlines()[:HEAD]
    counts = {m: sorted(line.count(m) for line in head) for m in MARKS}
    return max(MARKS, key=lambda m: (counts[m][len(head) // 2], sum(counts[m])))
