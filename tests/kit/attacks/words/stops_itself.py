"""Stops itself, so that it uses no processor time and never answers.

task 1: 0, needs a look
task 2: 2, passed
told: waited until
"""

import os
import signal


def count_words(text):
    os.kill(os.getpid(), signal.SIGSTOP)
