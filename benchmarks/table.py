"""The results of the comparison as Markdown."""

from __future__ import annotations

import re
import statistics
from pathlib import Path
from typing import Any

from measures import time_to
from rivals import RIVALS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "benchmark.md"
MARKS = ("<!-- table begins -->", "<!-- table ends -->")
HEAD = (
    "| method | cost, million EUR | certified gap | own bound | to 1 % | to 0.1 % | seconds | worst violation | GB | "
    "changed | openings | days open |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)
ENGINE = "engine"
Run = dict[str, Any]


def markdown(runs: list[Run]) -> str:
    """A table per instance and time limit, the savings, and where the engine was not the best."""
    names = sorted({r["instance"] for r in runs}, key=lambda n: (n.rsplit("-", 2)[0], int(n.rsplit("-", 2)[1])))
    text = []
    for name in names:
        of = [r for r in runs if r["instance"] == name]
        size = next((r for r in of if "works" in r), None)
        if size is None:
            continue
        text.append(f"### {name}: {size['works']:,} works, {size['places']:,} sections\n")
        for limit in sorted({r["limit"] for r in of}):
            text.append(f"{limit:g} seconds\n\n{HEAD}\n" + "\n".join(_rows(of, limit)) + "\n" + _notes(of, limit))
    return "\n".join([*text, *_savings(runs, names), *_verdict(runs, names)])


def bound(runs: list[Run]) -> float | None:
    """The best bound that the engine's prices prove for these runs of one instance, in cents."""
    return max((r["bound"] for r in runs if r["rival"] == ENGINE and r.get("bound") is not None), default=None)


def _rows(of: list[Run], limit: float) -> list[str]:
    low, out = bound(of), []
    for rival in RIVALS:
        held = [r for r in of if r["rival"] == rival and r["limit"] == limit]
        if not held:
            continue
        fine = [r for r in held if "cost" in r]
        out.append(_row(rival, fine, low) if fine else f"| {rival} | {held[0]['failed']} |" + " |" * 10)
    return out


def _notes(of: list[Run], limit: float) -> str:
    """What the methods themselves remarked."""
    held = [r for r in of if r["limit"] == limit and r.get("note") and r["seed"] == 1]
    return "\n" + "; ".join(f"{r['rival']}: {r['note']}" for r in held) + ".\n" if held else ""


def _row(rival: str, runs: list[Run], low: float | None) -> str:
    mid = sorted(runs, key=lambda r: r["cost"])[(len(runs) - 1) // 2]
    costs = [r["cost"] for r in runs]
    cost = f"{mid['cost'] / 1e6:,.3f}"
    if len(runs) > 1:
        cost += f" ({min(costs) / 1e6:,.3f} to {max(costs) / 1e6:,.3f}, {len(runs)} seeds)"
    own = None if mid["bound"] is None or not low else 100 * (low - mid["bound"]) / abs(low)
    gap = None if low is None else 100 * (mid["cost"] * 100 - low) / abs(low)
    times = [time_to(mid["trail"], low, share) if low else None for share in (0.01, 0.001)]
    wrong = f"{max(r['over'] for r in runs) / 100:,.2f}" + (" and rules" if any(r["broken"] for r in runs) else "")
    cells = [
        rival, cost, _share(gap), _behind(own), *(_number(t, "{:.1f}") for t in times),
        f"{statistics.median(r['seconds'] for r in runs):.1f}", wrong, f"{mid['gigabytes']:.2f}",
        _share(100 * mid["changed"] if "changed" in mid else None, 1), f"{mid['openings']:.2f}", f"{mid['days']:.1f}",
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def _share(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f} %"


def _behind(value: float | None) -> str:
    """Where a method's own bound lies against ours."""
    if value is None:
        return "–"
    if value >= 100:
        return "none yet"
    return f"{value:.2f} % lower" if value > 5e-3 else f"{-value:.2f} % higher" if value < -5e-3 else "same"


def _number(value: float | None, form: str) -> str:
    return "–" if value is None else form.format(value)


def _savings(runs: list[Run], names: list[str]) -> list[str]:
    """Working together against every owner alone, as an interval between bounds; the parts as they stand in the plans."""
    out = []
    for name in names:
        of = [r for r in runs if r["instance"] == name and "cost" in r]
        silo = [r for r in of if r["rival"] == "silo"]
        ours, low = [r for r in of if r["rival"] == ENGINE], bound(of)
        if not silo or not ours or low is None:
            continue
        best = min(ours, key=lambda r: r["cost"])
        alone, alone_low = min(r["more"]["alone"] for r in silo), max(r["more"]["alone_low"] for r in silo)
        least, most = alone_low - best["cost"], alone - low / 100
        merged = min(silo, key=lambda r: r["cost"])
        apart = " | ".join(f"{(merged[k] - best[k]) / 1e6:,.3f}" for k in ("direct", "user", "nuisance"))
        share = f"{100 * least / alone_low:.1f} to {100 * most / alone:.1f} %"
        out.append(f"| {name} | {least / 1e6:,.3f} to {most / 1e6:,.3f} | {share} | {apart} |")
    if not out:
        return []
    head = (
        "| instance | saving on what owners pay alone, million EUR | as a share | direct cost | user cost | nuisance |"
        "\n|---|--:|--:|--:|--:|--:|"
    )
    return [
        "### What working together saves\n",
        "The interval lies between bounds: at least (lowest that owners alone could pay) less (our programme), at most "
        "(what their own programmes cost) less (our bound). The last three columns compare two programmes, ours and "
        "that of the owners laid together and made feasible, and are no bounds.\n",
        head + "\n" + "\n".join(out) + "\n",
    ]


def _verdict(runs: list[Run], names: list[str]) -> list[str]:
    """Where a rival was better than the engine, at the same time limit or with ten times the time."""
    out = []
    limits = sorted({r["limit"] for r in runs})
    for name in names:
        for limit in limits:
            ours = [
                r["cost"]
                for r in runs
                if r["instance"] == name and r["rival"] == ENGINE and r["limit"] == limit and "cost" in r
            ]
            for r in runs:
                longer = r["limit"] == limit or r["limit"] == 10 * limit
                if (
                    ours
                    and r["instance"] == name
                    and longer
                    and "cost" in r
                    and r["rival"] != ENGINE
                    and r["cost"] < min(ours) - 0.005
                ):
                    less = 100 * (min(ours) - r["cost"]) / min(ours)
                    out.append(
                        f"- {name}: {r['rival']} (seed {r['seed']}) in {r['limit']:g} s is {less:.3f} % cheaper than the engine in {limit:g} s"
                    )
    told = (
        "\n".join(dict.fromkeys(out))
        if out
        else "Nowhere: at every instance and time limit above no rival found a cheaper programme."
    )
    return ["### Where a rival was better\n", told + "\n"]


def into_docs(text: str) -> None:
    """Put the table between its marks in the documentation."""
    page = PAGE.read_text("utf-8")
    made = re.sub(
        re.escape(MARKS[0]) + ".*?" + re.escape(MARKS[1]),
        lambda _: f"{MARKS[0]}\n\n{text}\n{MARKS[1]}",
        page,
        flags=re.S,
    )
    PAGE.write_text(made, "utf-8")
