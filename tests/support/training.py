"""Courses of training that are known beforehand, and what must be left of them.

``train`` gets a model whose one weight climbs by the learning rate at every epoch and
passes the best place on its way. So a number tells which epoch a file or a model
comes from.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reelmark.checks import Dataset, History, Model, Submission, expect, shared
from support.checkpoints import find_epoch, new_path, read_weight, with_either_suffix
from support.schedules import expect_rates, possible_rates, read_numbers


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
        path = new_path(submission, suffix)
        made = submission.ingredients.make_staircase(run.rate, run.target)
        model, train_ds, valid_ds = _expect_staircase(made)
        returned = submission.callbacks.train(
            model, train_ds, valid_ds, epochs=run.epochs, checkpoint_path=path
        )
        weight = _one_weight(model.get_weights())
        return Trained(returned, weight, read_weight(submission, path))

    return with_either_suffix(train)


def _expect_staircase(made: Any) -> tuple[Model, Dataset, Dataset]:
    """Take the ingredient apart; a worker that has been tampered with may lie."""
    model, *datasets = expect.items(made, 3, "a model and two datasets")
    train_ds, valid_ds = (expect.kind(d, Dataset, "a dataset") for d in datasets)
    return expect.kind(model, Model, "a Keras model"), train_ds, valid_ds


def _one_weight(weights: Any) -> float:
    (weight,) = expect.items(weights, 1, "the weights of the model")
    values = expect.numbers(weight, "the model's weight").ravel()
    return read_numbers(values.tolist(), 1)[0]


def _is_best(weight: float | None, run: Staircase, courses: list[list[float]]) -> bool:
    """Return whether a weight is that of the best epoch of one of the courses.

    A course that is best at its end (a student's odd schedule may lead there) tells
    nothing about weights that are restored, and does not count.
    """
    found = [(find_epoch(weight, course), run.best(course)) for course in courses]
    return any(epoch == best < run.epochs - 1 for epoch, best in found)


def _tell_weight(weight: float | None, courses: list[list[float]]) -> str:
    for course in courses:
        epoch = find_epoch(weight, course)
        if epoch is not None:
            return f"the weights of epoch {epoch + 1} of {len(course)}"
    return "the weights it began with" if weight == 0 else "weights of no epoch"


def _explain_last(weight: float | None, courses: list[list[float]]) -> str:
    is_last = any(find_epoch(weight, course) == len(course) - 1 for course in courses)
    return "After fit() a model holds the weights of its last epoch." * is_last
