"""The SQL of the embedded store: plain tables, human names, history by triggers. Words and nothing that decides."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from integralie.schema.frames import Column, Table

TYPES = {"text": "TEXT", "int": "INTEGER", "float": "REAL", "bool": "BOOLEAN"}
MOST_VALUES = 30_000  # in one statement; SQLite allows some more
NOW = "strftime('%Y-%m-%dT%H:%M:%fZ','now')"
DATA_COLUMNS = """
CREATE TABLE IF NOT EXISTS gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
  max NUMERIC, max_is_inclusive BOOLEAN, description TEXT, CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
"""
HISTORY = """
CREATE TABLE history (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, at TEXT NOT NULL, table_name TEXT NOT NULL, row TEXT, action TEXT NOT NULL,
  before TEXT, after TEXT);
"""
STYLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
  f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')));
"""
PROJECTS = "CREATE TABLE qgis_projects (name TEXT PRIMARY KEY, metadata BLOB, content BLOB);"
EXTENSION = "INSERT OR IGNORE INTO gpkg_extensions (table_name, column_name, extension_name, definition, scope) VALUES (?, ?, ?, ?, ?)"
SCHEMA_PAGE = "http://www.geopackage.org/spec/#extension_schema"


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def create(name: str, columns: Iterable[tuple[str, str]]) -> str:
    """A plain table with its own integer key, as the standard asks."""
    body = ", ".join(f"{quoted(c)} {TYPES[t]}" for c, t in columns)
    return f"CREATE TABLE {quoted(name)} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {body})"


def insert(base: sqlite3.Connection, name: str, columns: list[str], rows: list[tuple[object, ...]]) -> None:
    """Rows into a table, many in one statement: a server goes on answering while SQLite works on each."""
    begin = f"INSERT INTO {quoted(name)} ({', '.join(map(quoted, columns))}) VALUES "
    one = f"({', '.join('?' * len(columns))})"
    many = max(1, MOST_VALUES // len(columns))
    for start in range(0, len(rows), many):
        part = rows[start : start + many]
        base.execute(begin + ", ".join([one] * len(part)), [v for row in part for v in row])


def register(base: sqlite3.Connection, name: str, title: str, meaning: str) -> None:
    """Tells the GeoPackage that there is a plain table of that name, with a title for people."""
    base.execute(
        f"INSERT OR REPLACE INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)"
        f" VALUES (?, 'attributes', ?, ?, {NOW}, 0)",
        (name, title, meaning),
    )


def name_columns(base: sqlite3.Connection, table: Table) -> None:
    """Titles and meanings of the columns, in Dutch, where QGIS and others look for them."""
    rows = [
        (table.name, c.name, c.name, c.meaning_nl, _about(c)) for c in table.columns.values() if c.type != "geometry"
    ]
    base.executemany("INSERT OR REPLACE INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, NULL)", rows)


def _about(column: Column) -> str:
    return f"{column.meaning} [{column.unit}]" if column.unit else column.meaning


def watch(base: sqlite3.Connection, table: Table) -> None:
    """Triggers that write every later change of a told table to `history`, whichever program makes it."""
    names = [c.name for c in table.columns.values() if c.type != "geometry"]

    def row(which: str) -> str:
        pairs = ", ".join(f"'{n}', {which}.{quoted(n)}" for n in names)
        shape = f", 'geom', hex({which}.geom)" if table.has_geometry else ""
        return f"json_object({pairs}{shape})"

    for action, before, after in (
        ("insert", "NULL", row("NEW")),
        ("update", row("OLD"), row("NEW")),
        ("delete", row("OLD"), "NULL"),
    ):
        key = "OLD" if action == "delete" else "NEW"
        base.execute(
            f"CREATE TRIGGER history_{table.name}_{action} AFTER {action.upper()} ON {quoted(table.name)} BEGIN"
            f" INSERT INTO history (at, table_name, row, action, before, after)"
            f" VALUES ({NOW}, '{table.name}', {key}.id, '{action}', {before}, {after}); END"
        )
