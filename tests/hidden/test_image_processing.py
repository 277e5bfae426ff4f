"""Section 1.a again, with other pictures, other films and other sizes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelmark.checks import Submission
from support import pipelines
from support.films import HIDDEN
from support.pictures import (
    Split,
    coordinates,
    expect_batch,
    expect_cached,
    expect_colour,
    expect_corners,
    expect_label,
    expect_labels_kept,
    expect_maps,
    expect_places,
    expect_processed,
    flat,
    mosaic,
    poster_dataset,
    poster_epochs,
    process,
)

FILMS = Split(HIDDEN, num_train=17, num_valid=11, batch_size=5)

levels = st.integers(0, 255)
sides = st.integers(32, 96)

# --- 1a-i: img_process -------------------------------------------------------------


@pytest.mark.check(
    "1a-i", marks=0.5, rules="scale", after="test_returns_image_and_label"
)
@given(colour=st.tuples(levels, levels, levels), height=sides, width=sides)
def test_any_colour_keeps_its_share(
    submission: Submission, colour: tuple[int, int, int], height: int, width: int
) -> None:
    """A flat picture of any colour and size keeps every channel's share of 255."""
    expect_colour(process(submission, flat(colour, height, width)), colour)


@pytest.mark.check(
    "1a-i", marks=0.25, rules=("whole", "same"), after="test_returns_image_and_label"
)
def test_whole_poster_is_kept_at_any_size(submission: Submission) -> None:
    """Posters of other shapes are kept whole too: wide, small and of odd size."""
    for height, width in ((150, 300), (48, 80), (211, 133)):
        expect_corners(process(submission, mosaic(height, width)))
        expect_places(process(submission, coordinates(height, width)))


@pytest.mark.check(
    "1a-i", marks=0.25, rules="batch", after="test_returns_image_and_label"
)
def test_batches_of_any_size(submission: Submission) -> None:
    """Batches of other sizes stay batches, even a batch of one poster."""
    expect_batch(submission, 90, 120, num=1)
    expect_batch(submission, 71, 97, num=5)


@pytest.mark.check(
    "1a-i", marks=0.25, rules="label", after="test_returns_image_and_label"
)
def test_any_label_is_untouched(submission: Submission) -> None:
    """A label of any shape and dtype comes back as it went in."""
    expect_label(submission, np.array([[0.25, 1.0], [0.0, 7.5]], np.float32))
    expect_label(submission, np.array(3, np.uint8))
    expect_label(submission, None)


@pytest.mark.check(
    "1a-i", marks=0.25, rules="map", after="test_returns_image_and_label"
)
def test_works_in_a_pipeline_of_other_posters(submission: Submission) -> None:
    """It works in Dataset.map() on other posters as well."""
    expect_maps(submission, HIDDEN, num=3)


# --- 1a-ii: build_poster_dataset ---------------------------------------------------


@pytest.mark.check(
    "1a-ii",
    marks=0.25,
    rules=("batch-size", "last-batch"),
    after="test_batches_hold_small_images",
)
def test_batches_of_other_films_have_the_size_asked_for(submission: Submission) -> None:
    """Batches of other sizes are full as well, and the last holds what is left over."""
    epoch = poster_epochs(submission, FILMS, False)[0]
    pipelines.expect_sizes(epoch, FILMS.num_valid, FILMS.batch_size)
    epoch = poster_epochs(submission, FILMS, True)[0]
    pipelines.expect_training_sizes(epoch, FILMS.num_train, FILMS.batch_size)


@pytest.mark.check(
    "1a-ii",
    marks=0.25,
    rules=("processed", "labels"),
    after="test_batches_hold_small_images",
)
def test_other_posters_keep_their_labels(submission: Submission) -> None:
    """Other posters are as img_process() makes them, beside their own labels."""
    for training in (False, True):
        expect_labels_kept(poster_epochs(submission, FILMS, training))
        expect_processed(submission, FILMS, training)


@pytest.mark.check(
    "1a-ii", marks=0.5, rules="order", after="test_batches_hold_small_images"
)
def test_other_validation_films_keep_their_order(submission: Submission) -> None:
    """With training=False, other films keep their order at every pass."""
    dataset = poster_dataset(submission, FILMS, False)
    epochs = poster_epochs(submission, FILMS, False)
    pipelines.expect_file_order(dataset, epochs, FILMS.num_valid)


@pytest.mark.check(
    "1a-ii",
    marks=0.25,
    rules=("every-film", "last-batch"),
    after="test_batches_hold_small_images",
)
def test_epoch_shows_every_other_film_once(submission: Submission) -> None:
    """With training=True, every epoch shows each of some other films exactly once."""
    epochs = poster_epochs(submission, FILMS, True)
    pipelines.expect_every_film_once(epochs, FILMS.num_train)


@pytest.mark.check(
    "1a-ii", marks=0.5, rules="film-by-film", after="test_epochs_differ_in_order"
)
def test_other_films_are_shuffled_one_by_one(submission: Submission) -> None:
    """With training=True, other films meet in new batches in every epoch, too."""
    pipelines.expect_regrouped(poster_epochs(submission, FILMS, True))


@pytest.mark.check(
    "1a-ii", marks=0.5, rules="cache", after="test_batches_hold_small_images"
)
def test_second_pass_reads_no_validation_file(submission: Submission) -> None:
    """Posters of the validation set are cached as well."""
    expect_cached(submission, FILMS, training=False)
