"""The films are sorted by their paths, with their labels.

Breaks: order
"""


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    rows = np.argsort(list(paths))
    films = tf.data.Dataset.from_tensor_slices(
        ([paths[row] for row in rows], labels[rows])
    )
    films = films.map(parse_image, num_parallel_calls=tf.data.AUTOTUNE)
    films = films.map(img_process, num_parallel_calls=tf.data.AUTOTUNE).cache()
    if training:
        films = films.shuffle(len(paths))
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
