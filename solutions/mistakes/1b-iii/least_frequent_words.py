"""The last n entries of the vocabulary.

Breaks: first
"""


def first_words(encoder, n=200):
    return list(encoder.get_vocabulary()[-n:])
