"""Makes things in its folder that are not files, in every way there is.

task 1: 0, failed
task 2: 2, passed
told: all 9 refused
"""

import ctypes
import os
import socket

from attempts import outcomes, system_call

HERE, WHITEOUT = -100, 4


def move_and_leave(flags):
    open("whole", "w").close()
    names = [ctypes.c_char_p(name) for name in (b"whole", b"moved")]
    system_call(316, HERE, names[0], HERE, names[1], flags)


def count_words(text):
    return outcomes(
        whiteout=lambda: move_and_leave(WHITEOUT),
        whiteout_unless_there=lambda: move_and_leave(WHITEOUT | 1),
        device=lambda: os.mknod("device", 0o20600, os.makedev(0, 0)),
        disk=lambda: os.mknod("disk", 0o60600, os.makedev(7, 0)),
        pipe=lambda: os.mkfifo("pipe"),
        link=lambda: os.symlink("/", "link"),
        hard_link=lambda: os.link(os.__file__, "hard"),
        socket=lambda: socket.socket(socket.AF_UNIX).bind("socket"),
        mount=lambda: system_call(165, 0, 0, 0, 0, 0),
    )
