"""Slices an array of the vocabulary, as tutorials do."""


def first_words(encoder, n=200):
    return list(np.array(encoder.get_vocabulary())[:n])
