"""The everyday functions: open, read, save, and the verbs that tell people something."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from integralie.pipeline import asked
from integralie.settings import Settings
from integralie.study import Study

DEMO = "demo"


def town(size: str | int = "town", seed: int = 1) -> Study:
    """The town of Integralië: a made-up Dutch town with assets, plans, parties, budgets and crews.

    `size` is small (about 100 street sections), town (about 1,000) or a number of sections up to 20,000; the same
    seed gives the same town.
    """
    from integralie.demo import town as generate

    return Study.of(Settings(name="Integralië", seed=seed), **generate(size=size, seed=seed))


def open(path: str | Path) -> Study:
    """The study in a GeoPackage; `open("demo")` gives the town of Integralië."""
    if str(path) == DEMO:
        return town()
    from integralie import store

    return store.open(Path(path))


def save(study: Study, path: str | Path, keep_history: bool = True) -> Path:
    """Writes the study to one GeoPackage that QGIS opens; the file is whole or it is not there."""
    from integralie import store

    return Path(store.save(study, Path(path), keep_history))


def read(*paths: str | Path, settings: Settings | None = None, **options: Any) -> Study:
    """A study from files as they come: BGT and KLIC deliveries, lists of plans, GeoPackage, GeoJSON or Shapefile."""
    from integralie import importers

    settings = settings or Settings()
    tables, findings = importers.read([Path(p) for p in paths], settings, **options)
    return Study.of(settings, **tables) | {"findings": findings}


def explain(study: Study, id: str, language: str = "nl") -> str:
    """Why one row is as it is, in plain words: give the id of a work, plan, opening, street or any other found row."""
    return str(asked(study, "explain", id=id, language=language))


def report(study: Study, path: str | Path | None = None, language: str = "nl") -> str:
    """The report of a study as one self-contained HTML page, written to `path` when that is given."""
    html = str(asked(study, "report", language=language))
    if path is not None:
        from integralie.verbs.report import write

        write(Path(path), html)
    return html


def hand_over(
    study: Study, path: str | Path, language: str = "nl", opening: str | None = None, until: int | None = None
) -> list[Path]:
    """Writes what the crews get: a GeoPackage and beside it one page per joint opening of the first two years (or
    `until` a year).
    """
    from integralie.verbs.hand_over import write

    return [
        Path(p) for p in write(Path(path), asked(study, "hand_over", language=language, opening=opening, until=until))
    ]


def section(study: Study, street: str, at: float | None = None) -> Any:
    """What lies across one street section, above and below ground: a table from left to right (see
    `integralie.verbs.section`), with what is known of the cut as a whole in `.attrs`.
    """
    return asked(study, "section", street=street, at=at)


def draw_section(
    study: Study,
    street: str,
    at: float | None = None,
    language: str = "nl",
    when: str = "now",
    sheet: str = "auto",
    prefix: str = "section",
) -> str:
    """The cross-section of one street section as SVG, to scale in millimetres on a named sheet.

    `when` is `now`, or `after` with the claims and reservations of the street in place. `sheet` is A4, A3, `strip` (180 mm,
    for inside a page), `screen` (fills its field, without column and title block) or `auto`; `prefix` keeps ids apart
    when several drawings stand on one page. A street that cannot be drawn to scale (no edge, a roundabout, a width
    smaller than its parts) gives the order of what lies there and why.
    """
    more = {"language": language, "when": when, "sheet": sheet, "prefix": prefix}
    return str(asked(study, "draw_section", street=street, at=at, **more))


def section_files(
    study: Study,
    street: str,
    form: str = "page",
    at: float | None = None,
    language: str = "nl",
    path: str | Path | None = None,
) -> str | bytes:
    """One street in section as `page` (drawing and table twin), `pair` (now above after), `pdf`, `pair_pdf` or `dxf`.

    Written to `path` when that is given. A PDF is bytes; the others are text.
    """
    made: str | bytes = asked(study, "section_files", street=street, at=at, language=language, form=form)
    if path is not None:
        from integralie.paper.pages import write_bytes, write_text

        write_bytes(path, made) if isinstance(made, bytes) else write_text(path, made)
    return made


def siting(study: Study, street: str | None = None, language: str = "nl") -> Any:
    """Where a transformer house could stand, the best place first, each no with its reason."""
    return asked(study, "siting", street=street, language=language)


def bundling(study: Study, street: str, language: str = "nl") -> Any:
    """The claims and new lines of one street side by side, in one trench, in a duct bank or in a gutter: width, cost,
    flexibility, and whether each fits.
    """
    return asked(study, "bundling", street=street, language=language)


def check_certificate(study: Study) -> Any:
    """The verdict of the checker, which knows nothing of the engine: proven or not, objective, lower bound and gap."""
    from integralie.checker import check
    from integralie.schema.frames import tables

    return check({name: study[name] for name in tables()})


def reopenings(study: Study, language: str = "nl") -> pd.DataFrame:
    """What the residents of each street section may expect: how often it was opened, when again, until when it is to
    stay closed, openings avoided, reopenings to expect, and a `sentence` for them.
    """
    from integralie.edits import seen
    from integralie.nuisance.reopening import reopening, sentence_code
    from integralie.schema.agreed import rest_years
    from integralie.schema.notes import say

    shown = seen(study)
    rest = rest_years(shown.streets, shown.agreements, study.figures)
    tables = (shown.streets, shown.openings_past, shown.openings, shown.members)
    rows = reopening(*tables, rest, study.figures, study.settings)
    name = shown.streets["name"].astype(object).fillna(shown.streets.index.to_series())
    told = [say(sentence_code(r), r.to_dict() | {"street": name[i]}, language) for i, r in rows.iterrows()]
    return rows.assign(street=name, sentence=told)
