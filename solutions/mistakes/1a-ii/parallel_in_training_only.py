"""Only training posters are prepared in parallel.

Breaks: parallel
"""


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    calls = tf.data.AUTOTUNE if training else 1
    films = tf.data.Dataset.from_tensor_slices((list(paths), labels))
    films = films.map(parse_image, num_parallel_calls=calls)
    films = films.map(img_process, num_parallel_calls=calls).cache()
    if training:
        films = films.shuffle(len(paths))
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
