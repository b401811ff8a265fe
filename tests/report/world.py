"""A made-up town of 24 street sections with every found table filled by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
from shapely.geometry import LineString, Point, Polygon, box

from integralie.schema.notes import because, gather
from integralie.settings import Settings
from integralie.study import Study

FIRST, PERIODS = 2027, 10
NAMES = ("Kerkstraat", "Lindelaan", "Havenkade", "Achterom", "Molenweg", "Beukenlaan")
PARTIES = {
    "party:sewer": "Gemeente – Riolering",
    "party:roads": "Gemeente – Wegen",
    "party:green": "Gemeente – Groen",
    "party:water": "Waterbedrijf Vechtwater",
    "party:gas": "Netbeheerder Regionet",
}
KINDS = {
    "party:sewer": ("gravity_sewer", "sewer", "deep", "renew"),
    "party:roads": ("carriageway", "paving", "surface", "renew"),
    "party:green": ("tree", "green", "surface", "new"),
    "party:water": ("water_main", "water", "shallow", "renew"),
    "party:gas": ("gas_low", "gas", "shallow", "renew"),
}


def _streets() -> pd.DataFrame:
    """Six streets of four sections each, running east."""
    rows = []
    for i in range(24):
        y, x = 463000 + 90 * (i // 4), 155000 + 120 * (i % 4)
        rows.append(
            {
                "id": f"street:{i:04d}",
                "name": NAMES[i // 4],
                "length": 120.0,
                "width": 14.0,
                "residents": 30 + i,
                "traffic": 400.0,
                "road_class": "main" if i < 4 else "residential",
                "surface": "clay_brick",
                "area": "area:1",
                "geometry": LineString([(x, y), (x + 60, y + 4), (x + 120, y)]),
            }
        )
    return pd.DataFrame(rows)


def _assets(streets: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for i, street in enumerate(streets.itertuples()):
        for j, party in enumerate(("party:sewer", "party:water", "party:gas")):
            kind = KINDS[party][0]
            line = LineString([(x, y + 2 * j - 2) for x, y in street.geometry.coords])
            unknown = (i + j) % 5 == 0
            rows.append(
                {
                    "id": f"asset:{i:04d}{j}",
                    "kind": kind,
                    "party": party,
                    "year_built": None if unknown else 1955 + i,
                    "year_built_quality": "unknown" if unknown else "assumed" if j == 1 else "registered",
                    "diameter": 300.0 - 50 * j,
                    "material": ("concrete", "pvc", "cast_iron")[j],
                    "cover": None if unknown else 1.0 + 0.5 * (2 - j),
                    "cover_quality": "unknown" if unknown else "default",
                    "street": street.id,
                    "geometry": line,
                }
            )
        x, y = street.geometry.coords[0]
        house = box(x + 12, y + 14, x + 50, y + 30)
        rows.append({"id": f"asset:b{i:04d}", "kind": "building", "geometry": house})
        rows.append(
            {
                "id": f"asset:t{i:04d}",
                "kind": "tree",
                "party": "party:green",
                "year_built": 1980,
                "geometry": Point(x + 60, y + 9),
            }
        )
    rows.append(
        {
            "id": "asset:pond",
            "kind": "water_body",
            "geometry": Polygon([(155380, 463010), (155470, 463020), (155450, 463075), (155390, 463070)]),
        }
    )
    return pd.DataFrame(rows)


def _works(streets: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for i, street in enumerate(streets.itertuples()):
        for j, party in enumerate(list(PARTIES)[: 1 + i % 5]):
            kind, discipline, depth, action = KINDS[party]
            cost = 30000.0 + 4100.5 * i + 11000 * j
            rows.append(
                {
                    "id": f"work:{i:04d}{j}",
                    "name": f"{kind} {street.name} {i % 4 + 1}",
                    "party": party,
                    "kind": kind,
                    "discipline": discipline,
                    "action": action,
                    "street": street.id,
                    "depth": depth,
                    "earliest": FIRST + i % 6,
                    "preferred": FIRST + (i + j) % 8,
                    "latest": FIRST + 4 + i % 6,
                    "duration": 10.0 + j,
                    "quantity": 120.0,
                    "cost": cost,
                    "surface_cost": cost * 0.25,
                    "plan": f"plan:{i}" if j == 0 else None,
                    "funding": "secured",
                    "geometry": street.geometry,
                }
            )
    return pd.DataFrame(rows)


def _programme(works: pd.DataFrame) -> pd.DataFrame:
    number = works["id"].str.slice(5, 9).astype(int)
    year = pd.Series(FIRST + number % PERIODS, dtype="Int64").where(number % 11 != 10)
    status = np.where(year.isna(), "deferred", np.where(number % 7 == 0, "committed", "programmed"))
    opening = ("opening:b" + number.astype(str) + ":" + year.astype(str)).where(year.notna())
    return pd.DataFrame(
        {
            "id": "programme:" + works["id"],
            "work": works["id"],
            "name": works["name"],
            "party": works["party"],
            "street": works["street"],
            "block": "b" + number.astype(str),
            "opening": opening,
            "period": year,
            "status": status,
            "moved": year - works["preferred"],
            "cash": (works["cost"] * 0.85).where(year.notna()),
            "geometry": works["geometry"],
        }
    )


def _openings(programme: pd.DataFrame) -> pd.DataFrame:
    taken = programme[programme["period"].notna()]
    made = taken.groupby("opening", as_index=False).agg(
        block=("block", "first"),
        street=("street", "first"),
        period=("period", "first"),
        works=("work", "size"),
        parties=("party", "nunique"),
        cost=("cash", "sum"),
        geometry=("geometry", "first"),
    )
    names = made["street"].str.slice(7).astype(int).map(lambda i: NAMES[i // 4])
    return made.rename(columns={"opening": "id"}).assign(
        name=names,
        cost=12000.0,
        depth="deep",
        days=made["works"] * 9.0,
        saved=(made["works"] - 1) * 7000.0,
    )


def _shares(programme: pd.DataFrame) -> pd.DataFrame:
    taken = programme[programme["period"].notna()]
    made = taken.groupby(["opening", "party"], as_index=False)["cash"].sum()
    amount = (made["cash"] + 1234.56).round(2)
    return pd.DataFrame(
        {
            "id": made["opening"] + "|" + made["party"],
            "opening": made["opening"],
            "party": made["party"],
            "amount": amount,
            "alone": amount + 3000.0,
            "saving": 3000.0,
        }
    )


def _prices(programme: pd.DataFrame) -> pd.DataFrame:
    used = programme.groupby(["party", "period"], as_index=False)["cash"].sum()
    return pd.DataFrame(
        {
            "id": used["party"] + "/budget|" + used["period"].astype(str),
            "resource": used["party"] + "/budget",
            "party": used["party"],
            "period": used["period"],
            "price": np.where(used.index % 3 == 0, 340000, 0),
            "used": (used["cash"] * 100).round(),
            "capacity": 40_000_000,
        }
    )


def _reasons(
    works: pd.DataFrame, programme: pd.DataFrame, openings: pd.DataFrame, weak: str, firm: str
) -> pd.DataFrame:
    def said(frame: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame(
            {"name": frame["name"].to_numpy(), "last": FIRST + PERIODS - 1}, index=pd.Index(frame["id"])
        )

    figure = pd.Series(np.where(np.arange(len(works)) % 4 == 0, weak, firm), index=pd.Index(works["id"]))
    parts = [
        because("works", "programme.deferred", said(works), figure),
        because("programme", "programme.deferred", said(programme)),
        because("openings", "programme.deferred", said(openings), firm),
    ]
    return gather(parts, "reasons").assign(verb="programme")


def _members(works: pd.DataFrame, programme: pd.DataFrame) -> pd.DataFrame:
    street = pd.DataFrame({"set": works["id"], "member": works["street"], "role": "street"})
    asset = works[works["kind"].isin(["gravity_sewer", "water_main", "gas_low"])]
    number = asset["kind"].map({"gravity_sewer": "0", "water_main": "1", "gas_low": "2"})
    lies = pd.DataFrame(
        {
            "set": asset["id"],
            "member": "asset:" + asset["id"].str.slice(5, 9) + number,
            "role": "asset",
            "amount": 120.0,
        }
    )
    taken = programme.dropna(subset=["opening"])
    within = pd.DataFrame({"set": taken["opening"], "member": taken["work"], "role": "work"})
    rows = pd.concat([street, lies, within], ignore_index=True)
    return rows.assign(id=rows["set"] + "|" + rows["member"], verb="programme")


def figure_ids() -> tuple[str, str]:
    """A placeholder and an indicative figure that are shipped."""
    from integralie.figures import shipped

    ids = {
        s: next(f.id for f in shipped().rows if f.status == s and f.value == f.value)
        for s in ("placeholder", "indicative")
    }
    return ids["placeholder"], ids["indicative"]


def town(**changes: pd.DataFrame) -> Study:
    """The made-up town, with some tables replaced."""
    settings = Settings(name="Kleindorp", first=FIRST, periods=PERIODS)
    streets = _streets()
    works = _works(streets)
    programme = _programme(works)
    openings = _openings(programme)
    weak, firm = figure_ids()
    capacity = pd.DataFrame(
        [
            {
                "id": f"c{p}{y}",
                "party": p,
                "resource": "budget",
                "period": y,
                "amount": 200000.0 if p != "party:gas" else 60000.0,
            }
            for p in PARTIES
            for y in settings.years
        ]
    )
    scores = pd.DataFrame(
        [
            {"id": f"{v}|{i}|", "variant": v, "indicator": i, "value": x, "unit": u}
            for v, i, x, u in (
                ("together", "objective", 4_000_000.0, "EUR"),
                ("together", "lower_bound", 3_985_000.0, "EUR"),
                ("together", "openings", 22.0, "count"),
                ("silo", "objective", 4_600_000.0, "EUR"),
                ("silo", "lower_bound", 4_550_000.0, "EUR"),
                ("silo", "openings", 61.0, "count"),
            )
        ]
    )
    tables = {
        "parties": pd.DataFrame({"id": list(PARTIES), "name": list(PARTIES.values())}),
        "areas": pd.DataFrame(
            [
                {
                    "id": "area:1",
                    "name": "Centrum",
                    "level": "neighbourhood",
                    "year_built": 1960,
                    "geometry": box(154900, 462900, 155600, 463600),
                }
            ]
        ),
        "streets": streets,
        "assets": _assets(streets),
        "capacity": capacity,
        "works": works,
        "programme": programme,
        "openings": openings,
        "plans": pd.DataFrame(
            [
                {
                    "id": "plan:0",
                    "name": "Riool Kerkstraat",
                    "party": "party:sewer",
                    "phase": "funded",
                    "certainty": "high",
                }
            ]
        ),
        "agreements": pd.DataFrame(
            [
                {
                    "id": "a1",
                    "rule": "rest_period",
                    "value": 5.0,
                    "unit": "years",
                    "hard": True,
                    "rank": "policy",
                    "applies_to": "road_class=main",
                },
                {
                    "id": "a2",
                    "rule": "notice",
                    "party": "party:gas",
                    "value": 12.0,
                    "unit": "weeks",
                    "hard": True,
                    "rank": "contract",
                },
            ]
        ),
        "shares": _shares(programme),
        "prices": _prices(programme),
        "scores": scores,
        "members": _members(works, programme),
        "opportunities": pd.DataFrame(
            [
                {
                    "id": "opportunity:1",
                    "street": "street:0004",
                    "period_from": 2028,
                    "period_to": 2031,
                    "works": 3,
                    "parties": 3,
                    "saving": 21000.0,
                    "moving_cost": 4000.0,
                    "net_saving": 17000.0,
                    "period": 2029,
                }
            ]
        ),
        "clashes": pd.DataFrame(
            [
                {
                    "id": "clash:1",
                    "rule": "rest_period",
                    "street": "street:0001",
                    "period": 2030,
                    "severity": "high",
                    "amount": 3.0,
                }
            ]
        ),
        "reasons": _reasons(works, programme, openings, weak, firm),
    }
    tables |= changes
    return Study.of(settings, **tables)


def remarks(message: str = "Year 9999 is not a year.") -> pd.DataFrame:
    """Three findings of one rule, made by hand because the rules have their own sentences."""
    rows = [
        {
            "id": f"year|assets|{i}",
            "rule": "year_odd",
            "target": "assets",
            "row": f"asset:{i}",
            "severity": "warning",
            "message": message,
            "message_nl": message,
            "verb": "check",
        }
        for i in range(3)
    ]
    return pd.DataFrame(rows)


__all__ = ["town", "remarks", "figure_ids"]
