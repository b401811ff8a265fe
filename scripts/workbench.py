"""A server of a study in a process of its own and a headless Chromium before it, for the pictures and the measurements."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-3d-apis"]  # no WebGL, as on a remote desktop
PATIENCE = 180.0  # seconds until a large study is open


@contextmanager
def served(study: Path) -> Iterator[str]:
    """The address of a server of that study; it is stopped at the end."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    command = [sys.executable, "-m", "integralie.cli", "serve", str(study), "--no-browser", "--port", str(port)]
    server = subprocess.Popen(command)
    try:
        yield _ready(server, f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait(timeout=60)


def _ready(server: subprocess.Popen[bytes], url: str) -> str:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/v1/study", timeout=PATIENCE).read()
            return url
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not start")


@contextmanager
def chromium(*flags: str) -> Iterator[Any]:
    """A browser."""
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=[*FLAGS, *flags])
        yield browser
        browser.close()
