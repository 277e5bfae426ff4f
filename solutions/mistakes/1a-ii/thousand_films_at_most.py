"""A slice from a first trial is still there: a thousand films at most.

Breaks: every-film
"""


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(paths), labels)).take(1000)
    films = films.map(parse_image, num_parallel_calls=tf.data.AUTOTUNE)
    films = films.map(img_process, num_parallel_calls=tf.data.AUTOTUNE).cache()
    if training:
        films = films.shuffle(len(paths), reshuffle_each_iteration=True)
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
