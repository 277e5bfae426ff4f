"""LSTMs without recurrent dropout.

Breaks: recurrent-dropout
"""


def _bidirectional(units: int, *, return_sequences: bool) -> layers.Bidirectional:
    return layers.Bidirectional(
        layers.LSTM(
            units,
            dropout=0.5,
            return_sequences=return_sequences,
        )
    )
