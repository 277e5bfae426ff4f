"""Training runs whose course is known beforehand, and what they must leave behind.

``train`` gets a model whose single weight climbs by the learning rate at every step and
passes the best value on its way. The model records what it is shown, and the number
tells which epoch a file or a model comes from.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reelmark.checks import (
    Compiled,
    Dataset,
    History,
    Model,
    Submission,
    expect,
    shared,
)
from support.checkpoints import find_epoch, new_path, read_weight, with_either_suffix
from support.schedules import expect_rates, read_numbers

BATCH_SIZE = 3

OPTIMIZER = "SGD"
"""What the model is compiled with; an optimizer that no student would choose."""


@dataclass(frozen=True)
class Staircase:
    """A run of ``train`` whose single weight climbs from 0 past the best value.

    Attributes:
        rate: Learning rate at the start: how far one step climbs.
        valid: Validation films, each a number that float32 holds exactly. The loss is
            lowest at their median, which is not that of the first batch alone.
        epochs: How many epochs are asked for.
        batches: How many batches there are to train on, the last with a single film.
        is_repeated: Whether a file of another run lies at the path already.
    """

    rate: float
    valid: tuple[float, ...]
    epochs: int
    batches: int = 3
    is_repeated: bool = False

    @property
    def train(self) -> list[float]:
        """The films to train on, each a number that no run reaches."""
        return [101.0 + place for place in range(BATCH_SIZE * (self.batches - 1) + 1)]

    def loss(self, weight: float) -> float:
        """Return the validation loss of a weight."""
        return sum(abs(film - weight) for film in self.valid) / len(self.valid)


@dataclass(frozen=True)
class Epoch:
    """What the model was shown in an epoch, and the result.

    Attributes:
        rates: The learning rate of each step.
        trained: The films that it was trained on.
        validated: The films that it was validated on.
        before: The weight at the beginning.
        weight: The weight at the end.
    """

    rates: list[float]
    trained: list[float]
    validated: list[float]
    before: float
    weight: float

    def loss(self, run: Staircase) -> float:
        """Return its validation loss, on whatever films it was validated."""
        films = self.validated or run.valid
        return sum(abs(film - self.weight) for film in films) / len(films)


@dataclass(frozen=True)
class Trained:
    """What ``train`` left behind.

    Attributes:
        returned: What it returned.
        epochs: What the model was shown.
        compiled: How the model is compiled now.
        weight: The weight in the model.
        saved: The weight in the checkpoint's file; None if there is no such file.
    """

    returned: Any
    epochs: list[Epoch]
    compiled: Compiled | None
    weight: float
    saved: float | None

    def expect_moved(self) -> None:
        """Expect the model's weights to have changed."""
        expect.that(
            math.isfinite(self.weight) and self.weight != 0,
            "the model's weights are those it began with.",
            expected="weights that training has moved",
            got=f"one weight, {self.weight:g} before and after",
            why=""
            if self.epochs
            else "Not one step of training was made with this model.",
            advice="Which weights does the model hold at the end, and why those?"
            if self.epochs
            else "Train the model that is passed in, not another one.",
        )

    def expect_curves(self, run: Staircase) -> None:
        """Expect a history of every epoch, with validation."""
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

    def expect_films(self, run: Staircase) -> None:
        """Expect every epoch to show each film of its set once, starting afresh."""
        first = self.epochs[0].before
        expect.that(
            first == 0,
            "training does not begin with the weights of the model that is passed in.",
            expected="a first step from weight 0",
            got=f"from weight {first:g}",
            why="Other weights were loaded before the first step.",
            advice="What is left of an earlier run has no place in a new one.",
        )
        for epoch in self.epochs:
            _expect_films(epoch.trained, run.train, run.valid, "trained")
            _expect_films(epoch.validated, run.valid, run.train, "validated")

    def expect_rates(self, submission: Submission, run: Staircase) -> None:
        """Expect the model compiled as before, with the schedule's learning rates.

        Another check looks at epochs beyond those asked for.
        """
        optimizer = self.compiled.optimizer if self.compiled else "none"
        expect.that(
            optimizer == OPTIMIZER,
            "the model was compiled again.",
            expected=f"the optimizer it came with ({OPTIMIZER})",
            got=optimizer,
            why="A new optimizer begins with a learning rate of its own.",
            advice="The model that is passed in is compiled already.",
        )
        rates = [float(np.mean(epoch.rates)) for epoch in self.epochs[: run.epochs]]
        expect_rates(submission, rates, run.rate, range(len(rates)))

    def expect_best_weights(self, run: Staircase) -> None:
        """Expect the model to have the weights of the best epoch of this run."""
        best = self._best(run)
        expect.that(
            _is_near(self.weight, self.epochs[best].weight),
            "the model does not hold its best weights.",
            expected=f"the weights of epoch {best + 1}, the best one",
            got=self._tell(self.weight),
            why="After fit() a model holds the weights of its last epoch."
            if _is_near(self.weight, self.epochs[-1].weight)
            else "",
            advice="The checkpoint has written the best weights to its file.",
        )

    def expect_best_file(self, run: Staircase) -> None:
        """Expect the file at the given path to have the weights of the best epoch."""
        expect.that(
            self.saved is not None,
            "there are no weights at checkpoint_path.",
            expected="the checkpoint's file",
            got="no file that holds the model's weights",
            advice="Which path does your checkpoint get?",
        )
        best = self._best(run)
        expect.that(
            _is_near(self.saved, self.epochs[best].weight),
            "the file at checkpoint_path does not hold the best weights.",
            expected=f"the weights of epoch {best + 1}, the best one",
            got=self._tell(self.saved),
            advice="Is the callback of build_checkpoint() told a validation loss after "
            "every epoch?",
        )

    def _best(self, run: Staircase) -> int:
        """Return the index of the best epoch.

        Raises:
            Mismatch: It is the last one, so nothing needs to be restored.
        """
        losses = [epoch.loss(run) for epoch in self.epochs]
        best = losses.index(min(losses))
        expect.that(
            best < len(losses) - 1,
            "the run ends before it is past its best epoch.",
            expected=f"the lowest validation loss before epoch {len(losses)}, the last",
            got=f"{losses[-1]:.4g} there, and {losses[0]:.4g} in the first",
            why="The model hardly moves: its learning rate was not the one that it "
            "came with."
            if self.epochs[0].rates[0] < run.rate / 2
            else "",
            advice="Which learning rate, and which films, does each epoch have?",
        )
        return best

    def _tell(self, weight: float | None) -> str:
        epoch = find_epoch(weight, [epoch.weight for epoch in self.epochs])
        if epoch is not None:
            return f"the weights of epoch {epoch + 1} of {len(self.epochs)}"
        return "the weights it began with" if weight == 0 else "weights of no epoch"


@shared
def get_trained(submission: Submission, run: Staircase) -> Trained:
    """Let the student train the model of a staircase."""

    def train(suffix: str) -> Trained:
        path = new_path(submission, suffix)
        kit = submission.ingredients
        if run.is_repeated:
            kit.leave_weights(path)
        made = kit.make_staircase(run.rate, run.train, list(run.valid), BATCH_SIZE)
        model, train_ds, valid_ds = _expect_staircase(made)
        returned = submission.callbacks.train(
            model, train_ds, valid_ds, epochs=run.epochs, checkpoint_path=path
        )
        after = expect.kind(model.look_again(), Model, "the model it was given")
        return Trained(
            returned,
            _read_epochs(kit.read_steps(model)),
            after.compiled,
            _one_weight(model.get_weights()),
            read_weight(submission, path),
        )

    return with_either_suffix(train)


def _expect_films(
    shown: Sequence[float], films: Sequence[float], others: Sequence[float], done: str
) -> None:
    """Expect each film of a set to be shown once."""
    strange = len(set(shown) & set(others))
    repeats = len(shown) > len(set(shown))
    what = "training" if done == "trained" else "validation"
    other = "validation" if done == "trained" else "training"
    expect.that(
        sorted(shown) == sorted(films),
        f"the model is not {done} on {_whole(shown, films)} {what} films.",
        expected=f"{len(films)} {what} films in an epoch, each once",
        got=f"{len(shown)} films, {len(set(shown))} different ones"
        if repeats
        else f"{len(shown)} films",
        why=f"{strange} of them are {other} films."
        if strange
        else "Films are shown more than once." * repeats,
        advice="What does fit() get for training, what for validation, and how much of "
        "it does it take?",
    )


def _whole(shown: Sequence[float], films: Sequence[float]) -> str:
    return "all" if shown and set(shown) < set(films) else "the"


def _expect_staircase(made: Any) -> tuple[Model, Dataset, Dataset]:
    """Take the ingredient apart; a worker that was tampered with may lie."""
    model, *datasets = expect.items(made, 3, "a model and two datasets")
    train_ds, valid_ds = (expect.kind(d, Dataset, "a dataset") for d in datasets)
    return expect.kind(model, Model, "a Keras model"), train_ds, valid_ds


def _read_epochs(passes: Any) -> list[Epoch]:
    """Combine passes into epochs: one over training films, then one for validation."""
    epochs: list[Epoch] = []
    for one in expect.kind(passes, list, "what the model was shown"):
        kind, rates, films, before, after = expect.items(one, 5, "a pass")
        read_numbers([*rates, *films, before, after], len(rates) + len(films) + 2)
        if kind == "train":
            epochs.append(Epoch(rates, films, [], before, after))
        elif epochs and not epochs[-1].validated:
            epochs[-1].validated.extend(films)
    return epochs


def _one_weight(weights: Any) -> float:
    (weight,) = expect.items(weights, 1, "the weights of the model")
    values = expect.numbers(weight, "the model's weight").ravel()
    return read_numbers(values.tolist(), 1)[0]


def _is_near(weight: float | None, other: float) -> bool:
    return find_epoch(weight, [other]) == 0
