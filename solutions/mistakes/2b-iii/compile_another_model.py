"""A clone of the model is compiled, not the given one.

Breaks: same-model
"""


def compile_lstm(model):
    clone = keras.models.clone_model(model)
    clone.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss="binary_crossentropy",
        metrics=[keras.metrics.Precision(), keras.metrics.Recall()],
    )
    return clone
