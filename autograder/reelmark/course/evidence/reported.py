"""Evidence: what a student hands in from a training, beside the modules.

For every model that the coursework names::

    evidence/CNN.csv           its history: one row per epoch, with a column val_loss
    evidence/CNN.weights.h5    its weights, and nothing else: a file of Keras's
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reelmark.course.evidence.findings import Finding, add_note
from reelmark.intake.archives import open_regular
from reelmark.intake.kinds import MEGABYTE
from reelmark.intake.submissions import Upload

FOLDER = "evidence"
HISTORY, WEIGHTS = ".csv", ".weights.h5"
"""Suffixes of a model's files, after its name."""

MAX_HISTORY = MEGABYTE
MAX_WEIGHTS = 100 * MEGABYTE
CHUNK = MEGABYTE


@dataclass(frozen=True)
class Evidence:
    """What one student handed in of their training."""

    submission: Upload

    @property
    def stem(self) -> str:
        """The student's name as a file name."""
        return self.submission.stem

    @property
    def folder(self) -> Path:
        """The folder of the evidence."""
        return self.submission.path / FOLDER

    def weights(self, model: str) -> Path:
        """Return the path for the weights of a model."""
        return self.folder / f"{model}{WEIGHTS}"

    def read(self, models: Iterable[str]) -> list[Finding]:
        """Return what is reported for each model that has any files."""
        names = {path.name.split(".")[0] for path in self._list()}
        return [self._read(model) for model in models if model in names]

    def _list(self) -> list[Path]:
        return sorted(self.folder.iterdir()) if self.folder.is_dir() else []

    def _read(self, model: str) -> Finding:
        path = self.folder / f"{model}{HISTORY}"
        try:
            finding = Finding(model, read_history(path))
        except FileNotFoundError:
            finding = Finding(model, notes=(f"{path.name} is missing.",))
        except (OSError, ValueError) as error:
            note = f"{path.name} cannot be read: {_describe(error)}."
            finding = Finding(model, notes=(note,))
        if not self.weights(model).is_file():
            finding = add_note(finding, self._explain_missing(model))
        return finding

    def _explain_missing(self, model: str) -> str:
        wanted = self.weights(model).name
        own = [path for path in self._list() if path.name.split(".")[0] == model]
        whole = [path.name for path in own if path.suffix in (".keras", ".h5")]
        if whole:
            return (
                f"{whole[0]} is not opened, as it may hold more than weights. Asked "
                f"for is {wanted}, by model.save_weights()."
            )
        return f"{wanted} is missing."


def read_history(path: Path) -> tuple[float, ...]:
    """Return the validation loss of each epoch from a history file.

    Raises:
        OSError: It cannot be read, or is a link.
        ValueError: It is too large, or not a table with numbers in ``val_loss``.
    """
    with open_regular(path) as file:
        content = file.read(MAX_HISTORY + 1)
    if len(content) > MAX_HISTORY:
        raise ValueError("it is larger than 1 MB")
    try:
        rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    except csv.Error as error:
        raise ValueError(f"it is no table ({error})") from error
    if not rows or "val_loss" not in rows[0]:
        raise ValueError("it has no column val_loss with one row per epoch")
    losses = tuple(float(row["val_loss"] or "nan") for row in rows)
    if not all(map(math.isfinite, losses)):
        raise ValueError("its column val_loss holds more than numbers")
    return losses


def copy_weights(path: Path, to: Path) -> None:
    """Copy weights for a worker to read.

    Raises:
        OSError: They cannot be read, or are a link.
        ValueError: They are too large.
    """
    left = MAX_WEIGHTS
    with open_regular(path) as source, to.open("xb") as target:
        while chunk := source.read(CHUNK):
            if (left := left - len(chunk)) < 0:
                raise ValueError(f"it is larger than {MAX_WEIGHTS // MEGABYTE} MB")
            target.write(chunk)
    to.chmod(0o644)


def _describe(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
