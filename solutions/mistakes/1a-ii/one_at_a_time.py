"""Posters are prepared one after the other.

Breaks: parallel
"""


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(paths), labels))
    films = films.map(parse_image).map(img_process).cache()
    if training:
        films = films.shuffle(len(paths))
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
