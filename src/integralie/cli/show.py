"""How answers look on a terminal, and as JSON for scripts."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from integralie.cli.words import LANGUAGE, say
from integralie.errors import DataError

MOST_NOTES = 40  # counts of what was read are told in full, remarks on single rows by their first


def number(value: float, language: str, decimals: int | None = None) -> str:
    """A number as people write it."""
    from integralie.schema.notes import number as written

    return written(value, language, decimals)


def value(text: str) -> Any:
    """A value from the command line: JSON where it is JSON (numbers, null), else the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def area_year(text: str) -> tuple[str | None, int]:
    """`1965` or `area:1=1965`."""
    area, _, year = text.rpartition("=")
    if not year.isdigit():
        raise DataError(say("bad-pair", text=text))
    return area or None, int(year)


def line(key: str, as_json: bool, **values: Any) -> None:
    """One sentence, unless a script reads."""
    if not as_json:
        print(say(key, **values))


def table(frame: Any, as_json: bool) -> None:
    """A table with a line per row."""
    if as_json:
        print(frame.to_json(orient="records", force_ascii=False))
    elif len(frame):
        import pandas as pd

        text = frame.copy()
        for column in text.columns:
            if pd.api.types.is_float_dtype(text[column]):
                text[column] = [
                    number(v, LANGUAGE, 0 if abs(v) >= 100 or float(v).is_integer() else 2) if pd.notna(v) else ""
                    for v in text[column]
                ]
        print(text.astype(object).where(text.notna(), "").to_string(index=False))


def findings(study: Any, as_json: bool, language: str) -> None:
    """How many findings there are, and the first of each rule."""
    rows = study.findings
    if as_json or rows.empty:
        return
    counts = rows["severity"].value_counts()
    print(say("findings", language, count=len(rows), errors=counts.get("error", 0), warnings=counts.get("warning", 0)))
    column = "message_nl" if language == "nl" else "message"
    for _, part in rows.groupby("rule", sort=True):
        shown = MOST_NOTES if (part["severity"] == "note").all() else 1
        more = f" (+{len(part) - shown})" if len(part) > shown else ""
        for text in part[column].iloc[:shown]:
            print(f"  {text}")
        if more:
            print(f"   {more}")


def step(verb: str, took: float, study: Any, as_json: bool) -> dict[str, Any]:
    """What one verb found and how long it took, told and given back."""
    from integralie.pipeline import verbs

    counts = {t: _own(study, t, verb) for t in verbs()[verb].writes if t != "reasons"}
    out: dict[str, Any] = {"verb": verb, "seconds": round(took, 2), "rows": counts}
    if not as_json:
        print(
            say(
                "took",
                verb=verb,
                seconds=took,
                rows=", ".join(f"{t} {number(n, LANGUAGE, 0)}" for t, n in counts.items() if n),
            )
        )
    if "prices" in counts:
        out |= bound(study, as_json)
    return out


def _own(study: Any, name: str, verb: str) -> int:
    frame = study[name]
    return int((frame["verb"] == verb).sum()) if "verb" in frame.columns else len(frame)


def bound(study: Any, as_json: bool) -> dict[str, Any]:
    """Objective, lower bound and gap as the checker counts them."""
    from integralie.checker import check

    got = check(study)
    out = {"objective": got.objective, "lower_bound": got.lower_bound, "gap": got.gap, "proven": got.proven}
    if not as_json:
        print(" " * 22 + say("bound", **_spoken(got)))
    return out


def _spoken(got: Any) -> dict[str, str]:
    """The numbers of a verdict as people write them."""
    return {
        "objective": f"€ {number(got.objective, LANGUAGE, 0)}",
        "bound": f"€ {number(got.lower_bound, LANGUAGE, 0)}",
        "gap": number(100 * got.gap, LANGUAGE, 3),
    }


def verdict(got: Any, as_json: bool, language: str) -> None:
    """Proven or not, and if not, why."""
    if as_json:
        print(
            json.dumps(
                {
                    "proven": got.proven,
                    "objective": got.objective,
                    "lower_bound": got.lower_bound,
                    "gap": got.gap,
                    "sentences": list(got.sentences),
                },
                default=int,
            )
        )
        return
    print(say("proven", language, **_spoken(got)) if got.proven else say("unproven", language))
    if not got.proven:
        for sentence in got.sentences:
            print(f"  - {sentence}")


def compared(study: Any) -> None:
    """One line on what working together saves, as an interval between what is proven."""
    value = study.scores.set_index(["variant", "indicator"])["value"]
    alone, own = value["silo"], value["together"]
    low, high = (
        alone["lower_bound"] - own["objective"],
        alone["objective"] - own["lower_bound"],
    )
    print(say("saving", low=f"€ {number(low, LANGUAGE, 0)}", high=f"€ {number(high, LANGUAGE, 0)}"))


def closing(told: list[dict[str, Any]], seconds: float, as_json: bool) -> None:
    """The end of a run."""
    if as_json:
        print(json.dumps({"steps": told, "seconds": round(seconds, 2)}, default=int))
    else:
        print(say("total", seconds=seconds) if told else say("nothing"))


@contextmanager
def progress(steps: int, as_json: bool) -> Iterator[Callable[[str], None]]:
    """A bar that moves with each verb, on a terminal only."""
    if as_json or not sys.stderr.isatty():
        yield lambda verb: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("integralie", total=steps)
        yield lambda verb: bar.update(task, advance=1, description=verb)
