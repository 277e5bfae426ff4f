"""The words are in the order of the alphabet."""


def first_words(encoder, n=200):
    return sorted(encoder.get_vocabulary())[:n]
