"""The brief: the part of a coursework's README that the manifest determines.

The table of tasks is between two comments in ``assignment/README.md``::

    <!-- tasks:begin -->
    <!-- tasks:end -->
"""

from __future__ import annotations

from pathlib import Path

from reelmark.errors import UsageError
from reelmark.files import read_text
from reelmark.manifest import Coursework, Task

BRIEF = "README.md"
BEGIN, END = "<!-- tasks:begin -->", "<!-- tasks:end -->"


def task_table(coursework: Coursework) -> str:
    """Return the tasks of a coursework as a Markdown table, with totals."""
    rows = [
        "| Task | Function | What it does | Marks | Minutes |",
        "|---|---|---|--:|--:|",
        *(_row(task) for task in coursework.tasks),
    ]
    minutes = sum(task.minutes for task in coursework.tasks)
    rows.append(f"| | | **Together** | **{coursework.max_marks:g}** | **{minutes}** |")
    return "\n".join(rows)


def _row(task: Task) -> str:
    function = f"`{task.module}.{task.function}`"
    return (
        f"| {task.id} | {function} | {task.title} | {task.marks:g} | {task.minutes} |"
    )


def make_texts(coursework: Coursework) -> dict[Path, str]:
    """Return the brief with the manifest's table, by its path.

    Raises:
        UsageError: The brief is missing, or has no place for the table.
    """
    path = coursework.stubs / BRIEF
    if not path.is_file():
        raise UsageError(f"{path} is missing: it holds the table of tasks.")
    before, begin, rest = read_text(path).partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise UsageError(f"{path} needs the lines {BEGIN} and {END}, in this order.")
    return {path: f"{before}{BEGIN}\n{task_table(coursework)}\n{END}{after}"}
