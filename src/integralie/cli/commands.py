"""The commands. Nothing here decides anything: each opens a study, calls a function of the house and writes it back."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from integralie.chain import CHAIN
from integralie.cli import asks, show, talks
from integralie.cli.words import LANGUAGE, say
from integralie.errors import DataError

app = typer.Typer(
    help=say("app"), no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)

StudyFile = Annotated[Path, typer.Argument(help=say("study"), metavar="STUDY.gpkg")]
Language = Annotated[str, typer.Option("--language", "-l", help=say("language"))]
Json = Annotated[bool, typer.Option("--json", help=say("json"))]
Debug = Annotated[bool, typer.Option("--debug", help=say("debug"))]
Seconds = Annotated[float, typer.Option("--seconds", help=say("seconds"), min=1)]
Who = Annotated[str, typer.Option("--who", help=say("who"))]
Why = Annotated[str, typer.Option("--why", help=say("why"))]


@app.callback()
def _main(language: Language = LANGUAGE, debug: Debug = False) -> None:
    """Options that hold for every command stand before or behind it."""


@app.command(help=say("read"))
def read(
    files: Annotated[list[Path], typer.Argument(help=say("files"), metavar="FILE…")],
    output: Annotated[Path, typer.Option("--output", "-o", help=say("output"))],
    mapping: Annotated[Optional[Path], typer.Option(help=say("mapping"))] = None,
    crs: Annotated[Optional[str], typer.Option(help=say("crs"))] = None,
    first: Annotated[int, typer.Option(help=say("first"))] = 2027,
    periods: Annotated[int, typer.Option(help=say("periods"))] = 20,
    assume_year: Annotated[Optional[list[str]], typer.Option("--assume-year", help=say("assume"))] = None,
    who: Who = "integralie read", as_json: Json = False, language: Language = LANGUAGE, debug: Debug = False,
) -> None:  # fmt: skip
    """Files to a study."""
    import integralie as itg
    from integralie import importers

    options = {k: v for k, v in (("mapping", mapping), ("crs", crs)) if v is not None}
    settings = itg.Settings(name=output.stem, first=first, periods=periods, language=language)
    study = itg.read(*files, settings=settings, **options)
    for text in assume_year or []:
        area, year = show.area_year(text)
        study = itg.assume_years(study, year, who=who, why=f"--assume-year {text}", area=area)
    itg.save(study, output)
    show.table(importers.summary(dict(study.tables), study.findings), as_json)
    show.findings(study, as_json, language)
    show.line("written", as_json, path=output)


@app.command(help=say("run"))
def run(
    study: StudyFile, seconds: Seconds = 60, only: Annotated[Optional[str], typer.Option(help=say("only"))] = None,
    force: Annotated[bool, typer.Option(help=say("force"))] = False, as_json: Json = False, language: Language = LANGUAGE, debug: Debug = False,
) -> None:  # fmt: skip
    """The chain on a study file."""
    import integralie as itg

    before = itg.open(study)
    steps = tuple(only.split(",")) if only else None
    after = chain(before, as_json, only=steps, force=force, seconds=seconds)
    if after is not before:
        itg.save(after, study)


def chain(study: Any, as_json: bool, **options: Any) -> Any:
    """The study after the steps that were stale, telling each as it is done."""
    import integralie as itg

    start, told = time.perf_counter(), []
    with show.progress(len(CHAIN), as_json) as step:

        def done(verb: str, took: float, now: Any) -> None:
            told.append(show.step(verb, took, now, as_json))
            step(verb)

        after = itg.run(study, progress=done, **options)
    show.closing(told, time.perf_counter() - start, as_json)
    return after


def _verb_command(name: str) -> Callable[..., None]:
    def command(
        study: StudyFile,
        seconds: Seconds = 60,
        as_json: Json = False,
        language: Language = LANGUAGE,
        debug: Debug = False,
    ) -> None:
        _taken(study, name, as_json, seconds=seconds)

    return command


def _taken(study: Any, name: str, as_json: bool, **options: Any) -> None:
    """One step taken and saved."""
    import integralie as itg

    start = time.perf_counter()
    after = itg.take(itg.open(study), name, **options)
    itg.save(after, study)
    took = time.perf_counter() - start
    show.closing([show.step(name, took, after, as_json)], took, as_json)


for _name in CHAIN:
    if _name != "phase":
        app.command(name=_name, help=say(_name))(_verb_command(_name))


@app.command(help=say("phase"))
def phase(
    study: StudyFile, years: Annotated[int, typer.Option(help=say("years"))] = 2, as_json: Json = False,
    language: Language = LANGUAGE, debug: Debug = False,
) -> None:  # fmt: skip
    """The quarters of the first years."""
    _taken(study, "phase", as_json, years=years)


@app.command(name="check-certificate", help=say("check-certificate"))
def check_certificate(
    study: StudyFile, as_json: Json = False, language: Language = LANGUAGE, debug: Debug = False
) -> None:
    """Proven or not; the exit code is 0 or 1."""
    import integralie as itg

    verdict = itg.check_certificate(itg.open(study))
    show.verdict(verdict, as_json, language)
    raise typer.Exit(0 if verdict.proven else 1)


@app.command(help=say("explain"))
def explain(
    study: StudyFile, id: Annotated[str, typer.Argument(help=say("id"))], as_json: Json = False, language: Language = LANGUAGE, debug: Debug = False
) -> None:  # fmt: skip
    """Why a row is as it is."""
    import integralie as itg

    text = itg.explain(itg.open(study), id, language=language)
    print(json.dumps({"id": id, "text": text}, ensure_ascii=False) if as_json else text)


@app.command(help=say("report"))
def report(
    study: StudyFile, output: Annotated[Path, typer.Option("--output", "-o", help=say("output"))] = Path("rapport.html"),
    language: Language = LANGUAGE, debug: Debug = False,
) -> None:  # fmt: skip
    """One HTML file."""
    import integralie as itg

    itg.report(itg.open(study), output, language=language)
    show.line("written", False, path=output)


@app.command(help=say("section"))
def section(
    study: StudyFile, street: Annotated[str, typer.Argument(help=say("street"))], output: Annotated[Path, typer.Option("--output", "-o", help=say("output"))] = Path("dwarsprofiel.svg"),
    at: Annotated[Optional[float], typer.Option(help=say("at"))] = None, pair: Annotated[bool, typer.Option(help=say("pair"))] = False, as_json: Json = False, language: Language = LANGUAGE, debug: Debug = False,
) -> None:  # fmt: skip
    """One street: the form follows the suffix of the output."""
    import integralie as itg
    from integralie.paper.pages import write_text

    opened = itg.open(study)
    if as_json:
        show.table(itg.section(opened, street, at), True)
    elif output.suffix.lower() == ".svg" and not pair:
        write_text(output, itg.draw_section(opened, street, at, language=language))
        show.line("written", False, path=output)
    else:
        plain = {".dxf": "dxf", ".pdf": "pdf", ".svg": "svg"}.get(output.suffix.lower(), "page")
        form = {"page": "pair", "pdf": "pair_pdf", "svg": "pair_svg"}.get(plain, plain) if pair else plain
        itg.section_files(opened, street, form, at, language, output)
        show.line("written", False, path=output)


@app.command(help=say("siting"))
def siting(
    study: StudyFile, street: Annotated[Optional[str], typer.Option(help=say("street"))] = None, as_json: Json = False, language: Language = LANGUAGE, debug: Debug = False
) -> None:  # fmt: skip
    """Places for a transformer house, the best first."""
    import integralie as itg

    found = itg.siting(itg.open(study), street, language)
    show.table(found[["street", "along", "side", "possible", "homes", "says"]].head(40), as_json)


@app.command(help=say("bundling"))
def bundling(study: StudyFile, street: Annotated[str, typer.Argument(help=say("street"))], as_json: Json = False, language: Language = LANGUAGE, debug: Debug = False) -> None:  # fmt: skip
    """Four ways to lay the new lines of one street."""
    import integralie as itg

    show.table(itg.bundling(itg.open(study), street, language).reset_index(), as_json)


@app.command(name="hand-over", help=say("hand-over"))
def hand_over(
    study: StudyFile, output: Annotated[Path, typer.Option("--output", "-o", help=say("output"))] = Path("uitvoering.gpkg"),
    opening: Annotated[Optional[str], typer.Option(help=say("id"))] = None, until: Annotated[Optional[int], typer.Option(help=say("until"))] = None, language: Language = LANGUAGE, debug: Debug = False,
) -> None:  # fmt: skip
    """A GeoPackage and one page per joint opening."""
    import integralie as itg

    for path in itg.hand_over(itg.open(study), output, language=language, opening=opening, until=until):
        show.line("written", False, path=path)


@app.command(help=say("compare"))
def compare(
    study: StudyFile, seconds: Seconds = 60, as_json: Json = False, language: Language = LANGUAGE, debug: Debug = False
) -> None:
    """Each owner alone against all together."""
    import integralie as itg
    from integralie.silo import table

    after = itg.compare(itg.open(study), seconds=seconds)
    itg.save(after, study)
    show.line("compared", as_json)
    show.table(table(after).query("party == ''").drop(columns="party"), as_json)


@app.command(help=say("edit"))
def edit(
    study: StudyFile, target: str, row: str, column: str, value: str, why: Why, who: Who,
    scenario: Annotated[Optional[str], typer.Option()] = None, language: Language = LANGUAGE, debug: Debug = False,
) -> None:  # fmt: skip
    """One value of one row."""
    import integralie as itg

    after = itg.record(itg.open(study), who, why, target, row, column, show.value(value), scenario=scenario)
    itg.save(after, study)
    print(after.edits.index[-1])


@app.command(help=say("undo"))
def undo(study: StudyFile, edit: str, why: Why, who: Who, language: Language = LANGUAGE, debug: Debug = False) -> None:
    """One edit taken back."""
    import integralie as itg

    after = itg.undo(itg.open(study), edit, who, why)
    itg.save(after, study)
    print(after.edits.index[-1])


@app.command(help=say("adopt"))
def adopt(
    study: StudyFile, why: Why, who: Who, until: Annotated[Optional[int], typer.Option(help=say("until"))] = None,
    language: Language = LANGUAGE, debug: Debug = False,
) -> None:  # fmt: skip
    """The years of the programme become decisions."""
    import integralie as itg

    itg.save(itg.adopt(itg.open(study), who, why, until), study)
    show.line("written", False, path=study)


@app.command(help=say("view"))
def view(
    study: StudyFile, party: Annotated[str, typer.Option(help=say("party"))], output: Annotated[Path, typer.Option("--output", "-o", help=say("output"))],
    language: Language = LANGUAGE, debug: Debug = False,
) -> None:  # fmt: skip
    """The study as a party may see it."""
    import integralie as itg

    if output.exists() and output.samefile(study):
        raise DataError(say("same-file", path=output))
    itg.save(itg.view(itg.open(study), party), output, keep_history=False)
    show.line("written", False, path=output)


@app.command(help=say("serve"))
def serve(
    study: StudyFile, port: Annotated[int, typer.Option(help=say("port"), min=0, max=65535)] = 8765,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help=say("browser"))] = True,
    party: Annotated[Optional[str], typer.Option(help=say("party"))] = None,
    background: Annotated[bool, typer.Option("--background", help=say("background"))] = False, language: Language = LANGUAGE, debug: Debug = False,
) -> None:  # fmt: skip
    """The workbench and the API of one study, on this computer only."""
    from integralie.api.serve import serve as run_server

    run_server(
        study,
        port=port,
        browser=browser,
        party=party,
        background=background,
        tell=lambda url: show.line("serving", False, url=url),
    )


@app.command(help=say("openapi"))
def openapi(language: Language = LANGUAGE, debug: Debug = False) -> None:
    """The description of the API, without a server."""
    from integralie.api.app import description

    print(json.dumps(description(), indent=1, ensure_ascii=False))


@app.command(help=say("demo"))
def demo(
    output: Annotated[Path, typer.Option("--output", "-o", help=say("output"))] = Path("demo-output"), size: Annotated[str, typer.Option(help=say("size"))] = "town",
    seed: Annotated[int, typer.Option(help=say("seed"))] = 1, seconds: Seconds = 60, serving: Annotated[Optional[bool], typer.Option("--serve/--no-serve", help=say("serving-demo"))] = None,
    port: Annotated[int, typer.Option(help=say("port"), min=0, max=65535)] = 8765, browser: Annotated[bool, typer.Option("--browser/--no-browser", help=say("browser"))] = True,
    language: Language = LANGUAGE, debug: Debug = False,
) -> None:  # fmt: skip
    """The made-up town, through the whole chain; on a terminal it is then opened in the browser."""
    import integralie as itg

    output.mkdir(parents=True, exist_ok=True)
    study = chain(itg.town(size=int(size) if size.isdigit() else size, seed=seed), False, seconds=seconds)
    show.verdict(itg.check_certificate(study), False, language)
    study = itg.compare(study, seconds=seconds)
    show.compared(study)
    written = [itg.save(study, output / "integralie.gpkg")]
    for name, spoken in (("rapport.html", "nl"), ("report.html", "en")):
        itg.report(study, output / name, language=spoken)
        written.append(output / name)
    written += itg.hand_over(study, output / "uitvoering.gpkg", language=language)
    for path in written:
        show.line("written", False, path=path)
    if serving if serving is not None else sys.stdin.isatty() and sys.stdout.isatty():
        serve(written[0], port=port, browser=browser, party=None, background=False)


@app.command(help=say("figures"))
def figures(as_json: Json = False, language: Language = LANGUAGE, debug: Debug = False) -> None:
    """All figures that come with the program."""
    import pandas as pd

    from integralie.figures import shipped

    rows = [(f.id, f.figure, f.where, f.text or f.value, f.unit, f.status, f.source) for f in shipped().rows]
    show.table(pd.DataFrame(rows, columns=["id", "figure", "where", "value", "unit", "status", "source"]), as_json)


@app.command(help=say("tables"))
def tables(as_json: Json = False, language: Language = LANGUAGE, debug: Debug = False) -> None:
    """All tables and columns."""
    import pandas as pd

    from integralie.schema import frames

    rows = [
        (t.name, c.name, c.type, c.unit, c.meaning_nl if language == "nl" else c.meaning)
        for t in frames.tables().values()
        for c in t.columns.values()
    ]
    show.table(pd.DataFrame(rows, columns=["table", "column", "type", "unit", "meaning"]), as_json)


talks.register(app)
asks.register(app)
