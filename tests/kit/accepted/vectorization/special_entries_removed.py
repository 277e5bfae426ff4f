"""Removes the special entries from the first n."""


def first_words(encoder, n=200):
    words = encoder.get_vocabulary()[:n]
    return [word for word in words if word not in ("", "[UNK]")]
