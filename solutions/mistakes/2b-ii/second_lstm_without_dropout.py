"""Only the first LSTM has a dropout.

Breaks: dropout
"""


def _bidirectional(units, *, return_sequences):
    return layers.Bidirectional(
        layers.LSTM(
            units,
            dropout=0.5 * return_sequences,
            recurrent_dropout=0.2,
            return_sequences=return_sequences,
        )
    )
