"""A small town behind a server, once for all who only look and anew for who writes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import integralie as itg
from conftest import tiny
from integralie.api.app import make_app
from integralie.api.desk import Desk

REST = 60.0  # tests that look at autosave call it themselves


def served(path: Path, party: str | None = None) -> TestClient:
    """A client of a server on that file."""
    desk = Desk(path, party)
    desk.later.patience = None  # a test wants the whole answer
    return TestClient(make_app(desk, hosts=("testserver",), rest=REST), raise_server_exceptions=False)


@pytest.fixture(scope="session")
def town_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A town of 60 sections with its programme."""
    path = tmp_path_factory.mktemp("town") / "town.gpkg"
    itg.save(itg.run(itg.town(60), seconds=1), path)
    return path


@pytest.fixture(scope="session")
def look(town_file: Path) -> Iterator[TestClient]:
    """A server to look at; nobody changes its study."""
    with served(town_file) as client:
        yield client


@pytest.fixture(scope="session")
def tiny_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tiny") / "tiny.gpkg"
    itg.save(itg.run(tiny(), seconds=1), path)
    return path


@pytest.fixture
def study_file(tiny_file: Path, tmp_path: Path) -> Path:
    """A copy of the tiny study that a test may change."""
    return Path(shutil.copy(tiny_file, tmp_path / "studie.gpkg"))


@pytest.fixture
def client(study_file: Path) -> Iterator[TestClient]:
    with served(study_file) as made:
        yield made


@contextmanager
def running(path: Path) -> Iterator[str]:
    """A real server on a real socket, in a process of its own; it is killed at the end."""
    code = (
        "from pathlib import Path; from integralie.api.serve import serve;"
        f"serve(Path({str(path)!r}), port=0, browser=False, tell=lambda u: print(u, flush=True))"
    )
    server = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    try:
        yield server.stdout.readline().strip()
    finally:
        server.kill()
        server.wait()


def desk_of(client: TestClient) -> Desk:
    return client.app.state.api.state.desk
