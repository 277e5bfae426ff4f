"""Probabilities are divided by their sum.

Breaks: values
"""


def top_genres(probabilities, genres, k=3):
    best = np.argsort(probabilities)[::-1][:k]
    total = float(np.sum(probabilities))
    return [(genres[index], float(probabilities[index]) / total) for index in best]
