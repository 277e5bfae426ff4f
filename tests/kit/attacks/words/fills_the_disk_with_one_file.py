"""Writes one file beyond its limit, and ignores the signal about it.

task 1: 0, failed
task 2: 2, passed
told: File too large
"""

import os
import signal


def count_words(text):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    descriptor = os.open("full", os.O_CREAT | os.O_RDWR)
    os.ftruncate(descriptor, 2**40)
