"""The clock of a programme: when its time is over, and who may say sooner that it is enough."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_HERE = threading.local()


def never() -> bool:
    """Nobody says that it is enough."""
    return False


@contextmanager
def watched(enough: Callable[[], bool]) -> Iterator[None]:
    """Within this, time in this thread is also over when somebody has seen enough."""
    before = getattr(_HERE, "enough", None)
    _HERE.enough = enough
    try:
        yield
    finally:
        _HERE.enough = before


@contextmanager
def keyboard(stop: Callable[[], None]) -> Iterator[None]:
    """Within this the first Ctrl-C lets somebody stop, and the second one breaks off."""
    here = threading.current_thread() is threading.main_thread()
    if not here or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return

    def heard(*_: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        stop()

    signal.signal(signal.SIGINT, heard)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def over(until: float) -> bool:
    """Whether a moment of the monotonic clock has passed, or somebody has seen enough.

    >>> over(time.monotonic() + 9), over(0.0)
    (False, True)
    >>> with watched(lambda: True):
    ...     over(time.monotonic() + 9)
    True
    """
    enough: Callable[[], bool] | None = getattr(_HERE, "enough", None)
    return time.monotonic() > until or (enough is not None and enough())
