"""Who works in the streets of the town, what they aim at, and the rules they agreed on."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from integralie.kinds import kind
from integralie.settings import RD_NEW

PARTIES = (  # id, name, role, degree of sharing
    ("roads", "Gemeente Integralië, wegen", "department", 3),
    ("sewer", "Gemeente Integralië, riolering", "department", 3),
    ("green", "Gemeente Integralië, groen", "department", 3),
    ("traffic", "Gemeente Integralië, verkeer", "department", 3),
    ("lighting", "Gemeente Integralië, openbare verlichting", "department", 3),
    ("planning", "Gemeente Integralië, ruimtelijke ontwikkeling", "department", 3),
    ("grid", "Netbeheer Zandland", "network_operator", 2),
    ("water", "Drinkwater Zandland", "network_operator", 3),
    ("heat", "Warmtebedrijf De Gloed", "network_operator", 2),
    ("telecom", "Lichtdraad Telecom", "network_operator", 1),
    ("waterboard", "Waterschap De Vennen", "water_board", 3),
    ("housing", "Woonstichting Thuishaven", "housing", 2),
    ("province", "Provincie Zandland", "province", 3),
    ("residents", "Bewonersplatform", "resident", 0),
)
GOALS = (
    (
        "goal:climate",
        "Klimaatbestendige stad",
        None,
        "share of streets without flooding at 70 mm in an hour",
        0.95,
        2050,
        "planning",
    ),
    ("goal:heat", "Aardgasvrije wijken", None, "dwellings on district heat", 3500, 2035, "planning"),
    ("goal:green", "Meer schaduw in de straat", "goal:climate", "new trees", 1200, 2035, "green"),
    ("goal:sewer", "Riool op orde en regenwater apart", "goal:climate", "km of separated sewer", 18, 2040, "sewer"),
    ("goal:grid", "Stroomnet op sterkte", None, "new substations", 40, 2033, "grid"),
    ("goal:cycle", "Veilig fietsen naar school", None, "km of cycle path", 9, 2034, "traffic"),
    ("goal:water", "Geen broze waterleiding meer", None, "km of asbestos cement left", 0, 2045, "water"),
)
AGREEMENTS = (
    ("rest_period", "roads", "road_class=residential", 5, "years", False, "policy"),
    ("rest_period", "roads", "road_class=distributor", 5, "years", True, "contract"),
    ("rest_period", "roads", "road_class=main", 7, "years", True, "contract"),
    ("rest_period", "roads", "surface=asphalt", 5, "years", False, "policy"),
    ("notice", "roads", "", 26, "weeks", False, "policy"),
    ("notice", "telecom", "", 8, "weeks", True, "law"),
    ("split_key", "roads", "", None, "equal", False, "contract"),
)
CLAIMS = (  # kind, party, width, depth from, depth to, hard
    ("heat", "heat", 1.6, 0.8, 1.6, False),
    ("tree", "green", 2.5, 0.0, 1.0, False),
    ("cable_medium", "grid", 0.6, 0.7, 1.2, True),
    ("gravity_sewer", "sewer", 1.4, 1.2, 2.5, False),
    ("substation", "grid", 3.0, 0.0, 1.5, False),
)
REMARKS = (
    (
        "Bij elke flinke bui staat het water tot aan de voordeur.",
        "water",
        "Wij nemen dit mee bij de vervanging van het riool.",
    ),
    ("Onze straat is in vijf jaar drie keer opengebroken.", "hinder", "Wij leggen de plannen voortaan naast elkaar."),
    ("Graag meer bomen en een bankje.", "groen", None),
    ("De lantaarnpaal op de hoek is vaak kapot.", "verlichting", "Opgenomen in het vervangingsplan."),
    ("Auto's rijden hier veel te hard.", "verkeer", None),
    ("De stoep is te smal voor een rolstoel.", "toegankelijkheid", "Bij de herinrichting wordt de stoep breder."),
    ("Wanneer komt het warmtenet bij ons?", "energie", None),
)


def parties() -> pd.DataFrame:
    """The departments of the municipality and its partners, with their degree of sharing."""
    rows = [(f"party:{i}", name, role, "deelnemers", share) for i, name, role, share in PARTIES]
    return pd.DataFrame(rows, columns=["id", "name", "role", "source", "sharing"])


def goals() -> pd.DataFrame:
    """What the town and its partners aim at."""
    out = pd.DataFrame(GOALS, columns=["id", "name", "parent", "indicator", "target", "deadline", "party"])
    return out.assign(party="party:" + out["party"], area="area:town", source="omgevingsvisie", sharing=3)


def agreements() -> pd.DataFrame:
    """The rules of the game: rest periods per road class, notice, and how a joint opening is split."""
    columns = ["rule", "party", "applies_to", "value", "unit", "hard", "rank"]
    out = pd.DataFrame(AGREEMENTS, columns=columns)
    ids = [f"agreement:{i + 1:02d}" for i in range(len(out))]
    return out.assign(id=ids, party="party:" + out["party"], source="handboek kabels en leidingen", sharing=3)


def claims(s: pd.DataFrame, seed: int) -> gpd.GeoDataFrame:
    """Room that is asked for in the ground, in about one section of twenty."""
    rng = np.random.default_rng([seed, 60])
    fit = s[~s["profile"].isin(["park", "bridge", "quay"])]
    own = fit.iloc[np.sort(rng.choice(len(fit), max(6, len(s) // 20), replace=False))].reset_index(drop=True)
    pick = [CLAIMS[i % len(CLAIMS)] for i in range(len(own))]
    out = pd.DataFrame(pick, columns=["kind", "party", "width", "depth_from", "depth_to", "hard"])
    return gpd.GeoDataFrame(
        out.assign(
            id=[f"claim:{i + 1:04d}" for i in range(len(own))],
            name="Ruimte voor " + out["kind"].map(lambda k: kind(k).label_nl) + " in " + own["name"].astype(str),
            party="party:" + out["party"],
            street=own["street"],
            period_from=rng.integers(2027, 2034, len(own)),
            period_to=2060,
            source="ruimteclaims ondergrond",
            sharing=3,
        ),
        geometry=own["line"].to_numpy(),
        crs=RD_NEW,
    )


def contributions(s: pd.DataFrame, seed: int) -> gpd.GeoDataFrame:
    """Remarks of residents, some of them answered."""
    rng = np.random.default_rng([seed, 61])
    own = s.iloc[np.sort(rng.choice(len(s), max(7, len(s) // 25), replace=False))].reset_index(drop=True)
    pick = pd.DataFrame([REMARKS[i % len(REMARKS)] for i in range(len(own))], columns=["name", "theme", "answer"])
    middle = [line.interpolate(0.5, normalized=True) for line in own["line"]]
    ids = [f"contribution:{i + 1:04d}" for i in range(len(own))]
    return gpd.GeoDataFrame(
        pick.assign(id=ids, street=own["street"], party="party:roads", source="inloopavond", sharing=3),
        geometry=middle,
        crs=RD_NEW,
    )


def openings_past(s: pd.DataFrame, paved: np.ndarray, seed: int) -> gpd.GeoDataFrame:
    """Who opened which street before, since 2010: the repaving itself, and others who came after it."""
    rng = np.random.default_rng([seed, 62])
    recent = np.flatnonzero(paved >= 2010)
    again = np.sort(rng.choice(len(s), len(s) // 5, replace=False))
    who = rng.choice(
        ["party:grid", "party:water", "party:telecom", "party:sewer"], len(again), p=[0.35, 0.2, 0.3, 0.15]
    )
    told = {"party:grid": "kabel", "party:water": "waterleiding", "party:telecom": "glasvezel", "party:sewer": "riool"}
    where = np.concatenate([recent, again])
    out = pd.DataFrame(
        {
            "id": [f"opened:{i + 1:05d}" for i in range(len(where))],
            "street": s["street"].to_numpy()[where],
            "party": np.concatenate([np.full(len(recent), "party:roads", dtype=object), who]),
            "year": np.concatenate([paved[recent], rng.integers(2012, 2026, len(again))]),
            "name": np.concatenate([np.full(len(recent), "herbestrating", dtype=object), [told[w] for w in who]]),
            "source": "opbreekvergunningen",
            "sharing": 3,
        }
    )
    return gpd.GeoDataFrame(out, geometry=s["line"].to_numpy()[where], crs=RD_NEW)
