"""What is handed over: report, assignments, files, and the gate before them."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from pathlib import Path

from fastapi import APIRouter, Response

from integralie import store
from integralie.api import excel, web
from integralie.api.gates import Gates, gates
from integralie.api.memo import kept
from integralie.api.problems import Problem
from integralie.api.routes.tables import XLSX
from integralie.api.shapes import Shape
from integralie.api.sight import Looking, Sight
from integralie.pipeline import asked
from integralie.schema import frames
from integralie.verbs.hand_over import HandOver, write

router = APIRouter(tags=["documents"])
HTML, ZIP, GPKG = "text/html", "application/zip", "application/geopackage+sqlite3"
LISTED = (("report", "html"), ("assignment", "html"), ("package", "zip"), ("study", "gpkg"), ("tables", "xlsx"))
GATED = ("report", "assignment", "package")


class GateCount(Shape):
    """How many conditions hold."""

    passed: int
    of: int


class Document(Shape):
    """One document, where it is and whether it may go."""

    id: str
    title: str
    format: str
    href: str
    gate: GateCount | None


class Documents(Shape):
    """All documents."""

    documents: list[Document]


@router.get("/documents")
def documents(look: Looking) -> Documents:
    """All documents that can be made now."""
    made = []
    for name, form in LISTED:
        gate = gates(look, name) if name in GATED else None
        count = (
            GateCount(passed=sum(c.state == "ok" for c in gate.checks), of=len(gate.checks))
            if gate is not None
            else None
        )
        made.append(
            Document(id=name, title=look.t(f"document.{name}"), format=form, href=f"/v1/documents/{name}", gate=count)
        )
    return Documents(documents=made)


@router.get("/gates")
def gate(look: Looking, document: str = "assignment", opening: str | None = None) -> Gates:
    """What must be right before a document is handed over."""
    if document not in GATED:
        raise Problem("not-found", look.t("no_document", name=document, known=", ".join(GATED)))
    if opening is not None:
        look.row("openings", opening)
    return gates(look, document, opening)


def _name(look: Sight, kind: str, suffix: str) -> str:
    safe = re.sub(r"[^A-Za-z0-9_-]+", "-", look.study.settings.name).strip("-") or "studie"
    return f"{safe}-{look.t(f'document.{kind}.file')}{suffix}"


def _assignment(look: Sight, opening: str | None, until: int | None) -> HandOver:
    options = {"language": look.language, "opening": opening, "until": until}
    made: HandOver = kept(look, "hand_over", lambda: asked(look.study, "hand_over", **options), opening, until)
    return made


def _sent(look: Sight, body: bytes | str, media: str, name: str, download: bool) -> Response:
    headers = {"Content-Security-Policy": web.PAPER}
    if download:
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(body, media_type=media, headers=headers)


@router.get("/documents/report", response_class=Response, responses={200: {"content": {HTML: {}}}})
def report(look: Looking, download: bool = False) -> Response:
    """The report of the whole programme, as one page."""
    page = kept(look, "report", lambda: str(asked(look.study, "report", language=look.language)))
    return _sent(look, page, HTML, _name(look, "report", ".html"), download)


@router.get("/documents/assignment", response_class=Response, responses={200: {"content": {HTML: {}}}})
def assignment(look: Looking, opening: str | None = None, until: int | None = None, download: bool = False) -> Response:
    """The assignment for the crews: one page per joint opening, or of one opening."""
    made = _assignment(look, opening, until)
    return _sent(look, made.page, HTML, _name(look, "assignment", ".html"), download)


@router.get("/documents/package", response_class=Response, responses={200: {"content": {ZIP: {}}}})
def package(look: Looking, opening: str | None = None, until: int | None = None) -> Response:
    """GeoPackage and pages for the crews, in one zip file."""
    made = _assignment(look, opening, until)
    out = io.BytesIO()
    with (
        tempfile.TemporaryDirectory(prefix="integralie-") as folder,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for path in write(Path(folder) / "uitvoering.gpkg", made):
            packed.write(path, Path(path).name)
    return _sent(look, out.getvalue(), ZIP, _name(look, "package", ".zip"), True)


@router.get("/documents/study", response_class=Response, responses={200: {"content": {GPKG: {}}}})
def study_file(look: Looking) -> Response:
    """The study as a file; for a party only what it may see, without any history."""
    with tempfile.TemporaryDirectory(prefix="integralie-") as folder:
        path = Path(folder) / "studie.gpkg"
        store.save(look.raw if look.party is None else look.study, path, keep_history=False)
        return _sent(look, path.read_bytes(), GPKG, _name(look, "study", ".gpkg"), True)


@router.get("/documents/tables", response_class=Response, responses={200: {"content": {XLSX: {}}}})
def all_tables(look: Looking) -> Response:
    """All tables that people read, in one Excel file."""
    hidden = ("options", "members", "reasons")
    sheets = {n: look.study[n] for n in frames.tables() if n not in hidden and len(look.study[n])}
    return _sent(look, excel.book(look.study, sheets, look.words), XLSX, _name(look, "tables", ".xlsx"), True)
