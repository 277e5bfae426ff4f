"""Channels: two confined processes find no sign of each other.

Each way is a pair of programs, one that speaks and one that listens. It works
between processes that nothing confines, so the test tests; between confined ones,
what is heard is the same whatever is said.
"""

from __future__ import annotations

import os
import platform
import subprocess
import tempfile
from functools import cache
from typing import Any

import pytest

from kit.stage.confined import Setting, find_setting, needs_walls, try_confined

pytestmark = needs_walls

FILE = "file = os.open(given / 'film.txt', 0)\n"
PAGE = (
    "import ctypes, struct\n"
    f"{FILE}"
    "mmap = ctypes.CDLL(None).mmap\n"
    "mmap.restype = ctypes.c_void_p\n"
    "page = mmap(None, 4096, 1, 1, file, 0)  # to be read, shared\n"
    "word = ctypes.c_uint32.from_address(page)\n"
)
# The word at 8 is behind the file's end, and so 0.
WAIT = (
    f"{PAGE}"
    "half_a_second = ctypes.create_string_buffer(struct.pack('qq', 0, 500_000_000))\n"
    "system_call('futex', page + 8, 0, 0, half_a_second, 0, 0)\n"
    "value = 'woken'"
)
AGAIN_AND_AGAIN = (
    "def speak():\n"
    "    while bit:\n"
    "        time.sleep(0.01)\n"
    "        {0}\n"
    "threading.Thread(target=speak, daemon=True).start()"
)
END_A_THREAD = "threading.Thread(target=system_call, args=({0})).start()"
ROBUST_LIST = (
    "head = ctypes.create_string_buffer(24)\n"
    "own = ctypes.addressof(head)\n"
    "head.raw = struct.pack('QqQ', own, 0, page + 8)\n"
)
# A thread of one's own making, whose end wakes whoever waits at an address.
CLONE = (
    "import mmap as maps\n"
    "code = maps.mmap(-1, 4096, prot=7)\n"
    "code.write(bytes.fromhex(\n"
    "    '4989cab8380000000f0585c0750931ffb83c0000000f05c3'))\n"
    "start = ctypes.addressof(ctypes.c_char.from_buffer(code))\n"
    "clone = ctypes.CFUNCTYPE(ctypes.c_int, *[ctypes.c_long] * 4)(start)\n"
    "ended_at = 0x250F00  # it shares all, and its end is told at an address\n"
)
READ_AND_FORGET = f"{FILE}os.fsync(file)\nos.read(file, 1)\n"
FORGET = f"{READ_AND_FORGET}if bit: os.posix_fadvise(file, 0, 0, 4)"
SMAPS = (
    f"{PAGE}word.value\n"
    "lines = open('/proc/self/smaps').read().partition('film.txt')[2].splitlines()\n"
    "value = next(line for line in lines if line.startswith('Shared_Clean'))"
)
PAGEMAP = (
    f"{PAGE}word.value\n"
    "entry = os.pread(os.open('/proc/self/pagemap', 0), 8, page // 4096 * 8)\n"
    "value = struct.unpack('Q', entry)[0] >> 56 & 1  # mapped by nobody else"
)
CLOCK = (
    "clock = ~speaker << 3 | 2\n"
    "begun = time.clock_gettime(clock)\n"
    "time.sleep(0.3)\n"
    "value = time.clock_gettime(clock) - begun > 0.01"
)

WAYS = {
    "wake who waits on a page": (
        PAGE + AGAIN_AND_AGAIN.format("system_call('futex', page + 8, 1, 9)"),
        WAIT,
    ),
    "wake by a thread's end": (
        PAGE
        + AGAIN_AND_AGAIN.format(END_A_THREAD.format("'set_tid_address', page + 8")),
        WAIT,
    ),
    "wake by a list of robust locks": (
        PAGE
        + ROBUST_LIST
        + AGAIN_AND_AGAIN.format(END_A_THREAD.format("'set_robust_list', own, 24")),
        WAIT,
    ),
    "forget a file, look by preadv2": (
        FORGET,
        f"{FILE}os.preadv(file, [bytearray(1)], 0, os.RWF_NOWAIT)",
    ),
    "forget a file, look by mincore": (
        FORGET,
        f"{PAGE}there = ctypes.create_string_buffer(1)\n"
        "system_call('mincore', page, 4096, there)\n"
        "value = there.raw[0] & 1",
    ),
    "map a page, look by smaps": (f"{PAGE}if bit: word.value", SMAPS),
    "map a page, look by pagemap": (f"{PAGE}if bit: word.value", PAGEMAP),
    "change flags of an open file": (
        "if bit: fcntl.fcntl(0, fcntl.F_SETFL, os.O_NONBLOCK)",
        "value = fcntl.fcntl(0, fcntl.F_GETFL) & os.O_NONBLOCK",
    ),
    "be less urgent": (
        "if bit: os.nice(5)",
        "value = os.getpriority(os.PRIO_PROCESS, speaker)",
    ),
    "run in batches": (
        "if bit: os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))",
        "value = os.sched_getscheduler(speaker)",
    ),
    "compute": (AGAIN_AND_AGAIN.format("sum(range(500_000))"), CLOCK),
}
if (os.cpu_count() or 1) > 1:
    WAYS["run on one core"] = (
        "if bit: os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])",
        "value = len(os.sched_getaffinity(speaker))",
    )
if platform.machine() == "x86_64":
    WAYS["wake by the end of a thread of one's own making"] = (
        PAGE + CLONE + AGAIN_AND_AGAIN.format("clone(ended_at, 0, 0, page + 8)"),
        WAIT,
    )

FREE = "confine.confine = lambda rules: confine.Level.PROCESS"


@cache
def _hear(setting: Setting) -> dict[str, Any]:
    found = try_confined({}, setting, WAYS)["heard"]
    return {name: [_without_status(end) for end in found[name]] for name in found}


def _without_status(heard: dict[str, Any]) -> dict[str, Any]:
    return {key: heard[key] for key in heard if key != "status"}


@pytest.mark.parametrize("user", ["root", "ordinary"])
@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_heard(way: str, user: str) -> None:
    """Between confined processes, silence and speech are the same."""
    silence, speech = _hear(find_setting(user))[way]
    assert silence == speech
    assert silence, "the listener ended without a word"


@pytest.mark.parametrize("way", WAYS)
def test_way_works_unconfined(way: str) -> None:
    """Between unconfined processes, each of these ways works."""
    if "forget" in way and _is_in_memory(tempfile.gettempdir()):
        pytest.skip("a file that lies in memory is never forgotten")
    silence, speech = _hear(Setting(before=FREE))[way]
    assert silence != speech


def _is_in_memory(folder: str) -> bool:
    command = ["stat", "--file-system", "--format=%T", folder]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    return ran.stdout.strip() in ("tmpfs", "ramfs")
