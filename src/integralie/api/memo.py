"""What was made before from the same study, kept for the next who asks: documents, loads, and other costly answers."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from integralie.api.sight import Sight

KEPT = 96  # answers
_MADE: OrderedDict[tuple[object, ...], Any] = OrderedDict()
_LOCK = threading.Lock()


def kept(look: Sight, kind: str, make: Callable[[], Any], *options: object) -> Any:
    """What was made from the same study, view, scenario and language, or made now."""
    desk = look.desk
    key = (desk.boot, desk.version, look.party, look.scenario, look.language, kind, *options)
    with _LOCK:
        if key in _MADE:
            _MADE.move_to_end(key)
            return _MADE[key]
    made = make()
    with _LOCK:
        _MADE[key] = made
        while len(_MADE) > KEPT:
            _MADE.popitem(last=False)
    return made
