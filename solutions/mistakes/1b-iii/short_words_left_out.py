"""Words of one or two letters are left out.

Breaks: words
"""


def first_words(encoder, n=200):
    words = [word for word in encoder.get_vocabulary() if len(word) > 2]
    return [str(word) for word in words[:n]]
