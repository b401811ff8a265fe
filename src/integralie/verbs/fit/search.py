"""Search: every want in its street against the ground: room at the worst, expected and best, place, what is in the way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from integralie.figures import Figures
from integralie.kinds import kinds
from integralie.schema.clearance import Rules
from integralie.verbs.fit.obstacles import Asked, Ground, asked
from integralie.verbs.fit.place import blockers, broken, ranked, test
from integralie.verbs.fit.ways import bent

SIGNATURE = ["kind", "width", "height", "top", "size", "barrier"]
BLOCKS = ("at", "reach", "top", "bottom", "slack", "always", "hard", "bare", "cost", "who")
LEEWAY = 0.5  # m that a thing with a told place may shift
NONE = -16.0  # m: less room than this is no room at all
RESULT = ("margin_low", "margin", "margin_high", "x", "top", "bottom", "order_broken", "bent")
NUMBERS = (
    "at",
    "reach_low",
    "reach",
    "reach_high",
    "top",
    "bottom",
    "slack",
    "band",
    "always",
    "hard",
    "bare",
)  # as the kernels take them


def verdicts(low: np.ndarray, high: np.ndarray, comfort: float) -> np.ndarray:
    """Fits when the worst leaves comfort; tight when it leaves little; not when the best falls short; else unknown.

    >>> verdicts(np.array([0.2, 0.1, -0.5, -0.1]), np.array([0.4, 0.2, -0.1, 0.3]), 0.15).tolist()
    ['fits', 'tight', 'does_not_fit', 'unknown']
    """
    return np.select([low >= comfort, low >= 0, high < 0], ["fits", "tight", "does_not_fit"], "unknown").astype(object)


def part(ground: Ground, streets: np.ndarray) -> Ground:
    """The ground of some streets (positions, sorted), renumbered from 0."""
    new = np.full(len(ground.streets), -1)
    new[streets] = np.arange(len(streets))
    things, zones = (f[new[f["street"].to_numpy(int)] >= 0] for f in (ground.things, ground.zones))
    things, zones = (f.assign(street=new[f["street"].to_numpy(int)]).reset_index(drop=True) for f in (things, zones))
    return replace(
        ground,
        streets=ground.streets[streets],
        things=things,
        zones=zones,
        left=ground.left[streets],
        right=ground.right[streets],
        doubt=ground.doubt[streets],
        cuts=ground.cuts[streets],
        step=ground.step[streets],
    )


def by_cut(ground: Ground, ends: pd.DataFrame, street: np.ndarray) -> Ground:
    """The same ground with every cut as a street of its own (its number is its label): for things that are no line."""
    things, zones = (
        f.assign(street=f["cut"]).sort_values("street", kind="stable", ignore_index=True)
        for f in (ground.things, ground.zones)
    )
    return replace(
        ground,
        streets=np.arange(len(ends)),
        things=things,
        zones=zones,
        left=ends["left"].to_numpy(float),
        right=ends["right"].to_numpy(float),
        doubt=np.where(ground.doubt[street] == "no_networks", "no_networks", ends["doubt"].to_numpy()),
        cuts=np.ones(len(ends), int),
        step=np.zeros(len(ends)),
    )


def per_cut(rows: pd.DataFrame, ground: Ground, street: np.ndarray) -> pd.DataFrame:
    """Each want once for every cut of its street: index `(want, cut)` as text, with both as columns."""
    at = ground.position(rows["street"])
    order = np.argsort(street, kind="stable")
    first = np.searchsorted(street[order], np.arange(len(ground.streets) + 1))
    many = np.where(at >= 0, first[at + 1] - first[at], 0)
    which = np.repeat(np.arange(len(rows)), many)
    rank = np.arange(len(which)) - np.repeat(np.cumsum(many) - many, many)
    cut = order[first[at[which]] + rank]
    out = rows.iloc[which].assign(want=rows.index.to_numpy()[which], street=cut)
    return out.set_axis(pd.Index([f"{w}@{c}" for w, c in zip(out["want"], cut)], name="id"))


def best_of(found: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Of all cuts of each want the one with most room at the worst, then as registered: `cut` and `key` say which."""
    both = found.assign(want=rows["want"], cut=rows["street"], key=found.index)
    both = both.sort_values(
        ["want", "margin_low", "margin", "cut"], ascending=[True, False, False, True], kind="stable"
    )
    return both.drop_duplicates("want").set_index("want")


def groups(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """The wants by what they ask: those that ask the same are searched at once."""
    key = rows[SIGNATURE].astype(object).where(rows[SIGNATURE].notna(), "")
    return [
        rows.loc[index]
        for _, index in sorted(key.groupby(SIGNATURE, sort=True).groups.items(), key=lambda g: str(g[0]))
    ]


def prepared(
    ground: Ground, rows: pd.DataFrame, extra: pd.DataFrame, rules: Rules, figures: Figures, cost: np.ndarray
) -> tuple[Asked, np.ndarray, np.ndarray]:
    """The arrays for one group of equal wants: the question, the streets it is asked in, and which want asks where."""
    at = ground.position(rows["street"])
    streets, which = np.unique(at, return_inverse=True)
    small = ground if len(streets) == len(ground.streets) else part(ground, streets)
    more = extra
    if len(extra):
        new = pd.Series(np.arange(len(streets)), index=streets).reindex(extra["street"]).fillna(-1).to_numpy(int)
        more = extra[new >= 0].assign(street=new[new >= 0])
    first = rows.iloc[0]
    top = float(first["top"]) if pd.notna(first["top"]) else np.nan
    question = asked(
        small,
        str(first["kind"]),
        float(first["width"]),
        float(first["height"]),
        top,
        str(first["size"]),
        bool(first["barrier"]),
        more,
        rules,
        figures,
        cost,
    )
    return question, streets, which


def search(
    ground: Ground, rows: pd.DataFrame, extra: pd.DataFrame, rules: Rules, figures: Figures, cost: np.ndarray
) -> pd.DataFrame:
    """Room and place for each want (index as given). A want in a street without line, or without a kind or width, has none."""
    out = pd.DataFrame(np.nan, index=rows.index, columns=list(RESULT[:7])).assign(bent=False)
    good = rows["kind"].notna() & rows["width"].notna() & (ground.position(rows["street"]) >= 0)
    for group in groups(rows[good]):
        question, streets, which = prepared(ground, group, extra, rules, figures, cost)
        found = _run(question, group, which, figures)
        out.loc[group.index, [*RESULT[:5], "order_broken"]] = found[:, [0, 1, 2, 4, 5, 6]]
        out.loc[group.index, "bottom"] = found[:, 5] + question.height
        short = np.flatnonzero(found[:, 0] < figures.value("comfort"))
        if len(short) and len(figures_cuts(ground, streets)):
            _bend(out, group, question, ground, streets, which, short, figures)
    return out


def figures_cuts(ground: Ground, streets: np.ndarray) -> np.ndarray:
    """The streets that are cut more than once."""
    return streets[ground.cuts[streets] > 1]


def windows(question: Asked, group: pd.DataFrame, which: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where the heart may lie per want, and what place it aims at; one with a told place stays near to it.

    A renewal without a told place aims at where the line lies that it replaces.
    """
    told = group["offset"].to_numpy(float)
    free = np.isnan(told)
    low = np.where(free, question.low[which], np.maximum(question.low[which], told - LEEWAY))
    high = np.where(free, question.high[which], np.minimum(question.high[which], told + LEEWAY))
    aim = group["aim"].to_numpy(float) if "aim" in group else np.full(len(group), np.nan)
    return low, high, np.where(free, np.where(np.isnan(aim), question.aim, aim), told)


def held(question: Asked, group: pd.DataFrame, which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows of the frame that each want meets, want after want, and where each begins; what it replaces is gone."""
    first, last = question.offsets[which], question.offsets[which + 1]
    owner = np.repeat(np.arange(len(group)), last - first)
    begin = np.cumsum(last - first) - (last - first)
    rows = np.arange(len(owner)) - begin[owner] + first[owner]
    if "gone" in group and group["gone"].map(len).any():
        gone = group["gone"].reset_index(drop=True).explode().dropna()
        many = int(question.frame["who"].max()) + 3
        key = owner * many + question.frame["who"].to_numpy(np.int64)[rows] + 1
        keep = ~np.isin(key, gone.index.to_numpy() * many + gone.to_numpy(np.int64) + 1)
        keep |= question.frame["who"].to_numpy(np.int64)[rows] < 0
        owner, rows = owner[keep], rows[keep]
    return rows, np.searchsorted(owner, np.arange(len(group) + 1))


def arrays(frame: pd.DataFrame, names: tuple[str, ...] = NUMBERS) -> list[np.ndarray]:
    """Columns as the compiled functions take them."""
    types = {"hard": bool, "who": np.int64}
    return [np.ascontiguousarray(frame[c].to_numpy(), dtype=types.get(c, float)) for c in names]


def counting(frame: pd.DataFrame, d: float, height: float, best: bool = False) -> np.ndarray:
    """Which rows stand in the way of a claim that begins at depth d, as registered or at the best."""
    slack = frame["slack"] - frame["band"] if best else frame["slack"]
    deep = (d < frame["bottom"] + slack) & (d + height > frame["top"] - slack)
    deep &= ~(best & frame["always"].eq(1))  # a thing without depth may turn out to lie elsewhere
    hard = frame["hard"].to_numpy(bool)
    counts: np.ndarray = np.where(hard, d + 1e-9 < frame["bare"], (frame["always"] > float(best)) | deep)
    return counts


def _run(question: Asked, group: pd.DataFrame, which: np.ndarray, figures: Figures) -> np.ndarray:
    low, high, aim = windows(question, group, which)
    rows, offsets = held(question, group, which)
    frame, count = question.frame.iloc[rows], len(question.layers)
    *columns, bare = arrays(frame)
    found: np.ndarray = test(  # type: ignore[call-arg]
        offsets,
        *columns,
        low,
        high,
        np.arange(len(group) + 1) * count,
        np.tile(question.layers, len(group)),
        np.full(len(group), question.height),
        aim,
        figures.value("comfort"),
        bare,
        *arrays(frame, ("rank", "who")),
        question.rank,
        (question.low + question.high)[which] / 2,
    )
    return found


def sideways(step: float, radius: float, slope: float) -> float:
    """How far a line may shift between two cuts: by its bend (two arcs, one against the other) and without a slalom.

    >>> round(sideways(20.0, 100.0, 0.1), 2), sideways(20.0, 1.6, 0.1)
    (1.0, 2.0)
    """
    bend = 2 * radius - np.sqrt(4 * radius**2 - step**2) if step < 2 * radius else np.inf
    return float(min(slope * step, bend))


def _bend(
    out: pd.DataFrame,
    group: pd.DataFrame,
    question: Asked,
    ground: Ground,
    streets: np.ndarray,
    which: np.ndarray,
    short: np.ndarray,
    figures: Figures,
) -> None:
    """Lines that do not fit straight may shift along the street, no more than their bend allows."""
    if kinds()[question.kind].geometry != "line":
        return
    radius, slope = figures.value("bend_radius", kind=question.kind), figures.value("most_shift")
    all_rows, begins = held(question, group, which)
    columns, order = arrays(question.frame), arrays(question.frame, ("at", "rank", "who"))
    cut = question.frame["cut"].to_numpy()
    for i in short:
        rows = all_rows[begins[i] : begins[i + 1]]
        rows = rows[np.lexsort((columns[0][rows], cut[rows]))]
        cuts = np.unique(cut[rows])
        if len(cuts) < 2 or ground.doubt[streets[which[i]]]:
            continue
        shift = sideways(float(ground.step[streets[which[i]]]), radius, slope)
        begin = np.searchsorted(cut[rows], np.append(cuts, cuts[-1] + 1))
        low, high, aim = windows(question, group.iloc[[i]], which[[i]])
        got, path = bent(  # type: ignore[call-arg]
            begin,
            *(c[rows] for c in columns),
            np.full(len(cuts), low[0]),
            np.full(len(cuts), high[0]),
            np.full(len(cuts) - 1, shift),
            question.layers,
            question.height,
            0.0 if np.isnan(aim[0]) else aim[0],
        )
        if got[0] > out.at[group.index[i], "margin_low"] + 0.01 and got[1] >= 0:
            middle = path[len(path) // 2]
            side = (question.low + question.high)[which[i]] / 2
            wrong = broken(middle, side, question.rank, *ranked(*(c[rows] for c in order)))
            out.loc[group.index[i], list(RESULT[:7])] = [
                got[0],
                got[1],
                max(got[1], got[2]),
                middle,
                got[3],
                got[3] + question.height,
                wrong if question.rank > 0 else np.nan,
            ]
            out.loc[group.index[i], "bent"] = True


def in_the_way(
    ground: Ground, rows: pd.DataFrame, extra: pd.DataFrame, rules: Rules, figures: Figures, cost: np.ndarray
) -> pd.DataFrame:
    """For each want that does not fit the shortest list of what would have to go: rows `want, who, rule, x, top`.

    `who` is the position of an asset, or below -1 the position of a reservation (-2 - n). Of lists that are equally
    short the cheapest to move.
    """
    made = []
    for group in groups(rows):
        question, _, which = prepared(ground, group, extra, rules, figures, cost)
        low, high, _ = windows(question, group, which)
        rows_of, begin = held(question, group, which)
        for i in range(len(group)):
            made.append(
                _listed(
                    group.index[i],
                    question,
                    question.frame.iloc[rows_of[begin[i] : begin[i + 1]]],
                    float(low[i]),
                    float(high[i]),
                    rules,
                    str(group["size"].iloc[i]),
                )
            )
    filled = [m for m in made if len(m)]
    return (
        pd.concat(filled, ignore_index=True)
        if filled
        else pd.DataFrame(columns=["want", "who", "kind", "rule", "x", "top"])
    )


def _listed(
    want: str, question: Asked, f: pd.DataFrame, low: float, high: float, rules: Rules, size: str
) -> pd.DataFrame:
    at, reach, top, bottom, slack, always, hard, bare, cost, who = arrays(f, BLOCKS)
    got = blockers(
        np.array([0, len(f)]),
        at,
        reach,
        top,
        bottom,
        slack,
        always,
        hard,
        bare,
        cost,
        who,
        np.array([low]),
        np.array([high]),
        np.array([0, len(question.layers)]),
        question.layers,
        np.array([question.height]),
    )[0]
    if np.isnan(got[0]):
        return pd.DataFrame()
    x, d = got[0], got[1]
    hit = f[counting(f, d, question.height) & ~hard & (np.abs(x - at) < reach - 1e-7)].drop_duplicates("who")
    rule = [rules.between(question.kind, k, size).rule(question.half, h) for k, h in zip(hit["kind"], hit["half"])]
    return pd.DataFrame(
        {"want": want, "who": hit["who"].to_numpy(), "kind": hit["kind"].to_numpy(), "rule": rule, "x": x, "top": d}
    )
