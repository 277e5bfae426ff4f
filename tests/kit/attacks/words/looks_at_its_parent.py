"""Looks at the process that it was forked from, and at every other.

task 1: 0, failed
task 2: 2, passed
told: refused
"""

import os

from attempts import outcomes


def count_words(text):
    parent = f"/proc/{os.getppid()}"
    names = ("environ", "cmdline", "maps", "mem", "stat", "status", "auxv", "stack")
    reads = {name: (lambda n=name: read(f"{parent}/{n}")) for name in names}
    return outcomes(
        **reads,
        files=lambda: os.listdir(f"{parent}/fd"),
        folder=lambda: os.listdir(f"{parent}/cwd"),
        threads=lambda: os.listdir(f"{parent}/task"),
        root=lambda: os.listdir(f"{parent}/root"),
        first=lambda: read("/proc/1/cmdline"),
        everybody=lambda: os.listdir("/proc"),
        memory=lambda: os.pread(os.open(f"{parent}/mem", os.O_RDWR), 1, 0),
    )


def read(path):
    with open(path, "rb") as file:
        file.read(1)
