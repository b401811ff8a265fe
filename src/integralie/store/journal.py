"""The journal: edits go into the study file one change at a time, before anybody is told that they were made.

A whole study is written now and then; an edit is added to the table `edits` of the file at once, in a transaction of
its own that is on the disk when the function returns. Before that the file is compared with what it was when we last
touched it, so that nobody writes over the work of another program.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from integralie.errors import Refused
from integralie.schema import frames
from integralie.store import sql
from integralie.store.gpkg import FORMAT, META

PATIENCE = 5.0  # seconds that another program may be in the middle of a write


class OpenElsewhere(Refused):
    """Another program has the file open for writing; what we write now, one of both would lose."""

    def __init__(self, path: Path, program: str) -> None:
        self.program = program
        who = "QGIS or another program" if program == "qgis" else "another program"
        super().__init__(f"'{path.name}' is open in {who}; looking is possible, saving is not: close it there first.")


class ChangedElsewhere(Refused):
    """The file is no longer as we left it; read it again first."""


@dataclass(frozen=True)
class Mark:
    """What a file looked like: another mark means that somebody wrote to it or put another one in its place."""

    inode: int
    size: int
    moment: int


def mark(path: Path) -> Mark | None:
    """The mark of the file now; None when it is gone. The file is not opened: closing it would end SQLite's locks."""
    try:
        state = path.stat()
    except OSError:
        return None
    return Mark(state.st_ino, state.st_size, state.st_mtime_ns)


def held_open(path: Path) -> bool:
    """Whether a program such as QGIS has the file open for editing: its journal lies beside it."""
    return path.with_name(path.name + "-wal").exists()


def holder(path: Path) -> str | None:
    """Who else has the file open for writing: `qgis` (or a program that works like it), `other`, or nobody."""
    if held_open(path):
        return "qgis"
    try:
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as base:
            base.execute("BEGIN IMMEDIATE")
            base.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return "other"
    return None


@contextmanager
def writing(path: Path, known: Mark | None) -> Iterator[sqlite3.Connection]:
    """A transaction that is on the disk when it ends, on a file that is still as we left it."""
    if held_open(path):
        raise OpenElsewhere(path, "qgis")
    with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as base:
        base.execute("PRAGMA synchronous = FULL")
        try:
            base.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise OpenElsewhere(path, "other") from error
        try:
            if known is not None and mark(path) != known:
                raise ChangedElsewhere(f"'{path.name}' was changed by another program; read it again first.")
            yield base
            base.execute("COMMIT")
        except BaseException:
            base.execute("ROLLBACK")
            raise


def append(path: Path, edits: pd.DataFrame, known: Mark | None = None) -> Mark | None:
    """Adds edits to the file; on return they are on the disk. Gives the new mark.

    Raises
        OpenElsewhere when another program holds the file, ChangedElsewhere when it is not as `known` says.
    """
    with writing(path, known) as base:
        _make_room(base)
        plain = edits.reset_index()
        names = [c for c in frames.table("edits").columns if c in plain.columns]
        rows = plain[names].astype(object).where(plain[names].notna(), None)
        marks, listed = ", ".join("?" * len(names)), ", ".join(map(sql.quoted, names))
        base.executemany(f"INSERT INTO edits ({listed}) VALUES ({marks})", rows.itertuples(index=False, name=None))
    return mark(path)


def _make_room(base: sqlite3.Connection) -> None:
    """A file of an older version gets the columns that edits have now; adding a column changes nothing else."""
    there = {r[1] for r in base.execute("PRAGMA table_info(edits)")}
    for column in frames.table("edits").columns.values():
        if column.name not in there:
            base.execute(f"ALTER TABLE edits ADD COLUMN {sql.quoted(column.name)} {sql.TYPES[column.type]}")
    base.execute(f"UPDATE {META} SET value = ? WHERE key = 'format'", (json.dumps(FORMAT),))


def keep(path: Path, key: str, value: Any, known: Mark | None = None) -> Mark | None:
    """Keeps one fact of a face in the file, such as the names of its scenarios."""
    with writing(path, known) as base:
        base.execute(f"DELETE FROM {META} WHERE key = ?", (key,))
        base.execute(f"INSERT INTO {META} (key, value) VALUES (?, ?)", (key, json.dumps(value, ensure_ascii=False)))
    return mark(path)
