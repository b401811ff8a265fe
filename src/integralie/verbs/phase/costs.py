"""What each quarter costs an opening by itself: out of season, in a shopping street, during an event, into the next year."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely import STRtree

from integralie.access.streets import places
from integralie.figures import Figures
from integralie.kinds import kinds
from integralie.schema.near import streets_of
from integralie.verbs.phase.units import QUARTERS, Floats, Ints, Units


@dataclass
class Costs:
    """Per term how much of it (U, 4) for each quarter of its year, and its price; `lean` (U, 4) is the figure that says so,
    `what` names the event.
    """

    amount: dict[str, Floats] = field(default_factory=dict)
    price: dict[str, float] = field(default_factory=dict)
    lean: dict[str, npt.NDArray[np.object_]] = field(default_factory=dict)
    what: pd.DataFrame | None = None
    guessed: int = 0

    def euros(self) -> Floats:
        """All of it together (U, 4), in EUR."""
        return np.sum([self.amount[k] * self.price[k] for k in self.amount], axis=0)


def costs(made: Units, streets: pd.DataFrame, assets: pd.DataFrame, claims: pd.DataFrame, figures: Figures) -> Costs:
    """Working days out of season and in the selling weeks of shops, events met, days in the next year, quarters waited."""
    out = Costs()
    found = {
        "season": (season(made, figures, out), "season_price"),
        "shops": (shops(made, streets, assets, figures), "season_price"),
        "over": (over(made), "phase_over_year"),
        "wait": (np.tile(np.arange(QUARTERS, dtype=float), (len(made.rows), 1)), "phase_wait"),
    }
    found["event"] = (_met(made, streets, claims, figures, out), "event_price")
    for name, (amount, price) in found.items():
        out.amount[name], out.price[name] = amount, figures.value(price)
        out.lean.setdefault(name, np.full(amount.shape, figures.find(price).id, object))
    shut = [figures.find("season_shops", quarter=str(q + 1)).id for q in range(QUARTERS)]
    out.lean["shops"] = np.tile(np.array(shut, object), (len(made.rows), 1))
    return out


def _beyond(days: Floats, share: Floats, room: float) -> Floats:
    """Days above what suits in the quarters that they fall in, for a start in each of the four: days (N, K), share (N, 4)."""
    out = np.zeros((len(days), QUARTERS))
    for start in range(QUARTERS):
        for k in range(days.shape[1]):
            out[:, start] += np.clip(days[:, k] - room * share[:, (start + k) % QUARTERS], 0.0, None)
    return out


def season(made: Units, figures: Figures, out: Costs) -> Floats:
    """Working days outside the season of their kind of work (figure `season`), per unit and quarter of the start."""
    where = made.parts[["kind", "discipline", "action", "surface"]]
    told = [figures.lookup("season", where.assign(quarter=str(q + 1))) for q in range(QUARTERS)]
    each = _beyond(made.days, np.stack([t["value"].to_numpy(float) for t in told], axis=1), made.room)
    unit = made.parts["unit"].to_numpy(int)
    total, lean = np.zeros((len(made.rows), QUARTERS)), np.full((len(made.rows), QUARTERS), None, object)
    np.add.at(total, unit, each)
    for q, figure in enumerate(told):
        order = np.argsort(each[:, q], kind="stable")  # the last word counts: the work that it hinders most
        lean[unit[order], q] = figure["figure"].to_numpy(object)[order]
    out.lean["season"] = lean
    return total


def shops(made: Units, streets: pd.DataFrame, assets: pd.DataFrame, figures: Figures) -> Floats:
    """Days that a shopping street is closed in weeks that shops cannot miss (figures `shopping_street`, `season_shops`)."""
    own = places(assets, "shop")
    there = streets_of(own, streets, figures.value("street_reach"))["street"].value_counts() if len(own) else None
    busy = set() if there is None else set(there.index[there >= figures.value("shopping_street")])
    hit = np.zeros(len(made.rows), bool)
    hit[made.held.loc[made.held["street"].isin(busy), "unit"].to_numpy(int)] = True
    share = np.array([[figures.value("season_shops", quarter=str(q + 1)) for q in range(QUARTERS)]])
    return _beyond(made.open, np.repeat(share, len(hit), axis=0), made.room) * hit[:, None]


def over(made: Units) -> Floats:
    """Working days that fall after the end of the year."""
    last = made.open.shape[1]
    total = made.rows["days"].to_numpy(float)
    inside = np.stack([made.open[:, : min(QUARTERS - q, last)].sum(axis=1) for q in range(QUARTERS)], axis=1)
    return np.clip(total[:, None] - inside, 0.0, None)


def _met(made: Units, streets: pd.DataFrame, claims: pd.DataFrame, figures: Figures, out: Costs) -> Floats:
    """The events that a unit meets when it begins in each quarter of its year, and their names."""
    events = _events(claims, figures, made)
    out.lean["event"] = np.full((len(made.rows), QUARTERS), figures.find("event_quarter").id, object)
    out.guessed = len(events)
    none = np.zeros((len(made.rows), QUARTERS))
    if events.empty or made.held.empty:
        return none
    at, event = _touched(made, streets, events, figures.value("event_touch"))
    first, last = (events[c].to_numpy(float)[event] for c in ("from", "to"))
    quarter = events["quarter"].to_numpy(int)[event] - 1
    begin, lasts = made.rows["first"].to_numpy(int)[at], made.rows["lasts"].to_numpy(int)[at]
    hits = []
    for start in range(QUARTERS):
        met = np.zeros(len(at), bool)
        for k in range(int(lasts.max())):
            now = begin + start + k
            year = made.start + now // QUARTERS
            met |= (k < lasts) & (now % QUARTERS == quarter) & (first <= year) & (year <= last)
        np.add.at(none[:, start], at[met], 1.0)
        hits.append(
            pd.DataFrame({"unit": at[met], "quarter": start, "name": events["name"].to_numpy(object)[event[met]]})
        )
    rows = pd.concat(hits).dropna().drop_duplicates().sort_values(["unit", "quarter", "name"])
    out.what = rows.groupby(["unit", "quarter"])["name"].agg(", ".join).unstack() if len(rows) else None
    return none


def _events(claims: pd.DataFrame, figures: Figures, made: Units) -> pd.DataFrame:
    """Events with a place in the years at hand, each with the quarter that the figures give it."""
    own = [n for n, k in kinds().items() if k.serves == "event"]
    rows = claims[claims["kind"].isin(own) & claims.geometry.notna()] if len(claims) else claims
    begin = rows["period_from"].astype(float).fillna(made.start)
    rows = rows.assign(**{"from": begin, "to": rows["period_to"].astype(float).fillna(begin)})
    rows = rows[(rows["from"] < made.start + made.years) & (rows["to"] >= made.start)]
    where = pd.DataFrame({"kind": rows["kind"].astype(object), "claim": rows.index.astype(object)}, index=rows.index)
    quarter = figures.lookup("event_quarter", where)["value"].astype(float)
    return rows.assign(quarter=quarter, name=rows["name"].fillna(rows.index.to_series()))


def _touched(made: Units, streets: pd.DataFrame, events: pd.DataFrame, touch: float) -> tuple[Ints, Ints]:
    """Pairs of a unit and an event in one of its sections, each once."""
    names = np.unique(made.held["street"].to_numpy(str))
    lines = np.asarray(streets.geometry.reindex(names), dtype=object)
    shapes = np.asarray(events.geometry, dtype=object)
    line, event = STRtree(shapes).query(lines, predicate="intersects")
    inside = shapely.length(shapely.intersection(lines[line], shapes[event])) >= touch
    pairs = pd.DataFrame({"street": names[line[inside]], "event": event[inside]})
    both = made.held.merge(pairs, on="street")[["unit", "event"]].drop_duplicates().sort_values(["unit", "event"])
    return both["unit"].to_numpy(np.int64), both["event"].to_numpy(np.int64)
