"""The loss takes probabilities for logits.

Breaks: loss
"""


def compile_cnn(model: keras.Model) -> keras.Model:
    model.compile(
        optimizer=keras.optimizers.Adam(1e-4),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=["Precision", "Recall"],
    )
    return model
