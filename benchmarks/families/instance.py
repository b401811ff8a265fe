"""One instance: the arguments of `Problem.from_arrays`, what its costs are made of, and the file that holds both."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from integralie.verbs.programme.problem import Problem

PARTS = ("user", "nuisance")  # shares of an opening's cost that are not paid by an owner


@dataclass
class Instance:
    """`arrays` go to `Problem.from_arrays`. `user` and `nuisance` (P,) are shares of the cost of opening each place;
    `nuisance_rows` are resources whose use above capacity is nuisance. Zero and none where the family does not say."""

    family: str
    works: int
    seed: int
    arrays: dict[str, Any]
    user: Any = 0.0
    nuisance: Any = 0.0
    nuisance_rows: Any = field(default_factory=lambda: np.zeros(0, np.int64))

    @property
    def name(self) -> str:
        return f"{self.family}-{self.works}-{self.seed}"

    def problem(self) -> Problem:
        return Problem.from_arrays(**self.arrays)

    def save(self, folder: Path) -> Path:
        """Write `family-works-seed.npz`: plain numpy arrays, tuples as `name.0`, `name.1`, nothing pickled."""
        flat: dict[str, Any] = {"user": self.user, "nuisance": self.nuisance, "nuisance_rows": self.nuisance_rows}
        for key, value in self.arrays.items():
            flat |= {f"{key}.{k}": v for k, v in enumerate(value)} if isinstance(value, tuple) else {key: value}
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.name}.npz"
        np.savez_compressed(path, **{k: np.asarray(v) for k, v in flat.items()})
        return path


def load(path: Path) -> Instance:
    """The instance in a file written by `Instance.save`."""
    name, works, seed = Path(path).stem.rsplit("-", 2)
    arrays: dict[str, Any] = {}
    tuples: dict[str, dict[int, Any]] = {}
    with np.load(path, allow_pickle=False) as file:
        for key in file.files:
            head, dot, index = key.partition(".")
            if dot:
                tuples.setdefault(head, {})[int(index)] = file[key]
            else:
                arrays[key] = file[key] if file[key].ndim else file[key][()]
    arrays |= {k: tuple(v[i] for i in range(len(v))) for k, v in tuples.items()}
    further = {k: arrays.pop(k) for k in ("user", "nuisance", "nuisance_rows")}
    return Instance(name, int(works), int(seed), arrays, **further)
