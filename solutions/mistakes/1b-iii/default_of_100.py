"""100 words are listed by default.

Breaks: default
"""


def first_words(encoder, n=100):
    return encoder.get_vocabulary()[:n]
