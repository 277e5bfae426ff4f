"""Section 4 on other films: other labels, thresholds, lengths and genres."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelmark.checks import Submission, shared
from support import rankings, scores
from support.films import HIDDEN

GENRES = HIDDEN.genres
TRUTH = HIDDEN.labels

# As in the public suite, never equal to a threshold; float32, as a model's predictions.
RANDOM = np.random.default_rng(40)
ANSWERS = (RANDOM.integers(0, 8, TRUTH.shape) + 2 * TRUTH) / 10 + 0.05
ANSWERS = np.float32(ANSWERS + RANDOM.uniform(-0.049, 0.049, TRUTH.shape))

# Films of which one or all are scored, and a model that says no, or yes, to everything.
CASES = [
    (TRUTH, ANSWERS),
    (TRUTH[:1], ANSWERS[:1]),
    (TRUTH, np.full_like(ANSWERS, 0.05)),
    (TRUTH, np.full_like(ANSWERS, 0.95)),
]

LABELS = st.lists(st.integers(0, 1), min_size=4, max_size=4).filter(any)

# No genre is that of every film: with float32 the loss of a frequency of 1 is off by
# a hundredth, because 1 - 1e-7 is rounded.
TRAIN_LABELS = st.lists(LABELS, max_size=8).map(
    lambda rows: np.array([*rows, [1, 0, 0, 0], [0, 1, 0, 0]])
)
VALID_LABELS = st.lists(LABELS, min_size=1, max_size=5).map(np.array)


@shared
def get_tables(submission: Submission) -> list[object]:
    """Score every case."""
    genre_scores = submission.evaluation.genre_scores
    return [genre_scores(truth, answers, GENRES) for truth, answers in CASES]


def expect_right(submission: Submission, column: str) -> None:
    """Expect one column of every case's table to be right."""
    for (truth, answers), table in zip(CASES, get_tables(submission), strict=True):
        got = scores.read_scores(table, GENRES, column)
        scores.expect_scores(got, scores.score(truth, answers, GENRES), column)


@pytest.mark.check(
    "4a-ii",
    marks=0.25,
    rules=("precision", "yes-or-no", "default-threshold"),
    after="test_scores_come_as_a_table",
)
def test_precision_of_other_films(submission: Submission) -> None:
    """The precision of a genre is right for other films and models."""
    expect_right(submission, "precision")


@pytest.mark.check(
    "4a-ii",
    marks=0.25,
    rules=("recall", "yes-or-no", "default-threshold"),
    after="test_scores_come_as_a_table",
)
def test_recall_of_other_films(submission: Submission) -> None:
    """The recall of a genre is right for other films and models."""
    expect_right(submission, "recall")


@pytest.mark.check("4a-ii", marks=0.25, rules="f1", after="test_scores_come_as_a_table")
def test_f1_of_other_films(submission: Submission) -> None:
    """The f1 of a genre is right for other films and models."""
    expect_right(submission, "f1")


@pytest.mark.check(
    "4a-ii",
    marks=0.25,
    rules=("index", "empty-genres", "zero-division"),
    after="test_support_counts_films",
)
def test_empty_genres_are_listed(submission: Submission) -> None:
    """The index holds genres without films; their support is 0, scores 0.0 or NaN."""
    table = get_tables(submission)[0]
    scores.expect_index(table, GENRES)
    expected = scores.score(TRUTH, ANSWERS, GENRES)
    scores.expect_empty(table, expected)


@pytest.mark.check(
    "4a-ii", marks=0.25, rules="threshold", after="test_scores_come_as_a_table"
)
def test_other_thresholds_are_honoured(submission: Submission) -> None:
    """Another threshold makes other answers, and other scores."""
    for threshold in (0.3, 0.9):
        table = submission.evaluation.genre_scores(
            TRUTH, ANSWERS, GENRES, threshold=threshold
        )
        scores.expect_threshold(table, TRUTH, ANSWERS, GENRES, threshold)


@pytest.mark.check(
    "4b", marks=0.25, rules="validation-loss", after="test_baseline_of_the_films"
)
def test_baseline_of_other_films(submission: Submission) -> None:
    """The loss of other films' frequencies is right as well."""
    train_labels, valid_labels = scores.split(TRUTH[::-1], num_train=36)
    # More films than anybody would look at one by one, the same ones at the end.
    valid_labels = np.concatenate([np.tile(valid_labels[:2], (150, 1)), valid_labels])
    value = submission.evaluation.baseline_loss(train_labels, valid_labels)
    scores.expect_baseline(value, train_labels, valid_labels)


@pytest.mark.check(
    "4b",
    marks=0.25,
    rules=("clipped", "cross-entropy", "validation-loss"),
    after="test_baseline_of_the_films",
)
@given(train_labels=TRAIN_LABELS, valid_labels=VALID_LABELS)
def test_baseline_of_any_films(
    submission: Submission, train_labels: np.ndarray, valid_labels: np.ndarray
) -> None:
    """The loss is right for any films, also where no training film has a genre."""
    value = submission.evaluation.baseline_loss(train_labels, valid_labels)
    scores.expect_baseline(value, train_labels, valid_labels)


@pytest.mark.check(
    "4c-i",
    marks=0.5,
    rules=("most-probable", "values", "names", "k"),
    after="test_top_genres_are_pairs",
)
@given(
    shares=st.lists(st.integers(0, 1_000), min_size=25, max_size=25),
    k=st.integers(1, 8),
)
def test_top_genres_of_any_film(
    submission: Submission, shares: list[int], k: int
) -> None:
    """The most probable genres are right for any film and any k."""
    probabilities = np.array(shares) / 1_000
    top = submission.evaluation.top_genres(probabilities, GENRES, k)
    rankings.expect_ranking(top, probabilities, GENRES, k)


@pytest.mark.check(
    "4c-ii",
    marks=0.5,
    rules=(
        "ids",
        "names",
        "models",
        "values",
        "truth",
        "position",
        "most-probable",
        "rows",
    ),
    after="test_every_film_and_model_has_k_rows",
)
def test_rows_of_other_films(submission: Submission) -> None:
    """Genres, probabilities and truth are right for other films and another k."""
    films = HIDDEN.table.iloc[[14, 40, 5, 30, 16, 0, 23]]
    comparison = rankings.Comparison.make(films, GENRES, 4, np.float32)
    comparison.expect_rows(submission, comparison.ask(submission, k=4))
