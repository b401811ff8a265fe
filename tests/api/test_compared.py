"""Who gains and who pays more: the parts add up, and below zero is cheaper; a work that can be done in several ways."""

import pandas as pd
import pytest

import integralie as itg
from api.conftest import desk_of, served
from integralie.api.alternatives import alternatives
from integralie.api.sight import Sight


@pytest.fixture(scope="module")
def compared(town_file, tmp_path_factory):
    """The town with everyone alone beside it."""
    path = tmp_path_factory.mktemp("compared") / "town.gpkg"
    itg.save(itg.compare(itg.open(town_file), seconds=1), path)
    return path


def test_gains_and_losses_of_a_party_add_up_and_the_worst_off_is_named_first(compared):
    with served(compared) as client:
        told = client.get("/v1/comparison").json()
        scores = desk_of(client).base.scores.set_index(["variant", "indicator", "party"])["value"]
    seen = 0
    for party in told["parties"]:
        if len(party["parts"]) != 2:
            continue
        sharing, more = (p["amount"] for p in party["parts"])
        paid, alone = scores[("together", "share_paid", party["party"])], scores[("silo", "share_paid", party["party"])]
        assert sharing <= 0.01, "sharing an opening never costs more than opening alone"
        assert party["net"] == pytest.approx(sharing + more, abs=0.02) == pytest.approx(paid - alone, abs=0.02)
        seen += 1
    nets = [p["net"] for p in told["parties"] if p["net"] is not None]
    assert seen > 2 and nets == sorted(nets, reverse=True)
    assert nets[0] <= 0 or told["sentence"].startswith(told["parties"][0]["name"])
    assert not [
        r["title"] for r in told["rows"] if "_" in r["indicator"] and r["title"] == r["indicator"].replace("_", " ")
    ]


def test_each_way_of_a_work_is_counted_by_itself(town_file):
    """With a second, dearer way in every year nothing changes; with a cheaper one another year costs that."""
    study = itg.open(town_file)
    done = study.programme[study.programme["period"].notna()]
    work = next(
        w
        for w, p in zip(done["work"], done["period"])
        if study.works.at[w, "latest"] > p >= study.works.at[w, "earliest"]
    )
    with served(town_file) as client:
        desk = desk_of(client)
        before = alternatives(Sight(desk, None, None, "nl"), work)
        own = desk.base.options[(desk.base.options["subject"] == work) & desk.base.options["period"].notna()]
        for step, factor in (("dearer", 3.0), ("cheaper", 0.5)):
            twin = own.assign(mode="other", cost=(own["cost"] * factor).round().astype("Int64"))
            twin.index = twin.index + f"|{step}"
            desk.base = desk.base | {"options": pd.concat([study.options, twin])}
            desk._bump()
            after = alternatives(Sight(desk, None, None, "nl"), work)
            assert after.given == before.given and next(y.extra for y in after.years if y.period == after.given) == 0.0
            for one, two in zip(before.years, after.years):
                if one.extra is not None and one.period != before.given:
                    assert two.extra == one.extra if step == "dearer" else two.extra < one.extra
