"""Words with a figure or an apostrophe in them are left out.

Breaks: words
"""


def first_words(encoder, n=200):
    return [str(word) for word in encoder.get_vocabulary() if word.isalpha()][:n]
