"""Section 3 on other runs: other best epochs, other rates, other numbers of epochs."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reelmark.checks import Submission
from support.checkpoints import PretendRun, get_kept
from support.schedules import expect_rate, expect_rates, get_rates
from support.training import Staircase, get_trained

EARLY = PretendRun(
    loss=(2.9, 2.5, 2.2, 1.9, 1.6, 1.8, 1.7),
    val_loss=(2.6, 1.9, 2.4, 3.8, 3.1, 3.5, 3.3),
    val_accuracy=(0.2, 0.3, 0.6, 0.4, 0.5, 0.1, 0.2),
    val_precision=(0.7, 0.5, 0.3, 0.4, 0.2, 0.6, 0.4),
    val_recall=(0.1, 0.3, 0.4, 0.6, 0.5, 0.8, 0.7),
)
LAST = PretendRun(
    loss=(0.30, 0.21, 0.16, 0.23, 0.27, 0.18, 0.20),
    val_loss=(0.33, 0.29, 0.34, 0.31, 0.38, 0.30, 0.24),
    val_accuracy=(0.3, 0.6, 0.4, 0.5, 0.2, 0.4, 0.3),
    val_precision=(0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2),
    val_recall=(0.1, 0.2, 0.3, 0.6, 0.5, 0.4, 0.5),
)

# Weights 1/128, 2/128, 3/128 ...: the second epoch is the best one. All is so small
# that the last epoch is hardly worse.
TRAINING = Staircase(
    rate=1 / 384,
    valid=(3.25 / 64, 2.75 / 64, 1.125 / 64, -0.25 / 64, 0.875 / 64),
    epochs=6,
)

RESUMED_EPOCHS = tuple(range(6, 15))


@pytest.mark.check(
    "3a-i",
    marks=0.75,
    rules=("validation-loss", "better-only"),
    after="test_one_file_at_the_given_path",
)
def test_early_best_epoch_is_kept(submission: Submission) -> None:
    """Epochs that are worse do not replace an early best one in the file."""
    get_kept(submission, (EARLY, LAST))[0].expect_best_epoch(EARLY)


@pytest.mark.check(
    "3a-i", marks=0.5, rules="validation-loss", after="test_one_file_at_the_given_path"
)
def test_late_best_epoch_is_kept(submission: Submission) -> None:
    """An epoch that is better replaces all earlier ones, however late it comes."""
    get_kept(submission, (EARLY, LAST))[1].expect_best_epoch(LAST)


@pytest.mark.check(
    "3a-ii", marks=0.5, rules="first-ten", after="test_first_epoch_keeps_its_rate"
)
@example(epoch=9, lr=0.25)  # the last one that keeps its rate, in every case
@given(epoch=st.integers(0, 9), lr=st.floats(1e-8, 10.0))
def test_first_ten_epochs_keep_any_rate(
    submission: Submission, epoch: int, lr: float
) -> None:
    """The epochs of index 0 to 9 keep their learning rate, whatever it is."""
    expect_rate(submission.callbacks.scheduler(epoch, lr), epoch, lr)


@pytest.mark.check(
    "3a-ii", marks=0.75, rules="fall", after="test_first_epoch_keeps_its_rate"
)
@example(epoch=10, lr=0.25)
@given(epoch=st.integers(10, 200), lr=st.floats(1e-8, 10.0))
def test_later_epochs_multiply_any_rate(
    submission: Submission, epoch: int, lr: float
) -> None:
    """From index 10 on, any rate that comes in is multiplied by exp(-0.01)."""
    expect_rate(submission.callbacks.scheduler(epoch, lr), epoch, lr)


@pytest.mark.check(
    "3a-iii",
    marks=0.5,
    rules=("scheduler", "every-epoch"),
    after="test_returns_a_learning_rate_scheduler",
)
def test_resumed_run_follows_the_schedule(submission: Submission) -> None:
    """In a run that begins at a later epoch the rates follow scheduler() too."""
    rates = get_rates(submission, 0.02, RESUMED_EPOCHS)
    expect_rates(submission, rates, 0.02, RESUMED_EPOCHS)


@pytest.mark.check(
    "3b",
    marks=0.5,
    rules=("epochs", "all-films", "validates", "history"),
    after="test_weights_move",
)
def test_other_numbers_of_epochs(submission: Submission) -> None:
    """As many epochs are trained and validated as are asked for."""
    trained = get_trained(submission, TRAINING)
    trained.expect_curves(TRAINING)
    trained.expect_films(TRAINING)


@pytest.mark.check("3b", marks=1.0, rules="best-weights", after="test_weights_move")
def test_other_best_weights(submission: Submission) -> None:
    """After another run, too, the model holds the weights of its best epoch."""
    get_trained(submission, TRAINING).expect_best_weights(TRAINING)


@pytest.mark.check("3b", marks=0.5, rules="checkpoint", after="test_weights_move")
def test_other_checkpoint_is_written(submission: Submission) -> None:
    """After another run, too, the file at checkpoint_path holds the best weights."""
    get_trained(submission, TRAINING).expect_best_file(TRAINING)
