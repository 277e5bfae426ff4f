"""The k most probable genres, the least of them first.

Breaks: most-probable
"""


def top_genres(probabilities, genres, k=3):
    best = np.argsort(probabilities)[-k:]
    return [(genres[i], float(probabilities[i])) for i in best]
