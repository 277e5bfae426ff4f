"""The genres of a film and model are sorted from the least probable on.

Breaks: most-probable
"""

_compare = compare_films


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    table = _compare(films, cnn_probabilities, lstm_probabilities, genres, k)
    return table.sort_values(["Id", "Model", "Probability"], ignore_index=True)
