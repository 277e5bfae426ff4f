"""A loop over range(n) runs past the end of a small vocabulary.

Breaks: whole
"""


def first_words(encoder, n=200):
    vocabulary = encoder.get_vocabulary()
    return [vocabulary[place] for place in range(n)]
