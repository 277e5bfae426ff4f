"""The reference: correct work, marked first, on this machine and in this run.

If it does not get full marks, something is wrong with the machine or the checks, and
would cost everybody marks.
"""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from pathlib import Path

from reelmark.errors import CannotMark
from reelmark.intake.submissions import Upload
from reelmark.manifest import Coursework
from reelmark.results import CheckResult, Result, Status

NAME = "the reference"
FILE = ".reference.json"
"""The file of its result, in the folder of the results of a class."""

MOST_SHOWN = 3


def has_reference(coursework: Coursework) -> bool:
    """Return whether there is one: students' copies of a coursework have none."""
    names = [f"{module}.py" for module in coursework.modules]
    return all((coursework.solutions / name).is_file() for name in names)


def copy_reference(coursework: Coursework, into: Path) -> Upload:
    """Hand in the reference, which is only the top level of the solutions."""
    into.mkdir()
    for path in sorted(coursework.solutions.glob("*.py")):
        shutil.copyfile(path, into / path.name)
    return Upload(NAME, into)


def describe_machine() -> str:
    """Return what may decide the reference's marks, but is in no other fingerprint."""
    return f"{platform.platform()} {platform.machine()} {platform.node()}"


def expect_full_marks(result: Result) -> None:
    """Expect the reference to have passed every check that did not break.

    A check that breaks is the kit's own fault, and costs nobody marks.

    Raises:
        CannotMark: It has not; the message says where, and quotes its message.
    """
    failed = [
        (task.id, check)
        for task in result.tasks
        for check in task.checks
        if check.status not in (Status.PASSED, Status.KIT_FAULT)
    ]
    if failed:
        raise CannotMark(
            f"The reference has {result.total:g} of {result.max:g} marks on this "
            "machine, so that right work would lose marks: nobody was marked.\n"
            + "\n".join(_describe(failed))
            + "\nFix the cause and run the command again; `reelmark doctor` marks the "
            "reference, too, and shows what it is marked with."
        )


def _describe(failed: list[tuple[str, CheckResult]]) -> Iterator[str]:
    for task_id, check in failed[:MOST_SHOWN]:
        yield f"\n{task_id}  {check.id}: {check.status}\n{check.message}"
    if len(failed) > MOST_SHOWN:
        yield f"\nand {len(failed) - MOST_SHOWN} more checks"
