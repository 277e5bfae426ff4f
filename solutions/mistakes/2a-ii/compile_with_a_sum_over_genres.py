"""The loss is summed over the genres of a film.

Breaks: mean
"""


def _loss(truth, answer):
    losses = keras.losses.binary_crossentropy(truth, answer)
    return losses * keras.ops.cast(keras.ops.shape(answer)[-1], "float32")


def compile_cnn(model):
    model.compile(
        optimizer=keras.optimizers.Adam(1e-4),
        loss=_loss,
        metrics=[keras.metrics.Precision(), keras.metrics.Recall()],
    )
    return model
