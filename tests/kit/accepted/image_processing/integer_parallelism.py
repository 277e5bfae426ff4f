"""Fixes the numbers of parallel calls and of batches ahead."""


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):

    films = tf.data.Dataset.from_tensor_slices(
        (tf.constant(paths), tf.constant(labels))
    )
    films = films.map(
        lambda path, label: parse_image(path, label), num_parallel_calls=4
    )
    films = films.map(
        lambda image, label: img_process(image, label), num_parallel_calls=4
    )
    films = films.cache()
    if training:
        films = films.shuffle(buffer_size=10_000)
    return films.batch(batch_size, drop_remainder=False).prefetch(2)
