"""The study: a frozen bag of tables, and nothing that computes."""

from __future__ import annotations

import hashlib
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from integralie.errors import DataError
from integralie.figures import Figures, with_own
from integralie.schema import frames
from integralie.settings import Settings


def fingerprint(frame: pd.DataFrame) -> str:
    """A short text that changes when any value of the table changes, and not when its rows change order."""
    digest = hashlib.blake2b(digest_size=12)
    plain = pd.DataFrame(frame.drop(columns="geometry")) if "geometry" in frame.columns else frame
    digest.update(",".join(map(str, frame.columns)).encode())
    for part in (plain.index.to_series(), *(plain[name] for name in plain.columns)):
        digest.update(part.isna().to_numpy().tobytes())
        digest.update(_bytes(part))
    if "geometry" in frame.columns:
        digest.update(
            b"".join(b"-" if w is None else w for w in shapely.to_wkb(np.asarray(frame.geometry), byte_order=1))
        )
    return digest.hexdigest()


def _bytes(values: pd.Series) -> bytes:
    """The values as bytes that are equal for equal values, in whichever process; the missing ones are neutral."""
    gone = values.isna().to_numpy()
    if values.dtype.kind == "f":
        return np.where(gone, 0.0, values.to_numpy() + 0.0).tobytes()  # + 0.0 makes -0.0 equal to 0.0
    if values.dtype.kind in "ib":
        return values.to_numpy(dtype="int64", na_value=0).tobytes()
    return pd.util.hash_array(np.where(gone, "", values.to_numpy(dtype=object)).astype(object)).tobytes()


@dataclass(frozen=True)
class Study:
    """All tables of one study, its settings, its own figures, and what each verb last read.

    Attributes are the tables: `study.streets` is a frame with index `id` (see `schema/tables.csv`). A table that nobody
    filled is there, empty. `study | {"works": frame}` gives a new study; nothing is ever changed in place.
    """

    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    own_figures: pd.DataFrame | None = None
    made: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    scenario: str | None = None

    def __post_init__(self) -> None:
        for name in self.tables:
            frames.table(name)
        object.__setattr__(self, "tables", MappingProxyType(dict(self.tables)))
        object.__setattr__(self, "made", MappingProxyType({k: MappingProxyType(dict(v)) for k, v in self.made.items()}))

    @classmethod
    def of(cls, settings: Settings | None = None, **tables: pd.DataFrame) -> Study:
        """A study from loose frames, each brought into its declared shape."""
        return cls(settings=settings or Settings()) | tables

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self.tables:
            return frames.empty(name, self.settings.crs)
        return self.tables[name]

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or name not in frames.tables():
            raise AttributeError(f"A study has no '{name}'; its tables are: {', '.join(frames.tables())}.")
        return self[name]

    def __or__(self, tables: Mapping[str, pd.DataFrame]) -> Study:
        """The study with these tables in place of its own."""
        shaped = {n: frames.conform(n, self._in_crs(n, f), self.settings.crs) for n, f in tables.items()}
        return replace(self, tables={**self.tables, **shaped})

    def with_made(self, tables: Mapping[str, pd.DataFrame]) -> Study:
        """The study with tables that a verb has just made: those that have their shape already are taken as they are."""
        shaped = {n: frames.shaped(n, self._in_crs(n, f), self.settings.crs) for n, f in tables.items()}
        return replace(self, tables={**self.tables, **shaped})

    def _in_crs(self, name: str, frame: pd.DataFrame) -> pd.DataFrame:
        crs = frame.crs if isinstance(frame, gpd.GeoDataFrame) and frame.active_geometry_name else None
        if crs is not None and crs.to_epsg() != int(self.settings.crs.split(":")[1]):
            raise DataError(
                f"Table '{name}' is in {crs.to_string()} and the study in {self.settings.crs}; reproject it first."
            )
        return frame

    def __iter__(self) -> Iterator[str]:
        return iter(n for n in frames.tables() if n in self.tables)

    def __len__(self) -> int:
        return sum(len(f) for f in self.tables.values())

    def equals(self, other: Study) -> bool:
        """Whether both hold the same tables, settings and figures, whatever the order of their rows."""
        names = {n for s in (self, other) for n in s if len(s[n])}
        same = all(self.prints[n] == other.prints[n] for n in names)
        return same and self.settings == other.settings and _same_figures(self.own_figures, other.own_figures)

    @cached_property
    def prints(self) -> Mapping[str, str]:
        """The fingerprint of each table, made when first asked for."""
        return _Prints(self)

    @cached_property
    def figures(self) -> Figures:
        """The figures this study leans on: the shipped ones with its own laid over them."""
        return with_own(self.own_figures)

    def with_settings(self, **changes: Any) -> Study:
        """The study with some settings changed."""
        return replace(self, settings=replace(self.settings, **changes))


def _same_figures(one: pd.DataFrame | None, two: pd.DataFrame | None) -> bool:
    if one is None or two is None or one.empty or two.empty:
        return (one is None or one.empty) and (two is None or two.empty)
    return one.astype(str).reset_index(drop=True).equals(two.astype(str).reset_index(drop=True))


_CACHE: dict[int, tuple[weakref.ref[pd.DataFrame], str]] = {}  # fingerprints of the frames that still live


class _Prints(Mapping[str, str]):
    """Fingerprints on demand; a frame that lives on in the next study is not printed twice."""

    def __init__(self, study: Study) -> None:
        self._study = study

    def __getitem__(self, name: str) -> str:
        frame, key = self._study[name], id(self._study[name])
        if frame.empty:
            return "empty"
        held = _CACHE.get(key)
        if held is None or held[0]() is not frame:
            held = _CACHE[key] = (weakref.ref(frame, lambda _: _CACHE.pop(key, None)), fingerprint(frame))
        return held[1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._study)

    def __len__(self) -> int:
        return len(self._study.tables)
