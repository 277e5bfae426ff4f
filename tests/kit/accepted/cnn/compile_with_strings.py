"""Right: loss and metrics as strings, and one more metric."""


def compile_cnn(model: keras.Model) -> keras.Model:
    optimizer = keras.optimizers.Adam(learning_rate=0.0001)
    metrics = ["accuracy", "Precision", "Recall"]
    model.compile(optimizer=optimizer, loss="BinaryCrossentropy", metrics=metrics)
    return model
