"""In-process: checks and student code in one process, as a debugger needs them.

That is not how marks are made: nothing is closed off, and what a module does to a
library it does to all the others.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from reelmark.manifest import Coursework
from reelmark.practice.copies import Found, Told
from reelmark.processes.limits import Limits

if TYPE_CHECKING:
    # pytest is imported only when checks run.
    from reelmark.checks.submission import Submission
    from reelmark.marking.session import Marking

REMARK = (
    "Checked in this process, for a debugger. Marks are made in processes of their "
    "own, as `reelmark check` checks without --in-process."
)


class InProcess:
    """Checks a student's work once, in this process.

    Args:
        coursework: The coursework.
        work: The folder of the student's modules.
        hidden: Whether the hidden checks follow the public ones.
    """

    remark = REMARK

    def __init__(self, coursework: Coursework, work: Path, *, hidden: bool) -> None:
        self._coursework = coursework
        self._work = work
        self._hidden = hidden

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def check(self, tasks: Sequence[str], tell: Told) -> Found:
        """Check some tasks; what is wrong with the suites is a note."""
        from reelmark.marking.suites import PRACTISING_EXAMPLES, mark

        marking = prepare_marking(
            self._coursework,
            self._work,
            tasks=tasks,
            report=lambda task, result: tell(task.id, result),
        )
        mark(marking, self._coursework, PRACTISING_EXAMPLES, hidden=self._hidden)
        faults = (f"Fault in the checker: {fault}" for fault in marking.faults)
        return Found(tuple(marking.task_results()), tuple(faults), self._work)

    @contextlib.contextmanager
    def open_submission(self) -> Iterator[Submission]:
        """Open the work for calls that do not affect marks."""
        opened = prepare_marking(self._coursework, self._work).open_submission()
        # Whatever it prints is discarded, as in checks.
        with opened as submission, contextlib.redirect_stdout(io.StringIO()):
            yield submission


def prepare_marking(coursework: Coursework, work: Path, **options: Any) -> Marking:
    """Return the plugin that checks the modules in ``work`` in this process."""
    from reelmark.marking.jobs import assign
    from reelmark.marking.session import Marking
    from reelmark.practice.local import LocalWorker

    def open_worker(
        scratch: Path, stand_ins: tuple[str, ...], is_clean: bool
    ) -> LocalWorker:
        folder = coursework.stubs if is_clean else work
        return LocalWorker(assign(coursework, folder, scratch, stand_ins), Limits())

    return Marking(coursework, open_worker, is_practice=True, **options)
