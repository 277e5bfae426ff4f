"""Right: the loss as a function, metrics renamed, with a threshold, and AUC."""


def compile_cnn(model: keras.Model) -> keras.Model:
    model.compile(
        loss=keras.losses.binary_crossentropy,
        optimizer=keras.optimizers.Adam(10**-4),
        metrics=[
            keras.metrics.AUC(multi_label=True),
            keras.metrics.Recall(thresholds=0.5, name="r"),
            keras.metrics.Precision(0.5, name="p"),
        ],
        jit_compile=False,
    )
    return model
