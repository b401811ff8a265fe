"""The embedded store: one study is one GeoPackage 1.3, readable and editable in QGIS."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from integralie.errors import DataError
from integralie.figures import COLUMNS as FIGURE_COLUMNS
from integralie.schema import frames
from integralie.settings import Settings
from integralie.store import project, sql, styles
from integralie.study import Study

MAGIC = b"SQLite format 3\0"
META, FIGURES = "integralie", "figures"
FORMAT = 2  # of a study file; 2 since edits name the change that they are part of
VERSION = {"VERSION": "1.3"}


def save(study: Study, path: Path, keep_history: bool = True, extra: Mapping[str, Any] | None = None) -> Path:
    """Writes the study to one GeoPackage: to a temporary file beside it first, which then takes its place.

    Told tables are always there, found tables when they have rows. The history of changes by others is kept,
    unless `keep_history` is false: what one party may see must not carry the history of the file that it replaces.
    `extra` are facts that a face wants to find again.

    Raises
        DataError when the folder does not exist, the place is taken by something else, or another program is writing.
    """
    path = Path(path)
    _check_place(path)
    history = changes(path) if keep_history and path.exists() else pd.DataFrame()
    with draft(study, path, history, extra or {}) as made:
        made.replace(path)
    return path


class Superseded(Exception):
    """What was being written is no longer wanted."""


def always() -> bool:
    """Whoever writes goes on."""
    return True


@contextmanager
def draft(
    study: Study, path: Path, history: pd.DataFrame, extra: Mapping[str, Any], wanted: Callable[[], bool] = always
) -> Iterator[Path]:
    """The whole study in a file beside its place, which whoever asked may move there; else nothing is left of it.

    Raises
        Superseded when it is no longer `wanted`, which is asked before each table.
    """
    handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp.gpkg", dir=path.parent)
    os.close(handle)
    made = Path(name)
    try:
        made.unlink()
        _write(study, made, history, path.name, extra, wanted)
        made.chmod(0o644)
        yield made
    finally:
        for rest in path.parent.glob(made.name + "*"):
            rest.unlink()


def _check_place(path: Path) -> None:
    if path.is_dir() or not path.parent.is_dir():
        raise DataError(f"A study cannot be written to '{path}': give a file name in a folder that exists.")
    if path.exists() and path.stat().st_size and path.open("rb").read(len(MAGIC)) != MAGIC:
        raise DataError(f"'{path.name}' exists and is not a GeoPackage; choose another name.")
    if path.with_name(path.name + "-wal").exists():
        raise DataError(f"'{path.name}' is open in another program (a -wal file lies beside it); close it there first.")
    if path.exists() and path.stat().st_size:
        _check_free(path)


def _check_free(path: Path) -> None:
    """Another program that is writing would go on in the file that is replaced, and lose what it writes."""
    try:
        with closing(sqlite3.connect(path, timeout=0)) as base:
            base.execute("BEGIN IMMEDIATE")
            base.rollback()
    except sqlite3.OperationalError as error:
        raise DataError(f"'{path.name}' is being written by another program; save and close it there first.") from error
    except sqlite3.DatabaseError as error:
        raise DataError(
            f"'{path.name}' exists and is damaged ({error}); move it away or choose another name."
        ) from error


def _write(
    study: Study, draft: Path, history: pd.DataFrame, file: str, extra: Mapping[str, Any], wanted: Callable[[], bool]
) -> None:
    for name, table in frames.tables().items():
        _go_on(wanted)
        if table.has_geometry and (table.told or len(study[name])):
            _features(study[name], name, draft, study.settings.crs)
    with closing(sqlite3.connect(draft)) as base, base:
        base.executescript(sql.DATA_COLUMNS + sql.HISTORY + sql.STYLES + sql.PROJECTS)
        for name in ("gpkg_data_columns", "gpkg_data_column_constraints"):
            base.execute(sql.EXTENSION, (name, None, "gpkg_schema", sql.SCHEMA_PAGE, "read-write"))
        for name, table in frames.tables().items():
            _go_on(wanted)
            if not table.has_geometry and (table.told or len(study[name])):
                _rows(base, name, study[name].reset_index(), [(c.name, c.type) for c in table.columns.values()])
        _describe(base, study)
        _extras(base, study, history, file, extra)


def _go_on(wanted: Callable[[], bool]) -> None:
    if not wanted():
        raise Superseded


def _features(frame: pd.DataFrame, name: str, draft: Path, crs: str) -> None:
    """One layer through GDAL, with its spatial index; a column without any value keeps its declared type."""
    plain = frame.reset_index()
    for column in frames.table(name).columns.values():
        if column.type in ("int", "bool") and plain[column.name].notna().all():
            plain[column.name] = plain[column.name].astype("int64" if column.type == "int" else "bool")
        elif column.type == "text":
            plain[column.name] = plain[column.name].astype(object).where(plain[column.name].notna(), None)
    layer = gpd.GeoDataFrame(plain, geometry="geometry", crs=crs)
    pyogrio.write_dataframe(
        layer, draft, layer=name, driver="GPKG", append=draft.exists(), geometry_type=styles.geometry_type(name),
        promote_to_multi=False, dataset_options={} if draft.exists() else VERSION,
        layer_options={"GEOMETRY_NAME": "geom", "FID": "fid"},
    )  # fmt: skip


def _rows(base: sqlite3.Connection, name: str, frame: pd.DataFrame, columns: list[tuple[str, str]]) -> None:
    base.execute(sql.create(name, columns))
    names = [c for c, _ in columns]
    sql.insert(base, name, names, list(zip(*(frames.python(frame[n]) for n in names))))


def _describe(base: sqlite3.Connection, study: Study) -> None:
    """Human names for tables and columns, and triggers on what people may change."""
    there = {r[0] for r in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for name, table in frames.tables().items():
        if name not in there:
            continue
        title = f"{name} – {table.meaning_nl.split(':')[0]}"
        if not table.has_geometry:
            sql.register(base, name, title, table.meaning)
        base.execute(
            "UPDATE gpkg_contents SET identifier = ?, description = ? WHERE table_name = ?",
            (title, table.meaning, name),
        )
        sql.name_columns(base, table)
        if table.told and name != "edits":
            sql.watch(base, table)


def _extras(base: sqlite3.Connection, study: Study, history: pd.DataFrame, file: str, extra: Mapping[str, Any]) -> None:
    """Settings, own figures, what each verb read, styles, the QGIS project, and earlier history."""
    facts = {
        **extra,
        "format": FORMAT,
        "version": version("integralie"),
        "settings": study.settings.to_dict(),
        "made": {k: dict(v) for k, v in study.made.items()},
        "scenario": getattr(study, "scenario", None),
    }
    _rows(
        base,
        META,
        pd.DataFrame({"key": list(facts), "value": [json.dumps(v) for v in facts.values()]}),
        [("key", "text"), ("value", "text")],
    )
    if study.own_figures is not None and len(study.own_figures):
        own = study.own_figures.reindex(columns=FIGURE_COLUMNS).astype(object)
        _rows(base, FIGURES, own, [(c, "text") for c in FIGURE_COLUMNS])
        sql.register(
            base, FIGURES, "figures – eigen kengetallen", "figures of this study; they win over the shipped ones"
        )
    if len(history):
        _history(base, history)
    for name, meaning in (
        (META, "settings and state of the study"),
        ("history", "changes in told tables since the study was saved"),
    ):
        sql.register(base, name, name, meaning)
    for name in ("layer_styles", "qgis_projects"):
        sql.register(base, name, name, "")
    styles.write(base, study)
    project.write(base, study, file)


def _history(base: sqlite3.Connection, history: pd.DataFrame) -> None:
    columns = ["at", "table_name", "row", "action", "before", "after"]
    sql.insert(base, "history", columns, list(zip(*(frames.python(history[c]) for c in columns))))


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection to a file that is a GeoPackage; triggers and views of a stranger's file are never run."""
    if not path.is_file():
        raise DataError(
            f"There is no study '{path}'; check the name, or make one with 'integralie read' or 'integralie demo'."
        )
    if path.stat().st_size == 0 or path.open("rb").read(len(MAGIC)) != MAGIC:
        raise DataError(
            f"'{path.name}' is not a GeoPackage; a study is a .gpkg file made by 'integralie read' or 'integralie demo'."
        )
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as base:
            base.execute("PRAGMA trusted_schema = OFF")
            yield base
    except sqlite3.DatabaseError as error:
        raise DataError(
            f"'{path.name}' is damaged ({error}); take the last good copy, or read the source files again."
        ) from error


def _tables_of(base: sqlite3.Connection) -> set[str]:
    return {r[0] for r in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def open(path: Path) -> Study:
    """The study in a GeoPackage, with what was changed in it since, by QGIS or any other program.

    Raises
        DataError when the file is missing, damaged, no study, or holds values that the tables do not allow.
    """
    path = Path(path)
    with _reading(path) as base:
        there = _tables_of(base)
        if META not in there:
            raise DataError(
                f"'{path.name}' is a GeoPackage but not a study; bring its layers in with 'integralie read'."
            )
        facts = _facts(base, path)
        settings = Settings.from_dict(facts["settings"])
        own = (
            pd.read_sql_query(f"SELECT {', '.join(map(sql.quoted, FIGURE_COLUMNS))} FROM {FIGURES}", base)
            if FIGURES in there
            else None
        )
        plain = {n: _frame(base, n) for n, t in frames.tables().items() if n in there and not t.has_geometry}
    shapes = {n: _layer(path, n, settings.crs) for n, t in frames.tables().items() if n in there and t.has_geometry}
    study = Study(settings=settings, own_figures=own) | {n: f for n, f in {**plain, **shapes}.items() if len(f)}
    return replace(
        study, made=facts.get("made", {}), **({"scenario": facts["scenario"]} if facts.get("scenario") else {})
    )


def _facts(base: sqlite3.Connection, path: Path) -> dict[str, Any]:
    """Settings and state as they were written."""
    try:
        facts = {k: json.loads(v) for k, v in base.execute(f"SELECT key, value FROM {META}")}
    except (ValueError, TypeError) as error:
        raise DataError(f"Table '{META}' of '{path.name}' is damaged; take the last good copy.") from error
    if not isinstance(facts.get("settings"), dict):
        raise DataError(f"Table '{META}' of '{path.name}' has no settings; take the last good copy.")
    if int(facts.get("format", 1)) > FORMAT:
        raise DataError(
            f"'{path.name}' was made by a newer version ({facts.get('version', '?')}) and this version "
            f"({version('integralie')}) cannot open it safely; update integralie, or ask for a copy of the older kind."
        )
    return facts


def facts(path: Path) -> dict[str, Any]:
    """The settings, the state and the other facts of a study file, without its tables."""
    with _reading(Path(path)) as base:
        return _facts(base, Path(path)) if META in _tables_of(base) else {}


def _frame(base: sqlite3.Connection, name: str) -> pd.DataFrame:
    known = {r[1] for r in base.execute(f"PRAGMA table_info({sql.quoted(name)})")}
    wanted = [c for c in frames.table(name).columns if c in known]
    return pd.read_sql_query(
        f"SELECT {', '.join(map(sql.quoted, wanted))} FROM {sql.quoted(name)}", base, dtype="object"
    )


def _layer(path: Path, name: str, crs: str) -> pd.DataFrame:
    try:
        layer = pyogrio.read_dataframe(path, layer=name)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise DataError(
            f"Layer '{name}' of '{path.name}' cannot be read ({error}); restore it from the last good copy."
        ) from error
    if layer.crs is None:
        raise DataError(
            f"Layer '{name}' of '{path.name}' does not say in which coordinates it is; set it to {crs} in QGIS."
        )
    wanted = [c for c in frames.table(name).columns if c in layer.columns]
    return layer[wanted]


def changes(path: Path) -> pd.DataFrame:
    """What was changed in the told tables since the study was saved: when, table, row, action, before and after
    (JSON).
    """
    with _reading(Path(path)) as base:
        if "history" not in _tables_of(base):
            return pd.DataFrame(columns=["at", "table_name", "row", "action", "before", "after"])
        return pd.read_sql_query("SELECT at, table_name, row, action, before, after FROM history ORDER BY id", base)
