"""What a store of studies can do; the embedded GeoPackage and a server meet the same protocol."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pandas as pd

from integralie.study import Study


class Store(Protocol):
    """Keeps one study whole: what was saved is what is opened, to the last value."""

    def save(self, study: Study, path: Path, keep_history: bool = True) -> Path:
        """Writes the study; either all of it or nothing."""

    def open(self, path: Path) -> Study:
        """The study as it was saved, with what others have changed in it since."""

    def changes(self, path: Path) -> pd.DataFrame:
        """What was changed in the told tables since the study was saved, by whichever program."""
