"""The description of the API (OpenAPI): as FastAPI makes it, and as the Dutch API Design Rules want it."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from integralie import __version__
from integralie.api.problems import MEDIA, STATUS
from integralie.api.shapes import ProblemDetails

ABOUT = """Everything of one study: its tables as features (OGC API Features) and vector tiles, the verbs as processes
(OGC API Processes), edits, and the reasons behind every choice.

Money is in euros at the price level of the study, coordinates are RD New unless asked otherwise, what is not known is
null. A problem may say more than its five members: `errors` (field, message), `others` and `choices` (second-writer),
`work`, `earliest`, `latest` (outside-window), `limitBytes` (too-large), `program` (open-elsewhere), `demands` (impossible).
Problems: """ + ", ".join(f"`{w}` ({s})" for w, s in STATUS.items())
CONTACT = {
    "name": "Integralië",
    "url": "https://example.invalid/integralie",
}
EMAIL = "integralie@example.invalid"
TAGS = {
    "landing": "The way in.", "study": "The study as a whole.", "tables": "Whole tables, for the workbench and for Excel.",
    "features": "Tables as OGC API Features.", "tiles": "Vector tiles in RD New.", "edits": "Every change that people make.",
    "scenarios": "Lists of edits beside each other.", "programme": "The programme in numbers.", "reasons": "Why a row is as it is.",
    "comparison": "Whole programmes beside each other.", "processes": "The verbs as OGC API Processes, and their jobs.",
    "look": "What lies in a place.", "search": "Search by name.", "section": "The street in cross-section.",
    "words": "The words of the domain.", "documents": "What is handed over.", "uploads": "Lists dropped on the page.", "events": "What happens, as it happens.",
}  # fmt: skip
HEADER = {"API-Version": {"description": "The version of the API.", "schema": {"type": "string"}}}


def api() -> FastAPI:
    """The API, still without routes."""
    made = FastAPI(
        title="Integralië", version=_semver(__version__), description=ABOUT, contact=CONTACT, docs_url=None, redoc_url=None,
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"}, servers=[{"url": "/v1"}], root_path_in_servers=False,
        openapi_url=None, strict_content_type=False,
    )  # fmt: skip
    plain = made.openapi

    def openapi() -> dict[str, Any]:
        if made.openapi_schema is None:
            made.openapi_schema = _ruled(plain())
        return made.openapi_schema

    made.openapi = openapi  # type: ignore[method-assign]
    return made


def _semver(version: str) -> str:
    return version.split("+")[0].split(".dev")[0]


def _ruled(schema: dict[str, Any]) -> dict[str, Any]:
    """One shape of error, the version in a header, and nothing of FastAPI's own errors."""
    parts = schema.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        parts.pop(name, None)
    parts["ProblemDetails"] = ProblemDetails.model_json_schema()
    schema["info"]["contact"]["email"] = EMAIL  # told here: FastAPI would want another library to look at it
    used = {t for path in schema["paths"].values() for o in path.values() for t in o.get("tags", ())}
    schema["tags"] = [{"name": t, "description": TAGS[t]} for t in TAGS if t in used]
    for path in schema["paths"].values():
        for operation in path.values():
            _operation(operation)
    return schema


def _operation(operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    answers.pop("422", None)
    for status, text in (("400", "Invalid request"), ("404", "Not found"), ("default", "Any other problem")):
        answers[status] = _problem(text)
    for status, told in answers.items():
        told.setdefault("headers", {}).update(HEADER)
        if status[0] in "45":
            told["content"] = _problem("")["content"]


def _problem(text: str) -> dict[str, Any]:
    reference = {"$ref": "#/components/schemas/ProblemDetails"}
    return {"description": text, "content": {MEDIA: {"schema": reference}}}
