"""Leaves files behind a deep tree and dies, to find them when it is run again.

task 1: 0, crashed
task 2: 2, passed
told: the process ended itself
"""

import os

SIGN = "reelmark-sign"
LEVELS = 1_100  # deeper than Python's recursion
ODD = (b"\xff\xfe", b"-rf", b"\n", b"a\nb", b"x" * 255, b"*", b"~")

home = os.getcwd()


def find():
    places = (".", "..", *(entry.path for entry in os.scandir(home) if entry.is_dir()))
    return any(os.path.exists(f"{place}/{SIGN}") for place in places)


def leave():
    for name in ODD:
        os.mkdir(name)
        open(os.path.join(name, name), "w").close()
    for number in range(200):  # what is open may not be removable
        open(str(number), "w")
    open(SIGN, "w").close()
    for _ in range(LEVELS):
        os.mkdir("d")
        os.chdir("d")
        open(SIGN, "w").close()
    os.chdir(home)


def count_words(text):
    if find():
        return len(text.split())
    leave()
    os._exit(0)
