"""The reasons of opportunities: what each is worth and costs, who has to move, what to do now, or why not."""

from __future__ import annotations

import pandas as pd

from integralie.figures import Figures
from integralie.schema.notes import because
from integralie.schema.opening import rates
from integralie.settings import Settings

PARTS = (
    "saving_site", "saving_traffic", "saving_surface", "saving_excavation", "saving_preparation",
    "life_lost", "waiting", "pace_cost", "process_cost", "value", "value_low", "value_high",
)  # fmt: skip


def _named(found: pd.DataFrame, works: pd.DataFrame, streets: pd.DataFrame) -> pd.DataFrame:
    name = works["name"]
    return found.assign(
        place=found["street"].map(streets["name"]).fillna(found["street"]),
        name=found["lead"].map(name),
        other_name=found["other"].map(name) if "other" in found else None,
        mover_name=found["mover_work"].map(name) if "mover_work" in found else None,
    )


def joint(
    found: pd.DataFrame, works: pd.DataFrame, streets: pd.DataFrame, figures: Figures, settings: Settings
) -> list[pd.DataFrame]:
    """Why these works are better done together in that year, what it is worth, who moves, and the next step."""
    if found.empty:
        return []
    out = _named(found, works, streets)
    site = out["street"].map(rates(streets, figures, settings)["site_figure"])
    first = out[["works", "parties", "period", "saving", "moving_cost", "net_saving"]].assign(street=out["place"])
    made = [because("opportunities", "match.opportunity", first, site)]
    made.append(because("opportunities", "match.worth", out[list(PARTS)], figures.find("joint_days").id, 1))
    effects = out[["openings_avoided", "days_saved", "co2_saved"]]
    made.append(because("opportunities", "match.effects", effects, figures.find("co2_opening").id, 2))
    moved = out[out["mover"].notna()]
    told = moved[["mover", "mover_name", "period", "years_moved"]].assign(years=moved["mover_years"].abs())
    sooner = moved["mover_years"] < 0
    for code, hit in (("match.mover_earlier", sooner), ("match.mover_later", ~sooner)):
        made.append(because("opportunities", code, told[hit], figures.find("planned_late").id, 3))
    made.append(because("opportunities", "match.no_move", out.loc[out["mover"].isna(), ["period"]], None, 3))
    for step in sorted(out["next_step"].unique()):
        part = out[out["next_step"] == step]
        made.append(because("opportunities", f"match.step.{step}", part[["period", "mover", "name"]], None, 4))
    for advice in ("keep_apart", "consider"):
        part = out.loc[out["advice"] == advice, ["value", "value_low"]]
        made.append(because("opportunities", f"match.advice.{advice}", part, None, 5))
    return made


def others(found: pd.DataFrame, works: pd.DataFrame, streets: pd.DataFrame, figures: Figures) -> list[pd.DataFrame]:
    """Why something is a near miss, stands alone, could ride along, or was rejected."""
    if found.empty:
        return []
    out = _named(found, works, streets)
    kind = out["kind"]
    made = []
    columns = ["place", "name", "other_name", "mover", "period", "saving", "moving_cost", "net_saving", "gap"]
    own = out.reindex(columns=columns).assign(
        street=out["place"], years=out["mover_years"].abs() if "mover_years" in out else None
    )
    pair = ["street", "name", "other_name", "period", "saving", "moving_cost"]
    slack = figures.find("match_slack").id
    near = own.loc[kind == "near_miss", [*pair, "gap", "mover", "years"]]
    made.append(because("opportunities", "match.near_miss", near, slack))
    no = kind == "rejected"
    gap = out["gap"].fillna(0).astype(float) if "gap" in out else pd.Series(0.0, index=out.index)
    stuck = out["stuck"].fillna(False).astype(bool) if "stuck" in out else pd.Series(False, index=out.index)
    made.append(because("opportunities", "match.rejected.dear", own.loc[no & (gap == 0) & ~stuck, pair], slack))
    made.append(
        because("opportunities", "match.rejected.apart", own.loc[no & (gap > 0) & ~stuck, [*pair, "gap"]], slack)
    )
    made.append(because("opportunities", "match.rejected.fixed", own.loc[no & stuck, pair[:3]], slack))
    lone = own.loc[kind == "single", ["street", "name", "period"]]
    made.append(because("opportunities", "match.single", lone, figures.find("single_years").id))
    claim = own[["street", "name", "period", "saving"]].assign(claim=out.get("claim_name"))[kind == "claim"]
    made.append(because("opportunities", "match.claim", claim, None))
    return made
