"""200 words are listed whatever is asked for.

Breaks: first
"""


def first_words(encoder, n=200):
    return encoder.get_vocabulary()[:200]
