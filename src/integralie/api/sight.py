"""What one request looks at: the study through the eyes of a party, in a scenario, in a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

import pandas as pd
from fastapi import Depends, Query, Request, Response

from integralie.api.desk import Desk
from integralie.api.problems import Problem, language_of
from integralie.errors import Refused
from integralie.paper.words import Words
from integralie.schema import frames
from integralie.study import Study


@dataclass(frozen=True)
class Sight:
    """The study as this request may see it; every route reads through this and nothing else."""

    desk: Desk
    party: str | None
    scenario: str | None
    language: str

    @cached_property
    def study(self) -> Study:
        """The study with edits laid over it, as the party may see it."""
        return self.desk.seen(self.scenario, self.party)

    @property
    def raw(self) -> Study:
        """The whole study as it is kept; for work that no party may look at."""
        return self.desk.study(self.scenario)

    @cached_property
    def words(self) -> Words:
        return Words(self.language)

    def t(self, key: str, **values: object) -> str:
        """A text of the API."""
        return self.words.t(f"api.{key}", **values)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The names of parties by their label."""
        return self.study.parties["name"].dropna().to_dict()

    def party_name(self, party: object) -> str | None:
        """The name of a party; None when there is none."""
        return None if party is None or pd.isna(party) else self.names.get(str(party), str(party))

    def revision(self, name: str) -> str:
        return self.desk.revision(name, self.scenario, self.party)

    def table(self, name: str) -> pd.DataFrame:
        """One table by name.

        Raises
            Problem `not-found` when there is no such table.
        """
        if name not in frames.tables():
            raise Problem("not-found", self.t("no_table", name=name, known=", ".join(frames.tables())))
        return self.study[name]

    def row(self, name: str, id: str) -> pd.Series:
        """One row of a table; a hidden row is as absent as one that never was."""
        frame = self.table(name)
        if id not in frame.index:
            raise Problem("not-found", self.t("no_row", name=name, id=id))
        return frame.loc[id]


def desk_of(request: Request) -> Desk:
    """The desk of this server."""
    return request.app.state.desk


def sight(
    request: Request,
    party: Annotated[str | None, Query(description="Everything as this party may see it.")] = None,
    scenario: Annotated[str | None, Query(description="The scenario; left out for the base.")] = None,
    language: Annotated[Literal["nl", "en"] | None, Query(description="Dutch or English.")] = None,
) -> Sight:
    """Who looks at what; a party that does not exist, or is not this server's, is refused."""
    desk = desk_of(request)
    if desk.party is not None and party not in (None, desk.party):
        raise Refused(Words(language or language_of(request)).t("api.other_party"))
    spoken = language or (language_of(request) if "accept-language" in request.headers else desk.base.settings.language)
    eyes = Sight(desk, party or desk.party, scenario or None, spoken)
    desk.study(eyes.scenario)
    return eyes


Looking = Annotated[Sight, Depends(sight)]


def unchanged(request: Request, etag: str) -> Response | None:
    """The short answer when the asker has this version already."""
    known = request.headers.get("if-none-match", "")
    return Response(status_code=304, headers={"ETag": etag}) if etag in known.split(", ") else None
