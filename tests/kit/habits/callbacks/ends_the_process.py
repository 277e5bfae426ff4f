"""Ends the process, without a word, in a function.

task 3a-ii: 0, crashed
"""

import os


def scheduler(epoch, lr):
    os._exit(0)
