"""Values that stand for unknown in real files, in one place."""

from __future__ import annotations

import pandas as pd

from integralie.figures import shipped
from integralie.settings import Settings


def plausible_years(years: pd.Series, settings: Settings) -> tuple[pd.Series, pd.Series]:
    """Years of construction with the odd ones made unknown, and which those were.

    A year before figure `year_built_plausible` (1900 and 1 are filled in where nobody knows) or after the first year
    of the programme (2099, 9999) is no year of construction.
    """
    number = pd.to_numeric(years, errors="coerce").astype("Float64")
    odd = (number < shipped().value("year_built_plausible")) | (number > settings.first)
    odd = odd.fillna(False).astype(bool)
    return number.mask(odd).astype("Int64"), odd
