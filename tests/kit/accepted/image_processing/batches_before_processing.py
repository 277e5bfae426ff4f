"""Keeps posters as read, and prepares whole batches at every pass."""


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):

    films = tf.data.Dataset.from_tensor_slices((paths, labels))
    films = films.map(parse_image, num_parallel_calls=tf.data.AUTOTUNE).cache()
    if training:
        films = films.shuffle(len(paths))
    films = films.batch(batch_size)
    films = films.map(img_process, num_parallel_calls=tf.data.AUTOTUNE)
    return films.prefetch(tf.data.AUTOTUNE)
