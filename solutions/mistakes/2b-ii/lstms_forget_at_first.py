"""LSTMs whose forget gates do not begin with a bias of 1.

Breaks: defaults
"""


def _bidirectional(units, *, return_sequences):
    return layers.Bidirectional(
        layers.LSTM(
            units,
            dropout=0.5,
            recurrent_dropout=0.2,
            return_sequences=return_sequences,
            unit_forget_bias=False,
        )
    )
