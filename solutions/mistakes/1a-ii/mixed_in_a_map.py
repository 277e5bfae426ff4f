"""A random operation in a map shuffles: with a seed, every pass has the same order.

Breaks: reshuffle
"""


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensors(tf.range(len(paths)))
    if training:
        films = films.map(tf.random.shuffle)
    films = films.unbatch().map(lambda row: (tf.gather(list(paths), row), row))
    films = films.map(lambda path, row: (path, tf.gather(labels, row)))
    films = films.map(parse_image, num_parallel_calls=tf.data.AUTOTUNE)
    films = films.map(img_process, num_parallel_calls=tf.data.AUTOTUNE)
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
