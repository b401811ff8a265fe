"""Verbs, their order, and staleness. This module knows tables and functions, and no word of the domain.

A verb is a pure function whose parameters are named after the tables it reads; it returns the tables it writes, as a
dictionary. Three parameter names are given by the study itself: `figures`, `settings`, `previous` (the verb's own
tables of last time). Keyword-only parameters with a default are options: the command line and the API offer them.
"""

from __future__ import annotations

import importlib
import inspect
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pandas as pd

from integralie.chain import CHAIN
from integralie.edits import seen
from integralie.errors import DataError
from integralie.schema import frames
from integralie.study import Study

GIVEN = ("figures", "settings")


@dataclass(frozen=True)
class Verb:
    """One verb: its function, what it reads and writes, and its options."""

    name: str
    function: Callable[..., Any]
    reads: tuple[str, ...]
    given: tuple[str, ...]
    writes: tuple[str, ...]
    options: tuple[str, ...]
    standing: tuple[str, ...] = ()  # tables that it reads as they stand: a stale writer of these does not make it stale

    @property
    def meaning(self) -> str:
        """The first line of the docstring."""
        return (inspect.getdoc(self.function) or "").splitlines()[0]


def _verb(name: str) -> Verb:
    module = importlib.import_module(f"integralie.verbs.{name}")
    function = getattr(module, name)
    parameters = inspect.signature(function).parameters.values()
    reads = tuple(p.name for p in parameters if p.name in frames.tables())
    given = tuple(p.name for p in parameters if p.name in GIVEN)
    options = tuple(p.name for p in parameters if p.kind is p.KEYWORD_ONLY)
    stray = [p.name for p in parameters if p.name not in (*reads, *given, *options)]
    if stray:
        raise DataError(f"Verb '{name}' asks for '{stray[0]}', which is no table; rename it or make it an option.")
    standing = tuple(getattr(module, "STANDING", ()))
    return Verb(name, function, reads, given, tuple(module.WRITES), options, standing)


@cache
def verbs() -> Mapping[str, Verb]:
    """All verbs of the chain by name, in order."""
    return {name: _verb(name) for name in CHAIN}


def take(study: Study, name: str, **options: Any) -> Study:
    """The study with the tables that one verb writes made anew."""
    verb = verbs()[name]
    written = verb.function(**inputs(study, verb), **_known(verb, options))
    stray = [t for t in written if t not in verb.writes]
    if stray:
        raise DataError(f"Verb '{name}' wrote '{stray[0]}' without declaring it in WRITES.")
    merged = {t: own_rows(study[t], f, name) if t in frames.SHARED_WRITERS else f for t, f in written.items()}
    result = study.with_made(merged)
    return replace(result, made={**result.made, name: _state(result, verb, options)})


def asked(study: Study, name: str, **options: Any) -> Any:
    """What a verb that writes no table says: explain, report, hand over."""
    verb = _verb(name)
    return verb.function(**inputs(study, verb), **_known(verb, options))


def inputs(study: Study, verb: Verb) -> dict[str, Any]:
    """What the verb reads, with the edits of people laid over it, and what the study gives."""
    shown = seen(study)
    return {t: shown[t] for t in verb.reads} | {g: getattr(study, g) for g in verb.given}


def _known(verb: Verb, options: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in options.items() if k in verb.options and v is not None}


def own_rows(before: pd.DataFrame, now: pd.DataFrame, verb: str) -> pd.DataFrame:
    """The rows of the other verbs as they were, and those of this verb anew."""
    others = before[before["verb"] != verb].reset_index()
    fresh = now.reset_index() if "id" not in now.columns else now
    if fresh.empty or others.empty:
        return others if fresh.empty else fresh.assign(verb=verb)
    return pd.concat([others, fresh.assign(verb=verb)], ignore_index=True)


def _state(study: Study, verb: Verb, options: Mapping[str, Any]) -> dict[str, str]:
    """What the verb read: fingerprints of tables (not of those that it writes itself), figures and settings."""
    shown = seen(study)
    state = {t: shown.prints[t] for t in verb.reads if t not in verb.writes and t != "edits"}
    state["settings"] = repr(sorted(study.settings.to_dict().items()))
    state["figures"] = "" if study.own_figures is None else study.own_figures.to_csv(index=False)
    plain = {k: v for k, v in _known(verb, options).items() if isinstance(v, (str, int, float, bool))}
    return state | {f"--{k}": repr(v) for k, v in sorted(plain.items())}


def stale(study: Study, as_far_as: str | None = None) -> tuple[str, ...]:
    """The verbs whose answer no longer belongs to the tables: never taken, or something they read has changed; those
    up to and with one verb, or all.

    A verb that reads what a stale verb writes is stale as well, unless it takes that table as it stands until it is
    made anew (`STANDING`).
    """
    out: list[str] = []
    dirty: set[str] = set()
    for name, verb in verbs().items():
        made = study.made.get(name)
        now = _state(study, verb, {})
        same = made is not None and all(made.get(k) == v for k, v in now.items())
        if not same or dirty & (set(verb.reads) - set(verb.standing)):
            out.append(name)
            dirty |= set(verb.writes) - set(frames.SHARED_WRITERS)
        if name == as_far_as:
            break
    return tuple(out)


def run(
    study: Study,
    only: Iterable[str] | None = None,
    progress: Callable[[str, float, Study], None] | None = None,
    force: bool = False,
    **options: Any,
) -> Study:
    """The study with every stale verb of the chain taken again, in order.

    `progress` is called after each verb with its name, the seconds it took and the study so far. Options go to the
    verbs that know them (`seconds` to the programme).
    """
    wanted = tuple(only) if only is not None else CHAIN
    for name in CHAIN:
        if name not in wanted or not (force or name in stale(study)):
            continue
        start = time.perf_counter()
        study = take(study, name, **options)
        if progress:
            progress(name, time.perf_counter() - start, study)
    return study
