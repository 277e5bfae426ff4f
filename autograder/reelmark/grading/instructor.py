"""The instructor's page on one student: code, messages at its lines, hidden checks.

It shows what hidden checks called, expected and got, so it is never handed back: it
lies in a folder of its own, and none of the student's pages links to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reelmark.files import write_whole
from reelmark.grading.groups import TRIED
from reelmark.grading.looks import Picture
from reelmark.grading.pages import environment, list_adjusted, sign_page
from reelmark.grading.sources import list_sources
from reelmark.manifest import Coursework, Task
from reelmark.marking.messages import read_message
from reelmark.results import BROKEN, CheckResult, Result, Status, TaskResult

FOLDER = "instructor"
"""The folder, among the results of a class, for pages that are never handed back."""

SHOWN = (*BROKEN, *TRIED, Status.DECIDED)
"""States of a check about which an instructor reads more than the state."""

MOST_LINES = 3_000
MOST_LETTERS = 400
"""How much of a file, and of a line, is shown."""


@dataclass(frozen=True)
class Remark:
    """What was found at a line of the student's code."""

    task: TaskResult
    check: CheckResult


@dataclass(frozen=True)
class Line:
    """A line of the student's code, and what was found there."""

    number: int
    text: str
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class File:
    """A file that was marked."""

    name: str
    lines: tuple[Line, ...]
    num_left_out: int

    @property
    def num_remarks(self) -> int:
        """The number of remarks in it."""
        return sum(len(line.remarks) for line in self.lines)


def write_instructor_page(
    result: Result,
    coursework: Coursework,
    sources: Path,
    path: Path,
    *,
    pictures: Sequence[Picture] = (),
    is_anonymous: bool = False,
) -> None:
    """Write the page on which an instructor sees one student's work.

    Args:
        result: The result that counts.
        coursework: Names the functions and modules of the tasks.
        sources: The folder of what was marked.
        path: The HTML file to write.
        pictures: What the student's functions drew.
        is_anonymous: Whether the result has a code instead of a name; then nothing is
            linked whose file name is a student's name.
    """
    files = [
        _read_file(file, sources, result, coursework) for file in list_sources(sources)
    ]
    wanted = [f"{module}.py" for module in coursework.modules]
    files.sort(key=lambda file: (file.name not in wanted, _place(file.name, wanted)))
    missed = [
        (task, [check for check in task.checks if check.status in SHOWN])
        for task in result.tasks
    ]
    html = (
        environment()
        .get_template("instructor.html.jinja")
        .render(
            result=result,
            coursework=coursework,
            missed=[(task, checks) for task, checks in missed if checks],
            missing=[
                name for name in wanted if name not in {file.name for file in files}
            ],
            files=files,
            pictures=pictures,
            adjusted=list_adjusted([result]),
            is_anonymous=is_anonymous,
            digest=sign_page(result, pictures),
        )
    )
    write_whole(path, html)


def _place(name: str, wanted: Sequence[str]) -> tuple[int, str]:
    return (wanted.index(name) if name in wanted else len(wanted)), name


def _read_file(
    path: Path, sources: Path, result: Result, coursework: Coursework
) -> File:
    name = path.relative_to(sources).as_posix()
    text = path.read_bytes().decode("utf-8", "replace")
    lines = text.splitlines()
    remarks: dict[int, list[Remark]] = {}
    for number, remark in _find_remarks(name, lines, result, coursework):
        remarks.setdefault(number, []).append(remark)
    shown = [
        Line(number, line[:MOST_LETTERS], tuple(remarks.get(number, ())))
        for number, line in enumerate(lines[:MOST_LINES], start=1)
    ]
    return File(name, tuple(shown), len(lines[MOST_LINES:]))


def _find_remarks(
    name: str, lines: Sequence[str], result: Result, coursework: Coursework
) -> Iterator[tuple[int, Remark]]:
    """Yield what was found in a file, and the line number."""
    specs = {task.id: task for task in coursework.tasks}
    for task in result.tasks:
        for check in task.checks:
            if check.status in SHOWN and (spec := specs.get(task.id)):
                file, number = _find_place(check, spec)
                if file == name:
                    number = number or find_function(lines, spec.function)
                    yield min(max(number, 1), max(len(lines), 1)), Remark(task, check)


def _find_place(check: CheckResult, spec: Task) -> tuple[str, int]:
    """Return the file and the line that a check names; line 0 if it names none."""
    told = read_message(check.detail or check.message)
    return told.place or (f"{spec.module}.py", 0)


def find_function(lines: Sequence[str], name: str) -> int:
    """Return the line on which a function is defined; the first if it is missing.

    If it is defined twice, the last definition counts, as in Python.

    Examples:
        >>> find_function(["import os", "def weigh(dough):", "    pass"], "weigh")
        2
    """
    begins = re.compile(rf"(?:async +)?(?:def|class) +{re.escape(name)}\b")
    given = re.compile(rf"{re.escape(name)} *(?::.*)?=[^=]")
    found = [
        number
        for number, line in enumerate(lines, start=1)
        if begins.match(line) or given.match(line)
    ]
    return found[-1] if found else 1
