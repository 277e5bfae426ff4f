"""Marking: run a coursework's suites against one submission with pytest.

A check is a test with the marker ``check``::

    @pytest.mark.check("1a-i", marks=0.5, after="test_returns_an_image")
    def test_white_stays_white(submission):
        \"\"\"White stays white: a pixel of 255 becomes 1.0.\"\"\"

The docstring's first line is the title the student sees. ``after`` names
checks of the same task (one, or several) that must have passed; otherwise this
one is "not checked". A check that does not pass with the student's own functions is run
again with kit-made stand-ins for the tasks that its task needs.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import hypothesis
import pytest

from reelmark.errors import KitFault, TimedOut
from reelmark.manifest import Coursework, Task
from reelmark.messages import status_of, write_message, write_not_checked
from reelmark.results import CheckResult, Status, TaskResult, summarise_task
from reelmark.submission import OpenWorker, Submission
from reelmark.worker import Assignment

PRACTISING_EXAMPLES = 15
MARKING_EXAMPLES = 30

Report = Callable[[Task, CheckResult], None]


@dataclass(frozen=True)
class Check:
    """One test of a suite, as its marker and its docstring declare it."""

    id: str
    task: Task
    title: str
    marks: float
    after: tuple[str, ...]
    hidden: bool

    @property
    def name(self) -> str:
        """The name of the test function."""
        return self.id.rpartition("::")[2]


class Marking:
    """A pytest plugin that marks one submission.

    Args:
        coursework: The coursework whose suites run.
        open_worker: Opens a worker for the submission; given a scratch folder.
        tasks: Ids of the tasks to check; all if empty.
        report: Called with every result as it comes.
        refusal: Why the submission is not looked at; every check is then "not
            checked".
    """

    def __init__(
        self,
        coursework: Coursework,
        open_worker: Callable[[Path], OpenWorker],
        *,
        tasks: Sequence[str] = (),
        report: Report | None = None,
        refusal: str = "",
    ) -> None:
        self._coursework = coursework
        self._open_worker = open_worker
        self._tasks = tuple(tasks)
        self._report = report
        self._refusal = refusal
        self._checks: dict[str, Check] = {}
        self._results: dict[str, CheckResult] = {}
        self._faults: list[str] = []
        self._module = ""

    @contextlib.contextmanager
    def open_submission(self) -> Iterator[Submission]:
        """Open the submission for the checks, with a scratch folder of its own."""
        with tempfile.TemporaryDirectory(prefix="reelmark-") as folder:
            scratch = Path(folder)
            modules = self._coursework.modules
            submission = Submission(modules, scratch, self._open_worker(scratch))
            yield submission
            submission.end_worker()

    def task_results(self) -> list[TaskResult]:
        """Return what was found, task by task, in the manifest's order."""
        by_task: dict[str, list[CheckResult]] = {}
        for node, check in self._checks.items():
            result = self._results.get(node) or self._fault(check)
            by_task.setdefault(check.task.id, []).append(result)
        return [
            summarise_task(task.id, task.title, by_task[task.id])
            for task in self._coursework.tasks
            if task.id in by_task
        ]

    @property
    def faults(self) -> list[str]:
        """What went wrong in the suites themselves, for an instructor's eyes."""
        return self._faults

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember a suite that cannot be collected."""
        if report.failed:
            self._faults.append(f"{report.nodeid}: {report.longreprtext}")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Read the checks; put them in the order of their tasks, other tests first."""
        checks = {item.nodeid: self._read(item) for item in items if _marker(item)}
        order = [task.id for task in self._coursework.tasks]
        wanted = [
            item
            for item in items
            if item.nodeid in checks
            and (not self._tasks or checks[item.nodeid].task.id in self._tasks)
        ]
        wanted.sort(key=lambda item: order.index(checks[item.nodeid].task.id))
        self._checks = {item.nodeid: checks[item.nodeid] for item in wanted}
        items[:] = [item for item in items if item.nodeid not in checks] + wanted

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> object:
        """Run one check and keep its result; pytest reports the message."""
        check = self._checks.get(pyfuncitem.nodeid)
        if check is None:
            return None
        result = self._run(check, pyfuncitem)
        self._results[pyfuncitem.nodeid] = result
        if self._report:
            self._report(check.task, result)
        if result.status is Status.NOT_CHECKED:
            pytest.skip(result.message)
        if result.status is not Status.PASSED:
            pytest.fail(result.message, pytrace=False)
        return True

    def _read(self, item: pytest.Item) -> Check:
        marker = _marker(item)
        assert marker is not None, item.nodeid
        after = marker.kwargs.get("after", ())
        title = (
            (getattr(item, "obj", item).__doc__ or item.name).strip().splitlines()[0]
        )
        hidden = item.path.is_relative_to(self._coursework.hidden_suite)
        suite = "hidden" if hidden else "public"
        return Check(
            id=f"{suite}/{item.path.stem.removeprefix('test_')}::{item.name}",
            task=self._coursework.task(marker.args[0]),
            title=title,
            marks=float(marker.kwargs["marks"]),
            after=(after,) if isinstance(after, str) else tuple(after),
            hidden=hidden,
        )

    def _run(self, check: Check, item: pytest.Function) -> CheckResult:
        started = time.monotonic()
        reason = self._refusal or self._blocked_by(check)
        if reason:
            message = write_not_checked(check.task, check.title, reason)
            return _result(check, Status.NOT_CHECKED, message, started)
        submission = cast(Submission, item.funcargs["submission"])
        error = self._attempt(check, item, submission)
        call = submission.last_call
        if error is None:
            return _result(check, Status.PASSED, "", started)
        message = write_message(
            check.task, check.title, error, call=call, hidden=check.hidden
        )
        if status_of(error) is Status.KIT_FAULT:
            self._faults.append(f"{check.id}: {type(error).__name__}: {error}")
        return _result(check, status_of(error), message, started)

    def _attempt(
        self, check: Check, item: pytest.Function, submission: Submission
    ) -> BaseException | None:
        """Run a check, if need be again with stand-ins; return what ended it."""
        if check.task.module != self._module:
            submission.end_worker()
            self._module = check.task.module
        error = _call(item, submission, ())
        stand_ins = self._stand_ins(check.task)
        if error is None or not stand_ins:
            return error
        return None if _call(item, submission, stand_ins) is None else error

    def _stand_ins(self, task: Task) -> tuple[str, ...]:
        needed = map(self._coursework.task, task.needs)
        return tuple(f"{need.module}.{need.function}" for need in needed)

    def _blocked_by(self, check: Check) -> str:
        """Return why a check cannot be run, or nothing."""
        for node, other in self._checks.items():
            same_task = other.task.id == check.task.id
            if same_task and other.name in check.after and other is not check:
                result = self._results.get(node)
                if result is not None and result.status is not Status.PASSED:
                    return f'It needs "{other.title}" to pass first.'
        return ""

    def _fault(self, check: Check) -> CheckResult:
        """Return the result of a check that never ran: the kit's fault."""
        error = KitFault("the check could not be run")
        message = write_message(check.task, check.title, error, hidden=check.hidden)
        return _result(check, Status.KIT_FAULT, message, time.monotonic())


def mark(
    marking: Marking, coursework: Coursework, examples: int, *, hidden: bool = True
) -> None:
    """Run a coursework's suites with ``marking`` as the only judge.

    Args:
        marking: The plugin that runs the checks and keeps their results.
        coursework: The coursework whose suites run.
        examples: How many examples Hypothesis tries a property with.
        hidden: Whether the hidden suite runs too, if it is there.

    Raises:
        KitFault: A suite cannot be collected or run.
    """
    load_profile(examples)
    suites = [coursework.public_suite, *([coursework.hidden_suite] if hidden else [])]
    code = pytest.main(pytest_arguments(coursework, suites), plugins=[marking])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        details = "\n".join(marking.faults) or f"pytest ended with {code!r}"
        raise KitFault(f"The suites cannot be run.\n{details}")


def assign(
    coursework: Coursework, folder: Path, scratch: Path, stand_ins: tuple[str, ...]
) -> Assignment:
    """Say what a worker for the submission in ``folder`` needs to know."""
    return Assignment(
        folder=str(folder.resolve()),
        modules=coursework.modules,
        stubs=str(coursework.stubs),
        support=str(coursework.support),
        scratch=str(scratch),
        stand_ins=stand_ins,
    )


def load_profile(examples: int) -> None:
    """Make Hypothesis deterministic, and independent of the machine's speed."""
    settings = hypothesis.settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        print_blob=False,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.register_profile("reelmark", settings)
    hypothesis.settings.load_profile("reelmark")


def pytest_arguments(coursework: Coursework, suites: Sequence[Path]) -> list[str]:
    """Return the command line that runs these suites, and nothing else."""
    return [
        *(str(suite) for suite in suites if suite.is_dir()),
        f"--rootdir={coursework.root}",
        "--config-file=" + str(coursework.root / "pyproject.toml"),
        "-p",
        "no:terminal",
        "-p",
        "no:cacheprovider",
    ]


def _marker(item: pytest.Item) -> pytest.Mark | None:
    return item.get_closest_marker("check")


def _call(
    item: pytest.Function, submission: Submission, stand_ins: tuple[str, ...]
) -> BaseException | None:
    """Call a check's function; return what ended it, if anything did."""
    arguments = {name: item.funcargs[name] for name in item._fixtureinfo.argnames}
    try:
        submission.begin_check(stand_ins)
        item.obj(**arguments)
    except (Exception, TimedOut) as error:
        return error
    return None


def _result(check: Check, status: Status, message: str, started: float) -> CheckResult:
    # A fault of the kit never costs marks.
    earned = status in (Status.PASSED, Status.KIT_FAULT)
    return CheckResult(
        id=check.id,
        title=check.title,
        hidden=check.hidden,
        status=status,
        marks=check.marks if earned else 0.0,
        max=check.marks,
        message=message,
        seconds=round(time.monotonic() - started, 3),
    )
