"""Caches in a file of its own, and validation batches as they are."""

import tempfile
from pathlib import Path


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((np.array(paths), labels.tolist()))

    def read(path, label):
        return img_process(*parse_image(path, label))

    films = films.map(read, num_parallel_calls=tf.data.AUTOTUNE)
    if not training:
        return films.batch(batch_size).prefetch(1).cache()
    folder = Path(tempfile.mkdtemp())
    films = films.cache(str(folder / "posters"))
    return films.shuffle(len(labels)).batch(batch_size).prefetch(1)
