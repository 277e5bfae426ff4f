"""A learning rate of 0.00101, just above the range.

Breaks: rate
"""


def compile_lstm(model):
    model.compile(
        optimizer=keras.optimizers.Adam(1.01e-3),
        loss="binary_crossentropy",
        metrics=[keras.metrics.Precision(), keras.metrics.Recall()],
    )
    return model
