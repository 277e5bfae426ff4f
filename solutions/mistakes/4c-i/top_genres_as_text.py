"""Probabilities are strings with two decimals.

Breaks: values
"""


def top_genres(probabilities, genres, k=3):
    best = np.argsort(probabilities)[::-1][:k]
    return [(genres[i], f"{probabilities[i]:.2f}") for i in best]
