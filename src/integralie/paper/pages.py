"""Pages: HTML from templates, in one language, with everything inside. What comes from data is always escaped."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from integralie.errors import DataError
from integralie.paper.words import Words
from integralie.schema.colours import colours, network


def _load(name: str) -> str | None:
    """A template `paper/page.html.j2` from the folder `templates` of a package under `integralie`."""
    package, _, leaf = name.rpartition("/")
    path = files("integralie").joinpath(*package.split("/"), "templates", leaf)
    return path.read_text(encoding="utf-8") if path.is_file() else None


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_load), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def style() -> Markup:
    """The style sheet, with every colour of the list as a variable."""
    tokens = "".join(f"--{c.name.replace('.', '-')}:{c.screen};" for c in colours().values())
    soft = "".join(
        f"--{c.name}-soft:{c.casing};" for c in colours().values() if c.group in ("verdict", "ink") and c.casing
    )
    sheet = files("integralie.paper").joinpath("templates", "style.css").read_text(encoding="utf-8")
    return Markup(f":root{{{tokens}{soft}}}\n{sheet}")


def render(template: str, words: Words, **values: Any) -> str:
    """The page as text."""
    page = _environment().get_template(template)
    return page.render(w=words, t=words.t, style=style(), network=network, **values)


def write_text(path: str | Path, text: str) -> Path:
    """Write a page whole or not at all: first beside it, then in its place.

    Raises
    ------
    DataError
        The folder does not exist or cannot be written in.
    """
    return write_bytes(path, text.encode())


def write_bytes(path: str | Path, content: bytes) -> Path:
    """The same for what is no text."""
    target = Path(path)
    if not target.parent.is_dir():
        raise DataError(f"There is no folder '{target.parent}'; make it first or choose another place.")
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return target
