"""Probabilities are rounded to two decimals.

Breaks: values
"""

_compare = compare_films


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    table = _compare(films, cnn_probabilities, lstm_probabilities, genres, k)
    return table.round({"Probability": 2})
