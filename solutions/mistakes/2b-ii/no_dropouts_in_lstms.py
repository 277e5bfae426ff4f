"""LSTMs without dropouts.

Breaks: dropout, recurrent-dropout
"""


def _bidirectional(units: int, *, return_sequences: bool) -> layers.Bidirectional:
    return layers.Bidirectional(
        layers.LSTM(
            units,
            return_sequences=return_sequences,
        )
    )
