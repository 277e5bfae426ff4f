"""A learning rate below the range.

Breaks: rate
"""


def compile_lstm(model: keras.Model) -> keras.Model:
    model.compile(
        optimizer=keras.optimizers.Adam(1e-5),
        loss="binary_crossentropy",
        metrics=["Precision", "Recall"],
    )
    return model
