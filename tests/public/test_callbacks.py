"""Section 3: the checkpoint, the learning-rate schedule, and training with both."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reelmark import expect
from reelmark.submission import Submission
from support.training import (
    PretendRun,
    Staircase,
    expect_checkpoint,
    expect_lr_callback,
    expect_moved,
    expect_rate,
    expect_rates,
    get_checkpoint,
    get_kept,
    get_rates,
    get_trained,
)

# Every curve has its best epoch somewhere else, so that the epoch in the file tells
# which of them was followed.
RUN = PretendRun(
    loss=(0.60, 0.50, 0.40, 0.35, 0.20, 0.30, 0.25),
    val_loss=(0.70, 0.52, 0.31, 0.40, 0.45, 0.90, 0.60),
    val_accuracy=(0.80, 0.40, 0.50, 0.45, 0.60, 0.30, 0.35),
    val_precision=(0.50, 0.75, 0.60, 0.55, 0.45, 0.40, 0.30),
    val_recall=(0.10, 0.20, 0.30, 0.65, 0.40, 0.25, 0.35),
)

# Weights 1, 2, 3, 4, 5 ...: the fourth epoch is nearest to the target.
TRAINING = Staircase(rate=1.0, target=4.3, epochs=12)

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
@pytest.mark.parametrize("epoch", [3, 20])
def test_rate_is_a_python_float(submission: Submission, epoch: int) -> None:
    """The learning rate is a Python float."""
    expect.kind(
        submission.callbacks.scheduler(epoch, 1e-4),
        float,
        "a Python float",
        advice="Which function gives you exp(-0.01), and what does it return?",
    )
