"""Write instances of the public benchmark as .npz files: `python benchmarks/instances.py --works 500 5000 --folder out`.

Every file holds the arguments of `Problem.from_arrays` as plain arrays; docs/reference/benchmark.md says what they are.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from families import FAMILIES, make


def main() -> None:
    """A file per family, size and seed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--families", nargs="+", default=list(FAMILIES), choices=list(FAMILIES))
    parser.add_argument("--works", type=int, nargs="+", default=[500, 5000, 50000])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--folder", type=Path, default=Path("build/instances"))
    options = parser.parse_args()
    for family in options.families:
        for works in options.works:
            for seed in options.seeds:
                path = make(family, works, seed).save(options.folder)
                print(f"{path} {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
