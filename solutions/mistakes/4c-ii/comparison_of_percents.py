"""Probabilities are written in percent.

Breaks: values
"""

_compare_before = compare_films


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    table = _compare_before(films, cnn_probabilities, lstm_probabilities, genres, k)
    table["Probability"] *= 100
    return table
