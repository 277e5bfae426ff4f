"""Precision and Recall of batches are averaged by functions of one's own.

Breaks: metrics
"""


def precision(truth, answer):
    said = keras.ops.cast(answer > 0.5, "float32")
    return keras.ops.sum(said * truth) / (keras.ops.sum(said) + 1e-7)


def recall(truth, answer):
    said = keras.ops.cast(answer > 0.5, "float32")
    return keras.ops.sum(said * truth) / (keras.ops.sum(truth) + 1e-7)


def compile_cnn(model):
    model.compile(
        optimizer=keras.optimizers.Adam(1e-4),
        loss="binary_crossentropy",
        metrics=[precision, recall],
    )
    return model
