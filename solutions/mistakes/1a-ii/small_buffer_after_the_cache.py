"""All films are shuffled before the cache, once; after it the buffer is small.

Breaks: buffer
"""


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(paths), labels))
    if training:
        films = films.shuffle(len(paths))
    films = films.map(parse_image, num_parallel_calls=tf.data.AUTOTUNE)
    films = films.map(img_process, num_parallel_calls=tf.data.AUTOTUNE).cache()
    if training:
        films = films.shuffle(10 * batch_size)
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
