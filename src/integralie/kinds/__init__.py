"""Asset kinds: one TOML file per type of asset. A new kind is a new file here and nothing else."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from integralie.errors import DataError

DISCIPLINES = (
    "sewer",
    "water",
    "gas",
    "electricity",
    "telecom",
    "heat",
    "paving",
    "green",
    "lighting",
    "structures",
    "other",
)
DEPTHS = ("none", "surface", "shallow", "deep")
SYMBOLS = (
    "none",
    "zone",
    "bridge",
    "building",
    "wall",
    "cable",
    "trefoil",
    "duct",
    "pipe",
    "sewer",
    "pair",
    "box",
    "chamber",
    "station",
    "mast",
    "tree",
    "unknown",
)
BURIED = (
    "cable",
    "trefoil",
    "pipe",
    "sewer",
    "pair",
    "box",
    "unknown",
)  # symbols of what takes room in the ground by itself


@dataclass(frozen=True)
class Kind:
    """One type of asset.

    `geometry` is line, point or polygon; `measure` says how much of it there is (m, m2 or piece); `depth` how far the
    street is opened to renew it (none, surface, shallow, deep); `network` the colour family on the map; `trench` the
    figure id family for the width broken up; `symbol` and `code` say how a cross-section draws and numbers it; `bgt`
    and `imkl` the names in the source formats. `serves` says what a place is for when streets are closed (emergency,
    school, shop, bus), `functions` which objects of other kinds count as it by the words their `function` begins with.
    """

    name: str
    label: str
    label_nl: str
    discipline: str
    network: str
    geometry: str
    measure: str
    depth: str
    opens: bool
    programmed: bool
    renews_surface: bool
    indivisible: bool
    symbol: str
    code: str
    bgt: tuple[str, ...]
    imkl: tuple[str, ...]
    gwsw: tuple[str, ...]
    imbor: tuple[str, ...]
    nlcs: tuple[str, ...]
    serves: str = ""
    functions: tuple[str, ...] = ()


def _kind(name: str, raw: dict[str, Any]) -> Kind:
    names = raw.get("names", {})
    kind = Kind(
        name=name,
        label=raw["label"],
        label_nl=raw["label_nl"],
        discipline=raw["discipline"],
        network=raw["network"],
        geometry=raw["geometry"],
        measure=raw["measure"],
        depth=raw["depth"],
        opens=raw["depth"] != "none",
        programmed=bool(raw.get("programmed", True)),
        renews_surface=bool(raw.get("renews_surface", False)),
        indivisible=bool(raw.get("indivisible", False)),
        serves=str(raw.get("serves", "")),
        functions=tuple(raw.get("functions", ())),
        symbol=raw.get("symbol", "none"),
        code=raw.get("code", ""),
        **{key: tuple(names.get(key, ())) for key in ("bgt", "imkl", "gwsw", "imbor", "nlcs")},
    )
    if kind.discipline not in DISCIPLINES or kind.depth not in DEPTHS or kind.symbol not in SYMBOLS:
        raise DataError(f"Kind '{name}' has an unknown discipline, depth or symbol; see the other files in kinds/.")
    return kind


def drawn(*symbols: str, geometry: str | None = None) -> frozenset[str]:
    """The kinds that a cross-section draws with one of these symbols.

    >>> sorted(drawn("pair", "trefoil"))
    ['cable_high', 'cable_medium', 'heat']
    """
    return frozenset(k.name for k in kinds().values() if k.symbol in symbols and geometry in (None, k.geometry))


def lines_below(names: Iterable[str]) -> bool:
    """Whether any of these kinds is a cable or pipe: without one, nobody has read what lies in the ground."""
    return not drawn(*BURIED, geometry="line").isdisjoint(names)


@cache
def kinds() -> MappingProxyType[str, Kind]:
    """All kinds by name.

    >>> kinds()["gravity_sewer"].label_nl
    'vrijvervalriool'
    """
    folder = files("integralie.kinds")
    toml = sorted((p for p in folder.iterdir() if p.name.endswith(".toml")), key=lambda p: p.name)
    return MappingProxyType(
        {p.name[:-5]: _kind(p.name[:-5], tomllib.loads(p.read_text(encoding="utf-8"))) for p in toml}
    )


def kind(name: str) -> Kind:
    """One kind by name; an unknown name is an error that lists what there is."""
    try:
        return kinds()[name]
    except KeyError:
        raise DataError(f"There is no asset kind '{name}'; the kinds are: {', '.join(kinds())}.") from None
