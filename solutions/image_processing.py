"""Section 1.a: from posters on disk to batches that a network can train on.

``parse_image`` is given. You write ``img_process``, which prepares one poster, and
``build_poster_dataset``, which turns a list of files into a ``tf.data`` pipeline.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import tensorflow as tf


def parse_image(path: tf.Tensor, label: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Read one poster from disk. This function is given: leave it as it is.

    Args:
        path: Path of a JPEG file, a scalar string tensor.
        label: The film's genres; any shape and dtype.

    Returns:
        The picture, uint8 in 0..255, shape (height, width, 3), and the label
        untouched.

    Raises:
        tf.errors.NotFoundError: No file has that path.
    """
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    return image, label


def img_process(
    image: tf.Tensor, label: tf.Tensor | None
) -> tuple[tf.Tensor, tf.Tensor | None]:
    """Scale a poster's pixels to [0, 1] and resize it to 64 x 64.

    A network trains best on small numbers. Watch the order of your steps: some
    functions scale integers only, and resizing turns integers into floats.

    Args:
        image: One poster, shape (height, width, 3), or a batch of them, shape
            (batch, height, width, 3); uint8 in 0..255.
        label: Anything, also None.

    Returns:
        The image, float32 in [0, 1], shape (64, 64, 3) or (batch, 64, 64, 3), and
        the label untouched. White (255) becomes 1.0 and black (0) becomes 0.0, and no
        pixel leaves [0, 1], not even beside a sharp edge. The whole poster is squeezed
        into the square: nothing is cut off, added, mirrored or turned. A poster
        becomes the same image every time, by itself and in a batch. It works in
        ``Dataset.map()``, too, where height and width are not known beforehand.

    Source:
        Section 1.a.i of the brief.
    """
    ### BEGIN SOLUTION
    scaled = tf.cast(image, tf.float32) / 255.0
    return tf.image.resize(scaled, (64, 64)), label
    ### END SOLUTION


def build_poster_dataset(
    paths: Sequence[str],
    labels: np.ndarray,
    *,
    batch_size: int = 64,
    training: bool = False,
) -> tf.data.Dataset:
    """Build the pipeline that reads, prepares, caches and batches posters.

    Every poster goes through ``parse_image`` and ``img_process``, several at a time
    (a parallel map), and batches are prepared while the network trains (prefetch).
    Posters are cached: once a full pass is over, no later pass reads a file.

    Args:
        paths: Paths of n JPEG files.
        labels: Genres of the same n films in the same order, 0 or 1, shape
            (n, genres).
        batch_size: Films in a batch; the last batch holds what is left over.
        training: True reshuffles the films at every pass: film by film, so that
            batches are made of different films each time, with a buffer that holds
            all n films, and without freezing one order in the cache. False keeps
            the order of ``paths`` at every pass, whichever poster is ready first.

    Returns:
        A new dataset of ``(images, labels)``: float32 in [0, 1], shape
        (batch, 64, 64, 3), and the rows of ``labels`` that belong to them, shape
        (batch, genres). Images are what ``img_process`` makes of them; only with
        ``training=True`` may they be mirrored or turned after that.

    Source:
        Section 1.a.ii of the brief.
    """
    ### BEGIN SOLUTION
    films = tf.data.Dataset.from_tensor_slices((list(paths), labels))
    films = films.map(parse_image, num_parallel_calls=tf.data.AUTOTUNE)
    films = films.map(img_process, num_parallel_calls=tf.data.AUTOTUNE).cache()
    if training:
        films = films.shuffle(len(paths), reshuffle_each_iteration=True)
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
    ### END SOLUTION
