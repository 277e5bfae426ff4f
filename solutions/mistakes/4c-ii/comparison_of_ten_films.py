"""Ten films are compared, however many there are.

Breaks: rows
"""

_compare_before = compare_films


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    first = slice(10)
    return _compare_before(
        films.iloc[first],
        cnn_probabilities[first],
        lstm_probabilities[first],
        genres,
        k,
    )
