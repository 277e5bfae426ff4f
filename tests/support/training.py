"""Courses of training that are known beforehand, and what must be left of them.

Callbacks are led through epochs that only pretend to train (`PretendRun`); ``train``
gets a model whose one weight climbs by the learning rate at every epoch and passes
the best place on its way (`Staircase`). So a number tells which epoch a file or a
model comes from.
"""

from __future__ import annotations

import itertools
import math
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from reelmark import expect
from reelmark.errors import NotStarted, StudentError
from reelmark.observations import Callback, Dataset, History, Model
from reelmark.submission import Submission, shared

Result = TypeVar("Result")

FIRST_FALLING = 10
FACTOR = 0.990049833749168  # exp(-0.01)

RATE_TOLERANCE = 1e-3
"""Relative. Rates pass through float32, or are differences of such numbers; that is
good to 1e-4, and one step of the schedule is 1e-2."""

WEIGHT_TOLERANCE = 1e-3
"""Weights are sums of some 12 float32 numbers, good to 1e-5; epochs are 0.4 apart."""

NUMBERS: Any = (int, float, np.generic, np.ndarray)


@dataclass(frozen=True)
class PretendRun:
    """What a callback is told at the end of each epoch, one number an epoch."""

    loss: tuple[float, ...]
    val_loss: tuple[float, ...]
    val_accuracy: tuple[float, ...]
    val_precision: tuple[float, ...]
    val_recall: tuple[float, ...]

    @property
    def best(self) -> int:
        """Index of the epoch with the lowest validation loss."""
        return self.val_loss.index(min(self.val_loss))

    def logs(self) -> list[dict[str, float]]:
        """Return what the callback is told, epoch by epoch."""
        training = tuple(1 - loss for loss in self.loss)
        curves = dict.fromkeys(("accuracy", "precision", "recall"), training)
        curves |= vars(self)
        return [
            {name: curve[epoch] for name, curve in curves.items()}
            for epoch in range(len(self.loss))
        ]

    def explain(self, epoch: int) -> str:
        """Say what is special about an epoch that is not the best one."""
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
        """Expect a file at the path that was given, and no other."""
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
            advice="The same file is overwritten when an epoch is better.",
        )

    def expect_best_epoch(self, run: PretendRun) -> None:
        """Expect the file to hold the weights of the run's best epoch."""
        epoch = _index_of(self.weight, [e + 1.0 for e in range(len(run.loss))])
        expect.that(
            epoch == run.best,
            "the file does not hold the best epoch.",
            expected=_tell_epoch(run, run.best),
            got="no weights" if epoch is None else _tell_epoch(run, epoch),
            why="" if epoch is None else run.explain(epoch),
            advice="Two settings decide: what is watched, and when a file is written.",
        )


@shared
def get_checkpoint(submission: Submission) -> Any:
    """Build a checkpoint with a path of a suffix that it accepts."""

    def build(suffix: str) -> Any:
        return submission.callbacks.build_checkpoint(_new_path(submission, suffix))

    return _with_either_suffix(build)


@shared
def get_kept(submission: Submission, run: PretendRun) -> Kept:
    """Lead a checkpoint through a run."""

    def keep(suffix: str) -> Kept:
        path = _new_path(submission, suffix)
        checkpoint = expect_checkpoint(submission.callbacks.build_checkpoint(path))
        submission.ingredients.pretend_epochs(checkpoint, run.logs())
        return Kept(path, _file_names(path), _read_weight(submission, path))

    return _with_either_suffix(keep)


def expect_checkpoint(value: Any) -> Callback:
    """Expect a ``ModelCheckpoint``; return it."""
    return _expect_callback(value, "ModelCheckpoint")


def expect_rate(value: Any, epoch: int, rate: float) -> None:
    """Expect what ``scheduler(epoch, rate)`` is to give."""
    expect.kind(value, NUMBERS, "a learning rate, as a float")
    number = expect.numbers(value, "the learning rate")
    why, advice = _explain_rate(number, epoch, rate)
    expect.close(
        value,
        follow_brief(rate, [epoch])[0],
        "the learning rate",
        atol=rate * 1e-6,  # ten roundings to float32
        why=why,
        advice=advice,
    )


def follow_brief(rate: float, epochs: Sequence[int]) -> list[float]:
    """Return the learning rates of some epochs in turn, as the brief has them."""
    rates = []
    for epoch in epochs:
        rate = rate if epoch < FIRST_FALLING else rate * FACTOR
        rates.append(rate)
    return rates


def possible_rates(
    submission: Submission, rate: float, epochs: Sequence[int]
) -> list[list[float]]:
    """Return the learning rates that a run may have: the brief's, ``scheduler``'s.

    Rates that never change are left out: they do not tell whether a schedule was
    applied at all.
    """
    own = _follow_own(submission, rate, epochs)
    tells = any(abs(other - rate) > RATE_TOLERANCE * rate for other in own)
    return [follow_brief(rate, epochs), *([own] if tells else [])]


def expect_rates(
    submission: Submission, got: Any, rate: float, epochs: Sequence[int]
) -> None:
    """Expect the learning rates of a run that begins with ``rate``."""
    possible = possible_rates(submission, rate, epochs)
    rates = _numbers(got, len(epochs))
    if any(np.allclose(rates, them, rtol=RATE_TOLERANCE, atol=0) for them in possible):
        return
    expected = possible[-1]
    off = np.abs(np.subtract(rates, expected)) <= RATE_TOLERANCE * np.abs(expected)
    place = int(np.argmin(off))  # the first False; a NaN is one
    constant = bool(np.allclose(rates, rate, rtol=RATE_TOLERANCE, atol=0))
    expect.that(
        False,
        "the learning rates are not those that scheduler() gives.",
        expected=f"{expected[place]:.5g} in the epoch of index {epochs[place]}",
        got=f"{rates[place]:.5g}",
        why="The learning rate never changed." * constant,
        advice="Is scheduler() asked at the start of every epoch, and its answer used?",
    )


@shared
def get_rates(submission: Submission, rate: float, epochs: tuple[int, ...]) -> Any:
    """Let the student's callback set the learning rates of some epochs."""
    callback = expect_lr_callback(submission.callbacks.build_lr_callback())
    return submission.ingredients.follow_rates(callback, rate, list(epochs))


def expect_lr_callback(value: Any) -> Callback:
    """Expect a ``LearningRateScheduler``; return it."""
    return _expect_callback(value, "LearningRateScheduler")


@dataclass(frozen=True)
class Staircase:
    """A run of ``train`` whose one weight climbs from 0 past the best place.

    Attributes:
        rate: Learning rate at the start.
        target: Where the validation loss is lowest.
        epochs: How many epochs are asked for.
    """

    rate: float
    target: float
    epochs: int

    def possible_courses(self, submission: Submission) -> list[list[float]]:
        """Return the weight after each epoch, for each possible schedule."""
        possible = possible_rates(submission, self.rate, range(self.epochs))
        return [list(itertools.accumulate(rates)) for rates in possible]

    def best(self, course: Sequence[float]) -> int:
        """Return the index of the best epoch of a course."""
        return min(range(len(course)), key=lambda i: abs(course[i] - self.target))


@dataclass(frozen=True)
class Trained:
    """What ``train`` left behind.

    Attributes:
        returned: What it returned.
        weight: The weight in the model.
        saved: The weight in the checkpoint's file; None if there is no such file.
    """

    returned: Any
    weight: float
    saved: float | None

    def expect_moved(self) -> None:
        """Expect the model to have other weights than it began with."""
        expect.that(
            math.isfinite(self.weight) and self.weight != 0,
            "the model's weights are those it began with.",
            expected="weights that training has moved",
            got=f"one weight, {self.weight:g} before and after",
            advice="Train the model that is passed in, not another one.",
        )

    def expect_curves(self, run: Staircase) -> dict[str, list[float]]:
        """Expect a history of every epoch, with validation; return its curves."""
        history = expect.kind(
            self.returned, History, "what fit() returned, a History"
        ).history
        for name in ("loss", "val_loss"):
            expect.that(
                name in history,
                f'the history has no "{name}".',
                expected="loss and val_loss",
                got=", ".join(history) or "nothing",
                advice="What does fit() need to validate after every epoch?",
            )
        trained, validated = len(history["loss"]), len(history["val_loss"])
        expect.that(
            trained == run.epochs,
            "the number of epochs is not the one asked for.",
            expected=f"{run.epochs} epochs",
            got=f"{trained}",
            advice="How many epochs to train is an argument of this function.",
        )
        expect.that(
            validated == run.epochs,
            "not every epoch ended with a validation.",
            expected=f"{run.epochs} values of val_loss",
            got=f"{validated}",
            advice="What does fit() need to validate after every epoch?",
        )
        return history

    def expect_rates(self, submission: Submission, run: Staircase) -> None:
        """Expect the learning rates of the schedule.

        The training loss falls by the learning rate at each epoch. What becomes of
        the last rate is not seen there: the losses are those before each step.
        """
        losses = self.expect_curves(run)["loss"]
        rates = [float(r) for r in -np.diff(np.asarray(losses, np.float64))]
        expect_rates(submission, rates, run.rate, range(run.epochs - 1))

    def expect_best_weights(self, submission: Submission, run: Staircase) -> None:
        """Expect the model to hold the weights of the best epoch."""
        courses = run.possible_courses(submission)
        expect.that(
            _is_best(self.weight, run, courses),
            "the model does not hold its best weights.",
            expected=f"the weights of epoch {run.best(courses[-1]) + 1}, the best one",
            got=_tell_weight(self.weight, courses),
            why=_explain_last(self.weight, courses),
            advice="The checkpoint has written the best weights to its file.",
        )

    def expect_best_file(self, submission: Submission, run: Staircase) -> None:
        """Expect the file at the path given to hold the weights of the best epoch."""
        courses = run.possible_courses(submission)
        expect.that(
            self.saved is not None,
            "there are no weights at checkpoint_path.",
            expected="the checkpoint's file",
            got="no file that holds the model's weights",
            advice="Which path does your checkpoint get?",
        )
        expect.that(
            _is_best(self.saved, run, courses),
            "the file at checkpoint_path does not hold the best weights.",
            expected=f"the weights of epoch {run.best(courses[-1]) + 1}, the best one",
            got=_tell_weight(self.saved, courses),
            advice="Is the callback of build_checkpoint() told a validation loss after "
            "every epoch?",
        )


@shared
def get_trained(submission: Submission, run: Staircase) -> Trained:
    """Let the student train the model of a staircase."""

    def train(suffix: str) -> Trained:
        path = _new_path(submission, suffix)
        made = submission.ingredients.make_staircase(run.rate, run.target)
        model, train_ds, valid_ds = _expect_staircase(made)
        returned = submission.callbacks.train(
            model, train_ds, valid_ds, epochs=run.epochs, checkpoint_path=path
        )
        weight = _one_weight(model.get_weights())
        return Trained(returned, weight, _read_weight(submission, path))

    return _with_either_suffix(train)


def _with_either_suffix(attempt: Callable[[str], Result]) -> Result:
    """Try with a path for weights; if that raises, with one for a whole model.

    Both designs are right, and either may refuse the other's suffix.
    """
    try:
        return attempt(".weights.h5")
    except StudentError as first:
        try:
            return attempt(".keras")
        except StudentError as second:
            refused = ".weights.h5" in second.text
            raise (first if refused else second) from None


def _new_path(submission: Submission, suffix: str) -> Path:
    """Return a path in a folder of its own, so that stray files can be seen."""
    return Path(tempfile.mkdtemp(dir=submission.scratch)) / f"best{suffix}"


def _read_weight(submission: Submission, path: Path) -> float | None:
    weight = submission.ingredients.read_weight(path)
    return weight if isinstance(weight, float) else None


def _file_names(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.iterdir())


def _expect_callback(value: Any, class_name: str) -> Callback:
    callback = expect.kind(value, Callback, f"a {class_name}")
    expect.that(
        class_name in callback.bases,
        "returned another callback.",
        expected=f"a {class_name}",
        got=expect.describe(callback),
    )
    return callback


def _expect_staircase(made: Any) -> tuple[Model, Dataset, Dataset]:
    """Take the ingredient apart; a worker that has been tampered with may lie."""
    model, *datasets = expect.items(made, 3, "a model and two datasets")
    train_ds, valid_ds = (expect.kind(d, Dataset, "a dataset") for d in datasets)
    return expect.kind(model, Model, "a Keras model"), train_ds, valid_ds


def _one_weight(weights: Any) -> float:
    (weight,) = expect.items(weights, 1, "the weights of the model")
    return _numbers(expect.numbers(weight, "the model's weight").ravel().tolist(), 1)[0]


def _numbers(values: Any, count: int) -> list[float]:
    """Expect a list of ``count`` numbers."""
    numbers = expect.items(values, count, f"{count} numbers")
    return [_number(number) for number in numbers]


def _number(value: Any) -> float:
    number = expect.numbers(value, "one of the numbers")
    expect.that(number.shape == (), "one of the numbers is an array.")
    return float(number)


def _follow_own(
    submission: Submission, rate: float, epochs: Sequence[int]
) -> list[float]:
    """Return the rates that ``scheduler`` gives in turn; none if it is of no use."""
    rates = []
    for epoch in epochs:
        try:
            rate = submission.callbacks.scheduler(epoch, rate)
        except (NotStarted, StudentError):
            return []
        if not isinstance(rate, float | np.floating) or not math.isfinite(rate):
            return []
        rates.append(float(rate))
    return rates


def _explain_rate(number: Any, epoch: int, rate: float) -> tuple[str, str]:
    """Say which mistake a wrong learning rate is the result of, and what to do."""
    falls = epoch >= FIRST_FALLING
    power = epoch - FIRST_FALLING + 1

    def is_rate(other: float) -> bool:
        return np.shape(number) == () and math.isclose(number, other, rel_tol=1e-6)

    count = "Count from 0: which index has the tenth epoch?"
    if falls and is_rate(rate):
        return "The rate has not fallen yet, but from index 10 on it should.", count
    if not falls and is_rate(rate * FACTOR):
        return "The rate falls already, but up to index 9 it should not.", count
    why = (
        "That is the fall of all epochs since index 10 at once. The rate that comes in "
        "is the one of the epoch before, and has fallen already."
    )
    advice = "The answer follows from the index and from the rate that comes in."
    return why * (power > 1 and is_rate(rate * FACTOR**power)), advice


def _tell_epoch(run: PretendRun, epoch: int) -> str:
    number, loss = f"epoch {epoch + 1} of {len(run.loss)}", run.val_loss[epoch]
    return f"the weights of {number}, validation loss {loss:.2f}"


def _index_of(weight: float | None, course: Sequence[float]) -> int | None:
    """Return the epoch after which a model has this weight."""
    if weight is None:
        return None
    near = (i for i, w in enumerate(course) if abs(weight - w) <= WEIGHT_TOLERANCE)
    return next(near, None)


def _is_best(weight: float | None, run: Staircase, courses: list[list[float]]) -> bool:
    """Return whether a weight is that of the best epoch of one of the courses.

    A course that is best at its end (a student's odd schedule may lead there) tells
    nothing about weights that are restored, and does not count.
    """
    found = [(_index_of(weight, course), run.best(course)) for course in courses]
    return any(epoch == best < run.epochs - 1 for epoch, best in found)


def _tell_weight(weight: float | None, courses: list[list[float]]) -> str:
    for course in courses:
        epoch = _index_of(weight, course)
        if epoch is not None:
            return f"the weights of epoch {epoch + 1} of {len(course)}"
    return "the weights it began with" if weight == 0 else "weights of no epoch"


def _explain_last(weight: float | None, courses: list[list[float]]) -> str:
    is_last = any(_index_of(weight, course) == len(course) - 1 for course in courses)
    return "After fit() a model holds the weights of its last epoch." * is_last
