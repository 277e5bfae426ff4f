"""All words are listed by default.

Breaks: default
"""


def first_words(encoder, n=None):
    return [str(word) for word in encoder.get_vocabulary()[:n]]
