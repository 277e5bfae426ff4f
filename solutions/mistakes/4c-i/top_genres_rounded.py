"""Probabilities come back with two decimals.

Breaks: values
"""


def top_genres(probabilities, genres, k=3):
    best = np.argsort(probabilities)[::-1][:k]
    return [(genres[index], round(float(probabilities[index]), 2)) for index in best]
