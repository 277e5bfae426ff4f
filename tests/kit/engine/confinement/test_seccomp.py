"""Seccomp: the filter, run here instruction by instruction for every architecture."""

from __future__ import annotations

import errno
import re
import signal
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.stage.confined import needs_walls, try_one
from reelmark.confinement import kernel, seccomp
from reelmark.confinement.numbers import ARCHITECTURES, LAST, NUMBERS
from reelmark.confinement.refusals import REFUSALS, Refusal, conditions

PID = 4321

HEADERS = {
    "x86_64": ["asm/unistd_64.h", "x86_64-linux-gnu/asm/unistd_64.h"],
    "aarch64": ["asm-generic/unistd.h"],
}


@pytest.fixture(params=sorted(ARCHITECTURES))
def architecture(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """An architecture, as if this machine were of it."""
    monkeypatch.setattr(kernel, "architecture", lambda: request.param)
    seccomp._assemble_refusals.cache_clear()
    yield request.param
    seccomp._assemble_refusals.cache_clear()


def run_filter(architecture: str, number: int, *arguments: int) -> int:
    """Return the filter's answer to a call, as the kernel would work it out."""
    padded = [each & (1 << 64) - 1 for each in arguments]
    padded += [0] * (6 - len(arguments))
    audit = ARCHITECTURES[architecture].audit
    data = struct.pack("=IIQ6Q", number, audit, 0, *padded)
    program = list(struct.iter_unpack("=HBBI", seccomp.assemble(PID)))
    accumulator = position = 0
    while True:
        code, if_true, if_false, value = program[position]
        position += 1
        if code == seccomp.RETURN:
            return int(value)
        if code == seccomp.LOAD:
            (accumulator,) = struct.unpack_from("=I", data, value)
        elif code == seccomp.MASK:
            accumulator &= value
        elif code == seccomp.IF_EQUAL:
            position += if_true if accumulator == value else if_false
        else:
            assert code == seccomp.IF_AT_LEAST
            position += if_true if accumulator >= value else if_false


def error_of(architecture: str, name: str, *arguments: int) -> int | None:
    """Return the error a call gets; None if it is allowed."""
    number = kernel.number_of(name)
    assert number is not None, name
    answer = run_filter(architecture, number, *arguments)
    if answer == seccomp.ALLOW:
        return None
    assert answer & ~0xFFFF == seccomp.FAIL
    return answer & 0xFFFF


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.names[:20])
def test_refused_call_gets_its_error(architecture: str, refusal: Refusal) -> None:
    """Each call in the table gets the error the table gives it."""
    for name in refusal.names.split():
        if kernel.number_of(name) is not None:
            assert error_of(architecture, name) == refusal.error


ARGUMENTS = [
    ("clone", (0x3D0F00,), None),  # what pthread_create asks for
    ("clone", (0x01200011,), errno.EPERM),  # what fork asks for
    ("clone", (0x10010000,), errno.EPERM),  # a thread with a user namespace
    ("kill", (PID, 9), None),
    ("kill", (PID + 1, 9), errno.EPERM),
    ("kill", (0, 9), errno.EPERM),
    ("kill", (0xFFFFFFFF, 9), errno.EPERM),
    ("kill", (0xFFFFFFFF_00000000 | PID, 9), None),  # the kernel drops that half
    ("tgkill", (PID, PID + 5, 6), None),
    ("tgkill", (PID + 1, PID + 1, 6), errno.EPERM),
    ("prlimit64", (0, 7), None),
    ("prlimit64", (PID, 7), None),
    ("prlimit64", (1, 7), errno.EPERM),
    ("prlimit64", (0, 6), errno.EPERM),  # RLIMIT_NPROC
    ("setrlimit", (7,), None),
    ("setrlimit", (11,), errno.EPERM),  # RLIMIT_SIGPENDING
    ("futex", (0x7F00, 0x80, 7), None),  # FUTEX_WAIT_PRIVATE
    ("futex", (0x7F00, 0x81, 1), None),  # FUTEX_WAKE_PRIVATE
    ("futex", (0x7F00, 0x189, 7), None),  # what condition variables wait by
    ("futex", (0x7F00, 0x109, 7), 0),  # what pthread_join waits by
    ("futex", (0x7F00, 0, 7), 0),
    ("futex", (0x7F00, 1, 1), 0),
    ("futex", (0x7F00, 4, 1), 0),  # FUTEX_CMP_REQUEUE
    ("madvise", (0x7F00, 4096, 4), None),  # MADV_DONTNEED
    ("madvise", (0x7F00, 4096, 14), None),  # MADV_HUGEPAGE
    ("madvise", (0x7F00, 4096, 3), 0),  # MADV_WILLNEED
    ("madvise", (0x7F00, 4096, 21), 0),  # MADV_PAGEOUT
    ("madvise", (0x7F00, 4096, 12), errno.EINVAL),  # MADV_MERGEABLE
    ("madvise", (0x7F00, 4096, 9), errno.EINVAL),  # MADV_REMOVE
    ("mmap", (0, 4096, 3, 0x22), None),
    ("mmap", (0, 4096, 3, 0x40022), errno.ENOMEM),  # MAP_HUGETLB
    ("preadv2", (3, 0, 1, 0, 0, 0), None),
    ("preadv2", (3, 0, 1, 0, 0, 8), errno.EOPNOTSUPP),  # RWF_NOWAIT
    ("pwritev2", (3, 0, 1, 0, 0, 2), errno.EOPNOTSUPP),
    ("renameat2", (0, 0, 0, 0, 1), None),  # RENAME_NOREPLACE
    ("renameat2", (0, 0, 0, 0, 4), errno.EINVAL),  # RENAME_WHITEOUT
    ("renameat2", (0, 0, 0, 0, 5), errno.EINVAL),
    ("clock_gettime", (1,), None),
    ("clock_gettime", (7,), None),  # CLOCK_BOOTTIME
    ("clock_gettime", (~PID << 3 | 6,), None),  # a thread's
    ("clock_gettime", (~PID << 3 | 2,), errno.EINVAL),  # a process's
    ("openat", (0, 0, 0o2000101), None),
    ("openat", (0, 0, 0o1101), None),
    ("openat", (0, 0, 0o1000), errno.EPERM),
    ("openat", (0, 0, 0o3), errno.EPERM),
    ("openat", (0, 0, 0o1003), errno.EPERM),
    ("utimensat", (0, 1, 0), errno.EPERM),
    ("utimensat", (0, 1, 0x7FFD_0000_1230), 0),
    ("fcntl", (3, 1030), None),
    ("fcntl", (3, 1031), errno.EINVAL),  # F_SETPIPE_SZ
    ("fcntl", (3, 8), errno.EINVAL),
    ("fcntl", (3, 5), None),  # F_GETLK
    ("fcntl", (3, 6), 0),  # F_SETLK
    ("fcntl", (3, 38), 0),  # F_OFD_SETLKW
    ("mkdirat", (0, 0, 0o777), None),
    ("mkdirat", (0, 0, 0o077), errno.EPERM),
    ("mkdirat", (0, 0, 0o300), errno.EPERM),
    ("umask", (0o077,), None),
    ("umask", (0o477,), 0),
    ("ioctl", (0, 0x5401), None),
    ("ioctl", (0, 0x5412), errno.ENOTTY),  # TIOCSTI
    ("prctl", (15,), None),
    ("prctl", (1,), errno.EPERM),
]


@pytest.mark.parametrize(("name", "arguments", "error"), ARGUMENTS)
def test_arguments_decide(
    architecture: str, name: str, arguments: tuple[int, ...], error: int | None
) -> None:
    """Calls that are sometimes harmless are judged by their arguments."""
    assert error_of(architecture, name, *arguments) == error


def test_unnamed_calls_are_allowed(architecture: str) -> None:
    """Every number that was looked at and not named is allowed."""
    named = {kernel.number_of(name) for name in NUMBERS}
    gap = range(*ARCHITECTURES[architecture].gap)
    for number in range(LAST + 1):
        if number not in named and number not in gap:
            assert run_filter(architecture, number) == seccomp.ALLOW, number


def test_unknown_calls_do_not_exist(architecture: str) -> None:
    """Calls that nobody has looked at yet are answered as by an older kernel."""
    first, last = ARCHITECTURES[architecture].gap
    x32 = 0x40000000
    for number in (first, last - 1, LAST + 1, 500, x32, x32 | 41, 0xFFFFFFFF):
        answer = run_filter(architecture, number)
        assert answer == seccomp.FAIL | errno.ENOSYS, number


def test_another_architecture_is_killed(architecture: str) -> None:
    """Numbers of another architecture mean other calls: the process ends."""
    other = next(name for name in ARCHITECTURES if name != architecture)
    assert run_filter(other, 0) == seccomp.KILL


def test_every_named_call_has_a_number() -> None:
    """The tables speak of the same calls."""
    refused = {name for refusal in REFUSALS for name in refusal.names.split()}
    judged = {condition.name for condition in conditions(PID)}
    assert refused | judged | {"capget"} == set(NUMBERS)
    assert not refused & judged


@pytest.mark.parametrize("name", sorted(ARCHITECTURES))
def test_numbers_are_those_of_the_headers(name: str) -> None:
    """The numbers agree with the kernel's own headers, where they have the call."""
    include = Path("/usr/include")
    header = next((h for h in HEADERS[name] if (include / h).is_file()), None)
    if header is None:
        pytest.skip("the kernel's headers are not installed")
    text = (include / header).read_text(encoding="utf-8")
    numbers = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text))
    aliases = {"newfstatat": "fstatat"}
    column = ARCHITECTURES[name].column
    for call, both in NUMBERS.items():
        known = numbers.get(aliases.get(call, call))
        if known is not None:
            assert both[column] == int(known), call
        elif int(numbers.get("syscalls", LAST)) > LAST:
            assert both[column] is None, call


def test_unknown_architecture_has_no_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    """On an architecture without a table, nothing is installed."""
    monkeypatch.setattr(kernel, "architecture", lambda: None)
    assert seccomp.install() is False


@needs_walls
def test_calls_of_32_bits_end_the_process() -> None:
    """The old gate of x86 (int 0x80) ends the process."""
    if kernel.architecture() != "x86_64":
        pytest.skip("only x86_64 has that gate")
    code = (
        "import ctypes, mmap\n"
        "page = mmap.mmap(-1, 4096, prot=7)\n"
        "page.write(bytes.fromhex('b814000000cd80c3'))  # getpid\n"
        "start = ctypes.addressof(ctypes.c_char.from_buffer(page))\n"
        "value = ctypes.CFUNCTYPE(ctypes.c_int)(start)()"
    )
    assert try_one(code)["status"] & 0x7F == signal.SIGSYS


def test_filter_is_short(architecture: str) -> None:
    """The filter stays far below the kernel's limit of 4,096 instructions."""
    assert architecture in ARCHITECTURES
    assert len(seccomp.assemble(PID)) // 8 < 1_000
