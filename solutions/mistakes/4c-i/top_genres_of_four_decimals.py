"""Probabilities come back with four decimals.

Breaks: values
"""

_top_before = top_genres


def top_genres(probabilities, genres, k=3):
    return [(name, round(p, 4)) for name, p in _top_before(probabilities, genres, k)]
