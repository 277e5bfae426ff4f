"""Ceilings: how much of the machine one worker may use, enforced by the kernel.

These are backstops, far above what honest work needs. The limits that matter for a
submission (`limits`) are watched from outside, and are reached first.

Source: getrlimit(2).
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

GIGABYTE = 2**30


@dataclass(frozen=True)
class Ceilings:
    """The most that one worker may use.

    Attributes:
        data_bytes: Memory that is written to and not shared, including thread stacks.
        address_bytes: Memory of any kind, counted when reserved. TensorFlow reserves
            3 GB that it never touches.
        stack_bytes: The stack of the first thread, which ``data_bytes`` leaves out.
        file_bytes: Size of one file. With ``open_files`` it bounds the size of files
            that are open but in no folder, which an ordinary user cannot see.
        open_files: Open files at the same time.
        cpu_seconds: Processor time, for the whole of a worker's life.
        processes: Threads of a user that only workers use. The kernel counts them
            by user on the whole machine, except for user 0.
    """

    data_bytes: int = 3 * GIGABYTE
    address_bytes: int = 8 * GIGABYTE
    stack_bytes: int = GIGABYTE // 16
    file_bytes: int = GIGABYTE // 8
    open_files: int = 256
    cpu_seconds: int = 1_800
    processes: int = 512


def lower(ceilings: Ceilings, *, has_own_user: bool = False) -> None:
    """Lower this process's limits, for good; never raises one."""
    try:
        import resource
    except ImportError:
        return  # Windows
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_DATA: ceilings.data_bytes,
        resource.RLIMIT_AS: ceilings.address_bytes,
        resource.RLIMIT_STACK: ceilings.stack_bytes,
        resource.RLIMIT_FSIZE: ceilings.file_bytes,
        resource.RLIMIT_NOFILE: ceilings.open_files,
        resource.RLIMIT_CPU: ceilings.cpu_seconds,
    }
    if has_own_user:
        limits[resource.RLIMIT_NPROC] = ceilings.processes
    for limit, value in limits.items():
        soft, hard = (
            value if old == resource.RLIM_INFINITY else min(old, value)
            for old in resource.getrlimit(limit)
        )
        with contextlib.suppress(ValueError, OSError):  # some systems lack some of them
            resource.setrlimit(limit, (soft, hard))
