"""The squared error as loss.

Breaks: loss
"""


def compile_cnn(model: keras.Model) -> keras.Model:
    model.compile(
        optimizer=keras.optimizers.Adam(1e-4),
        loss="mse",
        metrics=["Precision", "Recall"],
    )
    return model
