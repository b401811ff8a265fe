"""A real headless Chromium before a real server of a small town; skipped loudly where no Chromium is installed."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import integralie as itg
from integralie.demo import town

playwright = pytest.importorskip("playwright.sync_api")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-3d-apis", "--disable-dev-shm-usage"]  # no WebGL anywhere
WAIT = 90.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser stories say loudly when they cannot run."""
    here = Path(__file__).parent
    no_browser = pytest.mark.skip(reason="CHROMIUM IS NOT INSTALLED: run scripts/system-packages as root")
    for item in items:
        if CHROMIUM is None and here in Path(item.path).parents:
            item.add_marker(no_browser)
    if CHROMIUM is None:
        warnings.warn("the browser stories are SKIPPED: there is no chromium on this machine", stacklevel=1)


@pytest.fixture(scope="session")
def town_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A town of 100 sections with its programme, and everyone alone beside it."""
    path = tmp_path_factory.mktemp("browser") / "stad.gpkg"
    study = itg.run(itg.Study.of(itg.Settings(name="Integralië", periods=10), **town("small")), seconds=1)
    itg.save(study, path)
    return path


@dataclass
class Server:
    """`integralie serve` in a process of its own, that a test may stop and start again."""

    file: Path
    port: int = field(default_factory=lambda: _free_port())
    more: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Server:
        log = self.file.with_suffix(".log").open("ab")
        command = [
            sys.executable,
            "-m",
            "integralie.cli",
            "serve",
            str(self.file),
            "--no-browser",
            "--port",
            str(self.port),
            *self.more,
        ]
        self.process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "PYTHONUNBUFFERED": "1"})
        end = time.monotonic() + WAIT
        while time.monotonic() < end and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/v1/study", timeout=5).read()
                return self
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"the server did not start:\n{self.file.with_suffix('.log').read_text()[-2000:]}")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()  # as in a crash: what was edited must be on disk already
            self.process.wait(timeout=20)
            self.process = None


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@pytest.fixture(scope="session")
def server(town_file: Path) -> Iterator[Server]:
    """One server for all stories that leave the study as it was."""
    made = Server(town_file).start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def _changing(town_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(Path(shutil.copy(town_file, tmp_path_factory.mktemp("changing") / "stad.gpkg"))).start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def _tried(town_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    file = Path(shutil.copy(town_file, tmp_path_factory.mktemp("tried") / "stad.gpkg"))
    made = Server(file, more=("--background",)).start()
    yield made
    made.stop()


@pytest.fixture
def tried_server(_tried: Server) -> Iterator[Server]:
    """A server that allows the background map and whose file is tampered with; all of it is undone afterwards."""
    yield _tried
    _undone(_tried)


@pytest.fixture
def own_server(_changing: Server) -> Iterator[Server]:
    """A server for a story that changes things; all of it is undone afterwards."""
    yield _changing
    _undone(_changing)


def _undone(_changing: Server) -> None:
    for _ in range(20):
        if not json.load(urllib.request.urlopen(f"{_changing.url}/v1/study", timeout=60))["undo"]["count"]:
            return
        asked = urllib.request.Request(
            f"{_changing.url}/v1/edits/undo", b'{"who": "test"}', {"Content-Type": "application/json"}
        )
        urllib.request.urlopen(asked, timeout=60).read()
    raise AssertionError("not all could be undone")


@pytest.fixture
def fresh_server(town_file: Path, tmp_path: Path) -> Iterator[Server]:
    """A server of its own, for a story that stops it."""
    made = Server(Path(shutil.copy(town_file, tmp_path / "stad.gpkg"))).start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[playwright.Browser]:
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Desk:
    """A page with what it asked of the network and what it complained about."""

    page: playwright.Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def ready(self) -> None:
        self.page.wait_for_selector('[data-ready="true"]', timeout=int(WAIT * 1000))

    def mode(self, digit: int) -> None:
        self.page.locator("nav button").nth(digit - 1).click()

    def find(self, text: str) -> None:
        """Looks a street up and takes the first hit."""
        self.page.keyboard.press("/")
        self.page.get_by_role("searchbox").fill(text)
        self.page.locator("dialog li button b").first.wait_for()
        self.page.keyboard.press("Enter")


@pytest.fixture
def open_page(chromium: playwright.Browser) -> Iterator[Callable[..., Desk]]:
    """Opens the workbench; when the story ends, no foreign request and no complaint may have been seen."""
    made: list[Desk] = []
    contexts = []

    def opened(
        url: str, mode: str = "look", language: str = "nl", size: tuple[int, int] = (1366, 768), **more: object
    ) -> Desk:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="nl-NL", reduced_motion="reduce", **more
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        desk = Desk(context.new_page())
        desk.page.on("request", lambda request: desk.asked.append(request.url))
        desk.page.on(
            "console",
            lambda told: (
                desk.complaints.append(told.text) if told.type == "error" and "(Not Found)" not in told.text else None
            ),
        )
        desk.page.on("pageerror", lambda error: desk.complaints.append(str(error)))
        desk.page.goto(f"{url}/?language={language}#{mode}")
        desk.ready()
        made.append(desk)
        return desk

    yield opened
    for context in contexts:
        context.close()
    for desk in made:
        foreign = [url for url in desk.asked if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))]
        assert not foreign, f"the page asked another host: {foreign}"
        assert not desk.complaints, desk.complaints
