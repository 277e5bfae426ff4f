"""A ReLU that ends at 20.

Breaks: relu
"""


def _conv(name, filters, strides=1):
    return layers.Conv2D(
        filters,
        3,
        strides=strides,
        padding="same",
        activation=lambda x: keras.activations.relu(x, max_value=20.0),
        name=name,
    )
