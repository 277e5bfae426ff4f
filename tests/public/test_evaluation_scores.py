"""Section 4: scores of every genre, the baseline, and answers for single films."""

from __future__ import annotations

import numpy as np
import pytest

from reelmark.checks import Submission, shared
from support import rankings, scores
from support.films import PUBLIC

GENRES = PUBLIC.genres
TRUTH = PUBLIC.labels

# 0.05, 0.15, 0.25 ... 0.95, higher where the film has the genre; no threshold below
# is equal to one of them.
RANDOM = np.random.default_rng(4)
ANSWERS = (RANDOM.integers(0, 7, TRUTH.shape) + 3 * TRUTH) / 10 + 0.05

# The last of the four genres is that of a validation film only.
TRAIN_LABELS = np.array([[1, 0, 0, 0]] * 5 + [[1, 1, 0, 0], [0, 1, 1, 0]])
VALID_LABELS = np.array([[0, 1, 0, 1], [1, 0, 1, 0]])

PROBABILITIES = np.array([0.12, 0.83, 0.47, 0.05, 0.31, 0.64], np.float32)
SIX_GENRES = ["Action", "Comedy", "Crime", "Drama", "Horror", "Romance"]


def compare(k: int) -> rankings.Comparison:
    """Compare five films that are neither the first ones nor in a row."""
    films = PUBLIC.table.iloc[[31, 4, 17, 9, 22]]
    shape = (len(films), len(GENRES))
    random = np.random.default_rng(k)
    cnn, lstm = (random.permutation(shape[0] * shape[1]) / 200 for _ in range(2))
    answers = {"CNN": cnn.reshape(shape), "LSTM": lstm.reshape(shape)}
    return rankings.Comparison(films, answers, GENRES, k)


EXPECTED = scores.score(TRUTH, ANSWERS, GENRES)
ONE_EACH = np.eye(len(GENRES))[np.argmax(ANSWERS, axis=1)]
MISTAKES = {
    "These are the scores of one genre a film, the most probable one. But a film may "
    "have several.": scores.score(TRUTH, ONE_EACH, GENRES),
}


@shared
def get_scores(submission: Submission) -> object:
    """Score the public films."""
    return submission.evaluation.genre_scores(TRUTH, ANSWERS, GENRES)


@pytest.mark.check("4a-ii", marks=0.25)
def test_scores_come_as_a_table(submission: Submission) -> None:
    """The scores come as a DataFrame with precision, recall, f1 and support."""
    scores.read_table(get_scores(submission), scores.COLUMNS)


@pytest.mark.check("4a-ii", marks=0.25, after="test_scores_come_as_a_table")
def test_index_holds_every_genre(submission: Submission) -> None:
    """The index holds every genre; those without films score 0.0 or NaN."""
    table = get_scores(submission)
    scores.expect_index(table, GENRES)
    scores.expect_empty(scores.read_scores(table, GENRES), EXPECTED)


@pytest.mark.check("4a-ii", marks=0.25, after="test_scores_come_as_a_table")
def test_support_counts_films(submission: Submission) -> None:
    """The support of a genre is the number of films that have it."""
    got = scores.read_scores(get_scores(submission), GENRES)
    scores.expect_supports(got, EXPECTED, len(TRUTH))


@pytest.mark.check("4a-ii", marks=0.25, after="test_scores_come_as_a_table")
def test_precision_of_every_genre(submission: Submission) -> None:
    """The precision of a genre is right."""
    got = scores.read_scores(get_scores(submission), GENRES)
    scores.expect_scores(got, EXPECTED, "precision", mistakes=MISTAKES)


@pytest.mark.check("4a-ii", marks=0.25, after="test_scores_come_as_a_table")
def test_recall_of_every_genre(submission: Submission) -> None:
    """The recall of a genre is right."""
    got = scores.read_scores(get_scores(submission), GENRES)
    scores.expect_scores(got, EXPECTED, "recall", mistakes=MISTAKES)


@pytest.mark.check("4a-ii", marks=0.25, after="test_scores_come_as_a_table")
def test_f1_of_every_genre(submission: Submission) -> None:
    """The f1 of a genre is right."""
    got = scores.read_scores(get_scores(submission), GENRES)
    scores.expect_scores(got, EXPECTED, "f1", mistakes=MISTAKES)


@pytest.mark.check("4a-ii", marks=0.25, after="test_scores_come_as_a_table")
def test_threshold_is_honoured(submission: Submission) -> None:
    """A film is said to have a genre where the probability is above the threshold."""
    for threshold in (0.2, 0.7):
        table = submission.evaluation.genre_scores(TRUTH, ANSWERS, GENRES, threshold)
        got = scores.read_scores(table, GENRES)
        expected = scores.score(TRUTH, ANSWERS, GENRES, threshold)
        scores.expect_scores(got, expected, "precision", "recall")


@pytest.mark.check("4b", marks=0.25)
def test_baseline_of_the_films(submission: Submission) -> None:
    """The loss is that of the training films' frequencies on the validation films."""
    train_labels, valid_labels = scores.split(TRUTH, num_train=28)
    value = submission.evaluation.baseline_loss(train_labels, valid_labels)
    scores.expect_baseline(value, train_labels, valid_labels)


@pytest.mark.check("4b", marks=0.25, after="test_baseline_of_the_films")
def test_frequencies_are_clipped(submission: Submission) -> None:
    """A genre that no training film has is given the frequency 1e-7, not 0."""
    value = submission.evaluation.baseline_loss(TRAIN_LABELS, VALID_LABELS)
    scores.expect_baseline(value, TRAIN_LABELS, VALID_LABELS)


@pytest.mark.check("4c-i", marks=0.25)
def test_top_genres_are_pairs(submission: Submission) -> None:
    """There are k pairs of a name and a probability; k is 3 by default."""
    top = submission.evaluation.top_genres(PROBABILITIES, SIX_GENRES)
    rankings.expect_pairs(top, SIX_GENRES, 3)


@pytest.mark.check("4c-i", marks=0.25, after="test_top_genres_are_pairs")
def test_most_probable_genres_come_first(submission: Submission) -> None:
    """The k most probable genres are named, the most probable first."""
    for k in (1, 3, 5):
        top = submission.evaluation.top_genres(PROBABILITIES, SIX_GENRES, k=k)
        rankings.expect_ranking(top, PROBABILITIES, SIX_GENRES, k)


@pytest.mark.check("4c-ii", marks=0.25)
def test_every_film_and_model_has_k_rows(submission: Submission) -> None:
    """The table has k rows for each film and model; k is 3 by default."""
    comparison = compare(k=3)
    comparison.expect_size(comparison.ask(submission))


@pytest.mark.check("4c-ii", marks=0.25, after="test_every_film_and_model_has_k_rows")
def test_rows_belong_together(submission: Submission) -> None:
    """A row's genre, probability and truth are those of its film and model."""
    comparison = compare(k=2)
    comparison.expect_rows(submission, comparison.ask(submission, k=2))
