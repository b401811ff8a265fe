"""The workbench: built files from `integralie/web`, served with a policy that lets nothing in from elsewhere."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse

from integralie.api.problems import answer, language_of
from integralie.api.theme import theme
from integralie.paper.words import Words

PDOK = "https://service.pdok.nl"
NOTHING = "default-src 'none'; frame-ancestors 'self'"
PAPER = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'self'"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
TYPES = {
    ".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml", ".json": "application/json",
    ".woff2": "font/woff2", ".png": "image/png", ".webmanifest": "application/manifest+json", ".map": "application/json",
    ".txt": "text/plain", ".ico": "image/x-icon",
}  # fmt: skip
YEAR = "public, max-age=31536000, immutable"


def policy(background: bool) -> str:
    """What the page may load: itself; with the background of PDOK also that map."""
    more = f" {PDOK}" if background else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; worker-src 'self' blob:; "
        f"img-src 'self' data: blob:{more}; connect-src 'self'{more}; manifest-src 'self'; frame-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )


def folder() -> Path:
    """Where the built workbench lies."""
    return Path(str(files("integralie").joinpath("web")))


def install(app: FastAPI, background: bool, root: Path | None = None, study: Path | None = None) -> None:
    """Serves the workbench at /; any address that is no file is the page itself, which knows its own places. The theme of a
    municipality lies beside its study.
    """
    held = (root or folder()).resolve()

    @app.get("/theme.css", include_in_schema=False)
    def own_theme() -> Response:
        return Response(theme(study) if study else "", media_type="text/css", headers={"Cache-Control": "no-cache"})

    @app.api_route("/{path:path}", methods=["GET", "HEAD"], include_in_schema=False, response_model=None)
    def page(request: Request, path: str) -> Response:
        asked = (held / path).resolve()
        kept = {"Content-Security-Policy": policy(background)}
        if path and asked.is_file() and asked.is_relative_to(held) and asked.suffix in TYPES:
            lasting = YEAR if path.startswith("assets/") else "no-cache"
            return FileResponse(asked, media_type=TYPES[asked.suffix], headers={**kept, "Cache-Control": lasting})
        if Path(path).suffix in TYPES and path:
            return answer(request, "not-found", Words(language_of(request)).t("api.detail.not-found"))
        if (held / "index.html").is_file():
            return FileResponse(
                held / "index.html", media_type="text/html", headers={**kept, "Cache-Control": "no-cache"}
            )
        return HTMLResponse(_bare(language_of(request)), headers={"Content-Security-Policy": PAPER})


def _bare(language: str) -> str:
    """What stands here when the workbench was not built: the way to the API."""
    words = Words(language)
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>Integralië</title><h1>Integralië</h1>'
        f'<p>{words.t("api.no_workbench")}</p><ul><li><a href="/v1/docs">API</a></li><li><a href="/v1/documents/report">'
        f"{words.t('api.document.report')}</a></li></ul></html>"
    )
