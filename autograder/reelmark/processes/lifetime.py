"""Lifetimes: none of the kit's processes outlives the one that it works for."""

from __future__ import annotations

import contextlib
import os
import signal
import sys

from reelmark.confinement import kernel


def die_with(parent: int) -> None:
    """Ask the kernel to end this process when its parent ends (Linux).

    Args:
        parent: The parent's process id, noted before this process began: if its
            parent is another by now, the first one ended before the request.
    """
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError):
        kernel.control(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)
