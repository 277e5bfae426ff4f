"""Zips a dataset of posters with a dataset of labels."""


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):

    images = tf.data.Dataset.from_tensor_slices(list(paths))
    images = images.map(
        lambda path: img_process(*parse_image(path, None))[0],
        num_parallel_calls=tf.data.AUTOTUNE,
    )
    truths = tf.data.Dataset.from_tensor_slices(labels.astype("float32"))
    films = tf.data.Dataset.zip((images, truths)).cache()
    if training:
        films = films.shuffle(len(paths), seed=42, reshuffle_each_iteration=True)
    films = films.batch(batch_size, num_parallel_calls=tf.data.AUTOTUNE)
    return films.prefetch(buffer_size=tf.data.AUTOTUNE)
