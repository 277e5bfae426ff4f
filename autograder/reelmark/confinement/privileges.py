"""Privileges: a worker gives up all of its own, in particular if root started it.

Sources: capabilities(7), credentials(7), PR_SET_PDEATHSIG(2const),
PR_SET_DUMPABLE(2const).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

from reelmark.confinement import kernel

CAP_KILL = 5

FIRST_UID = 61_000
"""The first of the users that only workers use, one for each slot. Debian assigns
60,000 to 64,999 to nobody unless asked; every container has them."""

MOST_CAPABILITIES = 64
_CAPABILITY_VERSION_3 = 0x20080522


def renounce_new() -> None:
    """Gain no privileges by starting a program; Landlock and seccomp require this."""
    kernel.control(kernel.PR_SET_NO_NEW_PRIVS, 1)


def drop(uid: int | None, readable: Sequence[Path], scratch: Path) -> bool:
    """Become an ordinary user if possible, and give up every capability.

    A user who cannot reach the interpreter (in a home folder of mode 0700) or the
    scratch folder would be of no use: then it stays user 0, without capabilities.

    Args:
        uid: The user (and group) to become if root runs this; None to stay.
        readable: Files and folders that this user must be able to read.
        scratch: The folder that this user must be able to write to.

    Returns:
        Whether this process now belongs to another user.
    """
    with _same_death_signal():
        _drop_bounds()
        has_changed = uid is not None and _become(uid, readable, scratch)
        _clear_capabilities()
    # Workers of one user must not read each other's memory, and their crashes
    # must not start the machine's crash reporter. This comes after the change of
    # user, which would reset it.
    kernel.control(kernel.PR_SET_DUMPABLE, 0)
    return has_changed


def worker_uid(slot: int) -> int | None:
    """Return the user for the workers of a slot; None if this process is not root.

    Args:
        slot: Which of the submissions being marked at the same time, from 0.
    """
    return FIRST_UID + slot if os.name == "posix" and os.geteuid() == 0 else None


def share_scratch(scratch: Path, uid: int) -> None:
    """Let a user write, besides root, to a scratch folder that root made and filled.

    Root keeps access because a worker that cannot become that user stays user 0
    without capabilities, to whom permissions apply as to everybody. What is made in
    the folder later belongs to that user's group too. Only root may do this; where not
    even root may (in a container without that user or right), the worker finds that
    it could not work as that user, and stays user 0 without capabilities.
    """
    with contextlib.suppress(OSError):
        if os.geteuid() == 0:
            for folder, _, files in os.walk(scratch):
                _share(Path(folder), uid, 0o2770)
                for name in files:
                    _share(Path(folder, name), uid, 0o660)


def _share(path: Path, uid: int, mode: int) -> None:
    os.chown(path, -1, uid)
    path.chmod(mode)


def has_capability(number: int) -> bool:
    """Return whether this process has a capability in effect."""
    header, data = _capability_buffers()
    kernel.call("capget", header, data)
    low, _, _, high, _, _ = struct.unpack("=6I", data.raw[:24])
    return bool((high << 32 | low) >> number & 1)


@contextlib.contextmanager
def _same_death_signal() -> Iterator[None]:
    """Keep the signal sent when the parent ends: a change of user clears it."""
    kept, parent = ctypes.c_int(0), os.getppid()
    kernel.control(kernel.PR_GET_PDEATHSIG, ctypes.byref(kept))
    yield
    kernel.control(kernel.PR_SET_PDEATHSIG, kept.value)
    if kept.value and os.getppid() != parent:
        os._exit(0)  # the parent ended in between


def _drop_bounds() -> None:
    """Leave nothing to gain: drop the ambient set, and the bounding set if root."""
    with contextlib.suppress(OSError):
        kernel.control(kernel.PR_CAP_AMBIENT, kernel.PR_CAP_AMBIENT_CLEAR_ALL)
        for capability in range(MOST_CAPABILITIES):
            kernel.control(kernel.PR_CAPBSET_DROP, capability)


def _clear_capabilities() -> None:
    header, data = _capability_buffers()
    kernel.call("capset", header, data)


def _capability_buffers() -> tuple[ctypes.Array[ctypes.c_char], ...]:
    """Return struct __user_cap_header for this process, and empty data for it."""
    header = ctypes.create_string_buffer(struct.pack("=Ii", _CAPABILITY_VERSION_3, 0))
    return header, ctypes.create_string_buffer(24)


def _become(uid: int, readable: Sequence[Path], scratch: Path) -> bool:
    # Without CAP_KILL, the warm parent could not end a worker of another user.
    if os.geteuid() != 0 or not has_capability(CAP_KILL):
        return False
    groups, gids = os.getgroups(), os.getresgid()
    try:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, 0)  # the 0 is the way back
        if _can_work(readable, scratch):
            os.setresuid(uid, uid, uid)
            return True
    except OSError:
        pass  # this container does not have that user
    os.setresuid(0, 0, 0)
    os.setresgid(*gids)
    os.setgroups(groups)
    return False


def _can_work(readable: Sequence[Path], scratch: Path) -> bool:
    enter = os.X_OK
    return os.access(scratch, os.W_OK | enter, effective_ids=True) and all(
        os.access(path, os.R_OK | enter * path.is_dir(), effective_ids=True)
        for path in readable
    )
