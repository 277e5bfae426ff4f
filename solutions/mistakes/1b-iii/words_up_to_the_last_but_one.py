"""Off by one: the last entry of a vocabulary is never listed.

Breaks: whole
"""


def first_words(encoder, n=200):
    return encoder.get_vocabulary()[:-1][:n]
