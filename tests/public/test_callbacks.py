"""Section 3: the checkpoint, the learning-rate schedule, and training with both."""

from __future__ import annotations

import itertools

import pytest

from reelmark.checks import Submission, expect
from support.checkpoints import (
    PretendRun,
    expect_checkpoint,
    get_checkpoint,
    get_kept,
)
from support.schedules import (
    expect_lr_callback,
    expect_rate,
    expect_rates,
    get_rates,
)
from support.training import Staircase, get_trained

# Every curve has its best epoch somewhere else, so that the epoch in the file tells
# which of them was followed.
RUN = PretendRun(
    loss=(0.60, 0.50, 0.40, 0.35, 0.20, 0.30, 0.25),
    val_loss=(0.70, 0.52, 0.31, 0.40, 0.45, 0.90, 0.60),
    val_accuracy=(0.80, 0.40, 0.50, 0.45, 0.60, 0.30, 0.35),
    val_precision=(0.50, 0.75, 0.60, 0.55, 0.45, 0.40, 0.30),
    val_recall=(0.10, 0.20, 0.30, 0.65, 0.40, 0.25, 0.35),
)

# Weights 1, 2, 3, 4 ...: the third epoch is nearest to the target.
TRAINING = Staircase(rate=1.0, target=3.2, epochs=12)

RATES = (1e-4, 1e-3, 0.5)
FORTY_EPOCHS = tuple(range(40))


@pytest.mark.check("3a-i", marks=0.25)
def test_returns_a_model_checkpoint(submission: Submission) -> None:
    """The result is a ModelCheckpoint."""
    expect_checkpoint(get_checkpoint(submission))


@pytest.mark.check("3a-i", marks=0.5, after="test_returns_a_model_checkpoint")
def test_one_file_at_the_given_path(submission: Submission) -> None:
    """There is one file, at the path that was given, however many epochs improve."""
    get_kept(submission, RUN).expect_file()


@pytest.mark.check("3a-i", marks=1.0, after="test_one_file_at_the_given_path")
def test_file_holds_the_best_epoch(submission: Submission) -> None:
    """The file holds the weights of the epoch with the lowest validation loss."""
    get_kept(submission, RUN).expect_best_epoch(RUN)


@pytest.mark.check("3a-ii", marks=0.25)
def test_first_epoch_keeps_its_rate(submission: Submission) -> None:
    """The first epoch keeps its learning rate."""
    expect_rate(submission.callbacks.scheduler(0, 1e-4), 0, 1e-4)


@pytest.mark.check("3a-ii", marks=0.5, after="test_first_epoch_keeps_its_rate")
def test_rate_is_a_python_float(submission: Submission) -> None:
    """The learning rate is a Python float, before it falls and after."""
    for epoch in (3, 20):
        expect.kind(
            submission.callbacks.scheduler(epoch, 1e-4),
            float,
            "a Python float",
            advice="What does the function that computes exp(-0.01) return?",
        )


@pytest.mark.check("3a-ii", marks=0.5, after="test_first_epoch_keeps_its_rate")
def test_first_ten_epochs_keep_their_rate(submission: Submission) -> None:
    """The epochs of index 0 to 9 keep their learning rate."""
    for epoch, lr in itertools.product(range(10), RATES):
        expect_rate(submission.callbacks.scheduler(epoch, lr), epoch, lr)


@pytest.mark.check("3a-ii", marks=0.5, after="test_first_epoch_keeps_its_rate")
def test_later_epochs_multiply_their_rate(submission: Submission) -> None:
    """From index 10 on, an epoch has the rate that comes in times exp(-0.01)."""
    for epoch, lr in itertools.product(range(10, 40), RATES):
        expect_rate(submission.callbacks.scheduler(epoch, lr), epoch, lr)


@pytest.mark.check("3a-iii", marks=0.25)
def test_returns_a_learning_rate_scheduler(submission: Submission) -> None:
    """The result is a LearningRateScheduler."""
    expect_lr_callback(submission.callbacks.build_lr_callback())


@pytest.mark.check("3a-iii", marks=0.25, after="test_returns_a_learning_rate_scheduler")
def test_forty_epochs_follow_the_schedule(submission: Submission) -> None:
    """In a run of 40 epochs each has the learning rate that scheduler() gives it."""
    rates = get_rates(submission, 1e-4, FORTY_EPOCHS)
    expect_rates(submission, rates, 1e-4, FORTY_EPOCHS)


@pytest.mark.check("3b", marks=0.25)
def test_weights_move(submission: Submission) -> None:
    """Training runs to its end and changes the model that was passed in."""
    get_trained(submission, TRAINING).expect_moved()


@pytest.mark.check("3b", marks=0.5, after="test_weights_move")
def test_every_epoch_is_trained_and_validated(submission: Submission) -> None:
    """The history has a training and a validation loss for each epoch asked for."""
    get_trained(submission, TRAINING).expect_curves(TRAINING)


@pytest.mark.check("3b", marks=1.0, after="test_weights_move")
def test_model_holds_its_best_weights(submission: Submission) -> None:
    """After training the model holds the weights of its best epoch."""
    get_trained(submission, TRAINING).expect_best_weights(submission, TRAINING)


@pytest.mark.check("3b", marks=0.5, after="test_weights_move")
def test_checkpoint_is_written(submission: Submission) -> None:
    """The best weights are in the file at checkpoint_path as well."""
    get_trained(submission, TRAINING).expect_best_file(submission, TRAINING)


@pytest.mark.check("3b", marks=0.75, after="test_every_epoch_is_trained_and_validated")
def test_learning_rate_follows_the_schedule(submission: Submission) -> None:
    """The learning rate of every epoch is the one that scheduler() gives."""
    get_trained(submission, TRAINING).expect_rates(submission, TRAINING)
