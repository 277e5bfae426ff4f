"""Words are written in small letters.

Breaks: words
"""


def first_words(encoder, n=200):
    return [word.lower() for word in encoder.get_vocabulary()[:n]]
