"""Room below ground limits the programme: refused, not before what frees it, not all together; unknown refuses nothing."""

from __future__ import annotations

import pandas as pd
from small_town import budget, capacity, codes, members, run, work, works, years

from integralie.schema.frames import conform

HERE = "street:0000"


def room(*rows: dict) -> pd.DataFrame:
    """Rows of `room`, in the one street."""
    return conform("room", pd.DataFrame([{"street": HERE, "verdict": "does_not_fit", "sharing": 3} | r for r in rows]))


def row_of(name: str, **more) -> dict:
    return {"id": f"{HERE}|work:{name}", "work": f"work:{name}"} | more


def held(told: pd.DataFrame, *links: tuple[str, str, str]) -> pd.DataFrame:
    """The members of the works, and those that `fit` wrote: (row of room, work, role)."""
    rows = [{"id": f"{s}|{r}|{m}", "set": s, "member": m, "role": r, "verb": "fit"} for s, m, r in links]
    return pd.concat([members(told), conform("members", pd.DataFrame(rows))]) if rows else members(told)


def new(name: str, preferred: int = 2029, **more) -> dict:
    return work(name, preferred=preferred, action="new", kind="heat", discipline="heat", **more)


def rules(made: dict) -> set[str]:
    return set(made["findings"]["rule"])


def test_a_new_work_without_room_is_not_laid_and_told() -> None:
    told = works(new("heat"), work("sewer"))
    made = run(told, room=room(row_of("heat")), members=held(told))
    assert years(made)["heat"] is None and years(made)["sewer"] is not None
    assert "programme.no_room" in rules(made)


def test_what_fits_or_is_unknown_is_laid_as_without_the_test() -> None:
    told = works(new("heat"), work("sewer"))
    plain = years(run(told))
    for verdict in ("fits", "tight", "unknown"):
        made = run(told, room=room(row_of("heat", verdict=verdict)), members=held(told))
        assert years(made) == plain and "programme.no_room" not in rules(made)


def test_it_waits_for_the_work_that_frees_its_room() -> None:
    told = works(
        new("heat", 2028, latest=2033, surface_cost=500.0, cost=900000.0),
        work("sewer", preferred=2032, earliest=2032, surface_cost=500.0),
    )
    row = row_of("heat", free_year=2032)
    made = run(told, room=room(row), members=held(told, (row["id"], "work:sewer", "frees")))
    assert years(run(told))["heat"] < 2032
    assert years(made)["heat"] >= years(made)["sewer"] >= 2032


def test_without_the_work_that_frees_its_room_it_is_not_laid() -> None:
    told = works(new("heat", 2029), work("sewer", preferred=2030, party="party:poor"))
    row = row_of("heat", free_year=2030)
    links = held(told, (row["id"], "work:sewer", "frees"))
    broke = capacity(budget("poor", 0.0), budget("sewer", 1e7), budget("road", 1e7))
    assert years(run(told, broke))["heat"] is not None
    assert years(run(told, broke, room=room(row), members=links)) == {"heat": None, "sewer": None}


def test_a_work_that_frees_room_is_worth_what_waits_for_it() -> None:
    """Money for one sewer a year: the one that frees room for the heat network goes first."""
    told = works(
        work("frees", preferred=2031, latest=2036),
        work("other", "street:0001", preferred=2031, latest=2036, cost=100001.0),
        new("heat", 2029, party="party:heat", cost=900000.0, latest=2031),
    )
    row = row_of("heat", free_year=2031)
    links = held(told, (row["id"], "work:frees", "frees"))
    limit = capacity(budget("sewer", 130_000.0), budget("heat", 2e6))
    made = run(told, limit, count=2, room=room(row), members=links)
    got = years(made)
    assert got["heat"] is not None and got["frees"] <= got["heat"]
    assert got["frees"] <= years(run(told, limit, count=2))["frees"]


def test_works_that_do_not_fit_together_are_not_all_laid() -> None:
    told = works(new("one"), new("two"), new("three"))
    row = {"id": f"{HERE}|set", "firm": True}
    links = [(row["id"], f"work:{n}", "work") for n in ("one", "two", "three")]
    made = run(told, room=room(row), members=held(told, *links))
    assert sum(v is not None for v in years(run(told)).values()) == 3
    assert sum(v is not None for v in years(made).values()) == 2


def test_a_set_with_a_mere_wish_limits_no_work_and_one_with_a_kept_claim_does() -> None:
    told = works(new("one"), new("two"))
    links = [(f"{HERE}|set", f"work:{n}", "work") for n in ("one", "two")] + [(f"{HERE}|set", "c1", "claim")]
    for firm, laid in ((False, 2), (True, 1)):
        made = run(told, room=room({"id": f"{HERE}|set", "firm": firm}), members=held(told, *links))
        assert sum(v is not None for v in years(made).values()) == laid


def test_a_commitment_is_kept_and_told() -> None:
    told = works(new("heat", 2029, fixed=2029))
    made = run(told, room=room(row_of("heat")), members=held(told))
    assert years(made) == {"heat": 2029} and "programme.no_room_fixed" in rules(made)
    assert codes(made, "programme")


def test_everybody_alone_is_not_limited_by_what_others_would_free() -> None:
    told = works(new("heat"))
    assert years(run(told, alone=True, room=room(row_of("heat")), members=held(told)))["heat"] is not None
