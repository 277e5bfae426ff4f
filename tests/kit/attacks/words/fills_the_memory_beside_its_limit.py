"""Fills shared memory, which no limit of the kernel on a process's data counts.

The kernel fills it, and it waits in between: its memory runs out before its time
does, on slow machines too.

task 1: 0, out of memory
task 2: 2, passed
"""

import mmap
import time

FILLED_AT_ONCE = mmap.MAP_SHARED | mmap.MAP_ANONYMOUS | mmap.MAP_POPULATE
kept = []


def count_words(text):
    for _ in range(64):
        kept.append(mmap.mmap(-1, 64 * 2**20, flags=FILLED_AT_ONCE))
        time.sleep(0.03)
    return -1
