"""Positions in place of names.

Breaks: names
"""


def top_genres(probabilities, genres, k=3):
    best = np.argsort(probabilities)[::-1][:k]
    return [(int(i), float(probabilities[i])) for i in best]
