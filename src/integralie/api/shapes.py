"""What goes over the line has camelCase names; columns of tables keep their own."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from pydantic import BaseModel, ConfigDict, field_serializer
from pydantic.alias_generators import to_camel

HERE: ContextVar[str] = ContextVar("HERE", default="")  # the address of this server, as who asks knows it


def absolute(href: str) -> str:
    """An address of this server in full: QGIS follows no address that begins with a slash."""
    return HERE.get() + href if href.startswith("/") else href


class Shape(BaseModel):
    """The root of all answers and questions; a name that it does not know is an error in a question."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class ProblemDetails(BaseModel):
    """What went wrong, what is not lost, and what to do (RFC 9457). Some problems say more; see the description."""

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = None


class Link(Shape):
    """Where to go from here."""

    href: str
    rel: str
    type: str | None = None
    title: str | None = None

    @field_serializer("href")
    def _full(self, href: str) -> str:
        return absolute(href)


def plain(value: Any) -> Any:
    """A value of a table as JSON has it: what is not known is null."""
    if value is None or value != value:
        return None
    item = getattr(value, "item", None)
    return item() if item is not None else value
