"""A schedule of the optimizer's own in place of the learning rate.

Breaks: no-schedule
"""


def compile_cnn(model):
    rate = keras.optimizers.schedules.ExponentialDecay(1e-4, 1_000, 0.96)
    model.compile(
        optimizer=keras.optimizers.Adam(rate),
        loss="binary_crossentropy",
        metrics=[
            keras.metrics.Precision(name="precision"),
            keras.metrics.Recall(name="recall"),
        ],
    )
    return model
