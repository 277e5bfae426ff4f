"""Section 4: scores of every genre, the baseline, and answers for single films."""

from __future__ import annotations

import numpy as np
import pytest

from reelmark.checks import Submission, shared
from support import rankings, scores
from support.films import PUBLIC

GENRES = PUBLIC.genres
TRUTH = PUBLIC.labels

# Anything from 0.001 to 0.999, higher where the film has the genre, and some close to
# a threshold; none is equal to one of those below.
RANDOM = np.random.default_rng(4)
ANSWERS = (RANDOM.integers(0, 7, TRUTH.shape) + 3 * TRUTH) / 10 + 0.05
ANSWERS += RANDOM.uniform(-0.049, 0.049, TRUTH.shape)

# As many films as the real validation set has, so that counts are as large.
TIMES = 37

# The third of the genres is that of every training film, and of one to validate with;
# the last is that of a film to validate with only.
TRAIN_LABELS = np.array([[1, 0, 1, 0]] * 5 + [[1, 1, 1, 0], [0, 1, 1, 0]])
VALID_LABELS = np.array([[0, 1, 0, 1], [1, 0, 1, 0]])

# Two decimals do not tell Comedy from Music; Crime and Musical are alike.
PROBABILITIES = np.array(
    [0.1209345, 0.8338345, 0.4711345, 0.0007345, 0.8342345, 0.4711345, 0.9987345],
    np.float32,
)
# A model that is sure of itself: float32 has no smaller number left for most genres.
SURE = np.array([0.0, 0.0, 0.6213, 0.0, 0.9512, 0.0, 0.0], np.float32)
SEVEN_GENRES = ["Action", "Comedy", "Crime", "Drama", "Music", "Musical", "Romance"]


def compare(k: int) -> rankings.Comparison:
    """Compare twelve films that are neither the first ones nor in a row."""
    films = PUBLIC.table.iloc[[31, 0, 17, 9, 22, 4, 14, 13, 2, 27, 19, 6]]
    return rankings.Comparison.make(films, GENRES, k, np.float64)


EXPECTED = scores.repeat(scores.score(TRUTH, ANSWERS, GENRES), TIMES)
MISTAKES = {
    why: scores.repeat(found, TIMES)
    for why, found in scores.explain(TRUTH, ANSWERS, GENRES).items()
}


@shared
def get_scores(submission: Submission) -> object:
    """Score the public films, many times over."""
    films = (np.tile(labels, (TIMES, 1)) for labels in (TRUTH, ANSWERS))
    return submission.evaluation.genre_scores(*films, GENRES)


@pytest.mark.check("4a-ii", marks=0.25, rules="columns")
def test_scores_come_as_a_table(submission: Submission) -> None:
    """The scores come as a DataFrame, with columns named as in the brief."""
    scores.expect_some_columns(get_scores(submission))


@pytest.mark.check(
    "4a-ii",
    marks=0.25,
    rules=("index", "empty-genres", "zero-division"),
    after="test_scores_come_as_a_table",
)
def test_index_holds_every_genre(submission: Submission) -> None:
    """The index holds every genre, in the order given; empty ones score 0.0 or NaN."""
    table = get_scores(submission)
    scores.expect_index(table, GENRES)
    scores.expect_empty(table, EXPECTED, MISTAKES)


@pytest.mark.check(
    "4a-ii", marks=0.25, rules="support", after="test_scores_come_as_a_table"
)
def test_support_counts_films(submission: Submission) -> None:
    """The support of a genre is the number of films that have it."""
    got = scores.read_scores(get_scores(submission), GENRES, "support")
    scores.expect_supports(got, EXPECTED, TIMES * len(TRUTH), MISTAKES)


@pytest.mark.check(
    "4a-ii",
    marks=0.25,
    rules=("precision", "yes-or-no", "default-threshold"),
    after="test_scores_come_as_a_table",
)
def test_precision_of_every_genre(submission: Submission) -> None:
    """The precision of a genre is right."""
    got = scores.read_scores(get_scores(submission), GENRES, "precision")
    scores.expect_scores(got, EXPECTED, "precision", mistakes=MISTAKES)


@pytest.mark.check(
    "4a-ii",
    marks=0.25,
    rules=("recall", "yes-or-no", "default-threshold"),
    after="test_scores_come_as_a_table",
)
def test_recall_of_every_genre(submission: Submission) -> None:
    """The recall of a genre is right."""
    got = scores.read_scores(get_scores(submission), GENRES, "recall")
    scores.expect_scores(got, EXPECTED, "recall", mistakes=MISTAKES)


@pytest.mark.check(
    "4a-ii", marks=0.25, rules=("f1", "columns"), after="test_scores_come_as_a_table"
)
def test_f1_of_every_genre(submission: Submission) -> None:
    """The f1 of a genre is right."""
    got = scores.read_scores(get_scores(submission), GENRES, "f1")
    scores.expect_scores(got, EXPECTED, "f1", mistakes=MISTAKES)


@pytest.mark.check(
    "4a-ii",
    marks=0.25,
    rules=("threshold", "unchanged"),
    after="test_scores_come_as_a_table",
)
def test_threshold_is_honoured(submission: Submission) -> None:
    """A film has a genre where the probability, which stays, is above the threshold."""
    # Other films with each, so that the first ones must be forgotten.
    for threshold, part in ((0.2, slice(9, None)), (0.7, slice(None, -9))):
        films = TRUTH[part], ANSWERS[part]
        table = submission.evaluation.genre_scores(*films, GENRES, threshold)
        scores.expect_threshold(table, *films, GENRES, threshold)
    score = submission.evaluation.genre_scores
    scores.expect_left_alone(submission, score, TRUTH, ANSWERS, GENRES)


@pytest.mark.check(
    "4b", marks=0.25, rules=("training-frequencies", "validation-loss", "cross-entropy")
)
def test_baseline_of_the_films(submission: Submission) -> None:
    """The loss is that of the training films' frequencies on the validation films."""
    train_labels, valid_labels = scores.split(TRUTH, num_train=28)
    train_labels = np.tile(train_labels, (TIMES, 1))
    # The same genres in another order: a second call must forget the first.
    for labels in (
        (train_labels, valid_labels),
        (train_labels[:, ::-1], valid_labels[:, ::-1]),
    ):
        value = submission.evaluation.baseline_loss(*labels)
        scores.expect_baseline(value, *labels)


@pytest.mark.check(
    "4b",
    marks=0.25,
    rules=("clipped", "cross-entropy", "training-frequencies"),
    after="test_baseline_of_the_films",
)
def test_frequencies_are_clipped(submission: Submission) -> None:
    """A genre that no training film has, or every one, is given 1e-7, or 1 - 1e-7."""
    value = submission.evaluation.baseline_loss(TRAIN_LABELS, VALID_LABELS)
    scores.expect_baseline(value, TRAIN_LABELS, VALID_LABELS)


@pytest.mark.check("4c-i", marks=0.25, rules=("names", "k", "values"))
def test_top_genres_are_pairs(submission: Submission) -> None:
    """There are k pairs of a name and a probability; k is 3 by default."""
    top = submission.evaluation.top_genres(PROBABILITIES, SEVEN_GENRES)
    rankings.expect_pairs(top, SEVEN_GENRES, 3)


@pytest.mark.check(
    "4c-i",
    marks=0.25,
    rules=("most-probable", "values", "names", "k", "unchanged"),
    after="test_top_genres_are_pairs",
)
def test_most_probable_genres_come_first(submission: Submission) -> None:
    """The k most probable genres are named, best first; the probabilities stay."""
    films = [*((PROBABILITIES, k) for k in (3, 1, 5, 7)), (SURE, 5)]
    for probabilities, k in films:
        top = submission.evaluation.top_genres(probabilities, SEVEN_GENRES, k=k)
        rankings.expect_ranking(top, probabilities, SEVEN_GENRES, k)
    rank = submission.evaluation.top_genres
    scores.expect_left_alone(submission, rank, PROBABILITIES, SEVEN_GENRES)


@pytest.mark.check("4c-ii", marks=0.25, rules=("rows", "ids", "position"))
def test_every_film_and_model_has_k_rows(submission: Submission) -> None:
    """The table has k rows for each film and model; k is 3 by default."""
    compare(k=4).ask(submission, k=4)
    comparison = compare(k=3)
    comparison.expect_size(comparison.ask(submission))


@pytest.mark.check(
    "4c-ii",
    marks=0.25,
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
def test_rows_belong_together(submission: Submission) -> None:
    """A film and model's genres come by rank, each with its probability and truth."""
    comparison = compare(k=5)
    comparison.expect_rows(submission, comparison.ask(submission, k=5))
