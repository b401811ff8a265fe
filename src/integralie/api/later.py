"""Answers that may take a while: asked for now, told when they are there, and nobody waits for long."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from typing import Any

KEPT = 32  # answers
PATIENCE = 0.02  # seconds that a page may wait for what it can do without


class Later:
    """Computes in the background; `tell` is called when an answer is there that somebody went on without."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell
        self.patience: float | None = PATIENCE
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="integralie-later")
        self._asked: OrderedDict[tuple[object, ...], Future[Any]] = OrderedDict()
        self._lock = threading.Lock()

    def ask(self, key: tuple[object, ...], make: Callable[[], Any], wait: bool = False) -> Any:
        """The answer, or None when it is not there in time; who cannot do without waits for it. Behind another question
        that is not answered yet it will not be there in time.
        """
        future = self.begin(key, make)
        try:
            return future.result(timeout=None if wait or self.patience is None else self._patience(future))
        except TooLong:
            if not getattr(future, "awaited", False):
                future.awaited = True  # type: ignore[attr-defined]
                future.add_done_callback(lambda _: self._tell())
            return None

    def _patience(self, future: Future[Any]) -> float:
        with self._lock:
            behind = any(f is not future and not f.done() for f in self._asked.values())
        return 0.0 if behind or self.patience is None else self.patience

    def begin(self, key: tuple[object, ...], make: Callable[[], Any]) -> Future[Any]:
        """Lets it be made, unless it is there or on its way; for who will ask for it soon."""
        with self._lock:
            future = self._asked.get(key)
            if future is None:
                future = self._asked[key] = self._pool.submit(make)
                while len(self._asked) > KEPT:
                    self._asked.popitem(last=False)
            return future
