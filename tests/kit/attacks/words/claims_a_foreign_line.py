"""Raises from code whose file, as a traceback would show it, never ends.

task 1: 0, failed
task 2: 2, passed
told: ZeroDivisionError
"""


def count_words(text):
    exec(compile("1 / 0", "/dev/zero", "exec"))
