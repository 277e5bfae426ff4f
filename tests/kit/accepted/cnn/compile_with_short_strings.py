"""Right: names in small letters, Adam's other settings spelt out."""


def compile_cnn(model: keras.Model) -> keras.Model:
    model.compile(
        optimizer=keras.optimizers.Adam(0.0001, beta_1=0.9, epsilon=1e-7),
        loss="bce",
        metrics=["precision", "recall"],
    )
    return model
