"""Cells without recurrent dropout.

Breaks: recurrent-dropout
"""


def _bidirectional(units, *, return_sequences):
    cell = layers.LSTMCell(units, dropout=0.5)
    return layers.Bidirectional(layers.RNN(cell, return_sequences=return_sequences))
