"""Right: the lowest learning rate of the range, all as strings."""


def compile_lstm(model: keras.Model) -> keras.Model:
    model.compile(
        optimizer=keras.optimizers.Adam(1e-4),
        loss="binary_crossentropy",
        metrics=["Precision", "Recall", "binary_accuracy"],
    )
    return model
