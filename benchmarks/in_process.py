"""Marking in one process, next to the student's code, as plain pytest does.

    python benchmarks/in_process.py COURSEWORK FOLDER [--times N]

marks the modules in FOLDER and prints, as JSON, the seconds of each run, the marks
and the number of checks that passed. The other benchmarks start it when they need a
process without any of the kit's safety.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path

from reelmark.manifest import Coursework, find_coursework, load_coursework
from reelmark.marking.suites import MARKING_EXAMPLES, mark
from reelmark.practice.in_process import prepare_marking
from reelmark.results import Status, TaskResult


def main() -> None:
    """Mark a folder as often as asked for and print the findings."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("coursework", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--times", type=int, default=1)
    options = parser.parse_args()
    coursework = load_coursework(options.coursework)
    seconds = []
    for _ in range(options.times):
        started = time.monotonic()
        tasks = mark_here(coursework, options.folder)
        seconds.append(time.monotonic() - started)
    passed = sum(count_passed(task) for task in tasks)
    found = {"marks": sum(task.marks for task in tasks), "passed": passed}
    print(json.dumps({"seconds": seconds, **found}))


def mark_here(
    coursework: Coursework, folder: Path, task_ids: Sequence[str] = ()
) -> list[TaskResult]:
    """Run the checks of some tasks (by default all) in this process."""
    marking = prepare_marking(coursework, folder, tasks=task_ids)
    mark(marking, coursework, MARKING_EXAMPLES)
    return marking.task_results()


def count_passed(task: TaskResult) -> int:
    """Return how many checks of a task passed."""
    return sum(check.status is Status.PASSED for check in task.checks)


def assert_passes(task_id: str) -> None:
    """Check one task of the modules in the working directory (a notebook's cell)."""
    (task,) = mark_here(find_coursework(), Path.cwd(), [task_id])
    assert task.status is Status.PASSED, f"{task_id}: {task.status}"
    print(f"{count_passed(task)} checks passed")


if __name__ == "__main__":
    main()
