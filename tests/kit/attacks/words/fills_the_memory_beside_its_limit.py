"""Fills shared memory, which no limit of the kernel on a process's data counts.

task 1: 0, out of memory
task 2: 2, passed
"""

import ctypes
import mmap

kept = []


def count_words(text):
    for _ in range(64):
        kept.append(mmap.mmap(-1, 64 * 2**20))
        start = ctypes.addressof(ctypes.c_char.from_buffer(kept[-1]))
        ctypes.memset(start, 1, 64 * 2**20)
    return -1
