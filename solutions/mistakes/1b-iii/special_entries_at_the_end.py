"""The entries for padding and unknown words come last.

Breaks: words
"""


def first_words(encoder, n=200):
    padding, unknown, *words = encoder.get_vocabulary()
    return [*words, padding, unknown][:n]
