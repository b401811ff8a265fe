"""Programme lists as they come: titles above, totals below, Dutch money, impossible dates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from integralie.errors import DataError
from integralie.importers.programme_list import read, sniff
from integralie.settings import Settings

HEAD = ["Projectnr", "Partij", "Omschrijving", "Straat", "Jaar", "Kosten"]
GOOD = ["12", "Gemeente Riolering", "Vervangen riool", "Kerkstraat", "2028", "€ 1.250.000,-"]


def sheet(path: Path, *rows: list[Any], title: bool = True) -> Path:
    above = [["Meerjarenprogramma"], []] if title else []
    pd.DataFrame([*above, *rows]).to_excel(path, header=False, index=False, engine="xlsxwriter")
    return path


def rules(told: Any) -> set[str]:
    return set(pd.concat(told.findings)["rule"]) if told.findings else set()


def row(**changes: Any) -> list[Any]:
    return [changes.get(h, g) for h, g in zip(HEAD, GOOD)]


def test_a_plain_list(tmp_path: Path) -> None:
    path = sheet(tmp_path / "lijst.xlsx", HEAD, row(), ["", "", "Totaal", "", "", 1250000])
    told = read(path, Settings())
    plan = told.tables["plans"].loc["plan:12"]
    assert sniff(path)
    assert (plan["kind"], plan["action"], plan["preferred"], plan["cost"]) == ("gravity_sewer", "renew", 2028, 1250000)
    assert plan["party"] == "party:gemeente-riolering" in told.tables["parties"].index
    assert (plan["street_name"], plan["cost_quality"]) == ("Kerkstraat", "registered")
    assert rules(told) == {"list_row_skipped"}


@pytest.mark.parametrize(("mark", "code"), [(";", "cp1252"), (",", "utf-8-sig"), ("\t", "utf-16")])
def test_a_text_file(tmp_path: Path, mark: str, code: str) -> None:
    path = tmp_path / "lijst.csv"
    cells = row(Straat="Caféstraat", Kosten="250k")
    path.write_bytes("\r\n".join(mark.join(r) for r in (HEAD, cells)).encode(code))
    plan = read(path, Settings()).tables["plans"].iloc[0]
    assert (plan["street_name"], plan["cost"]) == ("Caféstraat", 250000)


BAD = [
    ({"Jaar": "31-2-2027"}, "list_date_impossible", "preferred"),
    ({"Jaar": "9999"}, "list_date_implausible", "preferred"),
    ({"Jaar": "spoedig"}, "list_date_text", "preferred"),
    ({"Kosten": "-5000"}, "list_cost_negative", "cost"),
    ({"Kosten": "veel"}, "list_cost_text", "cost"),
    ({"Kosten": "PM"}, "list_cost_open", "cost"),
    ({"Omschrijving": "Iets anders"}, "list_word", "kind"),
]


@pytest.mark.parametrize(("changes", "rule", "column"), BAD)
def test_a_value_that_cannot_be_used_is_unknown(
    tmp_path: Path, changes: dict[str, str], rule: str, column: str
) -> None:
    told = read(sheet(tmp_path / "lijst.xlsx", HEAD, row(**changes)), Settings())
    assert rules(told) == {rule}
    assert pd.isna(told.tables["plans"].iloc[0][column])


def test_a_window_that_is_reversed_is_kept_and_told(tmp_path: Path) -> None:
    told = read(sheet(tmp_path / "lijst.xlsx", HEAD, row(Jaar="2030-2028")), Settings())
    assert rules(told) == {"list_reversed"}
    assert list(told.tables["plans"][["earliest", "latest"]].iloc[0]) == [2030, 2028]


def test_double_ids_are_made_unique(tmp_path: Path) -> None:
    told = read(sheet(tmp_path / "lijst.xlsx", HEAD, row(), row()), Settings())
    assert list(told.tables["plans"].index) == ["plan:12", "plan:12-2"]
    assert rules(told) == {"list_id_twice"}


def test_no_column_with_costs_is_a_finding(tmp_path: Path) -> None:
    told = read(sheet(tmp_path / "lijst.xlsx", HEAD[:5], GOOD[:5]), Settings())
    assert rules(told) == {"list_no_cost"}


def test_no_column_with_years_is_an_error_that_says_what_there_is(tmp_path: Path) -> None:
    path = sheet(tmp_path / "lijst.xlsx", ["Partij", "Omschrijving", "Straat", "Kosten"], ["a", "riool", "b", 1])
    with pytest.raises(DataError, match=r"Partij.*none that says when"):
        read(path, Settings())


def test_thousands_in_the_header(tmp_path: Path) -> None:
    head = [*HEAD[:5], "Kosten (x 1.000 euro)"]
    told = read(sheet(tmp_path / "lijst.xlsx", head, row(Kosten=250)), Settings())
    assert told.tables["plans"].iloc[0]["cost"] == 250000
    assert rules(told) == {"list_times"}


def test_own_words(tmp_path: Path) -> None:
    head = ["Nr", "Dienst", "Klus", "Plek", "Jr", "Poen"]
    path = sheet(tmp_path / "lijst.xlsx", head, ["1", "R", "X1", "Dorpsstraat", 2029, 10])
    words = {
        "columns": {"Dienst": "party", "Klus": "kind", "Plek": "street_name", "Jr": "year", "Poen": "cost"},
        "values": {"kind": {"X1": "tree"}, "party": {"R": "Groen"}},
    }
    plan = read(path, Settings(), mapping=words).tables["plans"].iloc[0]
    assert (plan["kind"], plan["party"], plan["preferred"]) == ("tree", "party:groen", 2029)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"Beste lezer,\nhallo\n"])
@pytest.mark.parametrize("name", ["lijst.xlsx", "lijst.csv"])
def test_a_wrong_file_is_one_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert not sniff(path)
    with pytest.raises(DataError) as error:
        read(path, Settings())
    assert ";" in str(error.value)


def test_what_comes_may_be_wider_or_elsewhere_and_a_diameter_in_millimetres_is_read_as_one(tmp_path: Path) -> None:
    head = [*HEAD, "Nieuwe diameter", "Afstand tot de as"]
    rows = [
        [*row(Projectnr=n), wide, away] for n, wide, away in (("1", "800", "-1,5"), ("2", "1,2 m", ""), ("3", "?", "x"))
    ]
    plans = read(sheet(tmp_path / "lijst.xlsx", head, *rows), Settings()).tables["plans"]
    assert plans.loc["plan:1", ["width", "offset"]].tolist() == [0.8, -1.5]
    assert plans.loc["plan:2", "width"] == 1.2 and plans.loc[["plan:2", "plan:3"], "offset"].isna().all()
    assert pd.isna(plans.loc["plan:3", "width"])
