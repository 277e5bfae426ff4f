"""A generator reads the paths of the last call, kept outside the function.

Breaks: new-dataset
"""

_FILMS = {}


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    _FILMS.update(paths=list(paths), labels=labels)

    def read():
        yield from zip(_FILMS["paths"], _FILMS["labels"], strict=True)

    label = tf.TensorSpec((labels.shape[1],), tf.int64)
    spec = (tf.TensorSpec((), tf.string), label)
    films = tf.data.Dataset.from_generator(read, output_signature=spec)
    films = films.map(parse_image, num_parallel_calls=tf.data.AUTOTUNE)
    films = films.map(img_process, num_parallel_calls=tf.data.AUTOTUNE).cache()
    if training:
        films = films.shuffle(len(paths))
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
