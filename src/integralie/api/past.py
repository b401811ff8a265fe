"""What was found at each state of the edits, so that undo and redo give back the programme that stood, not another one.

A state is the list of edits that count. Its found tables are kept in memory when they are made or replaced; the last few
are in the study file as well, beside those of every scenario, so that a restart loses neither.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from integralie.edits import active
from integralie.errors import DataError
from integralie.schema import frames
from integralie.store import shelf
from integralie.study import Study

REMEMBERED = 40  # states in memory; their tables are mostly the same frames
IN_FILE = 6  # states that the file keeps, the newest
MOST_ROWS = 600_000  # of a state that the file keeps: a larger one would cost more to write than to make anew
SCENARIO, STATE = "scenario:", "state:"


@dataclass(frozen=True)
class Found:
    """Found tables, and what each verb had read when it made them."""

    tables: Mapping[str, pd.DataFrame]
    made: Mapping[str, Mapping[str, str]]

    @property
    def rows(self) -> int:
        return sum(map(len, self.tables.values()))


def found_in(study: Study) -> Found:
    """What was found in a study."""
    return Found({n: f for n, f in study.tables.items() if n in frames.found()}, study.made)


def laid(study: Study, found: Found) -> Study:
    """The told tables of the study with these found tables."""
    told = {n: f for n, f in study.tables.items() if n not in frames.found()}
    return Study({**told, **found.tables}, study.settings, study.own_figures, found.made, study.scenario)


def state(study: Study) -> str:
    """A short text for the edits that count, in which scenario whatever."""
    told = "|".join(active(study).index) if len(study.edits) else ""
    return f"{STATE}{study.scenario or ''}:{hashlib.blake2b(told.encode(), digest_size=10).hexdigest()}"


class Past:
    """The states that are remembered, and what of them and of the scenarios lies in the file."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, Found] = OrderedDict()
        self._packed: dict[int, tuple[pd.DataFrame, str]] = {}
        self.sets: dict[str, shelf.Kept] = {}
        self.path: Path | None = None
        self.crs = ""

    def open(self, path: Path, told: object, crs: str) -> None:
        """Knows what the file keeps; nothing of it is read before somebody asks."""
        self.path, self.sets, self.crs = path, shelf.index(told), crs

    def forget(self) -> None:
        """Told tables have changed under it: nothing of before counts."""
        self._held.clear()
        self.sets = {k: s for k, s in self.sets.items() if k.startswith(SCENARIO)}

    def keep(self, study: Study) -> None:
        """Remembers what is found in this state; a later answer for the same state takes its place."""
        key = state(study)
        self._held[key] = found_in(study)
        self._held.move_to_end(key)
        while len(self._held) > REMEMBERED:
            self._held.popitem(last=False)

    def at(self, key: str) -> Found | None:
        """What was found in that state (or in a scenario), from memory or from the file."""
        if key in self._held:
            return self._held[key]
        kept = self.sets.get(key)
        return None if kept is None else self._read(kept)

    def _read(self, kept: shelf.Kept) -> Found | None:
        assert self.path is not None
        told = shelf.bodies(self.path, kept.tables.values())
        if set(kept.tables.values()) - set(told):
            return None  # the shelf was cleared by somebody else
        try:
            tables = {n: shelf.unpack(n, told[d], self.crs) for n, d in kept.tables.items()}
        except DataError:
            return None
        return Found(tables, kept.made)

    def packed(
        self, scenarios: Mapping[str, Found], known: Iterable[str]
    ) -> tuple[dict[str, shelf.Kept], dict[str, bytes]]:
        """What the file should keep now, and the bodies that it may not have yet; `known` are the scenarios that there are."""
        fresh: dict[str, bytes] = {}
        own = {SCENARIO + s for s in known}
        sets = {k: s for k, s in self.sets.items() if k in own}
        states = [k for k in self.sets if k.startswith(STATE) and k not in self._held]
        states = [*states, *(k for k, f in self._held.items() if f.rows <= MOST_ROWS)][-IN_FILE:]
        wanted = {SCENARIO + s: f for s, f in scenarios.items()} | {k: self._held[k] for k in states if k in self._held}
        sets |= {k: self.sets[k] for k in states if k not in self._held}
        return sets | {k: self._set(f, fresh) for k, f in wanted.items()}, fresh

    def _set(self, found: Found, fresh: dict[str, bytes]) -> shelf.Kept:
        return shelf.Kept({n: self._pack(t, fresh) for n, t in found.tables.items() if len(t)}, found.made)

    def _pack(self, frame: pd.DataFrame, fresh: dict[str, bytes]) -> str:
        """The digest of a table; its body goes into `fresh` the first time."""
        held = self._packed.get(id(frame))
        if held is not None and held[0] is frame:
            return held[1]
        digest, fresh_body = shelf.pack(frame)
        fresh[digest] = fresh_body
        return digest

    def wrote(self, sets: dict[str, shelf.Kept], scenarios: Mapping[str, Found]) -> None:
        """They are in the file now: what was packed need not be packed again."""
        self.sets = sets
        known = {SCENARIO + s: f for s, f in scenarios.items()} | dict(self._held)
        self._packed = {
            id(t): (t, sets[k].tables[n])
            for k, f in known.items()
            if k in sets
            for n, t in f.tables.items()
            if n in sets[k].tables
        }
