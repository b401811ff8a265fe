"""An opportunity lives on: its owner, terms and history stay with it when everything is computed again."""

from __future__ import annotations

import pytest
from meeting_world import agreement, joint, study, work

from integralie import lifecycle as life
from integralie.edits import undo
from integralie.errors import Refused
from integralie.pipeline import take
from integralie.study import Study

WHO = {"who": "programmeur", "why": "besproken aan de tafel"}
DAY = "2026-11-02T10:00:00+00:00"


def pair(**more: object) -> Study:
    return study(
        work("riool", "sewer", "gravity_sewer", (2028, 2030, 2033)),
        work("kabel", "grid", "cable_low", (2028, 2030, 2033), **more),
    )


def again(made: Study, **works: object) -> Study:
    return take(made | {"works": made.works.assign(**works)}, "match")


def test_from_found_to_realised_with_the_saving_booked():
    made = pair()
    row = joint(made).index[0]
    made = life.advance(made, row, "proposed", owner="party:roads", at=DAY, **WHO)
    assert life.standing(made).loc[row, ["status", "owner", "answer_by"]].tolist() == [
        "proposed",
        "party:roads",
        "2026-12-28",
    ]
    made = life.advance(made, row, "in_talks", at=DAY, **WHO)
    made = life.advance(made, row, "agreed", at=DAY, **WHO)
    made = life.advance(made, row, "realised", realised=8_500, at=DAY, **WHO)
    account = life.account(made, 2026)
    assert account.loc["realised", ["count", "realised"]].tolist() == [1, 8500]
    assert account.loc["realised", "expected"] == joint(made)["value"].iloc[0]
    assert life.account(made, 2025).empty
    assert set(life.history(made, row)["who"]) == {"programmeur"}


def test_it_stays_itself_when_windows_and_costs_change_a_little():
    made = pair()
    row = joint(made).index[0]
    made = life.advance(made, row, "proposed", owner="party:sewer", at=DAY, **WHO)
    other = again(made, earliest=2029, cost=made.works["cost"] * 1.1)
    assert row in other.opportunities.index and life.standing(other).loc[row, "status"] == "proposed"


def test_what_is_no_longer_found_lapses_and_keeps_its_history():
    made = life.advance(pair(), "opportunity:1:kabel", "proposed", owner="party:sewer", at=DAY, **WHO)
    later = made.works["latest"].where(made.works["party"] == "party:grid", 2044)
    gone = again(made, latest=later, earliest=later - 2, preferred=later - 1)
    assert life.standing(gone).loc["opportunity:1:kabel", "status"] == "lapsed"
    assert len(life.history(gone, "opportunity:1:kabel"))
    back = take(gone | {"works": made.works}, "match")
    assert life.standing(back).loc["opportunity:1:kabel", "status"] == "proposed"
    assert "opportunity:1:kabel" not in take(pair(), "match").opportunities[lambda f: f["kind"] == "lapsed"].index


def test_a_step_can_be_undone():
    made = pair()
    row = joint(made).index[0]
    made = life.advance(made, row, "refused", at=DAY, **WHO)
    assert life.standing(undo(made, made.edits.index[-1], **WHO)).loc[row, "status"] == "found"


@pytest.mark.parametrize(
    ("row", "status", "more"),
    [
        ("opportunity:1:kabel", "realised", {"realised": 1.0}),  # not agreed yet
        ("opportunity:1:kabel", "proposed", {}),  # nobody owns it
        ("opportunity:1:kabel", "proposed", {"owner": "party:nobody"}),
        ("opportunity:1:kabel", "refused", {"realised": 1.0}),
        ("opportunity:9:x", "refused", {}),
        ("work:riool", "refused", {}),
    ],
)
def test_a_step_that_makes_no_sense_is_refused(row, status, more):
    with pytest.raises(Refused):
        life.advance(pair(), row, status, **WHO, **more)


def test_a_term_that_has_passed_is_told_with_its_owner():
    made = life.advance(
        pair(), "opportunity:1:kabel", "proposed", owner="party:sewer", answer_by="2026-12-01", at=DAY, **WHO
    )
    assert life.overdue(made, "2026-12-01").empty
    assert life.overdue(made, "2026-12-02")["owner"].tolist() == ["party:sewer"]


def clash() -> Study:
    return study(
        work("riool", "sewer", "gravity_sewer", (2029, 2030, 2031)),
        work("straat", "roads", "carriageway", (2027, 2028, 2028)),
        agreements=agreement("rest_period", value=5.0),
    )


def test_a_verdict_is_asked_again_when_a_work_changes_more_than_a_little():
    made = clash()
    row = made.clashes.index[0]
    assert set(life.verdicts(made)["verdict"]) == {"not_judged"}
    made = life.judge(made, row, "party:roads", "no_clash", at=DAY, **WHO)
    told = life.verdicts(made).set_index(["clash", "party"])["verdict"]
    assert told[row, "party:roads"] == "no_clash" and told[row, "party:sewer"] == "not_judged"
    small = again(made, latest=made.works["latest"].where(made.works["party"] != "party:sewer", 2032))
    assert life.verdicts(small).set_index(["clash", "party"])["verdict"][row, "party:roads"] == "no_clash"
    large = again(made, cost=made.works["cost"] * 2)
    got = life.verdicts(large).set_index(["clash", "party"]).loc[(row, "party:roads")]
    assert (got["verdict"], got["changed"]) == ("again", "cost")


def test_only_who_is_in_a_clash_can_judge_it():
    made = clash()
    with pytest.raises(Refused):
        life.judge(made, made.clashes.index[0], "party:heat", "clash", **WHO)
    with pytest.raises(Refused):
        life.judge(made, made.clashes.index[0], "party:roads", "perhaps", **WHO)


def test_who_joins_after_the_agreement_waits_for_the_owner():
    made = life.advance(pair(), "opportunity:1:kabel", "agreed", owner="party:sewer", at=DAY, **WHO)
    assert life.late_joiners(made).empty
    water = work("water", "water", "water_main", (2028, 2030, 2033), cost=900_000.0)
    riool, kabel = work("riool", "sewer", "gravity_sewer", (2028, 2030, 2033)), work("kabel", "grid", "cable_low", (2028, 2030, 2033))  # fmt: skip
    joined = take(study(riool, kabel, water) | {"edits": made.edits}, "match")
    assert life.late_joiners(joined)[["opportunity", "work", "owner"]].to_numpy().tolist() == [
        ["opportunity:1:kabel", "work:water", "party:sewer"]
    ]
    done = life.admit(joined, "opportunity:1:kabel", "work:water", True, at=DAY, **WHO)
    assert life.late_joiners(done).empty
    with pytest.raises(Refused):
        life.admit(done, "opportunity:1:kabel", "work:water", True, **WHO)


def judged(made: Study, row: str, word: str, **more: object) -> Study:
    from integralie.edits import record_all

    return record_all(made, WHO["who"], WHO["why"], life.triage(made, row, word, at=DAY, **more), at=DAY)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("real", "proposed"),
        ("wait", "in_talks"),
        ("later", "found"),
        ("no", "refused"),
        ("apart", "refused"),
        ("new", "found"),
    ],
)
def test_a_word_of_the_triage_is_a_step_in_the_life_cycle(word, status):
    made = judged(pair(), "opportunity:1:kabel", word)
    row = life.standing(made).loc["opportunity:1:kabel"]
    assert (row["verdict"], row["status"]) == (word, status)
    asked = status in life.WAITING
    assert (row["owner"] == "party:grid" and row["answer_by"] == "2026-12-28") if asked else row.isna()["answer_by"]


def test_the_word_follows_the_status_and_what_is_agreed_stays_agreed():
    row = "opportunity:1:kabel"
    made = judged(pair(), row, "later", review=2030)
    made = life.advance(made, row, "proposed", owner="party:sewer", at=DAY, **WHO)
    assert life.standing(made).loc[row, "verdict"] == "real"
    made = life.advance(made, row, "agreed", at=DAY, **WHO)
    assert life.standing(judged(made, row, "real")).loc[row, "status"] == "agreed"
    assert life.standing(judged(made, row, "no", why="te duur")).loc[row, ["status", "verdict_reason"]].tolist() == [
        "refused",
        "te duur",
    ]
    done = life.advance(made, row, "realised", realised=1.0, at=DAY, **WHO)
    with pytest.raises(Refused, match="booked"):
        life.triage(done, row, "new")
    with pytest.raises(Refused, match="triage"):
        life.triage(done, row, "maybe")
