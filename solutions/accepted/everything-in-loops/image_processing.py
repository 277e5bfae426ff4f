"""Adds the steps of the pipeline in a loop and resizes with a bicubic filter."""
import tensorflow as tf

SIZE = 64


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
    # bicubic looked the sharpest when I compared them by eye
    image = tf.image.resize(image, [SIZE, SIZE], method='bicubic')
    image = tf.clip_by_value(image / 255.0, 0, 1)  # it overshoots beside edges
    return image, label


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    all_paths = []
    all_labels = []
    for i in range(len(paths)):
        all_paths.append(str(paths[i]))
        all_labels.append(labels[i])

    dataset = tf.data.Dataset.from_tensor_slices((all_paths, all_labels))
    for step in [parse_image, img_process]:
        dataset = dataset.map(step, num_parallel_calls=8)
    dataset = dataset.cache()
    if training == True:
        dataset = dataset.shuffle(len(all_paths))
    dataset = dataset.batch(batch_size)
    dataset = dataset.prefetch(1)
    return dataset
