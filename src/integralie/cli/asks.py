"""Commands that ask a programme: why not another year, what else is as good, what more money or freedom would do."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from integralie.cli import show
from integralie.cli.talks import Debug, Json, Language, StudyFile
from integralie.cli.words import LANGUAGE, say

Seconds = Annotated[float, typer.Option("--seconds", help=say("seconds"))]


def why_not(
    study: StudyFile, work: str, year: Annotated[Optional[int], typer.Argument(help=say("not-year"))] = None,
    as_json: Json = False, language: Language = LANGUAGE, debug: Debug = False,
) -> None:  # fmt: skip
    """What another year would cost one work."""
    import pandas as pd

    import integralie as itg

    told = itg.why_not(itg.open(study), work, year)
    rows = [(say("at-prices"), told["at_prices"]), (say("given-rest"), told["given_rest"])]
    rows += [(f"  {name}", euros) for name, euros in told["terms"].items()]
    if not told["allowed"]:
        show.line("not-allowed", as_json, year=year if year is not None else "-")
    show.table(pd.DataFrame(rows, columns=["what", "EUR"]).astype({"EUR": "float64"}), as_json)
    for other, then in told["moved"] if not as_json else []:
        show.line("moves-along", as_json, work=other, year=then if then is not None else "-")


def alternatives(
    study: StudyFile, folder: Annotated[Path, typer.Option("--to", help=say("output"))] = Path(),
    number: Annotated[int, typer.Option(help=say("how-many"))] = 2, share: Annotated[float, typer.Option(help=say("near"))] = 0.5,
    seconds: Seconds = 30, as_json: Json = False, language: Language = LANGUAGE, debug: Debug = False,
) -> None:  # fmt: skip
    """Other programmes that cost nearly the same, each as a study of its own."""
    import pandas as pd

    import integralie as itg

    made, folder = [], Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for k, (other, extra, differs) in enumerate(itg.alternatives(itg.open(study), number, share / 100, seconds), 1):
        path = itg.save(other, folder / f"{Path(study).stem}-{k}.gpkg")
        made.append((str(path), extra, differs))
    if not made:
        show.line("no-other", as_json, share=share)
    show.table(pd.DataFrame(made, columns=["file", "extra EUR", "works"]), as_json)


def budget_curve(
    study: StudyFile, party: Annotated[str, typer.Option(help=say("party"))], seconds: Seconds = 60,
    as_json: Json = False, language: Language = LANGUAGE, debug: Debug = False,
) -> None:  # fmt: skip
    """The programme when one party has less or more money in every year."""
    import integralie as itg

    show.table(itg.budget_curve(itg.open(study), party, seconds=seconds), as_json)


def flexibility(
    study: StudyFile, top: Annotated[int, typer.Option(help=say("top"))] = 20,
    as_json: Json = False, language: Language = LANGUAGE, debug: Debug = False,
) -> None:  # fmt: skip
    """What a year of freedom of each work is worth, the most valuable first."""
    import integralie as itg

    show.table(itg.flexibility(itg.open(study)).head(top).rename_axis("work").reset_index(), as_json)


def register(app: typer.Typer) -> None:
    """Adds these commands to the command line."""
    for command in (why_not, alternatives, budget_curve, flexibility):
        name = command.__name__.replace("_", "-")
        app.command(name=name, help=say(name))(command)
