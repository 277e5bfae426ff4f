"""Leaves out the entry for padding only."""


def first_words(encoder, n=200):
    words = encoder.get_vocabulary()[1:]
    return [words[i] for i in range(min(n, len(words)))]
