"""The container: marks one submission inside Gradescope's container.

Run by ``run_autograder`` as ``python -m reelmark.lms.container /autograder MINUTES``.
Before anything else is tried, results are written that say that nothing was marked;
replacing them is the last step. Only instructors see what is printed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

from reelmark.errors import RefusedSubmission
from reelmark.files import write_whole
from reelmark.intake.snapshots import take_snapshot
from reelmark.intake.submissions import Upload
from reelmark.manifest import Coursework, load_coursework
from reelmark.results import CheckResult, Result, Status, TaskResult, read_result

COURSEWORK = "coursework"
STUDENT = "submission"

UNMARKED = (
    "Your work was received, but it could not be marked. This is a fault in the "
    "autograder, not in your work, and costs you no marks: your instructor has to look "
    "at it."
)


def describe_unmarked(reason: str = "") -> dict[str, Any]:
    """Return results for a submission that was not marked, as Gradescope reads them."""
    return {
        "score": 0,
        "output": f"{UNMARKED}{reason and f' {reason}'}",
        "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": [],
    }


def describe_result(
    result: Result, notes: tuple[str, ...], seconds: float
) -> dict[str, Any]:
    """Return a result as Gradescope reads it.

    Args:
        result: What marking found.
        notes: Sentences for the author about the submission as a whole.
        seconds: How long it took.
    """
    tests = [
        _describe_check(task, check) for task in result.tasks for check in task.checks
    ]
    return {
        "score": result.total,
        "execution_time": round(seconds),
        "output": "\n".join([*notes, *result.notes]),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": {
            "max": result.max,
            "status": result.status,
            "fingerprint": result.fingerprint,
            "confinement": result.confinement,
        },
    }


def mark(root: Path, minutes: int) -> dict[str, Any]:
    """Mark the submission below ``root``; print what the instructor should know.

    Args:
        root: The folder with ``source/``, ``submission/`` and ``results/``.
        minutes: How long it may take.

    Returns:
        The results, as Gradescope reads them.
    """
    begun = time.monotonic()
    coursework = load_coursework(root / "source" / COURSEWORK)
    with tempfile.TemporaryDirectory(prefix="reelmark-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # for workers with users of their own
        upload = Upload(STUDENT, root / "submission")
        try:
            snapshot = take_snapshot(
                upload, coursework.functions, folder / "class" / STUDENT
            )
        except RefusedSubmission as error:
            return {**describe_unmarked(), "output": str(error)}
        _grade(coursework, folder, minutes)
        result = read_result(folder / "marks" / "results" / f"{STUDENT}.json")
    print(f"Marks: {result.total:g} of {result.max:g}")
    print(f"Confinement: {result.confinement}")
    if result.status is Status.KIT_FAULT or 0 < result.open == result.max:
        return describe_unmarked()
    return describe_result(result, snapshot.notes, time.monotonic() - begun)


def _grade(coursework: Coursework, folder: Path, minutes: int) -> None:
    """Mark a class of one with `reelmark grade`, in a process that may die."""
    command = [
        *(sys.executable, "-I", "-m", "reelmark", "grade", str(folder / "class")),
        *("--from", "plain", "--out", str(folder / "marks"), "--workers", "1"),
        *("--coursework", str(coursework.root)),
    ]
    # This leaves time to write results before Gradescope ends everything.
    subprocess.run(
        command,
        check=False,
        timeout=60 * minutes - 30,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )


def _describe_check(task: TaskResult, check: CheckResult) -> dict[str, Any]:
    is_passed = check.status is Status.PASSED
    return {
        "number": task.id,
        "name": f"{check.title}{'' if is_passed else f' ({check.status})'}",
        "score": check.marks,
        "max_score": check.max,
        "status": "passed" if is_passed else "failed",
        "output": check.message,
        "visibility": "after_published" if check.hidden else "visible",
    }


def main(root: Path, minutes: int) -> None:
    """Mark, and write results whatever happens."""
    path = root / "results" / "results.json"
    _write(describe_unmarked(), path)
    try:
        results = mark(root, minutes)
    except subprocess.TimeoutExpired:
        print(f"Marking took longer than {minutes} minutes and was ended.")
        return
    except Exception:
        # For instructors; students read that it is not their fault.
        traceback.print_exc(file=sys.stdout)
        return
    _write(results, path)


def _write(results: dict[str, Any], path: Path) -> None:
    write_whole(path, json.dumps(results, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
