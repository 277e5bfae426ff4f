"""A limit from an earlier version is left: 30 words unless it is 200.

Breaks: first
"""


def first_words(encoder, n=200):
    return encoder.get_vocabulary()[: n if n == 200 else min(n, 30)]
