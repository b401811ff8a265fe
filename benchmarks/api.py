"""How quick the server is: `python benchmarks/api.py --sections 1000 20000`.

Prints per size what a page waits for: opening the study, the tables of the first map (bytes as sent and seconds, cold
and kept), tiles, one edit, a view of one party, and peak memory. All seconds are of the processor, so that other
programs do not count. The programme of a large town is not computed here: every work stands in its preferred year,
which is as large to send. Each size runs in a process of its own.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FIRST_MAP = (
    "/v1/study", "/v1/tables/streets?columns=id,name,area,geometry&resolution=0.5",
    "/v1/tables/works?columns=id,name,party,kind,street,earliest,preferred,latest,fixed,cost",
    "/v1/tables/programme?columns=id,work,street,opening,period,status",
)  # fmt: skip
LIMIT = 600


def study_file(sections: int, seed: int, folder: Path) -> Path:
    """A town with its works, each in its preferred year."""
    import pandas as pd

    import integralie as itg

    study = itg.take(itg.town(size=sections, seed=seed), "forecast")
    works = study.works
    year = works["preferred"].where(works["preferred"].isin(list(study.settings.years)))
    rows = pd.DataFrame({
        "id": "programme:" + works.index, "work": works.index, "name": works["name"].to_numpy(), "party": works["party"].to_numpy(),
        "street": works["street"].to_numpy(), "block": ("block:" + works["street"].fillna("")).to_numpy(), "period": year.to_numpy(),
        "status": year.notna().map({True: "programmed", False: "later"}).to_numpy(), "sharing": 3,
    })  # fmt: skip
    return Path(itg.save(study | {"programme": rows}, folder / "stad.gpkg"))


def one(sections: int, seed: int) -> None:
    """Measures one size in this process."""
    from starlette.testclient import TestClient

    from integralie.api import mvt
    from integralie.api.app import make_app
    from integralie.api.desk import Desk

    with tempfile.TemporaryDirectory() as folder:
        path = study_file(sections, seed, Path(folder))
        start = time.process_time()
        desk = Desk(path)
        opened = time.process_time() - start
        with TestClient(make_app(desk, hosts=("testserver",), rest=LIMIT)) as client:
            rounds = [[_get(client, url) for url in FIRST_MAP] for _ in range(2)]
            left, bottom, right, top = desk.base.streets.total_bounds
            tiles = []
            for z in (5, 7, 9, 11):
                side = mvt.SIDE / 2**z
                row, column = int((mvt.TOP - (bottom + top) / 2) // side), int(((left + right) / 2 - mvt.LEFT) // side)
                tiles.append(_get(client, f"/v1/tiles/{z}/{row}/{column}?collections=streets,assets"))
            work = desk.base.works.index[0]
            period = int(desk.base.works.at[work, "earliest"])
            edits = [_edit(client, work, period + i % 2) for i in range(3)]
            viewed = _get(client, "/v1/tables/works?party=party:water")[0] if sections <= 2000 else float("nan")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        print(f"{len(desk.base.streets):>8} {len(desk.base.works):>8}  open {opened:.1f} s, memory {peak:.2f} GB")
        for url, cold, warm in zip(FIRST_MAP, *rounds):
            print(f"{'':10}{cold[1] / 1e6:6.2f} MB  cold {cold[0]:.2f} s  kept {warm[0]:.2f} s  {url.split('?')[0]}")
        print(
            f"{'':10}tiles at levels 5, 7, 9, 11: "
            + ", ".join(f"{s * 1000:.0f} ms {b / 1000:.0f} kB" for s, b in tiles)
        )
        print(
            f"{'':10}edit " + ", ".join(f"{e:.2f} s" for e in edits) + f"; view of a party {viewed:.1f} s", flush=True
        )


def _get(client, url: str) -> tuple[float, int]:
    """Seconds, and bytes as they go over the line."""
    start = time.process_time()
    with client.stream("GET", url) as answer:
        body = b"".join(answer.iter_raw())
    assert answer.status_code in (200, 204), (url, answer.status_code)
    return time.process_time() - start, len(body)


def _edit(client, work: str, period: int) -> float:
    start = time.process_time()
    body = {"who": "benchmark", "actions": [{"do": "fix", "works": [work], "period": period, "outside": True}]}
    assert client.post("/v1/edits", json=body).status_code == 201
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sections", type=int, nargs="+", default=[1000, 20_000])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(options.sections[0], options.seed)
        return
    for size in options.sections:
        subprocess.run(
            [sys.executable, __file__, "--one", "--sections", str(size), "--seed", str(options.seed)], check=True
        )


if __name__ == "__main__":
    main()
