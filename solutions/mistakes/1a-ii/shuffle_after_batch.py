"""Batches are shuffled, not films.

Breaks: film-by-film
"""


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(paths), labels))
    films = films.map(parse_image, num_parallel_calls=tf.data.AUTOTUNE)
    films = films.map(img_process, num_parallel_calls=tf.data.AUTOTUNE)
    films = films.cache().batch(batch_size)
    if training:
        films = films.shuffle(len(paths))
    return films.prefetch(tf.data.AUTOTUNE)
