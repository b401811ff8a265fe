"""What happens, as it happens (server-sent events)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

router = APIRouter(tags=["events"])


@router.get(
    "/events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def events(request: Request) -> StreamingResponse:
    """A stream of events: `study` after each change, and (`late`) when an answer is there that took a while; `job` when a
    job moves on, `file` when the study file is saved or held by another program.
    """
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(request.app.state.hub.stream(), media_type="text/event-stream", headers=headers)
