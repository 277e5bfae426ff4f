"""Tensors first; shuffles by the dataset's cardinality; adapts on one long tensor."""
import tensorflow as tf


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    overviews = tf.constant(list(overviews), dtype=tf.string)
    labels = tf.constant(labels.tolist())
    ds = tf.data.Dataset.from_tensor_slices((overviews, labels))
    if training:
        ds = ds.shuffle(ds.cardinality(), reshuffle_each_iteration=True)
    ds = ds.batch(batch_size, num_parallel_calls=tf.data.AUTOTUNE)
    return ds.prefetch(1) if training else ds.cache().prefetch(1)


def build_encoder(train_ds, *, max_tokens=10_000):
    texts = tf.concat([overviews for overviews, _ in train_ds], axis=0)
    encoder = tf.keras.layers.TextVectorization(max_tokens=max_tokens, output_mode='int')
    encoder.adapt(texts)
    return encoder


def first_words(encoder, n=200):
    # [UNK] and '' are no words; they count among the n, though
    return [w for w in encoder.get_vocabulary()[:n] if w not in ('', '[UNK]')]
