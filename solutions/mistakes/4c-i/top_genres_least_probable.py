"""The wrong end of the order: the least probable genres.

Breaks: most-probable
"""


def top_genres(probabilities, genres, k=3):
    best = np.argsort(probabilities)[:k]
    return [(genres[i], float(probabilities[i])) for i in best]
