"""One shape for everything that goes wrong: application/problem+json (RFC 9457), one sentence with the remedy."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from integralie.api.spoken import spoken
from integralie.errors import DataError, FigureMissing, Infeasible, IntegralieError, Refused
from integralie.paper.words import Words
from integralie.store.journal import ChangedElsewhere, OpenElsewhere

MEDIA = "application/problem+json"
STATUS = {
    "invalid-request": 400, "not-found": 404, "refused": 403, "second-writer": 409, "no-programme": 409,
    "outside-window": 409, "impossible": 409, "too-large": 413, "unreadable-file": 415, "open-elsewhere": 423,
    "data": 422, "not-allowed": 405, "not-acceptable": 406, "unexpected": 500,
}  # fmt: skip
OF = (
    (OpenElsewhere, "open-elsewhere"), (ChangedElsewhere, "second-writer"), (Refused, "refused"),
    (Infeasible, "impossible"), (FigureMissing, "data"), (DataError, "data"),
)  # fmt: skip


class Problem(Exception):
    """Something that the asker can mend: a stable word, a sentence, and what a page needs to offer a way out."""

    def __init__(self, word: str, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.word, self.detail, self.extra = word, detail, extra


def language_of(request: Request) -> str:
    """The language asked for in the address, else by the browser, else Dutch."""
    asked = request.query_params.get("language") or request.headers.get("accept-language", "nl")
    return "en" if asked.lower().startswith("en") else "nl"


def answer(request: Request, word: str, detail: str, extra: dict[str, Any] | None = None) -> JSONResponse:
    """The problem as a page and a script read it."""
    language = language_of(request)
    body = {
        "type": f"/v1/problems/{word}", "title": Words(language).t(f"api.problem.{word}"), "status": STATUS[word],
        "detail": detail, "instance": request.url.path, **(extra or {}),
    }  # fmt: skip
    return JSONResponse(body, STATUS[word], media_type=MEDIA, headers={"Content-Language": language})


def install(api: FastAPI) -> None:
    """Every way in which a request can end badly ends in the one shape."""

    @api.exception_handler(Problem)
    def told(request: Request, error: Problem) -> JSONResponse:
        return answer(request, error.word, error.detail, error.extra)

    @api.exception_handler(IntegralieError)
    def ours(request: Request, error: IntegralieError) -> JSONResponse:
        word = next((w for kind, w in OF if isinstance(error, kind)), "data")
        if isinstance(error, OpenElsewhere):
            detail = Words(language_of(request)).t(f"api.detail.open-elsewhere.{error.program}")
            return answer(request, word, detail, {"program": error.program})
        return answer(request, word, spoken(str(error), language_of(request)))

    @api.exception_handler(RequestValidationError)
    def wrong(request: Request, error: RequestValidationError) -> JSONResponse:
        listed = [{"field": ".".join(map(str, e["loc"][1:])), "message": e["msg"]} for e in error.errors()]
        told = "; ".join(f"{e['field']}: {e['message']}" for e in listed[:3])
        return answer(request, "invalid-request", told, {"errors": listed})

    @api.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> JSONResponse:
        word = {404: "not-found", 405: "not-allowed", 406: "not-acceptable"}.get(error.status_code, "invalid-request")
        return answer(request, word, Words(language_of(request)).t(f"api.detail.{word}"))

    @api.exception_handler(Exception)
    def unforeseen(request: Request, error: Exception) -> JSONResponse:
        logging.getLogger("integralie.api").exception("unforeseen", exc_info=error)
        detail = Words(language_of(request)).t("api.detail.unexpected", error=type(error).__name__)
        return answer(request, "unexpected", detail)
