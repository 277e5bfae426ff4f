"""Progress: how far a student has got, in one small file next to their modules.

``reelmark check`` and ``watch`` record what they found, ``hint`` what it has shown;
``list`` reads it. Nothing that counts depends on it: if the file is broken, or of
another version, the student is told and it is ignored; and it is not handed in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from reelmark.files import write_whole
from reelmark.manifest import Coursework, Task
from reelmark.results import Status, TaskResult, worst_status

FILE = ".reelmark.json"
SCHEMA = 1


@dataclass(frozen=True)
class Standing:
    """The last result of a task's public checks.

    Attributes:
        status: The task's state.
        marks: Marks of the public checks that passed.
        max: Marks of all its public checks.
        source: Identifies the module that was checked (`identify_source`).
    """

    status: Status
    marks: float
    max: float
    source: str


@dataclass(frozen=True)
class Progress:
    """How far a student has got.

    Attributes:
        standings: What was found, by task; tasks that were never checked are missing.
        hints: How many hints of each task were shown; tasks without any are missing.
        versions: What was last said about versions that differ from those of marking.
    """

    standings: Mapping[str, Standing] = field(default_factory=dict)
    hints: Mapping[str, int] = field(default_factory=dict)
    versions: str = ""

    def with_results(
        self, coursework: Coursework, checked: Path, results: Sequence[TaskResult]
    ) -> Progress:
        """Return the progress after these tasks were checked.

        Args:
            coursework: The coursework.
            checked: The folder whose modules were checked.
            results: What was found; hidden checks are left out.
        """
        found = dict(self.standings)
        for result in results:
            public = [check for check in result.checks if not check.hidden]
            if public:
                source = identify_source(coursework.task(result.id), checked)
                status = worst_status(check.status for check in public)
                marks = round(sum(check.marks for check in public), 2)
                most = round(sum(check.max for check in public), 2)
                found[result.id] = Standing(status, marks, most, source)
        return replace(self, standings=found)

    def with_hint(self, task: Task) -> Progress:
        """Return the progress after one more hint of a task was shown."""
        shown = self.hints.get(task.id, 0) + 1
        return replace(self, hints={**self.hints, task.id: shown})


def identify_source(task: Task, work: Path) -> str:
    """Return an id that tells versions of a task's module apart."""
    try:
        source = (work / f"{task.module}.py").read_bytes()
    except OSError:
        return ""
    return hashlib.sha256(source).hexdigest()[:16]


def is_own(coursework: Coursework, work: Path) -> bool:
    """Return whether a folder is where somebody works, so that progress is kept there.

    It is the working directory, that of the stubs, or one with progress in it. Any
    other was only looked at, and may be a submission that is to stay as it is.
    """
    usual = (Path.cwd().resolve(), coursework.stubs.resolve())
    return work in usual or (work / FILE).exists()


def read_progress(work: Path) -> tuple[Progress, str]:
    """Read the progress kept in a folder.

    Returns:
        The progress, empty if none can be read; and a sentence if it cannot.
    """
    path = work / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Progress(), ""
    except (OSError, UnicodeDecodeError):
        return Progress(), f"{path} cannot be read; it is ignored."
    try:
        return _progress_of(json.loads(text)), ""
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return Progress(), (
            f"{path} is broken or of another version; it is ignored, and written anew "
            "by the next check."
        )


def write_progress(work: Path, progress: Progress) -> str:
    """Write the progress to a folder; return a sentence if that is not possible."""
    data = {"schema": SCHEMA, **asdict(progress)}
    try:
        write_whole(work / FILE, json.dumps(data, indent=1) + "\n")
    except OSError as error:
        return f"{work / FILE} cannot be written ({error.strerror}): nothing is noted."
    return ""


def note_results(
    coursework: Coursework,
    work: Path,
    results: Sequence[TaskResult],
    checked: Path | None = None,
) -> tuple[Progress, str]:
    """Record what was found; return the progress, and a sentence if that failed.

    Args:
        coursework: The coursework.
        work: The folder that the progress is kept in.
        results: What was found.
        checked: The folder whose modules were checked, if it is a different one.
    """
    # Read again: somebody may have used `hint` in another terminal meanwhile.
    progress, trouble = read_progress(work)
    progress = progress.with_results(coursework, checked or work, results)
    return progress, write_progress(work, progress) or trouble


def _progress_of(data: Any) -> Progress:
    if data["schema"] != SCHEMA:
        raise ValueError("of another version")
    standings = {
        str(task): Standing(
            Status(kept["status"]),
            float(kept["marks"]),
            float(kept["max"]),
            str(kept["source"]),
        )
        for task, kept in data["standings"].items()
    }
    hints = {str(task): max(0, int(count)) for task, count in data["hints"].items()}
    return Progress(standings, hints, str(data.get("versions", "")))
