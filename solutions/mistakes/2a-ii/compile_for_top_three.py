"""Precision and Recall of the three most probable genres (top_k).

Breaks: all-genres
"""


def compile_cnn(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-4),
        loss="binary_crossentropy",
        metrics=[
            keras.metrics.Precision(top_k=3, name="precision"),
            keras.metrics.Recall(top_k=3, name="recall"),
        ],
    )
    return model
