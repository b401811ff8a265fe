"""The checker must refuse what is wrong: every test spoils one thing."""

from __future__ import annotations

import ast
from pathlib import Path

import pandas as pd
import pytest
from small_town import SETTINGS, town

from integralie import checker
from integralie.figures import shipped
from integralie.verbs.programme import programme


@pytest.fixture(scope="module")
def study() -> dict[str, pd.DataFrame]:
    given = town(12, seed=4)
    return {**given, **programme(**given, figures=shipped(), settings=SETTINGS)}


def test_the_checker_shares_no_code_with_the_programme() -> None:
    for path in Path(checker.__file__).parent.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        names |= {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        assert not [n for n in names if n.startswith("integralie") and not n.startswith("integralie.checker.")]


def test_a_programme_is_proven(study: dict[str, pd.DataFrame]) -> None:
    verdict = checker.check(study)
    assert verdict.proven
    assert 0 <= verdict.gap < 0.5


def _spoiled(study: dict[str, pd.DataFrame], name: str, change) -> checker.Verdict:
    frame = study[name].copy()
    return checker.check({**study, name: change(frame)})


def _later(frame: pd.DataFrame) -> pd.DataFrame:
    row = frame.index[frame["period"].notna()][0]
    frame.loc[row, "period"] = 2099
    return frame


def _half(frame: pd.DataFrame) -> pd.DataFrame:
    frame["capacity"] = frame["capacity"] // 2
    return frame


def test_a_year_that_is_no_option_is_refused(study: dict[str, pd.DataFrame]) -> None:
    assert not _spoiled(study, "programme", _later).proven


def test_a_lost_work_is_refused(study: dict[str, pd.DataFrame]) -> None:
    assert not _spoiled(study, "programme", lambda f: f.iloc[1:]).proven


def test_a_hidden_opening_is_refused(study: dict[str, pd.DataFrame]) -> None:
    assert not _spoiled(study, "openings", lambda f: f.iloc[1:]).proven


def test_another_capacity_is_refused(study: dict[str, pd.DataFrame]) -> None:
    assert not _spoiled(study, "prices", _half).proven


def test_false_prices_only_weaken_the_bound(study: dict[str, pd.DataFrame]) -> None:
    true, false = checker.check(study), _spoiled(study, "prices", lambda f: f.assign(price=f["price"] * 3))
    assert false.proven
    assert false.lower_bound < true.lower_bound


@pytest.mark.parametrize("name", ["options", "programme", "openings", "prices"])
def test_incomplete_and_hostile_tables_get_a_sentence(study: dict[str, pd.DataFrame], name: str) -> None:
    column = {"options": "cost", "programme": "period", "openings": "period", "prices": "capacity"}[name]
    frame = study[name]
    spoiled = [
        frame.iloc[:0],
        frame.drop(columns=column),
        pd.concat([frame, frame.iloc[:1]]),
        *(frame.assign(**{column: pd.Series([v, *frame[column].iloc[1:]], index=frame.index, dtype=object)}) for v in ("?", 10**18, 0.5)),
    ]  # fmt: skip
    for other in spoiled:
        verdict = checker.check({**study, name: other})
        assert not verdict.proven
        assert verdict.sentences
    assert not checker.check({k: v for k, v in study.items() if k != name}).proven
