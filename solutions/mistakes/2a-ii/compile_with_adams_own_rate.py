"""The learning rate is left to Adam.

Breaks: rate
"""


def compile_cnn(model: keras.Model) -> keras.Model:
    model.compile(
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["Precision", "Recall"],
    )
    return model
