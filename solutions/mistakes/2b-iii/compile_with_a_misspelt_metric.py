"""A metric is asked for by a name that Keras does not know.

Breaks: metrics
"""


def compile_lstm(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=5e-4),
        loss="binary_crossentropy",
        metrics=["precison", keras.metrics.Recall()],
    )
    return model
