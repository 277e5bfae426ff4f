"""The genres of a film and model are sorted by name, not by probability.

Breaks: most-probable
"""

_compare = compare_films


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    table = _compare(films, cnn_probabilities, lstm_probabilities, genres, k)
    return table.sort_values(["Id", "Model", "Genre"], ignore_index=True)
