"""Whereabouts: the line of student code where a worker was when time ran out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reelmark.errors import Frame
from reelmark.processes.whereabouts import read_whereabouts

DUMP = """Thread 2:
  File "/usr/lib/python3/threading.py", line 320 in wait
Thread 1:
  File "/usr/lib/python3/random.py", line 5 in random
  File "{folder}/doubling.py", line 2 in helper
  File "{folder}/doubling.py", line 4 in <module>
  File "/elsewhere/reelmark/worker/runner.py", line 9 in _call
Thread 3:
  File "{folder}/doubling.py", line 1 in other
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A student's folder, with a module in it."""
    folder = tmp_path / "own"
    folder.mkdir()
    lines = ["def helper():", "    while True: pass", "", "helper()"]
    (folder / "doubling.py").write_text("\n".join(lines), encoding="utf-8")
    return folder


def write(folder: Path, text: str) -> Path:
    """Write what a worker would, with the folder's name filled in."""
    path = folder.parent / "whereabouts"
    path.write_text(text.replace("{folder}", str(folder)), encoding="utf-8")
    return path


def test_first_thread_is_told_outermost_first(folder: Path) -> None:
    """Lines of libraries and of the kit are left out."""
    assert read_whereabouts(write(folder, DUMP), folder) == (
        Frame("doubling.py", 4, "<module>", "helper()"),
        Frame("doubling.py", 2, "helper", "while True: pass"),
    )


@pytest.mark.parametrize(
    "line",
    [
        '  File "/etc/passwd", line 1 in x',
        '  File "{folder}/../secret.py", line 1 in x',
        '  File "{folder}/data.csv", line 1 in x',
        '  File "{folder}/doubling.py", line 99 in x',
        '  File "{folder}/link.py", line 1 in x',
        '  File "{folder}/pipe.py", line 1 in x',
        "nonsense",
    ],
)
def test_nothing_but_the_students_modules_is_read(folder: Path, line: str) -> None:
    """What is written there is the worker's word, and may be a lie."""
    secret = folder.parent / "secret.py"
    secret.write_text("the answer is 42\n", encoding="utf-8")
    (folder / "link.py").symlink_to(secret)
    os.mkfifo(folder / "pipe.py")
    assert read_whereabouts(write(folder, f"Thread 1:\n{line}\n"), folder) == ()


def test_nothing_was_written_down(folder: Path) -> None:
    """A call that took no time has left nothing, or no file at all."""
    assert read_whereabouts(folder / "nowhere", folder) == ()
    assert read_whereabouts(write(folder, ""), folder) == ()
