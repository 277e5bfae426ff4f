"""How long a student waits: from saving a file to the verdict of `reelmark watch`.

    python benchmarks/watch.py [--repeat 5] [TASK ...]

One watch of all tasks is running. For every task, its module is saved again and
again, in turn as in the reference and with a mistake that costs marks in the task
(the first in `solutions/mistakes`), each time with a different comment, so that the
file changes. What counts is the time until the task's line is printed: by then, all
checks of the task, and of those above it in the module, are done.
"""

from __future__ import annotations

import argparse
import queue
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from machine import describe_machine
from reelmark.manifest import Coursework, Task, find_coursework
from reelmark.verification import golden
from reelmark.verification.cases import (
    Mistake,
    read_mistakes,
    read_reference,
    write_mistake,
)

MOST_SECONDS = 120.0
"""Seconds after which a verdict is given up."""

LIBRARIES = ("tensorflow", "keras", "watchfiles", "pytest")
WAITING = "Waiting until you save"


@dataclass
class Times:
    """Seconds from saving to the verdict on one task."""

    right: list[float] = field(default_factory=list)
    wrong: list[float] = field(default_factory=list)


class Watch:
    """A running `reelmark watch` whose lines are read as they come.

    Args:
        work: The folder that it watches.
    """

    def __init__(self, work: Path) -> None:
        command = [sys.executable, "-u", "-m", "reelmark", "watch", "--folder", work]
        self._process = subprocess.Popen(
            list(map(str, command)), stdout=subprocess.PIPE, text=True
        )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def wait_for(self, start: str) -> str:
        """Return the next line that begins with ``start``."""
        while not (line := self._lines.get(timeout=MOST_SECONDS)).startswith(start):
            pass
        return line

    def end(self) -> None:
        """End the watch, as a closed terminal does."""
        self._process.terminate()
        self._process.wait()

    def _read(self) -> None:
        assert self._process.stdout is not None, "it is a pipe"
        for line in self._process.stdout:
            self._lines.put(line)


def main() -> None:
    """Take the times, task by task, and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tasks", metavar="TASK", nargs="*", help="by default all")
    parser.add_argument("--repeat", type=int, default=5, help="saves (default 5)")
    options = parser.parse_args()
    coursework = find_coursework()
    tasks = [t for t in coursework.tasks if not options.tasks or t.id in options.tasks]
    print(describe_machine(LIBRARIES))
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for module in coursework.modules:
            save(work, module, read_reference(coursework, module))
        watch = Watch(work)
        try:
            watch.wait_for(WAITING)
            found = {
                t: measure(watch, coursework, t, work, options.repeat) for t in tasks
            }
        finally:
            watch.end()
    print_table(found)


def measure(
    watch: Watch, coursework: Coursework, task: Task, work: Path, repeat: int
) -> Times:
    """Save a task's module several times, right and wrong, and take the times."""
    print(f"{task.id} ...", file=sys.stderr)
    right = read_reference(coursework, task.module)
    wrong = write_mistake(find_mistake(coursework, task), coursework)
    times = Times()
    for number in range(repeat):
        remark = f"\n# {number}\n"
        times.wrong.append(time_verdict(watch, task, work, wrong + remark, "failed"))
        times.right.append(time_verdict(watch, task, work, right + remark, "passed"))
    return times


def time_verdict(
    watch: Watch, task: Task, work: Path, text: str, verdict: str
) -> float:
    """Save a module; return the seconds until the task's line is printed."""
    started = time.monotonic()
    save(work, task.module, text)
    line = watch.wait_for(f"{task.id} ")
    seconds = time.monotonic() - started
    assert line.rstrip().endswith(verdict), line
    watch.wait_for(WAITING)
    return seconds


def save(work: Path, module: str, text: str) -> None:
    """Save a module as editors do: as a new file that replaces the old one."""
    unfinished = work / f".{module}.unfinished"
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(work / f"{module}.py")


def find_mistake(coursework: Coursework, task: Task) -> Mistake:
    """Return the first mistake in a task that public checks catch."""
    return next(
        mistake
        for mistake in read_mistakes(coursework)
        if mistake.task == task.id
        and golden.read(mistake.path.parent)[mistake.path.stem].startswith("[public/")
    )


def print_table(found: dict[Task, Times]) -> None:
    """Print the median and the worst time of each task, right and wrong."""
    print(f"\n{'':<33}{'right':>17}{'with a mistake':>18}")
    print(f"{'':<33}{'median':>9}{'worst':>9}{'median':>9}{'worst':>9}")
    for task, times in found.items():
        row = f"{task.id:<7}{task.function:<25} "
        for seconds in (times.right, times.wrong):
            row += f"{statistics.median(seconds):>7.2f} s{max(seconds):>7.2f} s"
        print(row)


if __name__ == "__main__":
    main()
