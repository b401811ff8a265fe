"""The way in: what there is, what it conforms to, its description, and the pages that explain it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse

from integralie.api.problems import Problem
from integralie.api.shapes import Link, Shape
from integralie.api.sight import Looking

router = APIRouter(tags=["landing"])
OGC = "http://www.opengis.net/spec"
REL = "http://www.opengis.net/def/rel/ogc/1.0"
CONFORMS = (
    f"{OGC}/ogcapi-features-1/1.0/conf/core",
    f"{OGC}/ogcapi-features-1/1.0/conf/oas30",
    f"{OGC}/ogcapi-features-1/1.0/conf/geojson",
    f"{OGC}/ogcapi-features-2/1.0/conf/crs",
    f"{OGC}/ogcapi-processes-1/1.0/conf/core",
    f"{OGC}/ogcapi-processes-1/1.0/conf/json",
    f"{OGC}/ogcapi-processes-1/1.0/conf/job-list",
    f"{OGC}/ogcapi-processes-1/1.0/conf/dismiss",
    f"{OGC}/ogcapi-tiles-1/1.0/conf/core",
    f"{OGC}/ogcapi-tiles-1/1.0/conf/mvt",
)
SHOWN = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png")
DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; frame-ancestors 'self'"
)


class Landing(Shape):
    """What this service is, and where everything else is."""

    title: str
    description: str
    links: list[Link]


class Conformance(Shape):
    """The standards that this service keeps to."""

    conforms_to: list[str]


@router.get("/", response_model_exclude_none=True)
def landing(look: Looking) -> Landing:
    """What this service is, and where everything else is."""
    rels = (
        ("/v1", "self", "application/json"), ("/v1/openapi.json", "service-desc", "application/vnd.oai.openapi+json;version=3.1"),
        ("/v1/docs", "service-doc", "text/html"), ("/v1/conformance", "conformance", "application/json"),
        ("/v1/collections", "data", "application/json"), ("/v1/processes", f"{REL}/processes", "application/json"),
        ("/v1/jobs", f"{REL}/job-list", "application/json"), ("/v1/tables", "describedby", "application/json"),
    )  # fmt: skip
    links = [
        Link(href=h, rel=r, type=t, title=look.t("link." + h.rsplit("/", 1)[-1].split(".")[0])) for h, r, t in rels
    ]
    return Landing(title=look.study.settings.name, description=look.t("about"), links=links)


@router.get("/conformance")
def conformance() -> Conformance:
    """The standards that this service keeps to."""
    return Conformance(conforms_to=list(CONFORMS))


@router.get("/openapi.json", include_in_schema=True)
def openapi(request: Request) -> dict[str, object]:
    """The description of this API, for programs."""
    return JSONResponse(request.app.openapi(), headers={"Access-Control-Allow-Origin": "*"})  # type: ignore[return-value]


@router.get("/docs", include_in_schema=False)
def docs() -> HTMLResponse:
    """The description of this API, for people; everything it shows comes from this server."""
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Integralië API</title>'
        '<link rel="icon" href="/v1/docs/favicon-32x32.png"><link rel="stylesheet" href="/v1/docs/swagger-ui.css">'
        '<div id="docs"></div><script src="/v1/docs/swagger-ui-bundle.js"></script><script src="/v1/docs/start.js"></script></html>'
    )
    return HTMLResponse(page, headers={"Content-Security-Policy": DOCS_POLICY})


@router.get("/docs/{name}", include_in_schema=False)
def docs_file(name: str) -> Response:
    """The files of the documentation page."""
    if name == "start.js":
        start = 'SwaggerUIBundle({url: "/v1/openapi.json", dom_id: "#docs", validatorUrl: null, deepLinking: true});'
        return Response(start, media_type="text/javascript")
    package = find_spec("swagger_ui")
    if name not in SHOWN or package is None or package.origin is None:
        raise Problem("not-found", f"There is no file '{name}' in the documentation.")
    return FileResponse(Path(package.origin).parent / "static" / name, headers={"Cache-Control": "max-age=86400"})


@router.get("/problems/{word}")
def problem(look: Looking, word: str) -> dict[str, str]:
    """What a kind of problem means."""
    if not look.words.has(f"api.problem.{word}"):
        raise Problem("not-found", look.t("no_problem", word=word))
    return {"type": f"/v1/problems/{word}", "title": look.t(f"problem.{word}")}
