"""Units counted for both directions together.

Breaks: units
"""


def _bidirectional(units: int, *, return_sequences: bool) -> layers.Bidirectional:
    return layers.Bidirectional(
        layers.LSTM(
            units // 2,
            dropout=0.5,
            recurrent_dropout=0.2,
            return_sequences=return_sequences,
        )
    )
