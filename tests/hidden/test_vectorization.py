"""Section 1.b again, with other overviews and other words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelmark.checks import Submission, shared
from support import pipelines, words
from support.films import HIDDEN
from support.words import (
    Nouns,
    Split,
    learnt_encoder,
    overview_dataset,
    overview_epochs,
)

FILMS = Split(HIDDEN, num_train=34)

NOUNS = Nouns(
    ("river", "castle", "mirror", "garden", "bridge", "forest", "engine", "signal")
)
LISTED = [f"{noun}{number}" for number in range(20) for noun in ("été", "Smile", "owl")]

# --- 1b-i: build_overview_dataset --------------------------------------------------


@pytest.mark.check(
    "1b-i", marks=0.25, rules=("letters", "labels"), after="test_is_a_dataset_of_pairs"
)
def test_other_overviews_stay_as_they_are(submission: Submission) -> None:
    """Other overviews stay the same strings, beside the labels of their films."""
    for training in (False, True):
        epoch = overview_epochs(submission, FILMS, training)[0]
        words.expect_texts_kept(epoch, FILMS.overviews(training))


@pytest.mark.check(
    "1b-i",
    marks=0.25,
    rules=("batch-size", "last-batch"),
    after="test_is_a_dataset_of_pairs",
)
def test_batches_of_other_films_have_the_size_asked_for(submission: Submission) -> None:
    """Batches of other sizes are full as well, and the last holds what is left over."""
    epoch = overview_epochs(submission, FILMS, False)[0]
    pipelines.expect_sizes(epoch, FILMS.num(False), words.BATCH_SIZE)
    epoch = overview_epochs(submission, FILMS, True)[0]
    pipelines.expect_training_sizes(epoch, FILMS.num(True), words.BATCH_SIZE)


@pytest.mark.check(
    "1b-i", marks=0.25, rules="order", after="test_is_a_dataset_of_pairs"
)
def test_other_validation_films_keep_their_order(submission: Submission) -> None:
    """With training=False, other films keep their order at every pass."""
    dataset = overview_dataset(submission, FILMS, False)
    epochs = overview_epochs(submission, FILMS, False)
    pipelines.expect_file_order(dataset, epochs, FILMS.num(False))


@pytest.mark.check(
    "1b-i", marks=0.5, rules="film-by-film", after="test_epochs_differ_in_order"
)
def test_other_films_are_shuffled_one_by_one(submission: Submission) -> None:
    """With training=True, other films meet in new batches in every epoch, too."""
    epochs = overview_epochs(submission, FILMS, True)
    pipelines.expect_every_film_once(epochs, FILMS.num(True))
    pipelines.expect_regrouped(epochs)


# --- 1b-ii: build_encoder ----------------------------------------------------------


@pytest.mark.check(
    "1b-ii",
    marks=0.5,
    rules=("learnt", "training-only"),
    after="test_is_a_text_vectorization",
)
def test_learns_the_words_of_other_overviews(submission: Submission) -> None:
    """The vocabulary holds the words of other overviews, and nothing else."""
    encoder = learnt_encoder(submission, NOUNS)
    words.expect_learnt(encoder, NOUNS)
    words.expect_nothing_else(encoder, NOUNS)
    words.expect_many_learnt(submission)


@pytest.mark.check(
    "1b-ii",
    marks=0.5,
    rules=("max-tokens", "frequent"),
    after="test_learns_the_words_of_the_overviews",
)
def test_vocabulary_has_at_most_other_max_tokens(submission: Submission) -> None:
    """Another max_tokens limits the vocabulary, too."""
    encoder = learnt_encoder(submission, NOUNS, 6)
    words.expect_most_frequent(encoder, NOUNS, max_tokens=6)


@pytest.mark.check(
    "1b-ii",
    marks=0.5,
    rules=("indices", "unknown-words"),
    after="test_learns_the_words_of_the_overviews",
)
@given(
    overview=st.lists(
        st.sampled_from([*NOUNS.nouns, "quokka", "zither"]), min_size=1, max_size=8
    )
)
def test_any_overview_becomes_indices(
    submission: Submission, overview: list[str]
) -> None:
    """Any words become their places in the vocabulary, unknown ones 1."""
    encoder = learnt_encoder(submission, NOUNS)
    words.expect_indices(encoder, NOUNS, [" ".join(overview)])


# --- 1b-iii: first_words -----------------------------------------------------------


@pytest.mark.check(
    "1b-iii", marks=0.25, rules="first", after="test_lists_the_most_frequent_words"
)
@given(n=st.integers(1, len(LISTED)))
def test_lists_any_number_of_words(submission: Submission, n: int) -> None:
    """It lists as many words as asked for, most frequent first."""
    found = submission.vectorization.first_words(known_encoder(submission), n=n)
    words.expect_first_words(found, LISTED, n)


@pytest.mark.check(
    "1b-iii", marks=0.25, rules="whole", after="test_lists_the_most_frequent_words"
)
def test_lists_all_words_of_a_small_vocabulary(submission: Submission) -> None:
    """If the vocabulary is smaller than n, it lists all of it."""
    for n in (200, len(LISTED) + 1):
        found = submission.vectorization.first_words(known_encoder(submission), n=n)
        words.expect_first_words(found, LISTED, n)


@shared
def known_encoder(submission: Submission) -> object:
    """Return an encoder that knows the words listed above."""
    return submission.ingredients.make_encoder(LISTED)
