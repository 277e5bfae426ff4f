"""A DataFrame of paths and labels becomes the dataset; resized first, then divided."""
import pandas as pd
import tensorflow as tf


def parse_image(path, label):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    return image, label


def img_process(image, label):
    resized = tf.image.resize(image, [64, 64])
    return resized / 255, label


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    films = pd.DataFrame(labels).assign(path=pd.Series(paths, dtype="string"))
    ds = tf.data.Dataset.from_tensor_slices(
        (films.pop("path").to_numpy(dtype=str), films.to_numpy())
    )
    ds = (
        ds.map(parse_image, num_parallel_calls=8)
        .map(img_process, num_parallel_calls=8)
        .cache()
    )
    if training:
        ds = ds.shuffle(films.shape[0])
    return ds.batch(batch_size).prefetch(tf.data.AUTOTUNE)
