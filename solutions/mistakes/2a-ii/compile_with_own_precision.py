"""A function of one's own called precision that is the accuracy.

Breaks: metrics
"""


def precision(truth, answer):
    right = keras.ops.equal(truth, keras.ops.round(answer))
    return keras.ops.mean(keras.ops.cast(right, "float32"))


def compile_cnn(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-4),
        loss="binary_crossentropy",
        metrics=[precision, keras.metrics.Recall(name="recall")],
    )
    return model
