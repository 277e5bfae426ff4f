"""The backward LSTM has no dropouts.

Breaks: dropout, recurrent-dropout
"""


def _bidirectional(units, *, return_sequences):
    there = layers.LSTM(
        units, dropout=0.5, recurrent_dropout=0.2, return_sequences=return_sequences
    )
    back = layers.LSTM(units, return_sequences=return_sequences, go_backwards=True)
    return layers.Bidirectional(there, backward_layer=back)
