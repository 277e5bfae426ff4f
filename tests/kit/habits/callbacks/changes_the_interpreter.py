"""Changes limits, handlers and garbage collection of the interpreter."""

import atexit
import gc
import signal
import sys

sys.setrecursionlimit(5_000)
signal.signal(signal.SIGINT, signal.SIG_DFL)
atexit.register(print, "done")
gc.disable()
