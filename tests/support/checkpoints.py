"""Checkpoints: taken through epochs that only pretend to train, then read back.

The weights of the pretended epochs are their numbers, so a number tells which epoch a
file comes from.
"""

from __future__ import annotations

from collections.abc import Callable as Function
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from reelmark.checks import Callback, StudentError, Submission, expect, shared

Result = TypeVar("Result")

WEIGHT_TOLERANCE = 1e-3
"""Weights are sums of some 12 float32 numbers, good to 1e-5; epochs are 0.4 apart,
or 1/128 where learning is slow."""

NEARLY = 0.005
"""Difference of validation losses that are equal when rounded."""

BROKEN_OFF = "This run was broken off, and nothing had been written until then."


@dataclass(frozen=True)
class PretendRun:
    """What a callback is told at the end of each epoch, one number per epoch.

    ``ends`` says whether the run finishes or is interrupted.
    """

    loss: tuple[float, ...]
    val_loss: tuple[float, ...]
    val_accuracy: tuple[float, ...]
    val_precision: tuple[float, ...]
    val_recall: tuple[float, ...]
    ends: bool = True

    @property
    def best(self) -> int:
        """Index of the epoch with the lowest validation loss."""
        return self.val_loss.index(min(self.val_loss))

    def logs(self) -> list[dict[str, float]]:
        """Return what the callback is told, epoch by epoch."""
        training = tuple(1 - loss for loss in self.loss)
        curves = dict.fromkeys(("accuracy", "precision", "recall"), training)
        curves |= {name: curve for name, curve in vars(self).items() if name != "ends"}
        return [
            {name: curve[epoch] for name, curve in curves.items()}
            for epoch in range(len(self.loss))
        ]

    def explain(self, epoch: int | None) -> str:
        """Say what is special about an epoch that is not the best, or about none."""
        if epoch is None:
            return BROKEN_OFF * (not self.ends)
        if self.val_loss[epoch] == min(self.val_loss):
            return "That epoch is as good as the best one, but not better."
        if self.val_loss[epoch] - min(self.val_loss) < NEARLY:
            return "Its validation loss is nearly as low, but it is not the lowest."
        if epoch == len(self.loss) - 1:
            return "That is the last epoch: it replaced a better one."
        if epoch == self.loss.index(min(self.loss)):
            return "That is the epoch with the lowest training loss."
        if epoch == self.val_loss.index(max(self.val_loss)):
            return "That is the epoch with the highest validation loss."
        for name in ("accuracy", "precision", "recall"):
            curve = getattr(self, f"val_{name}")
            if epoch == curve.index(max(curve)):
                return f"That is the epoch with the highest validation {name}."
        return ""


@dataclass(frozen=True)
class Kept:
    """What a checkpoint left behind: file names, and the weight in its file."""

    path: Path
    files: list[str]
    weight: float | None

    def expect_file(self) -> None:
        """Expect a file at the given path, and no other."""
        expected = f"one file, {self.path.name}"
        expect.that(
            self.path.name in self.files,
            "there is no file at the path that was given.",
            expected=expected,
            got=", ".join(self.files) or "no file",
            advice="The file's name is this function's argument, and nothing else.",
        )
        expect.that(
            len(self.files) == 1,
            "there are other files besides the one that was asked for.",
            expected=expected,
            got=f"{len(self.files)} files: {', '.join(self.files)}",
            advice="One file is enough: it is overwritten when an epoch is better.",
        )

    def expect_best_epoch(self, run: PretendRun) -> None:
        """Expect the file to hold the weights of the run's best epoch."""
        epoch = find_epoch(self.weight, [e + 1.0 for e in range(len(run.loss))])
        expect.that(
            epoch == run.best,
            "the file does not hold the best epoch.",
            expected=_tell_epoch(run, run.best),
            got="no weights" if epoch is None else _tell_epoch(run, epoch),
            why=run.explain(epoch),
            advice="Two settings decide: what is watched, and when a file is written.",
        )


@shared
def get_checkpoint(submission: Submission) -> Any:
    """Build a checkpoint, with a suffix of the path that it accepts."""

    def build(suffix: str) -> Any:
        return submission.callbacks.build_checkpoint(new_path(submission, suffix))

    return with_either_suffix(build)


@shared
def get_kept(submission: Submission, runs: tuple[PretendRun, ...]) -> list[Kept]:
    """Take checkpoints through one run each; all are made before the first run."""

    def keep(suffix: str) -> list[Kept]:
        paths = [new_path(submission, suffix) for _ in runs]
        build = submission.callbacks.build_checkpoint
        checkpoints = [expect_checkpoint(build(path)) for path in paths]
        for checkpoint, run in zip(checkpoints, runs, strict=True):
            kit = submission.ingredients
            kit.pretend_epochs(checkpoint, run.logs(), ends=run.ends)
        return [
            Kept(path, _file_names(path), read_weight(submission, path))
            for path in paths
        ]

    return with_either_suffix(keep)


def expect_checkpoint(value: Any) -> Callback:
    """Expect a ``ModelCheckpoint``; return it."""
    return expect_callback(value, "ModelCheckpoint")


def expect_callback(value: Any, class_name: str) -> Callback:
    """Expect a callback of a class, or of one derived from it; return it."""
    callback = expect.kind(value, Callback, expect.with_article(class_name))
    expect.that(
        class_name in callback.bases,
        "returned another callback.",
        expected=expect.with_article(class_name),
        got=expect.describe(callback),
    )
    return callback


def with_either_suffix(attempt: Function[[str], Result]) -> Result:
    """Try with a path for weights; if that raises, with one for a whole model.

    Both designs are right, and each may refuse the other's suffix.
    """
    try:
        return attempt(".weights.h5")
    except StudentError as first:
        try:
            return attempt(".keras")
        except StudentError as second:
            refused = ".weights.h5" in second.text
            raise (first if refused else second) from None


def new_path(submission: Submission, suffix: str) -> Path:
    """Return a path in a folder of its own, so that stray files can be seen."""
    return submission.new_folder() / f"best{suffix}"


def read_weight(submission: Submission, path: Path) -> float | None:
    """Return the weight in a checkpoint's file; None if there is no such file."""
    weight = submission.ingredients.read_weight(path)
    return weight if isinstance(weight, float) else None


def _file_names(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.iterdir())


def find_epoch(weight: float | None, course: Sequence[float]) -> int | None:
    """Return the epoch after which a model has this weight."""
    if weight is None:
        return None
    near = (i for i, w in enumerate(course) if abs(weight - w) <= WEIGHT_TOLERANCE)
    return next(near, None)


def _tell_epoch(run: PretendRun, epoch: int) -> str:
    number, loss = f"epoch {epoch + 1} of {len(run.loss)}", run.val_loss[epoch]
    return f"the weights of {number}, validation loss {loss:.4g}"
