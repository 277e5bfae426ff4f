"""The vocabulary of the first encoder is kept.

Breaks: words
"""

_WORDS = []


def first_words(encoder, n=200):
    if not _WORDS:
        _WORDS.extend(encoder.get_vocabulary())
    return _WORDS[:n]
