"""Precision and Recall count an answer from 0.3 on.

Breaks: threshold
"""


def compile_cnn(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-4),
        loss="binary_crossentropy",
        metrics=[
            keras.metrics.Precision(thresholds=0.3, name="precision"),
            keras.metrics.Recall(thresholds=0.3, name="recall"),
        ],
    )
    return model
