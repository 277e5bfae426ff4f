"""Correct asks for a probability above 0.5 as well.

Breaks: truth
"""

_compare_before = compare_films


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    table = _compare_before(films, cnn_probabilities, lstm_probabilities, genres, k)
    return table.assign(Correct=table["Correct"] & (table["Probability"] > 0.5))
