"""The names of Precision and Recall are exchanged.

Breaks: metric-names
"""


def compile_cnn(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-4),
        loss="binary_crossentropy",
        metrics=[
            keras.metrics.Precision(name="recall"),
            keras.metrics.Recall(name="precision"),
        ],
    )
    return model
