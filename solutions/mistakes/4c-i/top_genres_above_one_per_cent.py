"""Genres of a probability below 0.01 are left out.

Breaks: k
"""


def top_genres(probabilities, genres, k=3):
    best = [i for i in np.argsort(probabilities)[::-1][:k] if probabilities[i] > 0.01]
    return [(genres[index], float(probabilities[index])) for index in best]
