"""What a programme can be asked on the command line: another year, other programmes, other money, more freedom."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import integralie as itg
from integralie.cli.commands import app


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A town of sixty sections with its programme, as a study file."""
    study = itg.town(size=60, seed=3)
    for verb in ("check", "forecast", "match", "fit"):
        study = itg.take(study, verb)
    return Path(itg.save(itg.take(study, "programme", seconds=3), tmp_path_factory.mktemp("asks") / "dorp.gpkg"))


def ask(*words: object) -> list[dict]:
    done = CliRunner().invoke(app, [*map(str, words), "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_why_not_another_year_is_taken_apart(file: Path) -> None:
    plan = itg.open(file).programme
    row = plan[plan["period"].notna() & plan["opening"].notna()].iloc[0]
    same, other = (ask("why-not", file, row["work"], int(row["period"]) + k) for k in (0, 1))
    assert same[0]["EUR"] == pytest.approx(0, abs=0.01)
    assert [r["what"] for r in other[:2]] == [r["what"] for r in same[:2]]
    parts = [r["EUR"] for r in other[2:]]
    assert other[0]["EUR"] is None or sum(parts) == pytest.approx(other[0]["EUR"], abs=1)


def test_freedom_and_money_are_told_per_row(file: Path) -> None:
    worth = ask("flexibility", file, "--top", 5)
    assert len(worth) == 5 and worth[0].keys() >= {"work", "earlier", "later"}
    curve = ask("budget-curve", file, "--party", "party:roads", "--seconds", 5)
    assert [r["share"] for r in curve] == [0.9, 0.95, 1.0, 1.05, 1.1]
    assert all(r["lower_bound"] <= r["cost"] for r in curve)
    cost = [r["cost"] for r in curve]
    assert cost == sorted(cost, reverse=True), "more money is never dearer"


def test_other_programmes_are_studies_of_their_own(file: Path, tmp_path: Path) -> None:
    made = ask("alternatives", file, "--to", tmp_path, "--number", 1, "--share", 2, "--seconds", 8)
    assert sorted(p.name for p in tmp_path.iterdir()) == [Path(r["file"]).name for r in made]
    for row in made:
        assert itg.check_certificate(itg.open(row["file"])).proven and row["works"] > 0


def test_phase_takes_more_years(file: Path) -> None:
    done = CliRunner().invoke(app, ["phase", str(file), "--years", "3"])
    assert done.exit_code == 0, done.output
    study = itg.open(file)
    years = study.phases["period"].astype(int)
    assert years.max() <= study.settings.first + 2
    assert (years == study.settings.first + 2).any()
