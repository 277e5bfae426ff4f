"""Reads several files at a time with a parallel interleave."""


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):

    def read(path, label):
        film = tf.data.Dataset.from_tensors((path, label))
        return film.map(parse_image).map(img_process)

    films = tf.data.Dataset.from_tensor_slices((list(paths), labels))
    films = films.interleave(read, cycle_length=4, num_parallel_calls=tf.data.AUTOTUNE)
    films = films.cache()
    if training:
        films = films.shuffle(films.cardinality().numpy() + len(paths) + 3)
    return films.batch(batch_size).prefetch(1)
