"""Leaves a tree that is deep, oddly named and closed to its owner, next to honest work.

task 1: 3, passed
task 2: 2, passed
"""

import os

here = os.getcwd()


def make_closed():
    for mode, mask in ((0o300, 0), (0o500, 0), (0o777, 0o777), (0o777, 0o400)):
        name = f"closed-{mode:o}-{mask:o}"
        old = os.umask(mask)
        try:
            os.mkdir(name, mode)
            os.mkdir(f"{name}/in", mode)
            open(f"{name}/in/file", "w").close()
        except OSError:
            pass
        os.umask(old)


def make_odd():
    for name in (b"\xff\xfe", b"-rf", b"\n", b"\x1b[2J", b"x" * 255, b"~", b"*"):
        os.mkdir(name)
        open(os.path.join(name, name), "w").close()


def make_deep():
    for _ in range(1_200):
        os.mkdir("d")
        os.chdir("d")
    open("bottom", "w").close()


for make in (make_closed, make_odd, make_deep):
    try:
        make()
    except OSError:
        pass
    os.chdir(here)
