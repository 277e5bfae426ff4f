"""Raises an exception that raises when it is looked at, from a place that is none.

task 1: 0, failed
task 2: 2, passed
"""


class Odd(SyntaxError):
    filename = __file__
    lineno = object()
    text = property(lambda self: 1 / 0)

    def __str__(self):
        raise self


def count_words(text):
    raise Odd from Odd()
