"""A film whose overview has come before is left out.

Breaks: every-film
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    overviews = list(overviews)
    first = [
        place for place, text in enumerate(overviews) if text not in overviews[:place]
    ]
    films = tf.data.Dataset.from_tensor_slices(
        ([overviews[place] for place in first], labels[first])
    )
    if training:
        films = films.shuffle(len(overviews))
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
