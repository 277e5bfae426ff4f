"""Both directions are added up.

Breaks: parameters
"""


def _bidirectional(units: int, *, return_sequences: bool) -> layers.Bidirectional:
    return layers.Bidirectional(
        layers.LSTM(
            units,
            dropout=0.5,
            recurrent_dropout=0.2,
            return_sequences=return_sequences,
        ),
        merge_mode="sum",
    )
