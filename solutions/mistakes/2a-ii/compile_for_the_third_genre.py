"""Precision and Recall of one genre only (class_id).

Breaks: all-genres
"""


def compile_cnn(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-4),
        loss="binary_crossentropy",
        metrics=[
            keras.metrics.Precision(class_id=2, name="precision"),
            keras.metrics.Recall(class_id=2, name="recall"),
        ],
    )
    return model
