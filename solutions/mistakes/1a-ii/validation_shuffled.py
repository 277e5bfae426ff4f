"""Validation films are shuffled like those of training.

Breaks: order
"""


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(paths), labels))
    films = films.map(parse_image, num_parallel_calls=tf.data.AUTOTUNE)
    films = films.map(img_process, num_parallel_calls=tf.data.AUTOTUNE)
    films = films.cache().shuffle(len(paths)).batch(batch_size)
    return films.prefetch(tf.data.AUTOTUNE)
