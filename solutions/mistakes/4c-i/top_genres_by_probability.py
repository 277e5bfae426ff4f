"""A dictionary by probability keeps one of two equal ones.

Breaks: most-probable
"""


def top_genres(probabilities, genres, k=3):
    by_probability = dict(zip(map(float, probabilities), genres, strict=True))
    best = sorted(by_probability, reverse=True)[:k]
    return [(by_probability[value], value) for value in best]
