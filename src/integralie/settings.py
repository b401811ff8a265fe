"""What holds for one study as a whole: its name, its place on the map, its years."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from integralie.errors import DataError

RD_NEW = "EPSG:28992"
LAMBERT_BELGIUM = "EPSG:31370"


@dataclass(frozen=True)
class Settings:
    """The settings of one study.

    `first` is the first year of the programme and `periods` the number of years; windows beyond the last year count as
    deferral. `price_level` is the year to which all amounts are brought. `crs` is RD New for Dutch studies
    and Belgian Lambert for Flemish ones.
    """

    name: str = "study"
    crs: str = RD_NEW
    first: int = 2027
    periods: int = 20
    price_level: int = 2026
    language: str = "nl"
    seed: int = 1

    def __post_init__(self) -> None:
        if self.crs not in (RD_NEW, LAMBERT_BELGIUM):
            raise DataError(
                f"A study is kept in {RD_NEW} or {LAMBERT_BELGIUM}, not in {self.crs}; reproject the file first."
            )
        if not 1 <= self.periods <= 60:
            raise DataError(f"A programme has 1 to 60 periods, not {self.periods}; change 'periods' in the settings.")
        if not 1900 <= self.first <= 2200:
            raise DataError(f"The first year of the programme is {self.first}; give a year between 1900 and 2200.")

    @property
    def years(self) -> range:
        """The years of the programme, first to last."""
        return range(self.first, self.first + self.periods)

    def to_dict(self) -> dict[str, Any]:
        """The settings as plain names and values, for the store."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Settings:
        """Settings from plain names and values; names that this version does not know are ignored."""
        known: dict[str, Any] = {f.name: str if isinstance(f.default, str) else int for f in fields(cls)}
        given: dict[str, Any] = {k: known[k](v) for k, v in values.items() if k in known}
        return cls(**given)
