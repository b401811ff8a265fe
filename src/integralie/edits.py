"""Edits: human changes and decisions, laid over the tables and never written into them.

An edit says who, when and why, what the row was before and what it becomes. The told tables stay as they were told;
`seen(study)` gives the study with the edits laid over it, and that is what every verb reads. Taking an edit back is one
more edit, so nothing is ever lost and any past state can be replayed. A scenario is a name on edits: those of the
base always count, those of a scenario only in a study that is switched to it.
"""

from __future__ import annotations

import json
import weakref
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from integralie.errors import DataError, Refused
from integralie.schema import frames
from integralie.study import Study

ACTIONS = ("set", "insert", "delete")


def active(study: Study) -> pd.DataFrame:
    """The edits that count: of the base and the scenario at hand, in order, without those that were taken back."""
    edits = study.edits
    if edits.empty:
        return edits
    here = edits[edits["scenario"].isna() | (edits["scenario"] == study.scenario)]
    gone: set[str] = set()
    for row in here.iloc[::-1].itertuples():  # the last word counts: an undo that was itself undone does nothing
        if row.Index not in gone and isinstance(row.undoes, str):
            gone.add(row.undoes)
    return here[~here.index.isin(gone) & here["undoes"].isna()]


def seen(study: Study) -> Study:
    """The study with its edits laid over it: what verbs and people see. Edits of rows that are no longer there do
    nothing. The same study gives the same answer, which is kept for a while.
    """
    held = _SEEN.get(id(study))
    if held is not None and held[0]() is study:
        return held[1]
    edits = active(study)
    grown: dict[str, pd.DataFrame] = {}
    same: dict[str, pd.DataFrame] = {}
    for target, part in edits.groupby("target", sort=False):
        made = _laid(study[str(target)], str(target), part, study.settings.crs)
        (grown if (part["action"] == "insert").any() else same)[str(target)] = made
    if not grown and not same:
        return study
    if len(_SEEN) >= _KEPT:
        _SEEN.clear()
    out = replace(study, tables={**study.tables, **same}) | grown  # values alone leave a table in its shape
    _SEEN[id(study)] = (weakref.ref(study), out)
    return out


_KEPT = 8  # studies of which what is seen is kept
_SEEN: dict[int, tuple[weakref.ref[Study], Study]] = {}


def _laid(frame: pd.DataFrame, target: str, edits: pd.DataFrame, crs: str) -> pd.DataFrame:
    """One table with its edits, in order; a run of edits of the same kind is done at once."""
    out = frame.copy()
    runs = edits["action"].ne(edits["action"].shift()).cumsum()
    for _, run in edits.groupby(runs, sort=False):
        out = _RUNS[run["action"].iloc[0]](out, target, run, crs)
    return out


def _values(run: pd.DataFrame) -> list[Any]:
    return [json.loads(v) if isinstance(v, str) else None for v in run["value"]]


def _deleted(out: pd.DataFrame, target: str, run: pd.DataFrame, crs: str) -> pd.DataFrame:
    return out.drop(index=run["row"].unique(), errors="ignore")


def _inserted(out: pd.DataFrame, target: str, run: pd.DataFrame, crs: str) -> pd.DataFrame:
    """Rows that are not there yet, all of them at the end; of two with one id the first counts."""
    fresh: dict[str, dict[str, Any]] = {}
    for row, value in zip(run["row"], _values(run)):
        if row not in out.index:
            fresh.setdefault(row, value or {})
    if not fresh:
        return out
    rows = frames.conform(target, _rows(target, fresh, crs), crs).reindex(list(fresh))
    return pd.concat([out, rows]) if len(out) else rows


def _set(out: pd.DataFrame, target: str, run: pd.DataFrame, crs: str) -> pd.DataFrame:
    """Values by column and row; of two for one cell the last counts."""
    last = {(c, r): v for c, r, v in zip(run["column"], run["row"], _values(run)) if r in out.index}
    for (column, row), value in last.items():
        out.at[row, column] = _typed(target, column, value)
    return out


_RUNS = {"delete": _deleted, "insert": _inserted, "set": _set}


def _typed(target: str, column: str, value: Any) -> Any:
    """A value from JSON in the type of its column; geometry is WKT."""
    kind = frames.table(target).columns[column].type
    if value is None:
        return {"int": pd.NA, "bool": pd.NA, "geometry": None}.get(kind, np.nan)
    try:
        cast: dict[str, Any] = {
            "int": _whole,
            "float": _finite,
            "bool": bool,
            "text": str,
            "geometry": shapely.from_wkt,
        }
        return cast[kind](value)
    except (ValueError, TypeError, OverflowError, shapely.errors.GEOSException) as error:
        raise DataError(f"'{value}' is no {kind} for '{column}' of '{target}'; give another value.") from error


def _whole(value: Any) -> int:
    """A whole number; 2030.7 is none, and is not cut off."""
    if isinstance(value, bool) or float(value) != int(value):
        raise ValueError("not a whole number")
    return int(value)


def _finite(value: Any) -> float:
    if isinstance(value, bool) or not np.isfinite(float(value)):
        raise ValueError("not a number")
    return float(value)


def _rows(target: str, rows: dict[str, dict[str, Any]], crs: str) -> pd.DataFrame:
    """Rows by id, each a dictionary of values as JSON writes them; a column that a row leaves out is unknown."""
    columns = frames.table(target).columns
    used = dict.fromkeys(c for values in rows.values() for c in values if c != "id")
    stray = [c for c in used if c not in columns]
    if stray:
        raise DataError(f"Table '{target}' has no column '{stray[0]}'; its columns are: {', '.join(columns)}.")
    made = {c: [_typed(target, c, v.get(c)) for v in rows.values()] for c in used}
    frame = pd.DataFrame({k: pd.Series(v, dtype=object) for k, v in {"id": list(rows), **made}.items()})
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=crs) if "geometry" in made else frame


def _plain(value: Any) -> Any:
    if isinstance(value, shapely.Geometry):
        return shapely.to_wkt(value, rounding_precision=-1)
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value


def _inverse(now: Study, target: str, row: str, action: str, column: str | None) -> Any:
    """What was there before: the value of the column, or the whole row that is deleted."""
    frame = now[target]
    if action == "insert":
        if row in frame.index:
            raise Refused(f"'{target}' already has a row '{row}'; change it with action 'set', or give another id.")
        return None
    if row not in frame.index:
        raise Refused(
            f"'{target}' has no row '{row}'; look up the id in the table, it may have been deleted or made anew."
        )
    if action == "delete":
        return {c: _plain(v) for c, v in frame.loc[row].items() if _plain(v) is not None}
    if column is None or column not in frame.columns:
        raise Refused(
            f"'{target}' has no column '{column}' that can be changed; its columns are: {', '.join(frame.columns)}."
        )
    return _plain(frame.at[row, column])


def _check(target: str, action: str, who: str, why: str) -> None:
    frames.table(target)
    if target == "edits":
        raise Refused("Edits themselves cannot be edited; take one back with 'undo'.")
    if action not in ACTIONS:
        raise Refused(f"An edit can {', '.join(ACTIONS)}, not '{action}'.")
    if not who or not why:
        raise Refused("An edit needs to say who decides and why; give both.")


def record(
    study: Study, who: str, why: str, target: str, row: str, column: str | None = None, value: Any = None, *,
    action: str = "set", scenario: str | None = None, at: str | None = None,
) -> Study:  # fmt: skip
    """The study with one more edit: a value set, a row inserted (`value` is a dictionary) or a row deleted.

    Raises
        Refused when the row or column is not there, DataError when the value is not of the column's type.
    """
    return record_all(study, who, why, [(target, row, column, value)], action=action, scenario=scenario, at=at)


def record_all(
    study: Study, who: str, why: str, changes: Iterable[tuple[str, str, str | None, Any]], *,
    action: str = "set", scenario: str | None = None, at: str | None = None, change: str | None = None,
) -> Study:  # fmt: skip
    """The study with one edit for each (table, row, column, value), decided together: all of them or none.

    Edits that are one gesture of the hand carry the same `change`, and are taken back together.
    """
    now = seen(study if scenario in (None, study.scenario) else replace(study, scenario=scenario))
    made: list[dict[str, Any]] = []
    fresh: dict[str, dict[str, Any]] = {}
    for target, row, column, value in changes:
        _check(target, action, who, why)
        before = _inverse(now, target, row, action, column)
        if action == "set":
            _typed(target, str(column), _plain(value))
        elif action == "insert":
            fresh.setdefault(target, {})[row] = value
        made.append({
            "action": action, "target": target, "row": row, "column": column, "who": who, "why": why, "scenario": scenario,
            "change": change,
            "value": json.dumps(_jsonable(value), ensure_ascii=False), "inverse": json.dumps(before, ensure_ascii=False),
        })  # fmt: skip
    for target, rows in fresh.items():  # all at once: a list of thousands of plans is one look
        frames.conform(target, _rows(target, rows, study.settings.crs), study.settings.crs)
    return _append(study, made, at)


def _jsonable(value: Any) -> Any:
    return {k: _plain(v) for k, v in value.items()} if isinstance(value, dict) else _plain(value)


def _append(study: Study, rows: list[dict[str, Any]], at: str | None) -> Study:
    if not rows:
        return study
    moment = at or datetime.now(UTC).isoformat(timespec="seconds")
    last = int(study.edits.index.str.removeprefix("edit:").astype(int).max()) if len(study.edits) else 0
    fresh = pd.DataFrame(rows).assign(at=moment, id=[f"edit:{last + i + 1:06d}" for i in range(len(rows))])
    before = study.edits.reset_index()
    return study | {"edits": pd.concat([before, fresh], ignore_index=True) if len(before) else fresh}


def undo(study: Study, edit: str, who: str, why: str, at: str | None = None, change: str | None = None) -> Study:
    """The study with one edit taken back; taking back the undo brings the edit back.

    Raises
        Refused when there is no such edit or it was taken back already.
    """
    if edit not in study.edits.index:
        raise Refused(
            f"There is no edit '{edit}'; the last one is '{study.edits.index[-1] if len(study.edits) else 'none'}'."
        )
    old = study.edits.loc[edit]
    standing = set(active(study).index) | _standing_undos(study)
    if edit not in standing:
        raise Refused(f"'{edit}' has been taken back already; take back that undo to bring it back.")
    row = {
        "action": old["action"], "target": old["target"], "row": old["row"], "column": _plain(old["column"]), "who": who, "why": why,
        "scenario": _plain(old["scenario"]), "value": _plain(old["inverse"]), "inverse": _plain(old["value"]), "undoes": edit,
        "change": change,
    }  # fmt: skip
    return _append(study, [row], at)


def _standing_undos(study: Study) -> set[str]:
    """Undos that were not themselves taken back."""
    undos = study.edits[study.edits["undoes"].notna()]
    return set(undos.index) - set(undos["undoes"])


def adopt(study: Study, who: str, why: str, until: int | None = None, at: str | None = None) -> Study:
    """Adopts the programme (vaststellen): fixes the year of every programmed work, up to and including `until` when
    given.
    """
    rows = study.programme[study.programme["period"].notna()]
    rows = rows if until is None else rows[rows["period"] <= until]
    if rows.empty:
        raise Refused("There is no programme to adopt; run the study first.")
    return record_all(
        study, who, why, [("works", w, "fixed", int(p)) for w, p in zip(rows["work"], rows["period"])], at=at
    )


def assume_years(study: Study, year: int, who: str, why: str, area: str | None = None, at: str | None = None) -> Study:
    """Decides that assets without a year in an area (all areas when none is given) count as built in that year,
    visibly as an assumption.
    """
    areas = [area] if area else list(seen(study).areas.index)
    if not areas:
        raise Refused("The study has no areas to assume a year for; add an area first.")
    changes: list[tuple[str, str, str | None, Any]] = []
    for name in areas:
        changes += [("areas", name, "year_built", int(year)), ("areas", name, "year_built_quality", "assumed")]
    return record_all(study, who, why, changes, at=at)
