"""All films are permuted before the pipeline begins, those of the validation set too.

Breaks: order
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    rows = np.random.default_rng(1).permutation(len(overviews))
    texts = [overviews[row] for row in rows]
    films = tf.data.Dataset.from_tensor_slices((texts, labels[rows]))
    if training:
        films = films.shuffle(len(overviews))
    return films.batch(batch_size)
