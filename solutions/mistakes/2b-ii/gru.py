"""GRU in place of LSTM.

Breaks: table
"""


def _bidirectional(units: int, *, return_sequences: bool) -> layers.Bidirectional:
    return layers.Bidirectional(
        layers.GRU(
            units,
            dropout=0.5,
            recurrent_dropout=0.2,
            return_sequences=return_sequences,
        )
    )
