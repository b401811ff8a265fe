"""The tokens of a municipality: a file `theme.css` beside the study, of which only named values are taken over.

Only custom properties of ours (`--itg-…`) and of NL Design System (`--utrecht-…`) count, with plain values: no address, no
other rule, nothing that could load or hide. What is left out is said in the log. Networks, years and verdicts are no house
style: they may be set, and whoever does so is warned.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path

NAME = "theme.css"
MOST = 64 * 1024  # bytes of a theme; a larger file is none
TOKEN = re.compile(r"(--(?:itg|utrecht)-[a-z0-9-]{1,80})\s*:\s*([^;{}<>\\@]{1,200})\s*[;}]")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
MEANING = (
    "--itg-net-",
    "--itg-color-year",
    "--itg-color-good",
    "--itg-color-warn",
    "--itg-color-bad",
    "--itg-color-unknown",
)
LOG = logging.getLogger("integralie.api")


def theme(study: Path) -> str:
    """The theme beside a study as CSS; nothing when there is none.

    >>> theme(Path("nowhere/study.gpkg"))
    ''
    """
    path = study.parent / NAME
    try:
        if not path.is_file() or path.stat().st_size > MOST:
            return ""
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        LOG.warning("%s cannot be read: %s", path.name, error)
        return ""
    return css(text)


def css(text: str) -> str:
    """The tokens of a text as one rule, after ours."""
    found = dict(TOKEN.findall(COMMENT.sub("", text)))
    kept = {
        name: value.strip()
        for name, value in found.items()
        if "url(" not in value.lower().replace(" ", "") and "expression" not in value
    }
    for name in sorted(set(found) - set(kept)):
        LOG.warning("%s of the theme is left out: it would load something", name)
    for name in (n for n in kept if n.startswith(MEANING)):
        LOG.warning("%s of the theme changes a colour that has a meaning; letters and signs stay", name)
    return "body.itg-theme {\n" + "".join(f"  {n}: {v};\n" for n, v in kept.items()) + "}\n" if kept else ""
