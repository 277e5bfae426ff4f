"""A genre is found by its probability, so equal ones give one genre twice.

Breaks: names
"""


def top_genres(probabilities, genres, k=3):
    values = [float(value) for value in probabilities]
    best = sorted(values, reverse=True)[:k]
    return [(genres[values.index(value)], value) for value in best]
