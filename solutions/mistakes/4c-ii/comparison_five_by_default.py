"""K is 5 by default.

Breaks: rows
"""

_compare = compare_films


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=5):
    return _compare(films, cnn_probabilities, lstm_probabilities, genres, k)
