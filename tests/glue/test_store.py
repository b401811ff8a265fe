"""One study is one GeoPackage: what is saved is what is opened, and nothing is ever half-written."""

import sqlite3
from contextlib import closing

import pandas as pd
import pyogrio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, box

from conftest import tiny
from integralie import store
from integralie.errors import DataError
from integralie.pipeline import take
from integralie.settings import Settings
from integralie.store import gpkg
from integralie.study import Study

SHAPES = (None, Point(1, 2), LineString([(0, 0), (3, 4)]), box(0, 0, 1, 1), MultiPolygon([box(0, 0, 1, 1), box(5, 5, 6, 6)]))  # fmt: skip
SPATIAL = {"ST_IsEmpty": 1, "ST_MinX": 0, "ST_MaxX": 0, "ST_MinY": 0, "ST_MaxY": 0}


def change(path, *statements: str) -> None:
    """Changes a file as another program would."""
    with closing(sqlite3.connect(path)) as base, base:
        for name, answer in SPATIAL.items():
            base.create_function(name, 1, lambda _, a=answer: a)
        for statement in statements:
            base.execute(statement)


@pytest.fixture
def path(tmp_path):
    return store.save(tiny(), tmp_path / "study.gpkg")


plan = st.fixed_dictionaries({
    "name": st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12), "party": st.just("party:roads"),
    "street_name": st.none() | st.just("Kerkstraat"), "earliest": st.none() | st.integers(1900, 2100),
    "cost": st.none() | st.floats(0, 1e9), "sharing": st.none() | st.integers(0, 3), "geometry": st.sampled_from(SHAPES),
})  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(plan, max_size=4), st.sampled_from(["EPSG:28992", "EPSG:31370"]))
def test_what_is_saved_is_what_is_opened(tmp_path, plans, crs):
    rows = pd.DataFrame([{**p, "id": f"plan:{i}"} for i, p in enumerate(plans)], columns=["id", *plan_columns()])
    study = Study.of(Settings(name="ronde", crs=crs), plans=rows)
    back = store.open(store.save(study, tmp_path / "study.gpkg"))
    assert back.equals(study) and study.equals(back)


def plan_columns() -> tuple[str, ...]:
    return "name", "party", "street_name", "earliest", "cost", "sharing", "geometry"


def test_staleness_figures_and_scenario_survive(tmp_path):
    study = take(tiny(), "forecast")
    back = store.open(store.save(study, tmp_path / "study.gpkg"))
    assert back.equals(study) and back.made == study.made and back.scenario == study.scenario


def test_the_file_is_a_geopackage_with_index_names_styles_and_project(path):
    with closing(sqlite3.connect(path)) as base:
        one = dict(base.execute("SELECT table_name, identifier FROM gpkg_contents"))
        assert base.execute("PRAGMA application_id").fetchone()[0] == 0x47504B47
        assert base.execute("PRAGMA user_version").fetchone()[0] == 10300
        indexed = {r[0] for r in base.execute("SELECT table_name FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'")}  # fmt: skip
        layers = {r[0] for r in base.execute("SELECT table_name FROM gpkg_geometry_columns")}
        styled = {r[0] for r in base.execute("SELECT f_table_name FROM layer_styles WHERE useAsDefault = 1")}
        assert base.execute("SELECT count(*) FROM qgis_projects").fetchone()[0] == 1
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert layers and layers <= indexed and layers == styled and "straat" in one["streets"].lower()


def test_a_change_by_gdal_is_seen_and_recorded(path, tmp_path):
    new = pyogrio.read_dataframe(path, layer="plans").assign(id="plan:nieuw", name="Uit QGIS")
    pyogrio.write_dataframe(new, path, layer="plans", append=True)
    assert "plan:nieuw" in store.open(path).plans.index
    assert store.changes(path)[["table_name", "row", "action"]].values.tolist() == [["plans", "plan:nieuw", "insert"]]


def test_a_view_does_not_carry_the_history_of_the_file_it_replaces(path):
    change(path, "UPDATE plans SET name = 'Geheimnaam'")
    store.save(tiny(), path, keep_history=False)
    assert store.changes(path).empty and b"Geheimnaam" not in path.read_bytes()


@pytest.mark.parametrize("content", [b"", b"dit is tekst", b"SQLite format 3\0" + b"x" * 50], ids=["empty", "text", "cut"])  # fmt: skip
def test_a_file_that_is_no_geopackage_gives_one_sentence(tmp_path, content):
    file = tmp_path / "kapot.gpkg"
    file.write_bytes(content)
    with pytest.raises(DataError, match=r"kapot\.gpkg"):
        store.open(file)


@pytest.mark.parametrize("statement, words", [
    ("UPDATE integralie SET value = 'x' WHERE key = 'settings'", "integralie"),
    ("DELETE FROM integralie", "settings"),
    ("DROP TABLE integralie", "not a study"),
    ("UPDATE parties SET name = NULL", "name"),
    ("INSERT INTO capacity (id, party, resource, period, amount) VALUES ('c', 'party:roads', 'budget', 'twintig', 1)", "period"),
    ("UPDATE streets SET id = 'street:1'", "street:1"),
    ("UPDATE gpkg_geometry_columns SET srs_id = 4326 WHERE table_name = 'streets'", "reproject"),
])  # fmt: skip
def test_a_spoilt_study_says_where_it_is_wrong(path, statement, words):
    change(path, statement)
    with pytest.raises(DataError, match=words):
        store.open(path)


def test_tables_and_columns_of_strangers_do_no_harm(path):
    change(
        path,
        "ALTER TABLE parties ADD COLUMN extra TEXT",
        "CREATE TABLE other (a TEXT)",
        "CREATE VIEW works AS SELECT 1",
    )
    assert store.open(path).equals(tiny())


def test_an_interrupted_write_leaves_the_old_file_and_no_rest(path, monkeypatch):
    before = path.read_bytes()
    monkeypatch.setattr(gpkg.project, "write", lambda *a: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError):
        store.save(tiny(x=1.0), path)
    assert path.read_bytes() == before and [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_place_that_is_taken_is_refused(path, tmp_path):
    text = tmp_path / "brief.gpkg"
    text.write_text("geen studie")
    for place in (tmp_path, text, tmp_path / "no" / "study.gpkg"):
        with pytest.raises(DataError):
            store.save(tiny(), place)
    assert text.read_text() == "geen studie"


def test_a_file_that_another_program_is_writing_is_not_replaced(path):
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DataError, match="another program"):
            store.save(tiny(), path)
        other.rollback()
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("UPDATE parties SET name = 'x'")
        with pytest.raises(DataError, match="wal"):
            store.save(tiny(), path)
