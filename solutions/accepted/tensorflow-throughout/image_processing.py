"""img_process is a tf.function; reading and preparing are one map."""
import tensorflow as tf

SIZE = tf.TensorShape([64, 64])
AUTO = tf.data.experimental.AUTOTUNE


def parse_image(path, label):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    return image, label


@tf.function
def img_process(image, label):
    image = tf.image.resize(tf.cast(image, tf.float32), SIZE, tf.image.ResizeMethod.BILINEAR)
    return tf.math.multiply(image, 1. / 255.), label


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    def load(path, label):
        return img_process(*parse_image(path, label))

    paths = tf.convert_to_tensor(list(paths), tf.string)
    ds = tf.data.Dataset.from_tensor_slices((paths, tf.convert_to_tensor(labels)))
    ds = ds.map(load, AUTO, deterministic=True).cache()
    if training:
        ds = ds.shuffle(tf.size(paths, out_type=tf.int64))
    return ds.batch(batch_size, drop_remainder=False).prefetch(AUTO)
