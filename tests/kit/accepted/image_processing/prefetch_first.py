"""Prefetches films before it shuffles them, and shuffles by cardinality."""


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):

    films = tf.data.Dataset.from_tensor_slices((paths, np.asarray(labels, "float32")))
    films = films.map(parse_image, tf.data.experimental.AUTOTUNE)
    films = films.map(img_process, tf.data.experimental.AUTOTUNE)
    films = films.cache().prefetch(tf.data.experimental.AUTOTUNE)
    if training:
        films = films.shuffle(films.cardinality())
    return films.batch(batch_size)
