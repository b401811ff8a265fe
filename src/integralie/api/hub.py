"""What happens, told to every page that listens: events from any thread to the streams of the server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from integralie.api.jobs import Job

BEAT = 15.0  # seconds between signs of life on a stream
CROWD = 500  # events that a slow listener may be behind before the oldest are dropped


class Hub:
    """The listeners of one server."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self._queues: set[asyncio.Queue[str | None]] = set()

    def tell(self, event: str, data: dict[str, Any]) -> None:
        """Sends an event to all, from whichever thread."""
        if self.loop is not None and not self.loop.is_closed():
            text = f"event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
            self.loop.call_soon_threadsafe(self._spread, text)

    def job(self, job: Job) -> None:
        """How a job is doing; the results are for who asks."""
        self.tell("job", {"jobID": job.id, "processID": job.process, "status": job.status, "progress": job.progress})

    def _spread(self, text: str | None) -> None:
        for queue in self._queues:
            if queue.qsize() >= CROWD:
                queue.get_nowait()
            queue.put_nowait(text)

    def close(self) -> None:
        """Ends every stream, from whichever thread."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._spread, None)

    async def stream(self) -> AsyncIterator[str]:
        """The events from now on, with a sign of life now and then."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._queues.add(queue)
        try:
            yield ": hello\n\n"
            while True:
                try:
                    text = await asyncio.wait_for(queue.get(), BEAT)
                except TimeoutError:
                    text = ": alive\n\n"
                if text is None:
                    return
                yield text
        finally:
            self._queues.discard(queue)
