"""LSTMs with the recurrent activation of an older Keras.

Breaks: defaults
"""


def _bidirectional(units, *, return_sequences):
    return layers.Bidirectional(
        layers.LSTM(
            units,
            dropout=0.5,
            recurrent_dropout=0.2,
            return_sequences=return_sequences,
            recurrent_activation="hard_sigmoid",
        )
    )
