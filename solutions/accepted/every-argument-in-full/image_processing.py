"""Crops a box that is the whole poster, and spells every argument out."""

import numpy
import tensorflow

tf = tensorflow

IMAGE_HEIGHT = 64
IMAGE_WIDTH = 64
LARGEST_PIXEL = 255.0
WHOLE_POSTER = [0.0, 0.0, 1.0, 1.0]


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


def img_process(image, label):
    """Scale and resize.

    Parameters
    ----------
    image : tf.Tensor
        One poster or a batch of posters, uint8.
    label : tf.Tensor or None
        Goes through.

    Returns
    -------
    tuple
        The image in [0, 1], and the label.
    """
    isSingle = len(image.shape) == 3
    batch = tf.expand_dims(input=image, axis=0) if isSingle else image
    batch = tf.cast(x=batch, dtype=tf.float32)
    numberOfImages = tf.shape(input=batch)[0]
    resized = tf.image.crop_and_resize(
        image=batch,
        boxes=tf.tile(input=[WHOLE_POSTER], multiples=[numberOfImages, 1]),
        box_indices=tf.range(start=0, limit=numberOfImages),
        crop_size=[IMAGE_HEIGHT, IMAGE_WIDTH],
        method="bilinear",
    )
    resized = tf.multiply(x=resized, y=1.0 / LARGEST_PIXEL)
    if isSingle:
        resized = tf.squeeze(input=resized, axis=0)
    return resized, label


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    """Input pipeline of the posters.

    Parameters
    ----------
    paths : sequence of str
        Where the posters are.
    labels : numpy.ndarray
        0 or 1.
    batch_size : int, optional
        Films in a batch.
    training : bool, optional
        Whether to shuffle.

    Returns
    -------
    tf.data.Dataset
        Images and labels.
    """
    pathArray = numpy.asarray(a=paths, dtype=numpy.str_)
    dataset = tf.data.Dataset.from_tensor_slices(tensors=(pathArray, labels), name="films")
    dataset = dataset.map(
        map_func=parse_image,
        num_parallel_calls=tf.data.experimental.AUTOTUNE,
        deterministic=True,
        name="read",
    )
    dataset = dataset.map(
        map_func=img_process,
        num_parallel_calls=tf.data.experimental.AUTOTUNE,
        deterministic=True,
        name="prepare",
    )
    dataset = dataset.cache(filename="", name="remember")
    if training:
        dataset = dataset.shuffle(
            buffer_size=pathArray.size, seed=None, reshuffle_each_iteration=True, name="mix"
        )
    dataset = dataset.batch(
        batch_size=batch_size, drop_remainder=False, num_parallel_calls=None, deterministic=None
    )
    dataset = dataset.prefetch(buffer_size=tf.data.experimental.AUTOTUNE)
    options = tf.data.Options()
    options.deterministic = True
    options.threading.private_threadpool_size = 4
    return dataset.with_options(options=options)
