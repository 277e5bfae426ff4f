"""Recall is not among the metrics.

Breaks: metrics
"""


def compile_lstm(model: keras.Model) -> keras.Model:
    model.compile(
        optimizer=keras.optimizers.Adam(1e-4),
        loss="binary_crossentropy",
        metrics=[keras.metrics.Precision()],
    )
    return model
