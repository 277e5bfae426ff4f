"""Optimizer and metrics are given, the loss is forgotten.

Breaks: loss
"""


def compile_cnn(model: keras.Model) -> keras.Model:
    model.compile(
        optimizer=keras.optimizers.Adam(1e-4),
        metrics=["Precision", "Recall"],
    )
    return model
