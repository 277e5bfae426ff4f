"""One training: a recipe and a seed on the films, resumed where it was interrupted."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd
from dataset import Films, split_films

from reelmark.errors import UsageError
from reelmark.files import write_whole
from reelmark.grading.fingerprint import version_of
from training import scores
from training.recipe import Prepared, Recipe
from training.results import RUN_KEY, Results
from training.resumable import ResumableModel

LIBRARIES = ("tensorflow", "keras", "numpy")
SERIES = ("val_loss", "val_precision", "val_recall")


@dataclass(frozen=True)
class Run:
    """One training, and where it keeps what it writes."""

    recipe: Recipe
    seed: int
    epochs: int
    results: Results

    @property
    def key(self) -> dict[str, Any]:
        """What it is told from others by."""
        key = (self.recipe.name, self.recipe.model, self.seed)
        return dict(zip(RUN_KEY, key, strict=True))

    @property
    def folder(self) -> Path:
        """Where its weights and its answers are."""
        return self.results.state(**self.key)

    @property
    def _unfinished(self) -> Path:
        """Where the state of the training is, until it is over."""
        return self.folder / "unfinished"

    def train(self, films: Films) -> dict[str, Any]:
        """Train, or go on training; write what came out.

        Returns:
            The run's entry in ``metrics.json``.

        Raises:
            UsageError: The folder holds the same run with other settings or films.
        """
        train, valid = split_films(films, self.seed)
        digest = digest_split(train, valid)
        settings = {**self.key, "epochs": self.epochs, "split_sha256": digest}
        if finished := self.results.runs(**self.key):
            self._check_same(finished[0], settings)
            return finished[0]
        self._begin(settings)
        history, probabilities = self._fit(train, valid)
        np.save(self.results.answers(**self.key), probabilities)
        entry = {
            **settings,
            "films": {"train": len(train), "valid": len(valid)},
            **scores.measure(train, valid, probabilities),
            **_read_history(history),
            "versions": _versions(),
        }
        self.results.add_run(entry)
        shutil.rmtree(self._unfinished)
        return entry

    def _begin(self, settings: dict[str, Any]) -> None:
        path = self.folder / "settings.json"
        if path.is_file():
            self._check_same(json.loads(path.read_text("utf-8")), settings)
        self._unfinished.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(settings))

    def _check_same(self, known: dict[str, Any], settings: dict[str, Any]) -> None:
        for key, value in settings.items():
            if known[key] != value:
                raise UsageError(
                    f"{self.results.folder} holds this training of the "
                    f"{self.recipe.model.upper()} with {key} = {known[key]}, not "
                    f"{value}. Nothing was changed. Name another --out, or remove "
                    f"that folder to begin anew."
                )

    def _fit(self, train: Films, valid: Films) -> tuple[pd.DataFrame, np.ndarray]:
        """Train to the last epoch; return the history and the best epoch's answers."""
        keras.utils.set_random_seed(self.seed)
        prepared = self.recipe.prepare(train, valid, self.epochs)
        history = self.results.history(**self.key)
        model = ResumableModel(prepared.model, self._unfinished, history)
        self._fit_model(model, prepared)
        probabilities = prepared.model.predict(prepared.valid_ds, verbose=0)
        return pd.read_csv(history), probabilities

    def _fit_model(self, model: ResumableModel, prepared: Prepared) -> None:
        self.recipe.train(
            model,
            prepared.train_ds,
            prepared.valid_ds,
            epochs=self.epochs,
            checkpoint_path=self.folder / "best.weights.h5",
        )


def digest_split(train: Films, valid: Films) -> str:
    """Return the sha256 of the ids of both parts, in their order."""
    parts = ("\n".join(part.table.Id) for part in (train, valid))
    return hashlib.sha256("\n\n".join(parts).encode()).hexdigest()


def _read_history(history: pd.DataFrame) -> dict[str, Any]:
    """Describe the best epoch and the last one, and how long all of them took."""
    best = history.val_loss.idxmin()
    return {
        "best": _read_epoch(history.loc[best]),
        "last": _read_epoch(history.iloc[-1]),
        "wall_seconds": round(float(history.seconds.sum()), 1),
    }


def _read_epoch(row: pd.Series) -> dict[str, float]:
    losses_and_scores = {name: round(float(row[name]), 6) for name in SERIES}
    return {"epoch": int(row.epoch), **losses_and_scores}


def _versions() -> dict[str, str]:
    libraries = {name: version_of(name) for name in LIBRARIES}
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return {"python": platform.python_version(), **libraries, "machine": machine}
