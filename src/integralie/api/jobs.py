"""Long work: one at a time in a thread of its own, with progress, an end, and a stop."""

from __future__ import annotations

import queue
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from integralie.api.desk import now
from integralie.errors import IntegralieError

KEPT = 100  # jobs that are remembered
RUNNING = ("accepted", "running")


class Stopped(Exception):
    """Somebody stopped the job."""


@dataclass
class Job:
    """One piece of long work, as OGC API Processes tells about it."""

    process: str
    title: str
    scenario: str | None
    work: Callable[[Job], Any]
    tell: Callable[[Job], None]
    party: str | None = None
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    status: str = "accepted"
    message: str = ""
    progress: int | None = None
    created: str = field(default_factory=now)
    started: str | None = None
    finished: str | None = None
    updated: str = field(default_factory=now)
    detail: dict[str, Any] = field(default_factory=dict)
    results: Any = None
    error: Exception | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    void: threading.Event = field(default_factory=threading.Event)  # what it still finds is of no use to anybody
    done: threading.Event = field(default_factory=threading.Event)

    def say(self, message: str | None = None, progress: int | None = None, **detail: Any) -> None:
        """Tells how far it is; a job that was stopped ends here."""
        self.note(message, progress, **detail)
        if self.stop.is_set():
            raise Stopped

    def note(self, message: str | None = None, progress: int | None = None, **detail: Any) -> None:
        """Tells how far it is; a job that was stopped goes on, to hand in what it has."""
        if message is not None:
            self.message = message
        self.progress = progress if progress is not None else self.progress
        self.detail |= detail
        self.updated = now()
        self.tell(self)
        if self.void.is_set():
            raise Stopped

    def run(self) -> None:
        """Does the work; whatever happens the job ends with a status."""
        if self.stop.is_set():
            self._end("dismissed")
            return
        self.status, self.started = "running", now()
        self.tell(self)
        try:
            self.results = self.work(self)
            self._end("dismissed" if self.stop.is_set() else "successful")
        except Stopped:
            self._end("dismissed")
        except Exception as error:
            self.error = error
            self.message = str(error) if isinstance(error, IntegralieError) else f"{type(error).__name__}: {error}"
            self._end("failed")

    def _end(self, status: str) -> None:
        self.status, self.finished, self.updated = status, now(), now()
        self.progress = 100 if status == "successful" else self.progress
        self.done.set()
        self.tell(self)


class Jobs:
    """The jobs of one server: a queue, and one worker that lives as long as the server."""

    def __init__(self, tell: Callable[[Job], None]) -> None:
        self.tell = tell
        self.all: dict[str, Job] = {}
        self._queue: queue.Queue[Job | None] = queue.Queue()
        self._worker: threading.Thread | None = None

    def start(self, process: str, title: str, work: Callable[[Job], Any], scenario: str | None = None,
              party: str | None = None) -> Job:  # fmt: skip
        """Puts a job in the queue; the oldest finished ones are forgotten."""
        job = Job(process, title, scenario, work, self.tell, party)
        self.all[job.id] = job
        for old in [j for j in self.all.values() if j.done.is_set()][: max(len(self.all) - KEPT, 0)]:
            del self.all[old.id]
        self._queue.put(job)
        self._wake()
        self.tell(job)
        return job

    def _wake(self) -> None:
        if self._worker is None or not self._worker.is_alive():
            self._worker = threading.Thread(target=self._serve, name="integralie-jobs", daemon=True)
            self._worker.start()

    def _serve(self) -> None:
        while (job := self._queue.get()) is not None:
            job.run()

    def stop(self, *processes: str) -> None:
        """Asks the jobs of some processes (all when none is named) to stop at once: what they would find is of no use."""
        for job in self.running:
            if not processes or job.process in processes:
                job.void.set()
                job.stop.set()

    def make_way(self, *processes: str) -> None:
        """Asks the jobs of some processes to hand in what they have: something that somebody waits for comes first."""
        for job in self.running:
            if job.process in processes:
                job.stop.set()

    def close(self) -> None:
        """Stops everything and lets the worker go."""
        self.stop()
        self._queue.put(None)
        if self._worker is not None:
            self._worker.join(timeout=10)

    @property
    def running(self) -> list[Job]:
        return [j for j in self.all.values() if j.status in RUNNING]
