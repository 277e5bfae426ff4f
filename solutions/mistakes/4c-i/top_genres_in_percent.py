"""Probabilities come back in percent.

Breaks: values
"""


def top_genres(probabilities, genres, k=3):
    best = np.argsort(probabilities)[::-1][:k]
    return [(genres[index], 100 * float(probabilities[index])) for index in best]
