"""The names of the genres begin one place too late.

Breaks: names
"""

_compare_films = compare_films


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    names = [*genres[1:], genres[0]]
    return _compare_films(films, cnn_probabilities, lstm_probabilities, names, k)
