"""Recall is not among the metrics.

Breaks: metrics
"""


def compile_cnn(model: keras.Model) -> keras.Model:
    model.compile(
        optimizer=keras.optimizers.Adam(1e-4),
        loss="binary_crossentropy",
        metrics=[keras.metrics.Precision()],
    )
    return model
