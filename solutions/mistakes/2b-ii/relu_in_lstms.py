"""LSTMs with a ReLU in place of their own activation.

Breaks: defaults
"""


def _bidirectional(units, *, return_sequences):
    return layers.Bidirectional(
        layers.LSTM(
            units,
            activation="relu",
            dropout=0.5,
            recurrent_dropout=0.2,
            return_sequences=return_sequences,
        )
    )
