"""A spreadsheet dropped on the page: what is in it, the questions about it, and taking it in."""

from __future__ import annotations

import re
import shutil
import tempfile
import threading
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from integralie.api import uploads
from integralie.api.gestures import Wanted
from integralie.api.problems import Problem
from integralie.api.routes.edits import ChangeAnswer, ReplanAsked, allowed, record, told
from integralie.api.shapes import Shape, plain
from integralie.api.sight import Looking, Sight
from integralie.api.uploads import Upload

router = APIRouter(tags=["uploads"])
KEPT = 5  # files that wait at the same time
SPARE = 3  # times its size must be free on the disk before a file is taken in
BODY = {
    "content": {
        "multipart/form-data": {
            "schema": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
        },
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
    }
}


class SheetTold(Shape):
    """One sheet: its head and first rows."""

    name: str
    header: list[str]
    preview: list[list[Any]]
    rows: int


class ColumnRead(Shape):
    """A column of ours and the head in the list that it was read from."""

    column: str
    title: str
    source: str


class Option(Shape):
    """One answer to choose."""

    value: str
    label: str


class QuestionTold(Shape):
    """One thing that the list does not say plainly."""

    id: str
    kind: str
    text: str
    about: str
    options: list[Option]
    rows: int
    required: bool


class DifferenceTold(Shape):
    """One value that the list has otherwise than the study; `kept` when people set it by hand."""

    row: str
    name: str
    column: str
    title: str
    was: Any
    now: Any
    kept: bool


class ResultTold(Shape):
    """What taking it in would do."""

    read: int
    added: int
    changed: int
    same: int
    unplaced: int
    sentence: str
    differences: list[DifferenceTold]


class UploadTold(Shape):
    """One file, what was read, and what is asked."""

    id: str
    name: str
    size: int
    format: str
    macro: bool
    notes: list[str]
    sheets: list[SheetTold]
    columns: list[ColumnRead]
    questions: list[QuestionTold]
    result: ResultTold


class Answers(Shape):
    """Answers by the id of the question; `-` leaves it for what it is."""

    answers: dict[str, str]


class AdoptionAsked(Shape):
    """Taking the list in: who does it, and which rows are left out."""

    who: str = ""
    why: str = ""
    skip: list[str] = []
    scenario: str | None = None
    replan: ReplanAsked | None = None


class _Waiting:
    """The files that wait for answers; the oldest goes when there are too many."""

    def __init__(self) -> None:
        self._held: dict[str, Upload] = {}
        self._lock = threading.Lock()

    def add(self, upload: Upload) -> None:
        with self._lock:
            self._held[upload.id] = upload
            for old in list(self._held)[: max(len(self._held) - KEPT, 0)]:
                forget(self._held.pop(old).path)

    def get(self, look: Sight, id: str) -> Upload:
        upload = self._held.get(id)
        if upload is None or upload.party != look.party:
            raise Problem("not-found", look.t("no_upload"))
        return upload

    def drop(self, id: str) -> None:
        with self._lock:
            if (upload := self._held.pop(id, None)) is not None:
                forget(upload.path)


WAITING = _Waiting()


@router.post("/uploads", status_code=201, openapi_extra={"requestBody": BODY})
async def upload(request: Request, look: Looking, name: str | None = None) -> UploadTold:
    """Takes a list (Excel, ODS or text), as a form with `file` or as it is with `name` in the address, and says what
    is in it and what is not plain. Nothing is changed yet.
    """
    size = int(request.headers.get("content-length") or 0)
    if size > uploads.LIMIT:
        raise _too_large(look, name)
    if not size and request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Problem("invalid-request", look.t("upload.no_length"))  # a form is on the disk before it can be counted
    if size * SPARE > shutil.disk_usage(tempfile.gettempdir()).free:
        raise Problem("too-large", look.t("upload.no_room"), limitBytes=uploads.LIMIT)
    made = await _stored(request, look, name)
    try:
        answer = await run_in_threadpool(lambda: _told(made, look))
    except BaseException:
        forget(made.path)
        raise
    WAITING.add(made)
    return answer


def _too_large(look: Sight, name: str | None) -> Problem:
    command = f"integralie read {name or 'FILE'} -o studie.gpkg"
    return Problem(
        "too-large", look.t("detail.too-large", most=uploads.LIMIT // 2**20), limitBytes=uploads.LIMIT, command=command
    )


async def _stored(request: Request, look: Sight, name: str | None) -> Upload:
    """The file on the disk under a name of our own; only the end of its own name is kept."""
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        form = await request.form(max_files=1, max_fields=5)
        file = form.get("file")
        if file is None or isinstance(file, str):
            raise Problem("invalid-request", look.t("lacks_field", do="upload", field="file"))
        name = name or file.filename
        return await _written(_chunks(file), look, name)
    return await _written(request.stream(), look, name)


async def _chunks(file: Any) -> AsyncIterator[bytes]:
    while chunk := await file.read(2**20):
        yield chunk


async def _written(chunks: AsyncIterator[bytes], look: Sight, name: str | None) -> Upload:
    if not name:
        raise Problem("invalid-request", look.t("lacks_field", do="upload", field="name"))
    shown = Path(name.replace("\\", "/")).name[-120:]
    path, total = Path(tempfile.mkdtemp(prefix="integralie-")) / (re.sub(r"[^\w. -]", "_", shown) or "list"), 0
    try:
        with path.open("xb") as out:
            async for chunk in chunks:
                total += len(chunk)
                if total > uploads.LIMIT:
                    raise _too_large(look, shown)
                out.write(chunk)
    except BaseException:
        forget(path)
        raise
    return Upload(path, shown, look.party)


def forget(path: Path) -> None:
    """Removes a file and the folder that was made for it."""
    shutil.rmtree(path.parent, ignore_errors=True)


def _told(upload: Upload, look: Sight) -> UploadTold:
    """What is in the file now, with the answers so far."""
    form = uploads.check_format(upload.path)
    if form != "programme list":
        raise Problem("unreadable-file", look.t("upload.other_format", format=form, name=upload.name))
    read = uploads.read(upload, look)
    cells, heads = uploads.book(upload), uploads.headers(upload)
    sheets = [SheetTold(name=n, header=heads[n], preview=_preview(rows), rows=len(rows)) for n, rows in cells.items()]
    notes = [look.t("upload.macro")] if upload.macro else []
    column = "message_nl" if look.language == "nl" else "message"
    notes += [str(m) for m in read.findings[column].head(uploads.MOST_QUESTIONS)] if len(read.findings) else []
    return UploadTold(
        id=upload.id, name=upload.name, size=upload.path.stat().st_size, format=read.format, macro=upload.macro, notes=notes, sheets=sheets,
        columns=[ColumnRead(column=c, title=t, source=s) for c, t, s in uploads.columns_read(upload, look)],
        questions=[QuestionTold(**{**vars(q), "options": [Option(value=v, label=t) for v, t in q.options]}) for q in read.questions],
        result=_result(read, look),
    )  # fmt: skip


def _preview(rows: list[list[Any]]) -> list[list[Any]]:
    return [
        [c if isinstance(c, int | float | bool | None) else str(c)[:80] for c in map(plain, r[:30])]
        for r in rows[: uploads.PREVIEW + 1]
    ]


def _result(read: uploads.Read, look: Sight) -> ResultTold:
    differ = uploads.differences(read, look)
    both = read.plans.index.intersection(look.study.plans.index)
    names = set(look.study.streets["name"].dropna())
    loose = read.plans["street"].isna() & read.plans.geometry.isna() & ~read.plans["street_name"].isin(names)
    changed = len({d.row for d in differ if not d.kept})
    sentence = look.t("upload.result", read=len(read.plans), unplaced=int(loose.sum()))
    return ResultTold(
        read=len(read.plans), added=len(read.plans) - len(both), changed=changed, same=len(both) - len({d.row for d in differ}),
        unplaced=int(loose.sum()), sentence=sentence, differences=[DifferenceTold(**vars(d)) for d in differ],
    )  # fmt: skip


@router.get("/uploads/{id}")
def one_upload(look: Looking, id: str) -> UploadTold:
    """A file that waits."""
    return _told(WAITING.get(look, id), look)


@router.post("/uploads/{id}/answers")
def answer(look: Looking, id: str, asked: Answers) -> UploadTold:
    """Answers questions about a file; the same file, read again with the answers."""
    held = WAITING.get(look, id)
    tried = replace(held, answers={**held.answers, **asked.answers})
    told_ = _told(tried, look)
    held.answers.update(asked.answers)
    return told_


@router.post("/uploads/{id}/adoption", status_code=201)
def adopt(request: Request, look: Looking, id: str, asked: AdoptionAsked) -> ChangeAnswer:
    """Takes the list in as one change, which can be taken back as a whole."""
    held = WAITING.get(look, id)
    look = replace(look, scenario=asked.scenario or look.scenario)
    with look.desk.hand:
        look.desk.look()
        edits = uploads.edits_of(uploads.read(held, look), look, set(asked.skip))
        if not edits:
            raise Problem("invalid-request", look.t("upload.nothing"))
        allowed(look, edits)
        key, why = uuid.uuid4().hex, asked.why or look.t("upload.why", name=held.name)
        fresh = record(look, edits, asked.who or "workbench", why, key)
    WAITING.drop(id)
    return told(request, look, fresh, key, Wanted(), asked.replan)


@router.delete("/uploads/{id}", status_code=204)
def drop(look: Looking, id: str) -> Response:
    """Forgets a file."""
    WAITING.get(look, id)
    WAITING.drop(id)
    return Response(status_code=204)
