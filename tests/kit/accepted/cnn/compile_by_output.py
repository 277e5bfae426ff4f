"""Right: loss and metrics given by the name of the output layer."""


def compile_cnn(model: keras.Model) -> keras.Model:
    model.compile(
        optimizer=keras.optimizers.Adam(1e-4),
        loss={"Output": "binary_crossentropy"},
        metrics={"Output": [keras.metrics.Precision(), keras.metrics.Recall()]},
    )
    return model
