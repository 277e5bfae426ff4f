"""Reads from no address at all.

task 1: 0, crashed
task 2: 2, passed
told: SIGSEGV
"""

import ctypes


def count_words(text):
    return ctypes.string_at(0)
