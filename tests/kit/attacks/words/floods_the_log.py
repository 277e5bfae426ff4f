"""Prints a gigabyte, next to honest work; nobody keeps a log of it.

task 1: 3, passed
task 2: 2, passed
"""

import os

for _ in range(1_000):
    os.write(1, b"x" * 2**20)
