"""Attempts: run a check and, if need be, run it again: alone, or with stand-ins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import hypothesis.errors
import pytest

from reelmark.checks.submission import Submission
from reelmark.errors import Crashed, Mismatch, NotStarted, StudentError, TimedOut
from reelmark.manifest import Coursework, Task
from reelmark.marking.check import Check
from reelmark.results import Status


class Attempt(NamedTuple):
    """How a check ended.

    Attributes:
        error: What ended it; None if it passed.
        call: The last call of one of the student's functions.
        own: What ended it with the student's own functions, if it then passed with
            stand-ins: this counts if the tasks they stand in for turn out right.
    """

    error: BaseException | None
    call: str
    own: BaseException | None = None


class Attempts:
    """Runs the checks of one submission, each as often as is fair.

    All tasks share a worker as long as all goes well. If a check does not pass there,
    another task's code may have changed a library or the process, so the check is run
    again in a worker where only its own task's checks run. If it does not pass with
    the student's own functions, it is run with the kit's stand-ins for the tasks that
    its task needs, unless those have all passed.

    Args:
        coursework: The coursework whose checks are run.
        verdict_of: Whether a task has passed; None if some of its checks (perhaps
            hidden ones) have yet to run.
    """

    def __init__(
        self, coursework: Coursework, verdict_of: Callable[[str], bool | None]
    ) -> None:
        self._coursework = coursework
        self._verdict_of = verdict_of
        self._alone: set[str] = set()
        self._needing_stand_ins: set[str] = set()

    def expect_trouble(self, found: Iterable[tuple[Task, Status]]) -> None:
        """Run checks alone if others of their task have ended badly before."""
        self._alone |= {task.id for task, status in found if status in _TROUBLE}

    def run(
        self, check: Check, item: pytest.Function, submission: Submission
    ) -> Attempt:
        """Run a check and, if need be, run it again with stand-ins."""
        task = check.task
        stand_ins = self._stand_ins(task)
        if task.id in self._needing_stand_ins and self._needs_failed(task):
            # Another check of the task needed them: trying the student's own first
            # would only cost another worker, and time if they hang.
            if self._try(check, item, submission, stand_ins) is None:
                return Attempt(None, submission.last_call)
            return Attempt(self._try(check, item, submission, ()), submission.last_call)
        error, call = self._try(check, item, submission, ()), submission.last_call
        if not error or not stand_ins:
            return Attempt(error, call)
        other = self._try(check, item, submission, stand_ins)
        if other is None:
            self._needing_stand_ins.add(task.id)
            return Attempt(None, call, own=error)
        if _is_elsewhere(error, task) or _has_hung_elsewhere(error, task):
            return Attempt(other, submission.last_call)
        return Attempt(error, call)

    def _try(
        self,
        check: Check,
        item: pytest.Function,
        submission: Submission,
        stand_ins: tuple[str, ...],
    ) -> BaseException | None:
        """Run a check; return what ended it, if anything did.

        A stub that raises NotImplementedError has certainly not been started; after the
        first check that does not pass, all checks of its task run alone.
        """
        task = check.task.id
        if task in self._alone and not submission.is_alone(task):
            submission.end_worker()
        error = call_check(item, submission, task, stand_ins)
        if not error or isinstance(error, NotStarted):
            return error
        if not submission.is_alone(task):
            self._alone.add(task)
            submission.end_worker()
            error = call_check(item, submission, task, stand_ins)
        elif self._waits_for_another(error, check.task):
            error = call_check(item, submission, task, stand_ins)
        if self._waits_for_another(error, check.task):
            # By now that module is known not to import: a stub takes its place.
            error = call_check(item, submission, task, stand_ins)
        return error

    def _waits_for_another(self, error: BaseException | None, task: Task) -> bool:
        """Return whether the import of another task's module hung."""
        others = {*self._coursework.modules} - {task.module}
        return isinstance(error, TimedOut) and error.module in others

    def _needs_failed(self, task: Task) -> bool:
        return any(self._verdict_of(need) is False for need in task.needs)

    def _stand_ins(self, task: Task) -> tuple[str, ...]:
        if all(map(self._verdict_of, task.needs)):
            return ()
        needed = map(self._coursework.task, task.needs)
        return tuple(f"{need.module}.{need.function}" for need in needed)


def _is_elsewhere(error: BaseException, task: Task) -> bool:
    """Return whether the module that cannot be imported is another task's."""
    known = (None, task.module)
    return isinstance(error, StudentError) and error.module not in known


def _has_hung_elsewhere(error: BaseException, task: Task) -> bool:
    """Return whether time was over in another module, in lines that are known."""
    if not isinstance(error, TimedOut) or not error.frames:
        return False
    return error.frames[-1].file != f"{task.module}.py"


_TROUBLE = (
    *(Status.FAILED, Status.TIMED_OUT, Status.OUT_OF_MEMORY, Status.CRASHED),
    Status.NEEDS_A_LOOK,
)


def call_check(
    item: pytest.Function,
    submission: Submission,
    task: str,
    stand_ins: tuple[str, ...],
) -> BaseException | None:
    """Call a check's function; return what ended it, if anything did."""
    arguments = {name: item.funcargs[name] for name in item._fixtureinfo.argnames}
    try:
        submission.begin_check(task, stand_ins)
        item.obj(**arguments)
        submission.end_check()
    except OSError as error:
        if str(error.filename).startswith(str(submission.home)):
            return Crashed("the folder it may write to is damaged")
        return error
    except (*_OUTCOMES, Exception, TimedOut) as error:
        return _cause_of(error)
    return None


# pytest's own exceptions, which do not derive from Exception.
_OUTCOMES = (pytest.fail.Exception, pytest.skip.Exception)


def _cause_of(error: BaseException) -> BaseException:
    """Return what a check raised, without what Hypothesis wraps around it."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, hypothesis.errors.Flaky):
        return Mismatch(
            "does not give the same result again.",
            why="It was called twice with the same input.",
            advice="Look for what it remembers from one call to the next.",
        )
    return error
