"""Serving one study on this computer: the server, the browser, and an end that saves."""

from __future__ import annotations

import gc
import logging
import socket
import threading
import time
import urllib.request
import webbrowser
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import uvicorn

from integralie.api import replan
from integralie.api.app import make_app
from integralie.api.desk import Desk
from integralie.api.hub import Hub
from integralie.api.numbers import verdict
from integralie.errors import DataError

HERE = "127.0.0.1"
TRIES = 20  # ports after the one asked for
FIRST = (  # what the page asks before anything else, with the columns that it asks
    "words", "tables/streets?columns=id,name,area,length,geometry", "tables/areas?columns=id,name,level,parent",
    "tables/works?columns=id,name,party,kind,discipline,action,street,plan,earliest,preferred,latest,fixed,cost,duration,certainty",
    "tables/programme?columns=work,period,status,opening,cash",
    "tables/openings?columns=id,street,period,works,parties,days,cost,nuisance,saved",
)  # fmt: skip
CALM = 3.0  # seconds in which the first page comes
MOST_WORKS = 20_000  # of a study for which an edit is made ready: of more it takes too long
LINGER = 2  # seconds that open streams get when the server stops


def listening(port: int) -> socket.socket:
    """A socket on this computer: the port asked for, or one of the next when that is taken; 0 picks a free one.

    Raises
        DataError when none of them is free.
    """
    for place in [port] if port == 0 else range(port, min(port + TRIES, 65536)):
        made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind((HERE, place))
            made.listen()  # from here on a page that comes early waits instead of being refused
        except OSError:
            made.close()
            continue
        return made
    raise DataError(f"Ports {port} to {port + TRIES - 1} are all in use; give another one with --port.")


def serve(
    study: Path, port: int = 8765, browser: bool = True, party: str | None = None, background: bool = False,
    tell: Callable[[str], object] = print,
) -> None:  # fmt: skip
    """Serves a study until it is stopped; everything that was found is then in the file."""
    desk = Desk(study, party)
    app = make_app(desk, background=background)
    held = listening(port)
    url = f"http://{HERE}:{held.getsockname()[1]}/"
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, timeout_graceful_shutdown=LINGER, server_header=False
    )
    tell(url)
    threading.Thread(target=_ready, args=(desk, url), name="integralie-warm", daemon=True).start()
    if browser:
        threading.Timer(0.5, webbrowser.open, [url]).start()
    _Server(config, app.state.api.state.hub).run(sockets=[held])


class _Server(uvicorn.Server):
    """A server that ends the streams of open pages first when it is told to stop."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._hub.close()
        super().handle_exit(sig, frame)


def _ready(desk: Desk, url: str) -> None:
    """Makes ready what the first page asks and what takes a while the first time: tables, then the proof, what is stale,
    and, when the page is there, what the first edit needs.
    """
    for path in FIRST:
        try:
            with urllib.request.urlopen(
                urllib.request.Request(url + "v1/" + path, headers={"Accept-Encoding": "gzip"})
            ) as told:
                told.read()
        except OSError as error:
            logging.getLogger("integralie.api").debug("not made ready: %s", error)
    base = desk.base
    if len(base.programme) and len(base.options):
        verdict(desk, base)
    desk.stale()
    time.sleep(CALM)
    if 0 < len(base.programme) <= MOST_WORKS and desk.base is base:
        replan.again(base, 0.0)  # for the networks and the compiled code that it loads; the answer is not used
    gc.collect()
    gc.freeze()  # the tables stay: they need not be gone through again after each edit
