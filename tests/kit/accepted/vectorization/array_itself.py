"""Returns the sliced array itself."""


def first_words(encoder, n=200):
    return np.array(encoder.get_vocabulary())[:n]
