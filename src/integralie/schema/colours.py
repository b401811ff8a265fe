"""Colours: the one list of them, for the report, the maps, QGIS styles and documents.

A colour never stands alone: a network carries letters and a dash, a verdict a sign, a year its digits. Hues of
the networks follow the Dutch presentation rules for cables and pipes (PMKL), calmed for a screen; `pmkl` keeps the
printed value, which cross-sections and drawings for engineers use with a `dark` edge of the same hue.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from integralie.errors import DataError

YEAR_STEPS = 10


@dataclass(frozen=True)
class Colour:
    """One colour: on a screen, the ink that reads on it, its casing or soft ground, in print, its dash and letters."""

    name: str
    group: str
    screen: str
    on: str
    casing: str
    pmkl: str
    dash: str
    letter: str
    label_en: str
    label_nl: str
    dark: str = ""  # the same hue for thin lines and letters on white (networks only)

    def label(self, language: str) -> str:
        """Its name in that language."""
        return self.label_nl if language == "nl" else self.label_en


@cache
def colours() -> MappingProxyType[str, Colour]:
    """All colours by name, in the order of the file.

    >>> colours()["water"].letter, colours()["water"].pmkl
    ('WA', '#0000FF')
    """
    text = files("integralie.schema").joinpath("colours.csv").read_text(encoding="utf-8")
    return MappingProxyType({row["name"]: Colour(**row) for row in csv.DictReader(text.splitlines())})


def colour(name: str) -> Colour:
    """One colour by name; an unknown name is an error that lists what there is."""
    try:
        return colours()[name]
    except KeyError:
        raise DataError(f"There is no colour '{name}'; the colours are: {', '.join(colours())}.") from None


def network(name: str) -> Colour:
    """The colour of a network; a network that the list does not know gets that of 'other'."""
    known = colours()
    return known[name] if name in known and known[name].group == "network" else known["other"]


def group(name: str) -> tuple[Colour, ...]:
    """All colours of one group, in order: network, year, verdict, surface, ink, data, map,
    profile (the cross-section)."""
    return tuple(c for c in colours().values() if c.group == name)


def year_colour(year: int, first: int, periods: int) -> Colour:
    """The colour of a year of the programme: soon is dark.

    Up to ten years each have their own; a longer programme is spread evenly over the ten steps, so that
    neighbouring years share one.

    >>> year_colour(2027, 2027, 10).screen, year_colour(2036, 2027, 10).screen
    ('#222858', '#EDD696')
    """
    last = max(periods - 1, 1)
    place = min(max(year - first, 0), last)
    step = place if periods <= YEAR_STEPS else place * YEAR_STEPS // periods
    return colour(f"year.{step}")
