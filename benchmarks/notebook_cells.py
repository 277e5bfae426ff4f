"""How long a student waits in a notebook: from Enter to the verdict of a cell.

    python benchmarks/notebook_cells.py [--repeat 10] [TASK ...]

A Jupyter kernel loads the kit, and `%reelmark check TASK` is run again and again, each
time after rewriting the task's module: in turn as in the reference and with the first
of the task's mistakes that a public check catches. The very first check starts the
processes that check, and is reported separately.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager

from machine import describe_machine
from reelmark.manifest import COURSEWORK_VARIABLE, Coursework, Task, find_coursework
from reelmark.verification.cases import read_reference, write_mistake
from watch import find_mistake, save

TASKS = ("2a-i", "2b-ii", "3a-i", "3a-ii")
"""Tasks about structure, if none are named."""

MOST_SECONDS = 120.0
"""Seconds after which a cell is given up."""


class Kernel:
    """A kernel that has loaded the kit.

    Args:
        coursework: The coursework.
        work: The folder of the student's modules.
    """

    def __init__(self, coursework: Coursework, work: Path) -> None:
        self._manager = KernelManager()
        variables = {**os.environ, COURSEWORK_VARIABLE: str(coursework.root)}
        self._manager.start_kernel(cwd=str(work), env=variables)
        self._client = self._manager.client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=MOST_SECONDS)
        self.run("%load_ext reelmark")

    def run(self, cell: str) -> tuple[float, str]:
        """Run a cell; return the seconds until its last output, and that output."""
        shown = [""]

        def note(message: dict[str, Any]) -> None:
            data = message["content"].get("data", {})
            shown.append(data.get("text/plain", ""))

        started = time.monotonic()
        self._client.execute_interactive(cell, timeout=MOST_SECONDS, output_hook=note)
        return time.monotonic() - started, max(shown, key=len)

    def end(self) -> None:
        """End the kernel."""
        self._client.stop_channels()
        self._manager.shutdown_kernel()


def main() -> None:
    """Take the times, task by task, and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tasks", metavar="TASK", nargs="*", default=TASKS)
    parser.add_argument("--repeat", type=int, default=10, help="cells (default 10)")
    options = parser.parse_args()
    coursework = find_coursework()
    tasks = [coursework.task(each) for each in options.tasks]
    print(describe_machine(("tensorflow", "keras", "ipykernel", "pytest")))
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for module in coursework.modules:
            save(work, module, read_reference(coursework, module))
        kernel = Kernel(coursework, work)
        try:
            first, _ = kernel.run(f"%reelmark check {tasks[0].id}")
            print(f"\nthe first check of all: {first:.1f} s\n")
            print(f"{'':<33}{'right':>17}{'with a mistake':>18}")
            print(f"{'':<33}{'median':>9}{'worst':>9}{'median':>9}{'worst':>9}")
            for task in tasks:
                print_row(
                    task, *measure(kernel, coursework, task, work, options.repeat)
                )
        finally:
            kernel.end()


def measure(
    kernel: Kernel, coursework: Coursework, task: Task, work: Path, repeat: int
) -> tuple[list[float], list[float]]:
    """Check a task several times, right and wrong; return the seconds for each."""
    print(f"{task.id} ...", file=sys.stderr)
    right = read_reference(coursework, task.module)
    wrong = write_mistake(find_mistake(coursework, task), coursework)
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(repeat):
        for seconds, text, verdict in zip(
            times, (right, wrong), ("passed", "failed"), strict=True
        ):
            save(work, task.module, f"{text}\n# {number}\n")
            took, shown = kernel.run(f"%reelmark check {task.id}")
            line = next(x for x in shown.splitlines() if x.startswith(f"{task.id} "))
            assert line.rstrip().endswith(verdict), line
            seconds.append(took)
    return times


def print_row(task: Task, right: list[float], wrong: list[float]) -> None:
    """Print the median and the worst time of a task, right and wrong."""
    row = f"{task.id:<7}{task.function:<25} "
    for seconds in (right, wrong):
        row += f"{statistics.median(seconds):>7.2f} s{max(seconds):>7.2f} s"
    print(row)


if __name__ == "__main__":
    main()
