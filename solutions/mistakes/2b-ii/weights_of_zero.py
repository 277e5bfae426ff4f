"""All weights on the inputs of the LSTMs begin as 0.

Breaks: defaults
"""


def _bidirectional(units, *, return_sequences):
    return layers.Bidirectional(
        layers.LSTM(
            units,
            dropout=0.5,
            recurrent_dropout=0.2,
            return_sequences=return_sequences,
            kernel_initializer="zeros",
        )
    )
