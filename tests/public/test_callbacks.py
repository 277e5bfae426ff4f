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

# A second run is worse, by far and by a hair, and as good again as its best epoch.
OTHER_RUN = PretendRun(
    loss=(2.9, 2.5, 2.2, 1.9, 1.5, 1.8, 1.7, 1.6),
    val_loss=(2.604, 1.903, 2.402, 1.901, 1.955, 1.901, 2.303, 2.208),
    val_accuracy=(0.2, 0.3, 0.6, 0.4, 0.5, 0.1, 0.2, 0.3),
    val_precision=(0.5, 0.7, 0.3, 0.4, 0.2, 0.6, 0.4, 0.1),
    val_recall=(0.1, 0.3, 0.4, 0.6, 0.5, 0.7, 0.8, 0.2),
    ends=False,
)
RUNS = (RUN, OTHER_RUN)

# Weights 1, 2, 3, 4 ...: the loss is lowest at 3.25, but of the first batch alone at 7.
# There are so many epochs that whatever waits ten or twenty for a better one acts.
TRAINING = Staircase(
    rate=1 / 2, valid=(7.25, 6.75, 3.25, 2.75, 3.0), epochs=25, batches=2
)
# Weights 2, 4, 6, 8, with a loss that is higher everywhere; a cell that is run again.
# Films on both sides, so far away that they change no median, make more batches of
# validation films than anybody would think enough; of training films there are twelve.
FAR_FILMS = tuple(4.25 + side * place for place in range(40, 54) for side in (-1, 1))
OTHER_TRAINING = Staircase(
    rate=2 / 12,
    valid=(29.5, 28.5, 4.25, -30.0, 3.75, *FAR_FILMS),
    epochs=4,
    batches=12,
    is_repeated=True,
)
TRAININGS = (TRAINING, OTHER_TRAINING)

RATES = (1e-4, 1e-7, 1e-3, 3.0)
FORTY_EPOCHS = tuple(range(40))
RESUMED_EPOCHS = tuple(range(7, 16))


@pytest.mark.check("3a-i", marks=0.25, rules="path")
def test_returns_a_model_checkpoint(submission: Submission) -> None:
    """The result is a ModelCheckpoint."""
    expect_checkpoint(get_checkpoint(submission))


@pytest.mark.check(
    "3a-i",
    marks=0.5,
    rules=("path", "no-other-file", "new-callback"),
    after="test_returns_a_model_checkpoint",
)
def test_one_file_at_the_given_path(submission: Submission) -> None:
    """There is one file, at the path that was given, however many epochs improve."""
    get_kept(submission, RUNS)[0].expect_file()


@pytest.mark.check(
    "3a-i",
    marks=1.0,
    rules=(
        "validation-loss",
        "better-only",
        "at-once",
        "own-run",
        "path",
        "no-other-file",
        "new-callback",
    ),
    after="test_one_file_at_the_given_path",
)
def test_file_holds_the_best_epoch(submission: Submission) -> None:
    """The file holds the weights of the epoch with the lowest validation loss."""
    for run, kept in zip(RUNS, get_kept(submission, RUNS), strict=True):
        kept.expect_best_epoch(run)
        kept.expect_file()  # of a run that was broken off, too


@pytest.mark.check("3a-ii", marks=0.25, rules="first-ten")
def test_first_epoch_keeps_its_rate(submission: Submission) -> None:
    """The first epoch keeps its learning rate."""
    expect_rate(submission.callbacks.scheduler(0, 1e-4), 0, 1e-4)


@pytest.mark.check(
    "3a-ii", marks=0.5, rules="python-float", after="test_first_epoch_keeps_its_rate"
)
def test_rate_is_a_python_float(submission: Submission) -> None:
    """The learning rate is a Python float, before it falls and after."""
    for epoch in (3, 20):
        expect.kind(
            submission.callbacks.scheduler(epoch, 1e-4),
            float,
            "a Python float",
            advice="What does the function that computes exp(-0.01) return?",
        )


@pytest.mark.check(
    "3a-ii", marks=0.5, rules="first-ten", after="test_first_epoch_keeps_its_rate"
)
def test_first_ten_epochs_keep_their_rate(submission: Submission) -> None:
    """The epochs of index 0 to 9 keep their learning rate."""
    for epoch, lr in itertools.product(range(10), RATES):
        expect_rate(submission.callbacks.scheduler(epoch, lr), epoch, lr)


@pytest.mark.check(
    "3a-ii", marks=0.5, rules="fall", after="test_first_epoch_keeps_its_rate"
)
def test_later_epochs_multiply_their_rate(submission: Submission) -> None:
    """From index 10 on, an epoch has the rate that comes in times exp(-0.01)."""
    for epoch, lr in itertools.product((*range(10, 15), 39, 40, 99), RATES):
        expect_rate(submission.callbacks.scheduler(epoch, lr), epoch, lr)


@pytest.mark.check("3a-iii", marks=0.25, rules="scheduler")
def test_returns_a_learning_rate_scheduler(submission: Submission) -> None:
    """The result is a LearningRateScheduler."""
    expect_lr_callback(submission.callbacks.build_lr_callback())


@pytest.mark.check(
    "3a-iii",
    marks=0.25,
    rules=("scheduler", "every-epoch"),
    after="test_returns_a_learning_rate_scheduler",
)
def test_forty_epochs_follow_the_schedule(submission: Submission) -> None:
    """Each of 40 epochs has the rate of scheduler(), and so in a resumed run."""
    for rate, epochs in ((1e-4, FORTY_EPOCHS), (0.03, RESUMED_EPOCHS)):
        rates = get_rates(submission, rate, epochs)
        expect_rates(submission, rates, rate, epochs)


@pytest.mark.check("3b", marks=0.25, rules="as-it-comes")
def test_weights_move(submission: Submission) -> None:
    """Training runs to its end and changes the model that was passed in."""
    get_trained(submission, TRAINING).expect_moved()


@pytest.mark.check(
    "3b",
    marks=0.5,
    rules=("epochs", "all-films", "validates", "history", "as-it-comes"),
    after="test_weights_move",
)
def test_every_epoch_is_trained_and_validated(submission: Submission) -> None:
    """Every epoch asked for trains and validates on all films; the history has both."""
    for run in TRAININGS:
        trained = get_trained(submission, run)
        trained.expect_curves(run)
        trained.expect_films(run)


@pytest.mark.check("3b", marks=1.0, rules="best-weights", after="test_weights_move")
def test_model_holds_its_best_weights(submission: Submission) -> None:
    """After training the model holds the weights of its best epoch."""
    for run in TRAININGS:
        get_trained(submission, run).expect_best_weights(run)


@pytest.mark.check("3b", marks=0.5, rules="checkpoint", after="test_weights_move")
def test_checkpoint_is_written(submission: Submission) -> None:
    """The best weights are in the file at checkpoint_path as well."""
    for run in TRAININGS:
        get_trained(submission, run).expect_best_file(run)


@pytest.mark.check(
    "3b", marks=0.75, rules=("schedule", "as-it-comes"), after="test_weights_move"
)
def test_learning_rate_follows_the_schedule(submission: Submission) -> None:
    """The learning rate of every epoch is the one that scheduler() gives."""
    for run in TRAININGS:
        get_trained(submission, run).expect_rates(submission, run)
