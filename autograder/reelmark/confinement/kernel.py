"""The kernel: the system calls of Linux for which Python has no function.

Their numbers are in `numbers`; on an architecture that is not in that table, there
are no such calls, and the error is ``ENOSYS``.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import struct
import sys
from typing import Any

from reelmark.confinement.numbers import ARCHITECTURES, NUMBERS

# From <linux/prctl.h>.
PR_SET_PDEATHSIG = 1
PR_GET_PDEATHSIG = 2
PR_SET_DUMPABLE = 4
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4


@functools.cache
def architecture() -> str | None:
    """Return ``"x86_64"`` or ``"aarch64"``; None for one that the kit does not know.

    A 32-bit Python on a 64-bit kernel makes calls of another architecture.
    """
    if sys.platform != "linux" or struct.calcsize("P") != 8:
        return None
    machine = os.uname().machine
    return machine if machine in ARCHITECTURES else None


def number_of(name: str) -> int | None:
    """Return a system call's number here; None if this architecture lacks it."""
    known = architecture()
    return None if known is None else NUMBERS[name][ARCHITECTURES[known].column]


def call(name: str, *arguments: Any) -> int:
    """Make a system call.

    Args:
        name: Its name in `numbers.NUMBERS`.
        *arguments: Integers, and pointers as ctypes makes them.

    Raises:
        OSError: The kernel refused, or does not know the call (``ENOSYS``).
    """
    number = number_of(name)
    if number is None:
        raise OSError(errno.ENOSYS, f"{name}: {os.strerror(errno.ENOSYS)}")
    # Every argument is a full register: a C int would leave rubbish in the upper half.
    registers = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result: int = _library().syscall(ctypes.c_long(number), *registers)
    if result == -1:
        failed = ctypes.get_errno()
        raise OSError(failed, f"{name}: {os.strerror(failed)}")
    return result


def control(option: int, *arguments: Any) -> int:
    """Call ``prctl``, with zeros for the arguments not given.

    Raises:
        OSError: The kernel refused.
    """
    return call("prctl", option, *arguments, *([0] * (4 - len(arguments))))


@functools.cache
def _library() -> Any:
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    return library
