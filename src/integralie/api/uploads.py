"""A spreadsheet that was dropped on the page: read, asked about, and taken in as one change.

Only cells are read and nothing in the file is run. What the list says stands beside what the study says: new rows are
added, other values are offered as differences, and a value that people set by hand is never overwritten.
"""

from __future__ import annotations

import uuid
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from integralie.api.gestures import Edit, title
from integralie.api.shapes import plain
from integralie.api.sight import Sight
from integralie.edits import active
from integralie.errors import DataError
from integralie.importers import format_of, programme_list
from integralie.importers.mapping import Words
from integralie.importers.mapping import plain as plain_name
from integralie.importers.places import bare, distance, place_plans
from integralie.importers.sheets import EXCEL, sheets
from integralie.kinds import kinds
from integralie.schema import frames
from integralie.schema.notes import gather

LIMIT = 500 * 1024 * 1024  # bytes of one file
PREVIEW = 5  # rows that are shown
SKIP = "-"  # the answer that leaves a question for what it is
ASKED = {"who": "party", "what": "name", "where": "street_name", "when": "year"}
FIELDS = ("party", "name", "kind", "street_name", "year", "earliest", "preferred", "latest", "cost", "phase", "funding")
COMPARED = (
    "name",
    "kind",
    "action",
    "street_name",
    "earliest",
    "preferred",
    "latest",
    "duration",
    "cost",
    "funding",
    "fund",
    "phase",
    "certainty",
)
MOST_QUESTIONS = 200


@dataclass
class Question:
    """One thing that the list does not say plainly, with the answers to choose from."""

    id: str
    kind: str
    text: str
    about: str
    options: list[tuple[str, str]]
    rows: int
    required: bool


@dataclass
class Upload:
    """One file and what was answered about it."""

    path: Path
    name: str
    party: str | None
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:10])
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def macro(self) -> bool:
        """Whether a program lies in the file; it is never run."""
        if self.path.suffix.lower() == ".xlsm":
            return True
        try:
            with zipfile.ZipFile(self.path) as packed:
                return any(n.lower().endswith("vbaproject.bin") for n in packed.namelist())
        except (zipfile.BadZipFile, OSError):
            return False

    def mapping(self) -> dict[str, Any]:
        """The answers as a mapping of the reader: columns, words and names of places."""
        columns: dict[str, str] = {}
        values: dict[str, dict[str, str]] = {}
        for question, answer in self.answers.items():
            kind, _, about = question.partition(":")
            if answer == SKIP:
                continue
            if kind == "column":
                columns[answer] = about
            elif kind == "word":
                column, _, word = about.partition(":")
                values.setdefault(column, {})[word] = answer
        return {"columns": columns, "values": values}

    def places(self) -> dict[str, str]:
        """Which street people meant by a name in the list."""
        return {q.partition(":")[2]: a for q, a in self.answers.items() if q.startswith("place:") and a != SKIP}


@dataclass
class Read:
    """What the list says now, with the answers so far."""

    format: str
    plans: pd.DataFrame
    parties: pd.DataFrame
    findings: pd.DataFrame
    questions: list[Question]
    rows: int


def book(upload: Upload) -> dict[str, list[list[Any]]]:
    """The cells of every sheet.

    Raises
        DataError when it is no list.
    """
    return sheets(upload.path)


def read(upload: Upload, look: Sight) -> Read:
    """Reads the list with the answers so far, and asks what is still open, the most valuable first."""
    heads = headers(upload)
    try:
        told = programme_list.read(upload.path, look.study.settings, mapping=upload.mapping())
    except DataError as error:
        asked = _columns(upload, heads, look, required=True)
        if not asked or upload.path.suffix.lower() not in programme_list.SUFFIXES:
            raise
        empty = frames.empty("plans", look.study.settings.crs)
        asked[0].about = str(error)
        return Read("programme list", empty, frames.empty("parties"), gather([], "findings"), asked, 0)
    plans, parties = _own_ids(upload, told.tables["plans"], heads), told.tables["parties"]
    plans, parties, who = _parties(plans, parties, upload, look)
    names = upload.places()
    plans = plans.assign(
        street_name=plans["street_name"].map(lambda n: names.get(n, n) if isinstance(n, str) else n).astype("str")
    )
    plans, unplaced = place_plans(plans, look.study.streets)
    findings = gather([*told.findings, unplaced], "findings")
    questions = [
        *who,
        *_places(plans, upload, look),
        *_words(findings, plans, upload, look),
        *_columns(upload, heads, look, required=False),
    ]
    return Read("programme list", plans, parties, findings, questions[:MOST_QUESTIONS], len(plans))


def _own_ids(upload: Upload, plans: pd.DataFrame, heads: dict[str, list[str]]) -> pd.DataFrame:
    """Rows of a list without ids of its own are known by the name of the file and their place in it."""
    mapped = Words(columns=upload.mapping()["columns"])
    if any("id" in programme_list.name_columns(row, mapped) for row in heads.values()):
        return plans
    stem = plain_name(Path(upload.name).stem).replace(" ", "-")
    return plans.rename(index=lambda i: f"plan:{stem}-{str(i).removeprefix('plan:')}")


def _parties(
    plans: pd.DataFrame, parties: pd.DataFrame, upload: Upload, look: Sight
) -> tuple[pd.DataFrame, pd.DataFrame, list[Question]]:
    """The parties of the list met with those of the study, by name; who is not known is asked, and else is new."""
    here = look.study.parties["name"]
    known = {plain_name(n): str(i) for i, n in here.items()} | {
        plain_name(str(i).removeprefix("party:")): str(i) for i in here.index
    }
    meant, asked = {}, []
    options = [(str(i), str(n)) for i, n in here.items()] + [(SKIP, look.t("upload.new_party"))]
    for id, name in parties["name"].items():
        answer = upload.answers.get(f"party:{name}")
        meant[id] = answer if answer in here.index else id if answer == SKIP else known.get(plain_name(name), id)
        if meant[id] not in here.index and answer is None:
            rows = int((plans["party"] == id).sum())
            asked.append(
                Question(f"party:{name}", "party", look.t("upload.party", name=name), "", options, rows, False)
            )
    fresh = parties[[meant[i] == i and i not in here.index for i in parties.index]]
    return plans.assign(party=plans["party"].map(lambda p: meant.get(p, p)).astype("str")), fresh, asked


def headers(upload: Upload) -> dict[str, list[str]]:
    """The row of each sheet that looks most like a head, as texts."""
    made = {}
    for name, rows in book(upload).items():
        head = programme_list.find_header(rows, Words(columns=upload.mapping()["columns"]))
        at = (
            head[0]
            if head is not None
            else next((i for i, r in enumerate(rows) if sum(bool(str(c or "").strip()) for c in r) > 1), 0)
        )
        made[name] = [str(c).strip() for c in rows[at]] if rows else []
    return made


def _columns(upload: Upload, heads: dict[str, list[str]], look: Sight, required: bool) -> list[Question]:
    """Which column says who, what, where, when and how much, where the head does not say so itself."""
    cells = [c for c in dict.fromkeys(c for row in heads.values() for c in row) if c]
    mapped = Words(columns=upload.mapping()["columns"])
    known = set().union(*(programme_list.name_columns(row, mapped) for row in heads.values())) if heads else set()
    lacking = programme_list.lacks(dict.fromkeys(known, 0), Words())
    wanted = {**ASKED, "how much": "cost"}
    free = [c for c in cells if c not in _used(heads, mapped)]
    made = []
    for what in (w for w in wanted if w in lacking):
        id = f"column:{wanted[what]}"
        if id not in upload.answers and free:
            must = what != "how much"
            options = [(c, c) for c in free] + ([] if must else [(SKIP, look.t("upload.skip"))])
            text = look.t("upload.column", what=look.t(f"upload.what.{wanted[what]}"))
            made.append(Question(id, "column", text, "", options, 0, must and required))
    return made


def columns_read(upload: Upload, look: Sight) -> list[tuple[str, str, str]]:
    """Our column, its title, and the head in the list that it was read from."""
    mapped = Words(columns=upload.mapping()["columns"])
    made: dict[str, str] = {}
    for row in headers(upload).values():
        made |= {c: row[i] for c, i in programme_list.name_columns(row, mapped).items() if i < len(row)}
    return [(c, title(look, "plans", c), head) for c, head in made.items()]


def _used(heads: dict[str, list[str]], words: Words) -> set[str]:
    used = set()
    for row in heads.values():
        used |= {row[i] for i in programme_list.name_columns(row, words).values() if i < len(row)}
    return used


def _places(plans: pd.DataFrame, upload: Upload, look: Sight) -> list[Question]:
    """Names of streets that the study does not know, with the nearest ones that it does; the most used first."""
    names = list(dict.fromkeys(look.study.streets["name"].dropna()))
    open_ = (
        plans["street"].isna()
        & plans.geometry.isna()
        & plans["street_name"].notna()
        & ~plans["street_name"].isin(names)
    )
    made = []
    for name, rows in plans.loc[open_, "street_name"].value_counts().items():
        if f"place:{name}" not in upload.answers:
            options = [(n, n) for n in _near(str(name), names)] + [(SKIP, look.t("upload.no_place"))]
            made.append(
                Question(f"place:{name}", "place", look.t("upload.place", name=name), "", options, int(rows), False)
            )
    return made


def _told(message: str) -> str | None:
    """The name between quotes in a finding."""
    parts = str(message).split("'")
    return parts[1] if len(parts) > 2 else None


def _near(name: str, names: list[str]) -> list[str]:
    text = bare(name)
    return sorted(names, key=lambda n: (distance(text, bare(n), len(text)), n))[:3]


def _words(findings: pd.DataFrame, plans: pd.DataFrame, upload: Upload, look: Sight) -> list[Question]:
    """Words for a kind of object that have no meaning for us yet."""
    rows = findings[findings["rule"] == "list_word"] if len(findings) else findings
    made: dict[str, Question] = {}
    dutch = look.language == "nl"
    options = sorted(
        ((n, k.label_nl if dutch else k.label) for n, k in kinds().items() if k.programmed), key=lambda o: o[1]
    )
    for _, row in rows.iterrows():
        name = _told(row["message"])
        plan = row["row"]
        if name is None or plan not in plans.index or pd.notna(plans.at[plan, "kind"]):
            continue
        id = f"word:kind:{name}"
        if id not in upload.answers:
            choices = [*options, (SKIP, look.t("upload.skip"))]
            question = made.setdefault(
                id, Question(id, "word", look.t("upload.word", word=name), "", choices, 0, False)
            )
            question.rows += 1
    return sorted(made.values(), key=lambda q: -q.rows)


@dataclass
class Difference:
    """One value of a plan that the study has otherwise; `kept` when people set it by hand."""

    row: str
    name: str
    column: str
    title: str
    was: Any
    now: Any
    kept: bool


def differences(read_: Read, look: Sight) -> list[Difference]:
    """Where the list says something else than the study, for plans that both have."""
    here = look.study.plans
    edits = active(look.raw)
    by_hand = set(zip(edits["row"], edits["column"])) if len(edits) else set()
    made = []
    for id in read_.plans.index.intersection(here.index):
        for column in COMPARED:
            now, was = plain(_none(read_.plans.at[id, column])), plain(_none(here.at[id, column]))
            if now is not None and now != was:
                name = str(read_.plans.at[id, "name"])
                made.append(
                    Difference(id, name, column, title(look, "plans", column), was, now, (id, column) in by_hand)
                )
    return made


def _none(value: Any) -> Any:
    return None if pd.isna(value) else value


def edits_of(read_: Read, look: Sight, skip: set[str]) -> list[Edit]:
    """The list as edits: parties and plans that are new, and values that differ and that nobody set by hand."""
    parties = [
        Edit("insert", "parties", str(i), None, _values(r))
        for i, r in read_.parties.iterrows()
        if i not in look.raw.parties.index
    ]
    fresh = read_.plans[
        ~read_.plans.index.isin([*look.raw.plans.index, *look.study.plans.index]) & ~read_.plans.index.isin(skip)
    ]
    used = set(fresh["party"])
    plans = [Edit("insert", "plans", str(i), None, _values(r)) for i, r in fresh.iterrows()]
    sets = [
        Edit("set", "plans", d.row, d.column, d.now)
        for d in differences(read_, look)
        if not d.kept and d.row not in skip
    ]
    return [*(p for p in parties if p.row in used), *plans, *sets]


def _values(row: pd.Series) -> dict[str, Any]:
    told = {str(k): v for k, v in row.items() if isinstance(v, shapely.Geometry) or not pd.isna(v)}
    return {
        k: shapely.to_wkt(v, rounding_precision=-1) if isinstance(v, shapely.Geometry) else plain(v)
        for k, v in told.items()
    }


def check_format(path: Path) -> str:
    """The name of the format, or an error that lists what can be read."""
    if path.suffix.lower() in (*EXCEL, ".csv", ".tsv", ".txt"):
        return programme_list.NAME
    return str(format_of(path).NAME)
