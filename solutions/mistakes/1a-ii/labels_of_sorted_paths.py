"""The paths are sorted, the labels are not.

Breaks: labels
"""


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((sorted(map(str, paths)), labels))
    films = films.map(parse_image, num_parallel_calls=tf.data.AUTOTUNE)
    films = films.map(img_process, num_parallel_calls=tf.data.AUTOTUNE).cache()
    if training:
        films = films.shuffle(len(paths))
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
