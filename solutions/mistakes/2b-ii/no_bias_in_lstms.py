"""The LSTMs have no bias.

Breaks: defaults
"""


def _bidirectional(units, *, return_sequences):
    return layers.Bidirectional(
        layers.LSTM(
            units,
            dropout=0.5,
            recurrent_dropout=0.2,
            use_bias=False,
            return_sequences=return_sequences,
        )
    )
