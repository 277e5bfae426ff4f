"""The shuffle buffer is smaller than the training set.

Breaks: buffer
"""


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(paths), labels))
    films = films.map(parse_image, num_parallel_calls=tf.data.AUTOTUNE)
    films = films.map(img_process, num_parallel_calls=tf.data.AUTOTUNE)
    films = films.cache()
    if training:
        films = films.shuffle(1000)
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
