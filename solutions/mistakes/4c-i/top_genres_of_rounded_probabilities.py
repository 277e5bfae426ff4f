"""Genres are ranked by probabilities of two decimals.

Breaks: most-probable
"""


def top_genres(probabilities, genres, k=3):
    best = np.argsort(-np.round(probabilities, 2), kind="stable")[:k]
    return [(genres[index], float(probabilities[index])) for index in best]
