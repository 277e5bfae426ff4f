"""The model is frozen before it is compiled.

Breaks: same-model
"""


def compile_cnn(model):
    model.trainable = False
    model.compile(
        optimizer=keras.optimizers.Adam(1e-4),
        loss="binary_crossentropy",
        metrics=[keras.metrics.Precision(), keras.metrics.Recall()],
    )
    return model
