"""RMSprop in place of Adam.

Breaks: adam
"""


def compile_cnn(model: keras.Model) -> keras.Model:
    model.compile(
        optimizer=keras.optimizers.RMSprop(1e-4),
        loss="binary_crossentropy",
        metrics=["Precision", "Recall"],
    )
    return model
