"""Posters and labels are shuffled apart.

Breaks: labels
"""


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    images = tf.data.Dataset.from_tensor_slices(list(paths))
    images = images.map(
        lambda path: img_process(*parse_image(path, None))[0],
        num_parallel_calls=tf.data.AUTOTUNE,
    ).cache()
    truths = tf.data.Dataset.from_tensor_slices(labels)
    if training:
        images = images.shuffle(len(paths), seed=1)
        truths = truths.shuffle(len(paths), seed=2)
    films = tf.data.Dataset.zip((images, truths))
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
