"""What was reckoned before from the very same tables, for a change that leaves them as they are."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Made = TypeVar("Made")
_MADE: dict[tuple[Hashable, ...], tuple[tuple[weakref.ref[Any], ...], Any]] = {}
_LOCK = threading.Lock()


def once(name: str, givens: tuple[Any, ...], make: Callable[[], Made], *options: Hashable) -> Made:
    """What `make` gave the last time for these very objects (not for equal ones), or makes it now; it is forgotten as
    soon as one of them is gone. Tables are never changed in place, so that the same object says the same.

    >>> table = {1, 2}
    >>> once("sum", (table,), lambda: sum(table)), once("sum", (table,), lambda: 0)
    (3, 3)
    """
    held = _held(name, givens, options)
    if held is not None:
        made: Made = held[1]
        return made
    made = make()
    keep(name, givens, made, *options)
    return made


def keep(name: str, givens: tuple[Any, ...], made: Any, *options: Hashable) -> None:
    """Keeps something about these very objects for as long as they live."""
    key, forget = (name, *options, *map(id, givens)), _MADE.pop
    with _LOCK:
        _MADE[key] = (tuple(weakref.ref(g, lambda _: forget(key, None)) for g in givens), made)


def recall(name: str, givens: tuple[Any, ...], *options: Hashable) -> Any:
    """What was kept about these very objects; None when nothing was.

    >>> table = {1, 2}
    >>> keep("owner", (table,), "city"); recall("owner", (table,)), recall("owner", ({1, 2},))
    ('city', None)
    """
    held = _held(name, givens, options)
    return None if held is None else held[1]


def _held(name: str, givens: tuple[Any, ...], options: tuple[Hashable, ...]) -> tuple[Any, Any] | None:
    held = _MADE.get((name, *options, *map(id, givens)))
    return held if held is not None and all(r() is g for r, g in zip(held[0], givens)) else None
