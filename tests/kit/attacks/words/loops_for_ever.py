"""Loops without an end, and ignores every signal that can be ignored.

task 1: 0, timed out
task 2: 2, passed
told: 3 seconds of processor time
"""

import signal


def count_words(text):
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue
