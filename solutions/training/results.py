"""The folder of results: what a training writes, and where.

::

    metrics.json   every finished training and every fusion, one entry each
    history/       a CSV file a training, a line an epoch
    figures/       drawn from the two above
    examples/      both models' answers for a few films, a table a seed
    work/          weights, answers, pictures with posters: not for the repository
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from reelmark.files import write_whole

Entry = dict[str, Any]
MODELS = ("cnn", "lstm")
RUN_KEY, FUSION_KEY = ("recipe", "model", "seed"), ("recipe", "seed")


@dataclass(frozen=True)
class Results:
    """One folder of results."""

    folder: Path

    @property
    def work(self) -> Path:
        """The folder of what is too large, or not ours, to be handed on."""
        return self.folder / "work"

    @property
    def figures(self) -> Path:
        """The folder of figures."""
        return self.folder / "figures"

    @property
    def metrics(self) -> Path:
        """The one record of what was reached."""
        return self.folder / "metrics.json"

    def history(self, recipe: str, model: str, seed: int) -> Path:
        """Return where the history of a training is: a line an epoch."""
        return self.folder / "history" / f"{_name(recipe, model, seed)}.csv"

    def read_history(self, entry: Entry) -> pd.DataFrame:
        """Read the history of a finished training."""
        return pd.read_csv(self.history(**{key: entry[key] for key in RUN_KEY}))

    def examples(self, recipe: str, seed: int) -> Path:
        """Return where the table of example films of a seed is."""
        return self.folder / "examples" / f"{recipe}-seed-{seed}.csv"

    def state(self, recipe: str, model: str, seed: int) -> Path:
        """Return the folder of a training's state, weights and answers."""
        return self.work / _name(recipe, model, seed)

    def answers(self, recipe: str, model: str, seed: int) -> Path:
        """Return where the answers for the validation films are, (films, 25)."""
        return self.state(recipe, model, seed) / "probabilities.npy"

    def read_answers(self, recipe: str, seed: int) -> dict[str, np.ndarray]:
        """Read the answers of the models of a seed that have been trained here."""
        entries = self.runs(recipe=recipe, seed=seed)
        files = {e["model"]: self.answers(recipe, e["model"], seed) for e in entries}
        return {name: np.load(file) for name, file in files.items() if file.is_file()}

    def runs(self, **wanted: Any) -> list[Entry]:
        """Return the finished trainings whose settings are those wanted."""
        return _select(self._load()["runs"], wanted)

    def fusions(self, **wanted: Any) -> list[Entry]:
        """Return the fusions whose settings are those wanted."""
        return _select(self._load()["fusions"], wanted)

    def add_run(self, entry: Entry) -> None:
        """Record a finished training."""
        self._add("runs", RUN_KEY, entry)

    def add_fusion(self, entry: Entry) -> None:
        """Record a fusion, in place of an older one of the same models."""
        self._add("fusions", FUSION_KEY, entry)

    def _load(self) -> dict[str, list[Entry]]:
        if not self.metrics.is_file():
            return {"runs": [], "fusions": []}
        loaded: dict[str, list[Entry]] = json.loads(self.metrics.read_text("utf-8"))
        return loaded

    def _add(self, kind: str, key: Sequence[str], entry: Entry) -> None:
        everything = self._load()
        same = {name: entry[name] for name in key}
        others = [e for e in everything[kind] if not _select([e], same)]
        everything[kind] = sorted(
            [*others, entry], key=lambda e: [e[name] for name in key]
        )
        write_whole(self.metrics, json.dumps(everything, indent=1) + "\n")


def _name(recipe: str, model: str, seed: int) -> str:
    return f"{recipe}-{model}-seed-{seed}"


def _select(entries: list[Entry], wanted: Entry) -> list[Entry]:
    return [e for e in entries if all(e[key] == wanted[key] for key in wanted)]
