"""The ids are put in order, the rest stays where it was.

Breaks: ids
"""

_compare_before = compare_films


def compare_films(films, cnn_probabilities, lstm_probabilities, genres, k=3):
    table = _compare_before(films, cnn_probabilities, lstm_probabilities, genres, k)
    ids = np.repeat(sorted(films["Id"]), 2 * k)
    return table.assign(Id=ids)
