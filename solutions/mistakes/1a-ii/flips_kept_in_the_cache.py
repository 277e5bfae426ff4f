"""Posters are mirrored at random before the cache, for validation too.

Breaks: processed
"""


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(paths), labels))
    films = films.map(parse_image, num_parallel_calls=tf.data.AUTOTUNE)
    films = films.map(
        lambda image, label: (
            tf.image.random_flip_left_right(img_process(image, label)[0]),
            label,
        )
    )
    films = films.cache()
    if training:
        films = films.shuffle(len(paths))
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
