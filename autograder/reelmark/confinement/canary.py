"""The canary: a child that is confined and then tries what must fail.

What a kernel claims to do and what it does may differ (because of a container's own
filter, an odd file system, or a fault of the kit). So every run sends a canary
first, and relies only on what the canary could not do.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from reelmark.confinement.confine import confine
from reelmark.confinement.level import Level
from reelmark.confinement.policy import Policy
from reelmark.confinement.privileges import share_scratch

SECONDS = 30
"""Seconds that a canary may take; it needs a hundredth of a second."""

Attempt = tuple[str, Callable[[], object]]
"""What an intruder might do, in words that follow "it can", and how to try it."""


@dataclass(frozen=True)
class Proof:
    """What a canary found.

    Attributes:
        level: The level that holds.
        leaks: What it could do but must not, each in words that follow "it can".
        faults: What it could not do but must, each in words that follow "it cannot".
    """

    level: Level
    leaks: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def send_canary(
    readable: tuple[Path, ...] = (),
    secrets: tuple[Path, ...] = (),
    uid: int | None = None,
) -> Proof:
    """Fork a child, confine it, and return what it found.

    Args:
        readable: What workers will be given to read.
        secrets: What workers must not be able to read.
        uid: The user that workers will be, as in `Policy`.

    Returns:
        The proof; its level is `Level.PROCESS` if the child ended without an answer.

    Raises:
        KitFault: No worker may be given these files.
    """
    if not hasattr(os, "fork"):
        return Proof(Level.PROCESS)
    with tempfile.TemporaryDirectory(prefix="reelmark-") as name:
        scratch, secret = Path(name, "scratch"), Path(name, "secret")
        scratch.mkdir()
        secret.write_text("not for workers", encoding="utf-8")
        secret.chmod(0o600)
        if uid is not None:
            Path(name).chmod(0o711)
            share_scratch(scratch, uid)
        ours, theirs = os.pipe()
        policy = Policy(scratch, readable, secrets, keep=(theirs,), uid=uid)
        pid = os.fork()
        if pid == 0:
            _sing(policy, secret, theirs)
        os.close(theirs)
        return _listen(ours, pid)


def prove(policy: Policy, level: Level, secret: Path) -> Proof:
    """Try what must fail and what must work, in a process that was just confined.

    Args:
        policy: The policy by which it was confined.
        level: The level that `confine` reached.
        secret: A file outside, which only the trusted user may read.
    """
    faults = [words for words, act in _duties(policy) if not _succeeds(act)]
    if level not in (Level.LANDLOCK_SECCOMP, Level.UID_SECCOMP):
        return Proof(level, faults=tuple(faults))
    attempts = [*_escapes(policy), *_intrusions(policy, secret)]
    if level is Level.LANDLOCK_SECCOMP:
        attempts += _explorations()
    leaks = [words for words, act in attempts if not _is_refused(act)]
    return Proof(Level.PROCESS if leaks else level, tuple(leaks), tuple(faults))


def _intrusions(policy: Policy, secret: Path) -> Iterator[Attempt]:
    """Yield attempts at what another user could not do either."""
    parent = Path("/proc", str(os.getppid()))
    neighbour = secret.with_name("written-by-canary")
    yield "read a file outside its folders", secret.read_bytes
    yield "change a file outside its folders", lambda: secret.write_bytes(b"")
    yield "empty a file outside its folders", lambda: _open(secret, os.O_TRUNC)
    yield "make a file outside its folders", lambda: neighbour.write_bytes(b"")
    yield "read its parent's environment", (parent / "environ").read_bytes
    yield "list its parent's files", lambda: list((parent / "fd").iterdir())
    for path in policy.secrets:
        yield f"read {path}", partial(_look_into, path)


def _explorations() -> Iterator[Attempt]:
    """Yield attempts that only Landlock stops."""
    for folder in ("/", "/home", "/root", "/tmp", "/etc", "/proc", "/dev/shm"):
        yield f"list {folder}", partial(_look_into, Path(folder))
    yield "read the list of users", lambda: _look_into(Path("/etc/passwd"))
    shared = Path("/proc/self/pagemap")
    yield "see which memory it shares with others", partial(_look_into, shared)


def _escapes(policy: Policy) -> Iterator[Attempt]:
    """Yield attempts that seccomp stops."""
    path = str(policy.scratch / "socket")
    for words, family, kind, address in (
        ("connect to a TCP port", socket.AF_INET, socket.SOCK_STREAM, _LOOPBACK),
        ("send a datagram", socket.AF_INET, socket.SOCK_DGRAM, _LOOPBACK),
        ("reach an abstract socket", socket.AF_UNIX, socket.SOCK_STREAM, "\0reelmark"),
        ("reach a socket in a folder", socket.AF_UNIX, socket.SOCK_STREAM, path),
    ):
        yield words, partial(_connect, family, kind, address)
    yield "start a process", _fork
    yield "run a program", lambda: os.execv("/nowhere/at/all", ["nothing"])
    yield "signal its parent", lambda: os.kill(os.getppid(), 0)
    yield "change its user", lambda: os.setuid(os.getuid())
    yield "make a link", lambda: (policy.scratch / "link").symlink_to("/")


def _duties(policy: Policy) -> Iterator[Attempt]:
    """Yield attempts at what honest work needs."""
    for path in (*policy.readable, Path(os.__file__)):
        yield f"read {path}", partial(_look_into, path)
    yield "write to its scratch folder", lambda: _use_scratch(policy.scratch)
    yield "start a thread", _start_thread
    if sys.platform == "linux":
        yield "read its own command line", Path("/proc/self/cmdline").read_bytes


_LOOPBACK = ("127.0.0.1", 9)


def _is_refused(act: Callable[[], object]) -> bool:
    """Return whether an attempt is refused, not just unsuccessful.

    A connection that nobody accepts shows that the network was reached.
    """
    try:
        act()
    except PermissionError:
        return True
    except OSError:
        return False
    return False


def _succeeds(act: Callable[[], object]) -> bool:
    try:
        act()
    except (OSError, RuntimeError):
        return False
    return True


def _look_into(path: Path) -> None:
    """Read the names in a folder or the first byte of a file.

    Raises:
        PermissionError: It is closed, whether or not anything has that name.
    """
    try:
        if path.is_dir():
            list(path.iterdir())
        else:
            with path.open("rb") as file:
                file.read(1)
    except FileNotFoundError as error:
        raise PermissionError(str(path)) from error


def _open(path: Path, flags: int) -> None:
    os.close(os.open(path, os.O_RDONLY | flags))


def _connect(family: int, kind: int, address: Any) -> None:
    with socket.socket(family, kind) as sock:
        sock.connect(address)


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)
    os.wait()


def _use_scratch(scratch: Path) -> None:
    folder = scratch / "folder"
    folder.mkdir()
    (folder / "file").write_text("chirp", encoding="utf-8")
    (folder / "file").rename(scratch / "renamed")
    (scratch / "renamed").unlink()
    folder.rmdir()


def _start_thread() -> None:
    thread = threading.Thread(target=_do_nothing)
    thread.start()
    thread.join()


def _do_nothing() -> None:
    pass


def _sing(policy: Policy, secret: Path, descriptor: int) -> None:
    """Be the canary: find out, report, and end; never returns."""
    try:
        proof = prove(policy, confine(policy), secret)
        song = [proof.level.name, proof.leaks, proof.faults]
        os.write(descriptor, json.dumps(song).encode())
    finally:
        os._exit(0)


def _listen(descriptor: int, pid: int) -> Proof:
    """Listen to the canary, for a bounded time, and reap it."""
    try:
        readable, _, _ = select.select([descriptor], [], [], SECONDS)
        song = os.read(descriptor, 1 << 16) if readable else b""
    finally:
        os.close(descriptor)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    if not song:
        return Proof(Level.PROCESS, ("end without a word",))
    level, leaks, faults = json.loads(song)
    return Proof(Level[level], tuple(leaks), tuple(faults))


def describe_proof(proof: Proof) -> list[str]:
    """Return sentences for `doctor`: the level, then what is wrong with it."""
    return [
        proof.level.value,
        *(f"a worker can {leak}" for leak in proof.leaks),
        *(f"a worker cannot {fault}" for fault in proof.faults),
    ]
