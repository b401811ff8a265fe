"""What an importer hands over: told tables, findings, and plain facts about the file."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd


@dataclass
class Told:
    """Told tables by name, rows for `findings`, and facts such as the date and reference of a delivery."""

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    findings: list[pd.DataFrame] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
