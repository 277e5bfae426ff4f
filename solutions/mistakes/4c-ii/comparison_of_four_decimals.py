"""Probabilities have four decimals.

Breaks: values
"""

_compare_before = compare_films


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    answers = cnn_probabilities, lstm_probabilities
    return _compare_before(films, *answers, genres, k).round({"Probability": 4})
