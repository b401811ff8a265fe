"""A programme list of one or more parties, from Excel or CSV."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import shapely
from shapely.errors import ShapelyError

from integralie.errors import DataError
from integralie.importers import mapping as own
from integralie.importers.amounts import amount
from integralie.importers.dates import window
from integralie.importers.mapping import Words, plain
from integralie.importers.sheets import EXCEL, HEAD, TEXT, Rows, sheets
from integralie.importers.told import Told
from integralie.kinds import kinds
from integralie.schema.frames import conform
from integralie.schema.notes import finding
from integralie.settings import Settings

NAME = "programme list"
SUFFIXES = (*EXCEL, *TEXT)
MANDATORY = {
    "who": ("party",), "what": ("name", "kind"), "where": ("street_name", "street", "geometry", "x"),
    "when": ("year", "earliest", "preferred", "latest"), "how much": ("cost",),
}  # fmt: skip
LEAST = 3  # mandatory fields that a row must name to be a header
YEARS = ("earliest", "preferred", "latest")
TOTALS = ("totaal", "subtotaal", "total", "subtotal", "som", "sum", "eindtotaal")
TIMES = ((r"k€|€\s*k|x\s*€?\s*1[.,]?000\b|\bdzd|duizend|thousand", 1e3), (r"\bmln|miljoen|million|m€", 1e6))
MOST_WIDE = 20.0  # m: a greater "width" is in millimetres
SHARED = 2  # street and window, not the money: the owner may tell more
UNKNOWN_PARTY = "party:unknown"


def sniff(path: Path) -> bool:
    """Whether a file looks like a list of plans: one of its first rows names most of the mandatory fields."""
    try:
        return any(find_header(rows, Words()) is not None for rows in sheets(Path(path)).values())
    except DataError:
        return False


def read(path: Path, settings: Settings, *, mapping: Any = None, sharing: int = SHARED) -> Told:
    """The plans of a list, and the parties that it names; every row and value that could not be used is told.

    The header may stand in any of the first 25 rows of a sheet, in Dutch or English, or in own words that `mapping`
    translates. Who, what, where and when must have a column; without costs the list is read with a warning.
    A street name stays as told until `place_plans` meets it with the streets. Unknown dates and amounts stay unknown.

    *Writes* plans, parties. `sharing` is the degree for rows that give none (2: street and window, not the money).

    Raises
    ------
    DataError
        No sheet has a usable header; the sentence names what was recognised and what was not.
    """
    path, words = Path(path), own.mapping(mapping)
    found = sheets(path)
    headers = {name: find_header(rows, words) for name, rows in found.items()}
    usable = [n for n, h in headers.items() if h is not None and not lacks(h[1], words) - {"how much"}]
    if not usable:
        raise _refusal(path, found, headers, words)
    said = [_say("list_sheet_skipped", n, {"sheet": n}, "sheet") for n in found if n not in usable and any(found[n])]
    parts = []
    for name in usable:
        at, columns = headers[name] or (0, {})
        said += _about_columns(name, found[name][at], columns, words)
        part, more = _rows(name, found[name], at, columns)
        parts.append(part)
        said += more
    return _told(path, pd.concat(parts, ignore_index=True), words, sharing, said)


def _say(
    rule: str, row: str, values: dict[str, Any], done: str | None = None, severity: str = "warning"
) -> pd.DataFrame:
    return finding(rule, "plans", [row], values, severity, done)


def name_columns(cells: list[Any], words: Words) -> dict[str, int]:
    """Our columns by the position of the cell that names them; of two headers for one column the first counts."""
    mine = {plain(k): v for k, v in words.columns.items()}
    made: dict[str, int] = {}
    for names in (mine, own.headers()):
        for at, cell in enumerate(cells):
            column = names.get(plain(cell)) or (_stripped(cell, names) if isinstance(cell, str) else None)
            if column and column not in made and at not in made.values():
                made[column] = at
    return made


def _stripped(cell: str, names: Any) -> str | None:
    """The column of a header after words that only qualify it: a year of prices, VAT, a unit."""
    bare = re.sub(
        r"\b(in|eur|euro|euros|excl|incl|ex|btw|vat|raming|prijspeil|totaal|x|1 ?000|k|mln|20\d\d)\b", " ", plain(cell)
    )
    return names.get(plain(bare))


def find_header(rows: Rows, words: Words) -> tuple[int, dict[str, int]] | None:
    """The row that names most of the mandatory fields, and its columns."""
    best: tuple[int, dict[str, int]] | None = None
    most = LEAST - 1
    for at, cells in enumerate(rows[:HEAD]):
        columns = name_columns(cells, words)
        known = len(MANDATORY) - len(lacks(columns, Words()))
        if known > most:
            best, most = (at, columns), known
    return best


def lacks(columns: dict[str, int], words: Words) -> set[str]:
    have = {*columns, *words.defaults}
    return {field for field, any_of in MANDATORY.items() if not have & set(any_of)}


def _refusal(path: Path, found: dict[str, Rows], headers: dict[str, Any], words: Words) -> DataError:
    for name, header in headers.items():
        if header is not None:
            cells = [str(found[name][header[0]][i]) for i in header[1].values()]
            lacking = ", ".join(sorted(lacks(header[1], words) - {"how much"}))
            return DataError(
                f"'{path.name}' has columns for {', '.join(cells)}, but none that says {lacking}; "
                f"add that column or name it in a mapping."
            )
    first = next(
        (" | ".join(str(c) for c in r if str(c).strip()) for rows in found.values() for r in rows if any(r)), ""
    )
    return DataError(
        f"'{path.name}' has no row with headers for who, what, where, when and how much among its first {HEAD} rows "
        f"(first row: '{first[:100]}'); add headers or name the columns in a mapping."
    )


def _about_columns(sheet: str, cells: list[Any], columns: dict[str, int], words: Words) -> list[pd.DataFrame]:
    unread = [str(c).strip() for i, c in enumerate(cells) if i not in columns.values() and str(c or "").strip()]
    said = []
    if unread:
        values = {"sheet": sheet, "columns": ", ".join(unread)}
        said.append(_say("list_unread", sheet, values, "not read", "note"))
    if "how much" in lacks(columns, words):
        said.append(_say("list_no_cost", sheet, {"sheet": sheet}, "unknown"))
    if "cost" in columns and re.search(r"incl\w*\.?\s*(btw|vat)", str(cells[columns["cost"]]).lower()):
        said.append(_say("list_vat", sheet, {"sheet": sheet}, "kept"))
    return said


def _rows(sheet: str, rows: Rows, at: int, columns: dict[str, int]) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """The rows below the header as texts and numbers; blank rows, totals and subtitles are left out and told."""
    kept, skipped = [], []
    times = _times(rows[at][columns["cost"]]) if "cost" in columns else 1.0
    for number, cells in enumerate(rows[at + 1 :], at + 2):
        full = [c for c in cells if c is not None and str(c).strip()]
        if not full or cells == rows[at]:
            continue
        first = plain(full[0]).split()
        row = {c: cells[i] if i < len(cells) else None for c, i in columns.items()}
        placed = any(str(row.get(c) or "").strip() for f in ("where", "when") for c in MANDATORY[f])
        if not placed and (len(full) == 1 or (first and first[0] in TOTALS)):
            skipped.append((number, " | ".join(str(c) for c in full)[:80]))
            continue
        kept.append({**row, "_place": f"{sheet}, row {number}", "_times": times})
    said = [
        _say("list_row_skipped", f"{sheet}:{n}", {"sheet": sheet, "number": str(n), "text": t}, "skipped", "note")
        for n, t in skipped
    ]
    if times != 1.0:
        said.append(_say("list_times", sheet, {"sheet": sheet, "times": times}, "multiplied", "note"))
    return pd.DataFrame(kept), said


def _times(header: Any) -> float:
    return next((t for pattern, t in TIMES if re.search(pattern, str(header).lower())), 1.0)


def _told(path: Path, raw: pd.DataFrame, words: Words, sharing: int, said: list[pd.DataFrame]) -> Told:
    if raw.empty:
        raise DataError(f"'{path.name}' has headers but no rows below them; fill the list and export it again.")
    for column, value in words.defaults.items():
        cells = raw[column] if column in raw else pd.Series(None, index=raw.index, dtype=object)
        raw[column] = [value if c is None or not str(c).strip() else c for c in cells]
    ids, twice = _ids(raw)
    said += twice
    made: list[Any] = []
    parties: dict[Any, Any] = {}
    for row_id, row in zip(ids, raw.to_dict("records")):
        told = {k: (None if v is None or v is pd.NA or v != v or not str(v).strip() else v) for k, v in row.items()}
        plan = {"id": row_id, **_plain_columns(told), **_party(row_id, told, words, parties, said)}
        plan |= {**_words(row_id, told, words, said), **_years(row_id, told, said), **_cost(row_id, told, said)}
        plan |= {**_place(row_id, told, said), "source": f"{path.name}, {row['_place']}"}
        plan["sharing"] = _degree(told.get("sharing"), sharing)
        plan["name"] = plan.get("name") or str(told.get("kind") or row_id)
        made.append(plan)
    frame = pd.DataFrame(made)
    people = pd.DataFrame({"id": list(parties), "name": list(parties.values()), "source": path.name, "sharing": 3})
    tables = {"plans": conform("plans", frame), "parties": conform("parties", people)}
    return Told(tables, said, {"rows": str(len(frame))})


def _ids(raw: pd.DataFrame) -> tuple[list[str], list[pd.DataFrame]]:
    """Ids of our own form, made unique by a number behind the later ones."""
    cells = raw["id"] if "id" in raw else pd.Series(None, index=raw.index, dtype=object)
    made, said, seen = [], [], set()
    for number, (cell, place) in enumerate(zip(cells, raw["_place"]), 1):
        text = "" if cell is None or cell != cell else str(cell).strip()
        text = text[:-2] if re.fullmatch(r"\d+\.0", text) else text
        base = text if text.startswith("plan:") else f"plan:{text or f'{number:04d}'}"
        row_id, again = base, 2
        while row_id in seen:
            row_id, again = f"{base}-{again}", again + 1
        if row_id != base:
            said.append(_say("list_id_twice", row_id, {"old": base, "place": place}, row_id))
        seen.add(row_id)
        made.append(row_id)
    return made, said


def _degree(told: Any, default: int) -> int:
    """The degree of sharing that a row gives; what is not 0, 1, 2 or 3 is private."""
    if told is None:
        return default
    text = str(told).strip().removesuffix(".0")
    return int(text) if text in ("0", "1", "2", "3") else 0


def _plain_columns(told: dict[str, Any]) -> dict[str, Any]:
    names = ("name", "street", "street_name", "fund", "goal", "updated")
    return {c: str(told[c]).strip() for c in names if told.get(c) is not None}


def _party(
    row: str, told: dict[str, Any], words: Words, parties: dict[str, str], said: list[pd.DataFrame]
) -> dict[str, str]:
    name = told.get("party")
    if name is None:
        said.append(_say("list_no_party", row, {}, UNKNOWN_PARTY))
        parties.setdefault(UNKNOWN_PARTY, "Onbekend")
        return {"party": UNKNOWN_PARTY}
    name = str(words.value("party", name) or name).strip()
    label = name if name.startswith("party:") else f"party:{plain(name).replace(' ', '-') or 'unknown'}"
    parties.setdefault(label, name.removeprefix("party:"))
    return {"party": label}


def _words(row: str, told: dict[str, Any], words: Words, said: list[pd.DataFrame]) -> dict[str, Any]:
    """Kind, action, phase, funding and certainty in our words; what has no word stays unknown and is told."""
    made: dict[str, Any] = {}
    for column in ("kind", "action", "phase", "funding", "certainty"):
        cell = told.get(column)
        given = words.value(column, cell) if cell is not None else None
        hits = [str(given)] if given else _hits(column, cell)
        if not hits and column in ("kind", "action"):
            hits = own.meant(column, told.get("name") or "")
        if column == "kind" and len(hits) > 1:
            said.append(_say("list_kind_several", row, {"kinds": ", ".join(hits), "kind": hits[0]}, hits[0], "note"))
        if not hits and (cell is not None or column == "kind"):
            said.append(_say("list_word", row, {"column": column, "text": cell or told.get("name") or ""}, "unknown"))
        made[column] = hits[0] if hits else None
    return made


def _hits(column: str, cell: Any) -> list[str]:
    return [str(cell)] if column == "kind" and cell in kinds() else own.meant(column, cell or "")


def _years(row: str, told: dict[str, Any], said: list[pd.DataFrame]) -> dict[str, int | None]:
    """First, wished and last year. One year in a general column is the wished one; a span gives first and last."""
    made: dict[str, int | None] = dict.fromkeys(YEARS)
    for column in ("year", *YEARS):
        if told.get(column) is None:
            continue
        span = window(told[column])
        if span.wrong:
            severity = "note" if span.wrong == "open" else "warning"
            said.append(_say(f"list_date_{span.wrong}", f"{row}:{column}", {"text": told[column]}, "unknown", severity))
        elif column != "year":
            made[column] = span.latest if column == "latest" and span.latest else span.year
        elif span.earliest == span.latest:
            made["preferred"] = span.year
        else:
            made["earliest"], made["latest"] = span.earliest, span.latest
    if made["earliest"] and made["latest"] and made["earliest"] > made["latest"]:
        said.append(_say("list_reversed", row, {"earliest": made["earliest"], "latest": made["latest"]}, "kept"))
    return made


def _cost(row: str, told: dict[str, Any], said: list[pd.DataFrame]) -> dict[str, Any]:
    cell, euros = told.get("cost"), amount(told.get("cost"))
    if cell is not None and euros.wrong:
        said.append(
            _say(
                f"list_cost_{euros.wrong}",
                row,
                {"text": cell},
                "unknown",
                "note" if euros.wrong == "open" else "warning",
            )
        )
    bare = euros.value is not None and (not isinstance(cell, str) or re.fullmatch(r"[\d.,\s]+", cell) is not None)
    value = euros.value * told["_times"] if bare and euros.value is not None else euros.value
    days = amount(told.get("duration")).value
    known = "registered" if value is not None else "unknown"
    return {
        "cost": value,
        "cost_quality": known,
        "duration": days,
        "width": _width(told),
        "offset": _metres(told, "offset"),
    }


def _metres(told: dict[str, Any], column: str) -> float | None:
    """A measure in metres; a decimal comma is read as one, and what is no number is left out."""
    try:
        return float(str(told[column]).strip().removesuffix("m").strip().replace(",", ".").replace("\u2212", "-"))
    except (KeyError, ValueError):
        return None


def _width(told: dict[str, Any]) -> float | None:
    """The width of what comes (m); more than 20 is a diameter in millimetres, as lists of pipes give it."""
    value = _metres(told, "width")
    if value is None or value <= 0:
        return None
    return value / 1000 if value > MOST_WIDE else value


def _place(row: str, told: dict[str, Any], said: list[pd.DataFrame]) -> dict[str, Any]:
    """A place from x and y (RD New) or from well-known text; one that cannot be is unknown."""
    shape = None
    try:
        if told.get("geometry") is not None:
            shape = shapely.from_wkt(str(told["geometry"]))
        elif told.get("x") is not None and told.get("y") is not None:
            shape = shapely.Point(*(float(str(told[c]).replace(",", ".")) for c in ("x", "y")))
    except (ValueError, ShapelyError):
        said.append(_say("list_place", row, {}, "unknown"))
    if shape is None:
        return {}
    return {"geometry": shape, "geometry_quality": "registered"}
