"""Adam with a weight decay, which is AdamW.

Breaks: adam
"""


def compile_lstm(model):
    model.compile(
        optimizer=keras.optimizers.Adam(1e-4, weight_decay=0.004),
        loss="binary_crossentropy",
        metrics=[keras.metrics.Precision(), keras.metrics.Recall()],
    )
    return model
