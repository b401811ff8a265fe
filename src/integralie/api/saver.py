"""Autosave: what was found goes into the study file when the hand rests, and when the server stops."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from integralie.api.desk import Desk
from integralie.errors import IntegralieError
from integralie.store.gpkg import always

GLANCE = 2.0  # seconds between looks at the file
MOST_RESTS = 8  # times that a save waits for the hand to rest
MOST_GIVEN_UP = 3  # times that a save gives up because somebody edits, before it goes on all the same
LOG = logging.getLogger("integralie.api")


class Saver:
    """A thread that waits for changes, lets them settle, and saves."""

    def __init__(self, desk: Desk, rest: float) -> None:
        self.desk, self.rest = desk, rest
        self._end, self._given_up = threading.Event(), 0
        self._thread = threading.Thread(target=self._serve, name="integralie-saver", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def _serve(self) -> None:
        while not self._end.is_set():
            if not self.desk.changed.wait(timeout=GLANCE):
                self._glance()
                continue
            if not self._settled():
                return
            self._save(self._wanted)

    def _wanted(self) -> bool:
        """Whether to go on saving: not when somebody edits, for that answer comes first."""
        if not self.desk.changed.is_set() or self._given_up >= MOST_GIVEN_UP:
            return True
        self._given_up += 1
        return False

    def _settled(self) -> bool:
        """Waits until nothing has changed for a while, or until changes have waited long enough; False at the end."""
        for _ in range(MOST_RESTS):
            self.desk.changed.clear()
            if not self._rested():
                return False
            if not self.desk.changed.is_set():
                break
        self.desk.changed.clear()
        return True

    def _rested(self) -> bool:
        """Waits for one rest, with an eye on the file; False at the end."""
        for _ in range(max(1, round(self.rest / GLANCE))):
            if self._end.wait(min(self.rest, GLANCE)):
                return False
            self._glance()
        return True

    def _glance(self) -> None:
        """Whether another program has opened or written the file, so that the page hears of it by itself."""
        try:
            self.desk.look()
        except (IntegralieError, OSError) as error:
            LOG.warning("the file cannot be read now: %s", error)

    def _save(self, wanted: Callable[[], bool] = always) -> None:
        """Saves; when that cannot be done now it is tried again, and the page says that it waits."""
        try:
            if self.desk.save(wanted):
                self._given_up = 0
            elif self.desk.dirty or self.desk.unsaved:
                self.desk.changed.set()
        except (IntegralieError, OSError) as error:
            LOG.warning("not saved yet: %s", error)
            self.desk.changed.set()

    def close(self) -> None:
        """Stops the thread and saves what is left."""
        self._end.set()
        self.desk.changed.set()
        if self._thread.is_alive():
            self._thread.join(timeout=60)
        self._save()
