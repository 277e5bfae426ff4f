"""Batches are shuffled, with a buffer that holds all batches.

Breaks: film-by-film
"""


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(paths), labels))
    films = films.map(parse_image, num_parallel_calls=tf.data.AUTOTUNE)
    films = films.map(img_process, num_parallel_calls=tf.data.AUTOTUNE)
    batches = films.batch(batch_size).cache()
    if training:
        batches = batches.shuffle(100)
    return batches.prefetch(tf.data.AUTOTUNE)
