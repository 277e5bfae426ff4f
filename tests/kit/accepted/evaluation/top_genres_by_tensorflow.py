"""Right: TensorFlow ranks; names are np.str_, numbers np.float32."""


def top_genres(probabilities, genres, k=3):
    import tensorflow as tf

    values, indices = tf.math.top_k(tf.cast(probabilities, tf.float32), k=k)
    names = np.array(genres)[indices.numpy()]
    return list(zip(names, values.numpy(), strict=True))
