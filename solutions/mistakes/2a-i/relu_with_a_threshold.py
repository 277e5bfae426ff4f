"""A ReLU that leaves out small values.

Breaks: relu
"""


def _conv(name, filters, strides=1):
    return layers.Conv2D(
        filters,
        3,
        strides=strides,
        padding="same",
        activation=lambda x: keras.activations.relu(x, threshold=0.1),
        name=name,
    )
