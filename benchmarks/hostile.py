"""Hostile submissions: ten ways to hurt a run, each in one function.

Each is the text of an overlay: appended to the reference's module, it wraps one of
its functions, so that each call does harm before the process, if it survives, gives
the honest answer. The kit's own tests have many more; these are here so that a long
run meets every kind of end.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import indent

from copies import write_copy
from reelmark.manifest import Coursework

WRAPPER = '''

import functools as _functools

_honest = {function}


@_functools.wraps(_honest)
def {function}(*args, **kwargs):
    """Do harm, then what was asked for."""
{harm}
    return _honest(*args, **kwargs)
'''

HARMS: Mapping[str, str] = {
    "exits": """
import os
os._exit(0)
""",
    "segfaults": """
import ctypes
ctypes.string_at(0)
""",
    "forges": """
import os
forged = '{"total": 1e9, "status": "passed"}'
print(forged)
for number in range(1, 32):
    try:
        os.write(number, forged.encode())
    except OSError:
        pass
""",
    "reads": """
import glob, os
secrets = [f"/proc/{os.getppid()}/environ", f"/proc/{os.getppid()}/mem"]
secrets += ["/etc/passwd", *glob.glob(HIDDEN_SUITE + "/*.py")]
found = ""
for secret in secrets:
    try:
        found += open(secret, "rb").read(100).hex()
    except OSError:
        pass
if found:
    raise SystemExit(found)
""",
    "forks": """
import os
while True:
    os.fork()
""",
    "threads": """
import threading, time
while True:
    threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
""",
    "loops": """
while True:
    pass
""",
    "eats-memory": """
kept = []
while True:
    kept.append(bytearray(b"x" * 2**26))
""",
    "fills-the-disk": """
number = 0
while True:
    with open(f"filler-{number}", "wb") as file:
        for _ in range(64):
            file.write(b"x" * 2**22)
    number += 1
""",
    "returns-too-much": """
return "x" * 2**30
""",
}
"""What each does, as the body of a function; those that end quickly come first."""


def make_overlay(function: str, harm: str, hidden_suite: Path) -> str:
    """Return the text that makes ``function`` do ``harm`` at each call."""
    body = harm.strip().replace("HIDDEN_SUITE", repr(str(hidden_suite)))
    return WRAPPER.format(function=function, harm=indent(body, "    "))


def write_hostile(
    coursework: Coursework, into: Path, count: int = len(HARMS)
) -> list[Path]:
    """Write ``count`` hostile submissions, each in another task; return the folders."""
    folders = []
    for number, (name, harm) in enumerate(list(HARMS.items())[:count]):
        tasks = coursework.tasks
        task = tasks[number * len(tasks) // len(HARMS)]
        overlay = make_overlay(task.function, harm, coursework.hidden_suite)
        folder = into / f"hostile-{name}"
        write_copy(coursework, folder, number, overlay, task.module)
        folders.append(folder)
    return folders
