"""A new model is compiled, not the given one.

Breaks: same-model
"""


def compile_cnn(model: keras.Model) -> keras.Model:
    model = keras.models.clone_model(model)
    model.compile(
        optimizer=keras.optimizers.Adam(1e-4),
        loss="binary_crossentropy",
        metrics=["Precision", "Recall"],
    )
    return model
