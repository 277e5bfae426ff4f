"""Dropout and recurrent dropout are exchanged.

Breaks: dropout, recurrent-dropout
"""


def _bidirectional(units, *, return_sequences):
    return layers.Bidirectional(
        layers.LSTM(
            units,
            dropout=0.2,
            recurrent_dropout=0.5,
            return_sequences=return_sequences,
        )
    )
