"""Section 1.a: posters become small images, and a pipeline feeds them to a network."""

from __future__ import annotations

import numpy as np
import pytest

from reelmark.checks import Submission, expect
from support import pipelines
from support.films import PUBLIC
from support.pictures import (
    SIZE,
    WHITE,
    Split,
    coordinates,
    default_epoch,
    expect_batch,
    expect_cached,
    expect_colour,
    expect_contrast,
    expect_corners,
    expect_float32,
    expect_label,
    expect_labels_kept,
    expect_maps,
    expect_places,
    expect_posters,
    expect_processed,
    expect_range,
    flat,
    large_dataset,
    mosaic,
    poster_dataset,
    poster_epochs,
    process,
    ramp,
    stripes,
)

FILMS = Split(PUBLIC, num_train=14, num_valid=9, batch_size=4)

# --- 1a-i: img_process -------------------------------------------------------------


@pytest.mark.check("1a-i", marks=0.25, rules=("label", "size", "scale"))
def test_returns_image_and_label(submission: Submission) -> None:
    """A poster and its label come back as a pair: the image and the label."""
    expect_contrast(process(submission, ramp(300, 150)))


@pytest.mark.check(
    "1a-i", marks=0.25, rules="size", after="test_returns_image_and_label"
)
def test_image_is_64_by_64(submission: Submission) -> None:
    """A poster of any size becomes 64 x 64 pixels with three channels."""
    for height, width in ((300, 150), (64, 64), (97, 71)):
        image = process(submission, mosaic(height, width))
        expect.equal(image.shape, SIZE, "the shape of the image")


@pytest.mark.check(
    "1a-i", marks=0.25, rules="dtype", after="test_returns_image_and_label"
)
def test_image_is_float32(submission: Submission) -> None:
    """The image is of dtype float32."""
    expect_float32(process(submission, mosaic(300, 150)))


@pytest.mark.check(
    "1a-i", marks=0.5, rules="scale", after="test_returns_image_and_label"
)
def test_white_stays_white(submission: Submission) -> None:
    """White stays white: a pixel of 255 becomes 1.0."""
    expect_colour(process(submission, flat(WHITE, 300, 150)), WHITE)


@pytest.mark.check(
    "1a-i", marks=0.25, rules=("scale", "edges"), after="test_returns_image_and_label"
)
def test_colours_keep_their_share(submission: Submission) -> None:
    """Every channel keeps its share of 255; nothing leaves [0, 1]."""
    for colour in ((0, 0, 0), (0, 102, 204), (1, 0, 1)):
        expect_colour(process(submission, flat(colour, 300, 150)), colour)
    # A poster may be made smaller in one way and larger in another.
    for height, width in ((300, 150), (40, 30)):
        expect_range(process(submission, stripes(height, width)))


@pytest.mark.check(
    "1a-i", marks=0.25, rules=("whole", "same"), after="test_returns_image_and_label"
)
def test_whole_poster_is_kept(submission: Submission) -> None:
    """The whole poster is resized: not cropped, turned, mirrored or given a border."""
    # Again and again, for what happens now and then would be missed.
    for _ in range(5):
        expect_corners(process(submission, mosaic(300, 150)))
    expect_places(process(submission, coordinates(300, 150)))


@pytest.mark.check(
    "1a-i", marks=0.25, rules=("batch", "same"), after="test_returns_image_and_label"
)
def test_batch_becomes_batch(submission: Submission) -> None:
    """A batch of posters becomes a batch of as many images, in the same order."""
    expect_batch(submission, 300, 150, num=3)


@pytest.mark.check(
    "1a-i", marks=0.25, rules="label", after="test_returns_image_and_label"
)
def test_label_is_untouched(submission: Submission) -> None:
    """The label comes back as it went in, also if it is None."""
    expect_label(submission, np.array([1, 0, 0, 1], np.int64))
    expect_label(submission, None)


@pytest.mark.check(
    "1a-i", marks=0.25, rules="map", after="test_returns_image_and_label"
)
def test_works_in_a_pipeline(submission: Submission) -> None:
    """It works in Dataset.map(), where the size of a poster is not known beforehand."""
    expect_maps(submission, PUBLIC, num=2)


# --- 1a-ii: build_poster_dataset ---------------------------------------------------


@pytest.mark.check("1a-ii", marks=0.25, rules="new-dataset")
def test_is_a_dataset_of_pairs(submission: Submission) -> None:
    """It returns a dataset of pairs: images and labels."""
    poster_dataset(submission, FILMS, False)


@pytest.mark.check(
    "1a-ii",
    marks=0.25,
    rules=("processed", "labels", "batch-size"),
    after="test_is_a_dataset_of_pairs",
)
def test_batches_hold_small_images(submission: Submission) -> None:
    """A batch holds float32 images of 64 x 64 pixels and as many rows of labels."""
    expect_posters(poster_epochs(submission, FILMS, False)[0])


@pytest.mark.check(
    "1a-ii",
    marks=0.25,
    rules=("batch-size", "last-batch", "default-size", "new-dataset"),
    after="test_batches_hold_small_images",
)
def test_batches_have_the_size_asked_for(submission: Submission) -> None:
    """A batch holds batch_size films, 64 by default, and the last what is left over."""
    epoch = poster_epochs(submission, FILMS, False)[0]
    pipelines.expect_sizes(epoch, FILMS.num_valid, FILMS.batch_size)
    epoch = poster_epochs(submission, FILMS, True)[0]
    pipelines.expect_training_sizes(epoch, FILMS.num_train, FILMS.batch_size)
    pipelines.expect_default_size(default_epoch(submission, FILMS))


@pytest.mark.check(
    "1a-ii",
    marks=0.25,
    rules=("processed", "labels", "new-dataset"),
    after="test_batches_hold_small_images",
)
def test_posters_keep_their_labels(submission: Submission) -> None:
    """Each poster is as img_process() makes it, beside the labels of its own film."""
    for training in (False, True):
        expect_labels_kept(poster_epochs(submission, FILMS, training))
        expect_processed(submission, FILMS, training)


@pytest.mark.check(
    "1a-ii",
    marks=0.5,
    rules=("order", "default-training"),
    after="test_batches_hold_small_images",
)
def test_validation_films_keep_their_order(submission: Submission) -> None:
    """With training=False, the default, every pass has the films in the order given."""
    dataset = poster_dataset(submission, FILMS, False)
    epochs = poster_epochs(submission, FILMS, False)
    pipelines.expect_file_order(dataset, epochs, FILMS.num_valid)
    pipelines.expect_default_order(default_epoch(submission, FILMS))


@pytest.mark.check(
    "1a-ii",
    marks=0.25,
    rules=("every-film", "last-batch"),
    after="test_batches_hold_small_images",
)
def test_epoch_shows_every_film_once(submission: Submission) -> None:
    """With training=True, every epoch shows every film exactly once."""
    epochs = poster_epochs(submission, FILMS, True)
    pipelines.expect_every_film_once(epochs, FILMS.num_train)
    dataset = large_dataset(submission, FILMS)
    pipelines.expect_none_left_out(dataset, pipelines.NUM_TRAINING_FILMS)


@pytest.mark.check(
    "1a-ii", marks=0.25, rules="reshuffle", after="test_batches_hold_small_images"
)
def test_epochs_differ_in_order(submission: Submission) -> None:
    """With training=True, every epoch shows the films in a new order."""
    dataset = poster_dataset(submission, FILMS, True)
    pipelines.expect_new_orders(dataset, poster_epochs(submission, FILMS, True))


@pytest.mark.check(
    "1a-ii", marks=0.5, rules="film-by-film", after="test_epochs_differ_in_order"
)
def test_films_are_shuffled_one_by_one(submission: Submission) -> None:
    """With training=True, batches are made of different films in every epoch."""
    pipelines.expect_regrouped(poster_epochs(submission, FILMS, True))


@pytest.mark.check(
    "1a-ii", marks=0.25, rules="buffer", after="test_films_are_shuffled_one_by_one"
)
def test_shuffle_buffer_holds_all_films(submission: Submission) -> None:
    """With training=True, the shuffle buffer holds all 5,060 training films."""
    dataset = large_dataset(submission, FILMS)
    pipelines.expect_large_buffer(dataset, pipelines.NUM_TRAINING_FILMS)


@pytest.mark.check(
    "1a-ii", marks=0.5, rules="cache", after="test_batches_hold_small_images"
)
def test_second_pass_reads_no_file(submission: Submission) -> None:
    """Posters are cached: once a full pass is over, no later pass reads a file."""
    for training in (True, False):
        expect_cached(submission, FILMS, training)


@pytest.mark.check(
    "1a-ii", marks=0.25, rules="parallel", after="test_is_a_dataset_of_pairs"
)
def test_posters_are_prepared_in_parallel(submission: Submission) -> None:
    """Several posters are prepared at a time: the pipeline has a parallel map."""
    for training in (True, False):
        pipelines.expect_step(
            poster_dataset(submission, FILMS, training),
            pipelines.is_parallel,
            "parallel map",
            training=training,
            advice="Which argument of map() says how many calls may run at a time?",
        )


@pytest.mark.check(
    "1a-ii", marks=0.25, rules="prefetch", after="test_is_a_dataset_of_pairs"
)
def test_batches_are_prefetched(submission: Submission) -> None:
    """Batches are prepared while the network trains: the pipeline has a prefetch."""
    for training in (True, False):
        pipelines.expect_step(
            poster_dataset(submission, FILMS, training),
            pipelines.is_prefetch,
            "prefetch",
            training=training,
            advice="Which step of tf.data works ahead while the network is busy?",
        )
