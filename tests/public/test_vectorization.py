"""Section 1.b: overviews become batches of texts, and an encoder learns their words."""

from __future__ import annotations

import pytest

from reelmark.checks import Submission
from support import pipelines, words
from support.films import PUBLIC
from support.words import (
    Nouns,
    Split,
    default_epoch,
    learnt_encoder,
    overview_dataset,
    overview_epochs,
)

FILMS = Split(PUBLIC, num_train=26)

NOUNS = Nouns(
    ("ship", "storm", "lantern", "violin", "harbour", "island", "letter", "winter")
)
OTHER_NOUNS = Nouns(
    ("train", "orchard", "wolf", "comet", "tailor", "valley", "secret", "bell")
)
LISTED = ["a", "harbour", "café", "of", "Oslo", "1984", "island's", "violin"]

# --- 1b-i: build_overview_dataset --------------------------------------------------


@pytest.mark.check("1b-i", marks=0.25, rules=("new-dataset", "labels", "batch-size"))
def test_is_a_dataset_of_pairs(submission: Submission) -> None:
    """It returns a dataset of batches: overviews, and as many rows of labels."""
    overview_epochs(submission, FILMS, False)


@pytest.mark.check(
    "1b-i",
    marks=0.25,
    rules=("letters", "labels", "new-dataset"),
    after="test_is_a_dataset_of_pairs",
)
def test_overviews_stay_as_they_are(submission: Submission) -> None:
    """Every overview stays the same string, accents too, beside its film's labels."""
    for training in (False, True):
        epoch = overview_epochs(submission, FILMS, training)[0]
        words.expect_texts_kept(epoch, FILMS.overviews(training))
    words.expect_texts_kept(default_epoch(submission), words.UNTIDY)


@pytest.mark.check(
    "1b-i",
    marks=0.25,
    rules=("batch-size", "last-batch", "default-size", "new-dataset"),
    after="test_is_a_dataset_of_pairs",
)
def test_batches_have_the_size_asked_for(submission: Submission) -> None:
    """A batch holds batch_size films, 64 by default, and the last what is left over."""
    epoch = overview_epochs(submission, FILMS, False)[0]
    pipelines.expect_sizes(epoch, FILMS.num(False), words.BATCH_SIZE)
    epoch = overview_epochs(submission, FILMS, True)[0]
    pipelines.expect_training_sizes(epoch, FILMS.num(True), words.BATCH_SIZE)
    pipelines.expect_default_size(default_epoch(submission))


@pytest.mark.check(
    "1b-i",
    marks=0.25,
    rules=("order", "default-training"),
    after="test_is_a_dataset_of_pairs",
)
def test_validation_films_keep_their_order(submission: Submission) -> None:
    """With training=False, the default, every pass has the films in the order given."""
    dataset = overview_dataset(submission, FILMS, False)
    epochs = overview_epochs(submission, FILMS, False)
    pipelines.expect_file_order(dataset, epochs, FILMS.num(False))
    pipelines.expect_default_order(default_epoch(submission))


@pytest.mark.check(
    "1b-i",
    marks=0.25,
    rules=("reshuffle", "every-film", "labels"),
    after="test_is_a_dataset_of_pairs",
)
def test_epochs_differ_in_order(submission: Submission) -> None:
    """With training=True, every epoch shows every film once, in a new order."""
    epochs = overview_epochs(submission, FILMS, True)
    pipelines.expect_every_film_once(epochs, FILMS.num(True))
    dataset = words.large_dataset(submission)
    pipelines.expect_none_left_out(dataset, pipelines.NUM_TRAINING_FILMS)
    pipelines.expect_new_orders(overview_dataset(submission, FILMS, True), epochs)


@pytest.mark.check(
    "1b-i", marks=0.25, rules="film-by-film", after="test_epochs_differ_in_order"
)
def test_films_are_shuffled_one_by_one(submission: Submission) -> None:
    """With training=True, batches are made of different films in every epoch."""
    pipelines.expect_regrouped(overview_epochs(submission, FILMS, True))


@pytest.mark.check(
    "1b-i", marks=0.25, rules="buffer", after="test_films_are_shuffled_one_by_one"
)
def test_shuffle_buffer_holds_all_films(submission: Submission) -> None:
    """With training=True, the shuffle buffer holds all 5,060 training films."""
    dataset = words.large_dataset(submission)
    pipelines.expect_large_buffer(dataset, pipelines.NUM_TRAINING_FILMS)


# --- 1b-ii: build_encoder ----------------------------------------------------------


@pytest.mark.check("1b-ii", marks=0.25, rules=("new-layer", "learnt"))
def test_is_a_text_vectorization(submission: Submission) -> None:
    """It returns a TextVectorization layer."""
    words.expect_encoder(learnt_encoder(submission, NOUNS))


@pytest.mark.check(
    "1b-ii", marks=0.5, rules="learnt", after="test_is_a_text_vectorization"
)
def test_learns_the_words_of_the_overviews(submission: Submission) -> None:
    """The vocabulary holds the words of the training overviews."""
    words.expect_learnt(learnt_encoder(submission, NOUNS), NOUNS)


@pytest.mark.check(
    "1b-ii",
    marks=0.25,
    rules=("training-only", "new-layer"),
    after="test_learns_the_words_of_the_overviews",
)
def test_learns_from_training_overviews_only(submission: Submission) -> None:
    """The vocabulary holds no word that the training overviews do not hold."""
    for nouns in (NOUNS, OTHER_NOUNS):
        words.expect_nothing_else(learnt_encoder(submission, nouns), nouns)


@pytest.mark.check(
    "1b-ii",
    marks=0.5,
    rules=("max-tokens", "frequent"),
    after="test_learns_the_words_of_the_overviews",
)
def test_vocabulary_has_at_most_max_tokens(submission: Submission) -> None:
    """A vocabulary has max_tokens entries at most: those of the most frequent words."""
    encoder = learnt_encoder(submission, NOUNS, 7)
    words.expect_most_frequent(encoder, NOUNS, max_tokens=7)


@pytest.mark.check(
    "1b-ii",
    marks=0.25,
    rules="default-tokens",
    after="test_learns_the_words_of_the_overviews",
)
def test_vocabulary_has_10_000_entries_by_default(submission: Submission) -> None:
    """Without max_tokens, a vocabulary has 10,000 entries at most."""
    words.expect_default_tokens(submission, NOUNS)


@pytest.mark.check(
    "1b-ii",
    marks=0.5,
    rules=("indices", "new-layer"),
    after="test_learns_the_words_of_the_overviews",
)
def test_overview_becomes_indices(submission: Submission) -> None:
    """The encoder gives one integer a word: its place in the vocabulary."""
    encoder = learnt_encoder(submission, NOUNS)
    learnt_encoder(submission, OTHER_NOUNS)  # which must leave the first as it was
    words.expect_indices(encoder, NOUNS, ["ship lantern", "storm", "winter harbour"])


@pytest.mark.check(
    "1b-ii", marks=0.25, rules="unknown-words", after="test_overview_becomes_indices"
)
def test_unknown_words_become_1(submission: Submission) -> None:
    """A word that is not in the vocabulary becomes 1, the place of "[UNK]"."""
    encoder = learnt_encoder(submission, NOUNS)
    words.expect_indices(encoder, NOUNS, ["ship zeppelin", "zeppelin storm"])


# --- 1b-iii: first_words -----------------------------------------------------------


@pytest.mark.check("1b-iii", marks=0.25, rules=("first", "words"))
def test_lists_the_most_frequent_words(submission: Submission) -> None:
    """It lists the first n words of the vocabulary, most frequent first."""
    encoder = submission.ingredients.make_encoder(LISTED)
    found = submission.vectorization.first_words(encoder, n=5)
    words.expect_first_words(found, LISTED, 5)


@pytest.mark.check(
    "1b-iii",
    marks=0.25,
    rules=("default", "whole", "words"),
    after="test_lists_the_most_frequent_words",
)
def test_lists_200_words_by_default(submission: Submission) -> None:
    """Without n, it lists 200 words, or all of a smaller vocabulary."""
    for vocabulary in ([f"word{number}" for number in range(250)], LISTED):
        encoder = submission.ingredients.make_encoder(vocabulary)
        found = submission.vectorization.first_words(encoder)
        words.expect_first_words(found, vocabulary, 200)
