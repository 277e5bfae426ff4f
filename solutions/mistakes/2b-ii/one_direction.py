"""LSTMs that read in one direction.

Breaks: table
"""


def _bidirectional(units: int, *, return_sequences: bool) -> layers.LSTM:
    return layers.LSTM(
        units, dropout=0.5, recurrent_dropout=0.2, return_sequences=return_sequences
    )
