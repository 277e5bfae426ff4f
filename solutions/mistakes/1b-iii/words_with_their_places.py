"""Each word comes as a pair, with its place before it.

Breaks: words
"""


def first_words(encoder, n=200):
    return list(enumerate(encoder.get_vocabulary()[:n]))
