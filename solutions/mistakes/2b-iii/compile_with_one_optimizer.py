"""One optimizer, made at import, serves every model.

Breaks: own-optimizer
"""

_ADAM = keras.optimizers.Adam(learning_rate=5e-4)


def compile_lstm(model):
    model.compile(
        optimizer=_ADAM,
        loss="binary_crossentropy",
        metrics=[
            keras.metrics.Precision(name="precision"),
            keras.metrics.Recall(name="recall"),
        ],
    )
    return model
