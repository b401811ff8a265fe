"""The whole server put together: the API under /v1, the workbench at /, one shape of error, strict headers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Request, Response
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from integralie import __version__
from integralie.api import described, problems, web
from integralie.api.desk import Desk
from integralie.api.hub import Hub
from integralie.api.jobs import Jobs
from integralie.api.routes import ROUTERS
from integralie.api.saver import Saver
from integralie.api.shapes import HERE

HOSTS = ["localhost", "127.0.0.1", "[::1]"]
SAFE = ("GET", "HEAD", "OPTIONS")
REST = 8.0  # seconds that the hand rests before everything is saved
Next = Callable[[Request], Awaitable[Response]]


def make_app(desk: Desk, hosts: tuple[str, ...] = (), rest: float = REST, background: bool = False) -> FastAPI:
    """The server of one study. `hosts` are further names that it answers to; `background` lets the page fetch the
    map of PDOK.
    """
    hub = Hub()
    api = described.api()
    problems.install(api)
    for router in ROUTERS:
        api.include_router(router)
    api.state.desk, api.state.hub, api.state.background = desk, hub, background
    api.state.jobs = Jobs(hub.job)
    saver = Saver(desk, rest)

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        hub.loop = asyncio.get_running_loop()
        with desk.listening(hub.tell):
            saver.start()
            yield
            hub.close()
            api.state.jobs.close()
            await asyncio.to_thread(saver.close)

    app = FastAPI(lifespan=living, openapi_url=None, docs_url=None, redoc_url=None)
    app.state.api = api
    app.mount("/v1", api)
    web.install(app, background, study=desk.path)
    app.middleware("http")(_guarded)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*HOSTS, *hosts])
    app.add_middleware(_Bare)
    return app


class _Bare:
    """The way in is at /v1, without a slash behind it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/v1":
            scope = {**scope, "path": "/v1/", "raw_path": b"/v1/"}
        await self.app(scope, receive, send)


def description() -> dict[str, Any]:
    """The description of the API (OpenAPI), without a study."""
    api = described.api()
    for router in ROUTERS:
        api.include_router(router)
    return api.openapi()


async def _guarded(request: Request, call_next: Next) -> Response:
    """No other site may write here; every answer says its version and how little a browser may do with it."""
    origin = request.headers.get("origin")
    if request.method not in SAFE and origin and urlsplit(origin).netloc != request.headers.get("host"):
        return problems.answer(request, "refused", "Another site may not change a study; use the page of this server.")
    HERE.set(f"{request.url.scheme}://{request.url.netloc}")
    answer = await call_next(request)
    answer.headers["API-Version"] = __version__
    for name, value in web.HEADERS.items():
        answer.headers.setdefault(name, value)
    if request.url.path.startswith("/v1"):
        answer.headers.setdefault("Content-Security-Policy", web.NOTHING)
        answer.headers.setdefault("Cache-Control", "no-cache")
    return answer
