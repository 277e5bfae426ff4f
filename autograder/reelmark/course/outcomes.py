"""Outcomes: what nbgrader is asked to do, and the outcome.

nbgrader catches whatever is raised, even Ctrl-C and a full disk, and keeps its text.
"""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from types import FrameType
from typing import Any

from reelmark.course.folder import Course, put_alembic_on_path
from reelmark.course.gradebook import find_assignment, open_gradebook
from reelmark.errors import MachineFault, UsageError
from reelmark.files import write_whole
from reelmark.terminal.machine import find_refusal

Outcome = Mapping[str, Any]
"""What nbgrader's methods return: ``success``, and perhaps ``log`` and ``error``."""

PROBE_BYTES = 2**20
"""Bytes that a disk must have room for, as for a student's page."""


def ask(course: Course, step: str, *arguments: Any, **options: Any) -> Outcome:
    """Let nbgrader do a step in this process; return the outcome.

    Raises:
        KeyboardInterrupt: It was interrupted.
    """
    with _heeding_interrupts():
        outcome: Outcome = getattr(course.nbgrader, step)(*arguments, **options)
    return outcome


def run_nbgrader(course: Course, words: Sequence[str]) -> str:
    """Run an nbgrader command in the course's folder; return what it printed.

    Raises:
        UsageError: It failed.
        MachineFault: It failed because the machine refused something.
    """
    put_alembic_on_path()
    ran = subprocess.run(
        [sys.executable, "-P", "-m", "nbgrader", *words],
        cwd=course.root,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    outcome = {"success": not ran.returncode, "log": ran.stderr}
    return expect_done(outcome, f"do `{' '.join(words)}`")


def expect_done(outcome: Outcome, what: str) -> str:
    """Return the log of something that nbgrader did for the whole class.

    Raises:
        UsageError: It did not do it.
        MachineFault: It did not, because the machine refused something.
    """
    text = f"{outcome.get('log') or ''}\n{outcome.get('error') or ''}"
    if outcome["success"]:
        return str(outcome.get("log") or "")
    if refused := find_refusal(text):
        raise MachineFault(refused) from RuntimeError(text)
    raise UsageError(f"nbgrader could not {what}: {last_error(outcome)}")


def last_error(outcome: Outcome) -> str:
    """Return, in one line, why nbgrader failed."""
    text = f"{outcome.get('log') or ''}\n{outcome.get('error') or ''}"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    raised = [line for line in lines if re.match(r"[\w.]*(Error|Exception)\b", line)]
    wrong = [line for line in lines if line.startswith("[ERROR]")]
    return (raised or wrong or lines or ["it did not say why"])[-1]


def expect_machine(course: Course) -> None:
    """Expect disk and gradebook to work, so that a failure is one student's own.

    Nbgrader's text is no proof: a student's notebook can put anything into it.

    Raises:
        OSError: The disk does not take what is written.
        Exception: The gradebook's database does not answer.
    """
    probe = course.marks / "probe"
    write_whole(probe, bytes(PROBE_BYTES))
    probe.unlink()
    with open_gradebook(course) as gradebook:
        find_assignment(gradebook, course)


@contextlib.contextmanager
def _heeding_interrupts() -> Iterator[None]:
    """Raise Ctrl-C, which nbgrader catches like everything else, once it is done."""
    seen: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        seen.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if seen:
        raise KeyboardInterrupt
