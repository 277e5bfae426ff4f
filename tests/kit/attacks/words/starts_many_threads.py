"""Starts threads in a loop, which all wait.

task 1: 0, crashed
task 2: 2, passed
"""

import threading

never = threading.Event()


def count_words(text):
    threading.stack_size(64 * 1024)
    for _ in range(4_000):
        threading.Thread(target=never.wait, daemon=True).start()
    return -1
