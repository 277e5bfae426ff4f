"""Training batches are half as large as asked for.

Breaks: batch-size
"""


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(paths), labels))
    films = films.map(parse_image, num_parallel_calls=tf.data.AUTOTUNE)
    films = films.map(img_process, num_parallel_calls=tf.data.AUTOTUNE).cache()
    if training:
        films = films.shuffle(len(paths))
        batch_size = batch_size // 2
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
