"""Probabilities are sorted, names are not.

Breaks: names
"""


def top_genres(probabilities, genres, k=3):
    values = sorted((float(p) for p in probabilities), reverse=True)
    return list(zip(genres, values, strict=True))[:k]
