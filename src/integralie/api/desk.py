"""The desk: the one study that is open, who looks at it, and what is written back.

Every edit is in the study file before anybody hears that it was made; the found tables follow when the hand rests.
Each scenario has found tables of its own in memory; edits are one list for all.
"""

from __future__ import annotations

import shutil
import threading
import uuid
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from integralie import store
from integralie.api.later import Later
from integralie.api.past import SCENARIO, Found, Past, found_in, laid, state
from integralie.api.scenarios import Scenario, listed
from integralie.edits import active, seen
from integralie.errors import Refused
from integralie.pipeline import stale
from integralie.schema import frames
from integralie.sharing import view
from integralie.store import journal, shelf
from integralie.store.gpkg import FORMAT, Superseded, always
from integralie.study import Study

Listener = Callable[[str, dict[str, Any]], None]
PROGRAMME = "programme"
KEPT_VIEWS = 12  # parties and scenarios whose view is kept ready


def now() -> str:
    """This moment in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@dataclass
class File:
    """What the page says about the study file: its name, whether all is in it, and who else has it open."""

    name: str
    state: str = "saved"
    at: str = field(default_factory=now)
    program: str | None = None


class Desk:
    """One study file on the table; `party` limits all who look to what that party may see."""

    def __init__(self, path: Path, party: str | None = None) -> None:
        self.path, self.party = Path(path), party
        self.hand = threading.RLock()  # who holds it may change the study or the file
        self.boot = uuid.uuid4().hex[:6]
        self.version, self.dirty, self.changed = 0, False, threading.Event()
        self.listeners: list[Listener] = []
        self._views: dict[tuple[str | None, str | None], tuple[int, Study]] = {}
        self._looking = threading.Lock()
        self._serials: dict[int, tuple[weakref.ref[pd.DataFrame], int]] = {}
        self._next = 0
        self.past = Past()
        self.later = Later(lambda: self.tell("study", {"version": self.version, "scenario": None, "late": True}))
        self._open()
        if party is not None:
            self.seen(None, party)  # an unknown party is refused at the start, not at the first page

    def _open(self) -> None:
        facts = store.facts(self.path)
        study = store.open(self.path)
        self.format = int(facts.get("format", 1))
        self.mark = journal.mark(self.path)
        self.base = replace(study, scenario=None)
        self.others: dict[str, Study] = {}
        self.unsaved: set[str] = set()  # scenarios of which something was found since the last time
        self.past.open(self.path, facts.get(shelf.INDEX), study.settings.crs)
        self.past.keep(self.base)
        self.scenarios: list[Scenario] = listed(facts.get("scenarios", []), study.edits)
        self.file = File(self.path.name)

    # ---- looking

    def study(self, scenario: str | None = None) -> Study:
        """The study of a scenario as it is kept: told tables as they were told, edits beside them.

        Raises
            Refused when there is no such scenario.
        """
        if scenario is None:
            return self.base
        if scenario not in {s.id for s in self.scenarios}:
            raise Refused(
                f"There is no scenario '{scenario}'; the scenarios are: {', '.join(s.id for s in self.scenarios)}."
            )
        if scenario not in self.others:  # what was kept of it in the file; else it begins with what the base has found
            begun = replace(self.base, scenario=scenario)
            kept = self.past.at(f"{SCENARIO}{scenario}")
            self.others[scenario] = begun if kept is None else laid(begun, kept)
            self.past.keep(self.others[scenario])
        return self.others[scenario]

    def seen(self, scenario: str | None = None, party: str | None = None) -> Study:
        """The study with its edits laid over it; for a party only what that party may see."""
        key = (scenario, party)
        with self._looking:
            held = self._views.get(key)
            if held is None or held[0] != self.version:
                version, study = self.version, self.study(scenario)
                held = (version, seen(study) if party is None else view(study, party))
                if len(self._views) > KEPT_VIEWS:
                    self._views.clear()
                self._views[key] = held
            return held[1]

    def revision(self, name: str, scenario: str | None = None, party: str | None = None) -> str:
        """A text that changes when the table does: another frame, or other edits on it."""
        return self.revisions(scenario, party, (name,))[name]

    def revisions(
        self, scenario: str | None = None, party: str | None = None, names: Iterable[str] | None = None
    ) -> dict[str, str]:
        """The revision of every table, or of those that are named."""
        asked = list(names if names is not None else frames.tables())
        if party is not None:
            return dict.fromkeys(asked, f"{self.boot}-v{self.version}")
        study = self.study(scenario)
        edits = active(study)
        mine = {str(t): tuple(rows) for t, rows in edits.groupby("target").groups.items()} if len(edits) else {}
        tails = {n: f"-{abs(hash(mine[n])):x}" if n in mine else "" for n in asked}
        return {n: f"{self.boot}-{self._serial(study.tables.get(n))}{tails[n]}" for n in asked}

    def stale(self, scenario: str | None = None, wait: bool = False) -> tuple[str, ...] | None:
        """The verbs whose answer no longer belongs to the tables; None while that is still being looked at."""
        study = self.study(scenario)
        told: tuple[str, ...] | None = self.later.ask(("stale", self.version, scenario), lambda: stale(study), wait)
        return told

    def behind(self, scenario: str | None = None, wait: bool = False) -> bool | None:
        """Whether the programme no longer belongs to the tables; sooner known than all that is stale."""
        study, key = self.study(scenario), ("behind", self.version, scenario)
        told: bool | None = self.later.ask(key, lambda: PROGRAMME in stale(study, PROGRAMME), wait)
        return told

    def _serial(self, frame: pd.DataFrame | None) -> int:
        if frame is None:
            return 0  # a table that nobody filled
        held = self._serials.get(id(frame))
        if held is None or held[0]() is not frame:
            self._next += 1
            held = self._serials[id(frame)] = (weakref.ref(frame), self._next)
        return held[1]

    # ---- changing

    def change(self, make: Callable[[Study], Study], scenario: str | None = None) -> pd.DataFrame:
        """Lets `make` add edits to the study, writes them to the file, and gives the new ones.

        Raises
            OpenElsewhere when another program holds the file: then nothing has changed.
        """
        with self.hand:
            self.look()
            self.changed.set()  # who is saving waits until this is answered
            before = self.study(scenario)
            after = make(before)
            fresh = after.edits[~after.edits.index.isin(before.edits.index)]
            if len(fresh):
                self._write(lambda: journal.append(self.path, fresh, self.mark))
                self._lay(after.edits)
            return fresh

    def _write(self, write: Callable[[], journal.Mark | None]) -> None:
        self._keep_old_version()
        try:
            self.mark = write()
        except journal.OpenElsewhere as error:
            self._tell_file("read-only", error.program)
            raise
        self._tell_file("saving" if self.dirty or self.unsaved else "saved")

    def _keep_old_version(self) -> None:
        """The first time that an older file is written, a copy of it stays as it was."""
        if self.format < FORMAT:
            copy = self.path.with_name(f"{self.path.stem}.versie-{self.format}{self.path.suffix}")
            if not copy.exists():
                shutil.copy2(self.path, copy)
            self.format = FORMAT

    def _lay(self, edits: pd.DataFrame) -> None:
        self.base = self.base | {"edits": edits}
        self.others = {s: o | {"edits": edits} for s, o in self.others.items()}
        self._bump()

    def _bump(self, scenario: str | None = None) -> None:
        self.version += 1
        self.tell("study", {"version": self.version, "scenario": scenario})

    def put(self, result: Study, snapshot: Study, scenario: str | None = None) -> bool:
        """Takes over what was found, unless the study was edited since the snapshot; says whether it did."""
        with self.hand:
            here = self.study(scenario)
            told = [n for n in frames.told() if n in here.tables]
            if any(here.tables[n] is not snapshot.tables.get(n) for n in told):
                return False
            made = {n: f for n, f in result.tables.items() if f is not here.tables.get(n) and n not in frames.told()}
            self._found(replace(here, tables={**here.tables, **made}, made=result.made), scenario)
            return True

    def _found(self, after: Study, scenario: str | None) -> None:
        """Takes over what was found, remembers it, and lets it be saved."""
        self.past.keep(after)
        if scenario is None:
            self.base, self.dirty = after, True
        else:
            self.others[scenario] = after
            self.unsaved.add(scenario)
        self._tell_file("saving")
        self.changed.set()
        self._bump(scenario)

    def take_over(self, scenario: str, source: Study) -> None:
        """A scenario begins with what another one has found."""
        with self.hand:
            self._found(laid(self.study(scenario), found_in(source)), scenario)

    def back(self, scenario: str | None = None) -> bool:
        """Puts back what was found when the same edits counted before; says whether that is still there and still true."""
        with self.hand:
            here = self.study(scenario)
            found = self.past.at(state(here))
            if found is None or not len(found.tables.get("programme", ())):
                return False
            after = laid(here, found)
            if PROGRAMME in stale(after, PROGRAMME):
                return False
            self._found(after, scenario)
            return True

    # ---- scenarios

    def keep_scenarios(self, scenarios: list[Scenario]) -> None:
        """Keeps the names of the scenarios in the file."""
        with self.hand:
            self.look()
            told = [s.to_dict() for s in scenarios]
            self._write(lambda: journal.keep(self.path, "scenarios", told, self.mark))
            self.scenarios = scenarios
            self._bump()

    # ---- the file

    def look(self) -> bool:
        """Reads the study again when another program has written to it; says whether that was so."""
        with self.hand:
            same = journal.mark(self.path) == self.mark and not journal.held_open(self.path)
            if same and self.file.state != "read-only":
                return False
            program = journal.holder(self.path)
            if program is not None:
                self._tell_file("read-only", program)
                return False
            if journal.mark(self.path) != self.mark:
                self._take_in()
            self._tell_file("saved")
            return True

    def _take_in(self) -> None:
        """What the file says now, with what was found since it was last saved."""
        found = {n: f for n, f in self.base.tables.items() if n in frames.found()} if self.dirty else {}
        made, others, unsaved = self.base.made, self.others, self.unsaved
        self.past.forget()
        self._open()
        self.unsaved = unsaved
        if found:
            self.base = replace(self.base, tables={**self.base.tables, **found}, made=made)
        told = {n: f for n, f in self.base.tables.items() if n not in frames.found()}
        for scenario, study in others.items():
            kept = {n: f for n, f in study.tables.items() if n in frames.found()}
            self.others[scenario] = replace(study, tables={**told, **kept})
        self._bump()

    def save(self, wanted: Callable[[], bool] = always) -> bool:
        """Writes what was found since the last time; edits made meanwhile go along. Scenarios alone are added to the file.

        When it is no longer `wanted` nothing is written, and what was found waits for the next time.
        """
        try:
            return self._save(wanted)
        except Superseded:
            return False

    def _save(self, wanted: Callable[[], bool]) -> bool:
        with self.hand:
            self.look()
            if not (self.dirty or self.unsaved) or self.file.state == "read-only":
                return False
            snapshot, history = self.base, store.changes(self.path) if self.dirty else None
            scenarios = {s: found_in(o) for s, o in self.others.items()}
            names = [s.id for s in self.scenarios if not s.hidden]
        sets, fresh = self.past.packed({s: f for s, f in scenarios.items() if s in names}, names)
        if history is None:
            return self._save_shelf(sets, fresh, scenarios)
        digests = {d for s in sets.values() for d in s.tables.values()} - set(fresh)
        bodies = {**shelf.bodies(self.path, digests), **fresh}
        facts = {"scenarios": [s.to_dict() for s in self.scenarios]}
        with store.draft(snapshot, self.path, history, facts, wanted) as draft, self.hand:
            if journal.mark(self.path) != self.mark:
                return False  # somebody else wrote meanwhile: read first, save later
            late = self.base.edits[~self.base.edits.index.isin(snapshot.edits.index)]
            if len(late):
                journal.append(draft, late)
            shelf.put(draft, sets, bodies, None)
            self._keep_old_version()
            draft.replace(self.path)
            self.mark = journal.mark(self.path)
            self.dirty = any(self.base.tables.get(n) is not snapshot.tables.get(n) for n in frames.found())
            self._kept(sets, scenarios)
        return True

    def _save_shelf(self, sets: dict[str, shelf.Kept], fresh: dict[str, bytes], scenarios: dict[str, Found]) -> bool:
        with self.hand:
            if journal.mark(self.path) != self.mark:
                return False
            self._write(lambda: shelf.put(self.path, sets, fresh, self.mark))
            self._kept(sets, scenarios)
        return True

    def _kept(self, sets: dict[str, shelf.Kept], scenarios: dict[str, Found]) -> None:
        """What is in the file now, and whether something was found while it was written."""
        self.past.wrote(sets, scenarios)
        self.unsaved = (
            {
                s
                for s in self.unsaved
                if any(f is not scenarios[s].tables.get(n) for n, f in found_in(self.others[s]).tables.items())
            }
            if self.unsaved
            else set()
        )
        self._tell_file("saving" if self.dirty or self.unsaved else "saved")

    def copy_to(self, name: str) -> None:
        """Saves everything as a new study beside the old one and goes on in it."""
        place = self.path.with_name(Path(name).name)
        if place.suffix != ".gpkg" or place.exists() or Path(name).name != name:
            raise Refused(f"'{name}' is no new file name; give a name that ends in .gpkg and is not there yet.")
        with self.hand:
            facts = {"scenarios": [s.to_dict() for s in self.scenarios]}
            store.save(self.base, place, keep_history=False, extra=facts)
            self.past.path, self.past.sets = place, {}
            self.path, self.dirty, self.format = place, False, FORMAT
            self.unsaved = set(self.others)
            self.changed.set()
            self.mark, self.file = journal.mark(place), File(place.name)
            self._bump()

    def _tell_file(self, state: str, program: str | None = None) -> None:
        if (state, program) != (self.file.state, self.file.program) or state == "saved":
            self.file = File(self.path.name, state, now(), program)
            self.tell("file", {"state": state, "program": program})

    # ---- telling

    def tell(self, event: str, data: dict[str, Any]) -> None:
        """Lets everybody who listens know."""
        for listener in list(self.listeners):
            listener(event, data)

    @contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        """Hears every event until it is left."""
        self.listeners.append(listener)
        try:
            yield
        finally:
            self.listeners.remove(listener)


def counts(study: Study) -> Mapping[str, int]:
    """The number of rows per table."""
    return {n: len(study[n]) for n in frames.tables()}
