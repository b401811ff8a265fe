"""Asset kinds: one TOML file per type of asset. A new kind is a new file here and nothing else."""

from __future__ import annotations

import tomllib
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


@dataclass(frozen=True)
class Kind:
    """One type of asset.

    `geometry` is line, point or polygon; `measure` says how much of it there is (m, m2 or piece); `depth` how far the
    street is opened to renew it (none, surface, shallow, deep); `network` the colour family on the map; `trench` the
    figure id family for the width broken up; `bgt` and `imkl` the names in the source formats. `serves` says what a
    place is for when streets are closed (emergency, school, shop, bus), `functions` which objects of other kinds count
    as it by the words their `function` begins with.
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
    bgt: tuple[str, ...]
    imkl: tuple[str, ...]
    gwsw: tuple[str, ...]
    imbor: tuple[str, ...]
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
        **{key: tuple(names.get(key, ())) for key in ("bgt", "imkl", "gwsw", "imbor")},
    )
    if kind.discipline not in DISCIPLINES or kind.depth not in DEPTHS:
        raise DataError(f"Kind '{name}' has an unknown discipline or depth; see the other files in kinds/.")
    return kind


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
