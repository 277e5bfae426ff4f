"""Labels are smoothed.

Breaks: loss
"""


def compile_cnn(model: keras.Model) -> keras.Model:
    model.compile(
        optimizer=keras.optimizers.Adam(1e-4),
        loss=keras.losses.BinaryCrossentropy(label_smoothing=0.1),
        metrics=["Precision", "Recall"],
    )
    return model
