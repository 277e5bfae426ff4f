"""Precision and Recall count an answer from 0.47 on.

Breaks: threshold
"""


def compile_cnn(model):
    model.compile(
        optimizer=keras.optimizers.Adam(1e-4),
        loss="binary_crossentropy",
        metrics=[
            keras.metrics.Precision(thresholds=0.47),
            keras.metrics.Recall(thresholds=0.47),
        ],
    )
    return model
