"""Asks for a hundred gigabytes at once.

task 1: 0, out of memory
task 2: 2, passed
"""


def count_words(text):
    return len(bytearray(100 * 2**30))
