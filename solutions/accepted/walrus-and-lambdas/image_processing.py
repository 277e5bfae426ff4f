"""Lambdas where others write def; the pipeline is one expression, and tabs indent."""
import tensorflow as tf
from tensorflow.data import AUTOTUNE, Dataset


def parse_image(path, label):
	image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
	return image, label


img_process = lambda image, label: (tf.image.resize(image, (64, 64), antialias=True) / 255., label)


def build_poster_dataset(paths, labels, batch_size=64, training=False):
	ds = Dataset.from_tensor_slices(([*paths], labels))
	ds = ds.map(lambda *film: img_process(*parse_image(*film)), num_parallel_calls=AUTOTUNE).cache()
	return (ds.shuffle(len(paths)) if training else ds).batch(batch_size).prefetch(AUTOTUNE)
