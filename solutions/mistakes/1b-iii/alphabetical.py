"""The words are in the order of the alphabet.

Breaks: first
"""


def first_words(encoder, n=200):
    return sorted(encoder.get_vocabulary())[:n]
