"""Commands for the talks about opportunities and clashes: move one on, give a verdict, make the account."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from integralie.cli import show
from integralie.cli.words import LANGUAGE, say

StudyFile = Annotated[str, typer.Argument(help=say("study"), metavar="STUDY.gpkg")]
Language = Annotated[str, typer.Option("--language", "-l", help=say("language"))]
Debug = Annotated[bool, typer.Option("--debug", help=say("debug"))]
Json = Annotated[bool, typer.Option("--json", help=say("json"))]
Who = Annotated[str, typer.Option("--who", help=say("who"))]
Why = Annotated[str, typer.Option("--why", help=say("why"))]


def advance(
    study: StudyFile, row: str, status: str, why: Why, who: Who,
    owner: Annotated[Optional[str], typer.Option(help=say("owner"))] = None,
    answer_by: Annotated[Optional[str], typer.Option(help=say("answer-by"))] = None,
    realised: Annotated[Optional[float], typer.Option(help=say("realised"))] = None,
    language: Language = LANGUAGE, debug: Debug = False,
) -> None:  # fmt: skip
    """One opportunity or clash moved on."""
    import integralie as itg

    told = {"owner": owner, "answer_by": answer_by, "realised": realised}
    itg.save(itg.advance(itg.open(study), row, status, who, why, **told), study)
    show.line("written", False, path=study)


def judge(
    study: StudyFile, clash: str, party: str, verdict: str, why: Why, who: Who,
    language: Language = LANGUAGE, debug: Debug = False,
) -> None:  # fmt: skip
    """What a party says of a clash."""
    import integralie as itg

    itg.save(itg.judge(itg.open(study), clash, party, verdict, who, why), study)
    show.line("written", False, path=study)


def account(
    study: StudyFile, year: Annotated[Optional[int], typer.Option(help=say("account-year"))] = None,
    as_json: Json = False, language: Language = LANGUAGE, debug: Debug = False,
) -> None:  # fmt: skip
    """The yearly account of opportunities."""
    import integralie as itg

    show.table(itg.account(itg.open(study), year).reset_index(), as_json)


def register(app: typer.Typer) -> None:
    """Adds these commands to the command line."""
    for command in (advance, judge, account):
        app.command(help=say(command.__name__))(command)
