"""Integralië: from scattered plans to one explained, certified and fairly paid multi-year programme."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# The public names and where they live; each is fetched when first used, so that `import integralie` is quick.
_PUBLIC = {
    "Study": "study",
    "Settings": "settings",
    "take": "pipeline",
    "run": "pipeline",
    "stale": "pipeline",
    "verbs": "pipeline",
    "town": "public",
    "open": "public",
    "read": "public",
    "save": "public",
    "explain": "public",
    "report": "public",
    "hand_over": "public",
    "section": "public",
    "draw_section": "public",
    "section_files": "public",
    "siting": "public",
    "bundling": "public",
    "check_certificate": "public",
    "compare": "silo",
    "replan": "planning",
    "why_not": "planning",
    "alternatives": "planning",
    "budget_curve": "planning",
    "flexibility": "planning",
    "price": "silo",
    "reopenings": "public",
    "advance": "lifecycle",
    "judge": "lifecycle",
    "admit": "lifecycle",
    "standing": "lifecycle",
    "verdicts": "lifecycle",
    "account": "lifecycle",
    "view": "sharing",
    "record": "edits",
    "undo": "edits",
    "adopt": "edits",
    "assume_years": "edits",
    "seen": "edits",
    "Problem": "verbs.programme",
    "solve": "verbs.programme",
}
__all__ = sorted(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"integralie has no '{name}'; its names are: {', '.join(__all__)}.")
    value = getattr(import_module(f"integralie.{_PUBLIC[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
