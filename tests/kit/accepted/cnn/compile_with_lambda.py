"""Right: a loss of one's own that is binary cross-entropy."""


def compile_cnn(model: keras.Model) -> keras.Model:
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-4, clipnorm=1.0),
        loss=lambda truth, answer: keras.ops.mean(
            keras.ops.binary_crossentropy(truth, answer), axis=-1
        ),
        metrics=[keras.metrics.Precision(), keras.metrics.Recall()],
    )
    return model
