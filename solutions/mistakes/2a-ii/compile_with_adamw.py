"""AdamW in place of Adam.

Breaks: adam
"""


def compile_cnn(model):
    model.compile(
        optimizer=keras.optimizers.AdamW(1e-4),
        loss="binary_crossentropy",
        metrics=[keras.metrics.Precision(), keras.metrics.Recall()],
    )
    return model
