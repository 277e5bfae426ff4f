"""Films are shuffled within their batches only.

Breaks: film-by-film
"""


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(paths), labels))
    films = films.map(parse_image, num_parallel_calls=tf.data.AUTOTUNE)
    films = films.map(img_process, num_parallel_calls=tf.data.AUTOTUNE).cache()
    films = films.batch(batch_size)
    if training:
        films = films.map(_mix)
    return films.prefetch(tf.data.AUTOTUNE)


def _mix(images, labels):
    num = tf.shape(labels)[0]
    order = tf.numpy_function(np.random.permutation, [num], tf.int64)
    mixed = tf.gather(images, order)
    return tf.ensure_shape(mixed, images.shape), tf.gather(labels, order)
