"""Right: Adam's own learning rate is the highest of the range."""


def compile_lstm(model: keras.Model) -> keras.Model:
    model.compile(
        "adam",
        keras.losses.BinaryCrossentropy(from_logits=False),
        metrics=[keras.metrics.Precision(), keras.metrics.Recall()],
    )
    return model
