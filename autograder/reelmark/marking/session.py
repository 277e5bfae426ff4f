"""Marking: run a coursework's suites against one submission with pytest.

A check is a test with the marker ``check``::

    @pytest.mark.check("1a-i", marks=0.5, after="test_returns_an_image")
    def test_white_stays_white(submission):
        \"\"\"White stays white: a pixel of 255 becomes 1.0.\"\"\"

The docstring's first line is the title the student sees. ``after`` names
checks of the same task (one, or several) that must have passed; otherwise this
one is "not checked". A check that does not pass with the student's own functions is run
again with kit-made stand-ins for the tasks that its task needs.

A check fails by an assertion or by what a call of the student's function raised. Any
other exception is a fault of the kit, which never costs marks.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import hypothesis
import hypothesis.errors
import pytest

from reelmark.checks.submission import OpenWorker, Submission
from reelmark.errors import (
    Crashed,
    KitFault,
    Mismatch,
    NotStarted,
    TimedOut,
    UsageError,
)
from reelmark.manifest import Coursework, Task
from reelmark.marking.messages import status_of, write_message, write_not_checked
from reelmark.results import CheckResult, Status, TaskResult, summarise_task
from reelmark.worker.runner import Assignment

PRACTISING_EXAMPLES = 15
MARKING_EXAMPLES = 20

SETTINGS = "pyproject.toml"
"""The file of a coursework that pytest reads its settings from."""

TOTAL_SECONDS = 1_200.0
"""Time on the clock for all checks of a submission together."""

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
        """The name of the test function, without parameters."""
        return self.id.partition("::")[2].partition("[")[0]


class Marking:
    """A pytest plugin that marks one submission.

    Args:
        coursework: The coursework whose suites run.
        open_worker: Opens a worker for the submission; given a scratch folder.
        tasks: Ids of the tasks to check; all if empty.
        report: Called with every result as it comes.
        refusal: Why the submission is not looked at; every check is then "not
            checked".
        total_seconds: Time on the clock for all checks; those that begin later
            have timed out.
        is_practice: Whether no marks hang on it: then nothing is tried again with
            stand-ins for tasks that have just passed, which takes long and hardly
            ever helps.
        is_by_hand: Whether somebody runs pytest: they may leave out checks that
            others wait for, and a task that is not started is skipped, not failed.

    Attributes:
        refusal: As given.
        until_failure: Whether nothing more is checked once a check has failed.
    """

    def __init__(
        self,
        coursework: Coursework,
        open_worker: Callable[[Path], OpenWorker],
        *,
        tasks: Sequence[str] = (),
        report: Report | None = None,
        refusal: str = "",
        total_seconds: float = TOTAL_SECONDS,
        is_practice: bool = False,
        is_by_hand: bool = False,
    ) -> None:
        self._coursework = coursework
        self._open_worker = open_worker
        self._tasks = tuple(tasks)
        self._report = report
        self.refusal = refusal
        self.until_failure = False
        self._checks: dict[str, Check] = {}
        self._results: dict[str, CheckResult] = {}
        self._faults: list[str] = []
        self._alone: set[str] = set()
        self._needing_stand_ins: set[str] = set()
        self._total_seconds = total_seconds
        self._is_practice = is_practice
        self._is_by_hand = is_by_hand
        self._started = time.monotonic()

    @contextlib.contextmanager
    def open_submission(self) -> Iterator[Submission]:
        """Open the submission for the checks, with a scratch folder of its own."""
        with tempfile.TemporaryDirectory(
            prefix="reelmark-", ignore_cleanup_errors=True
        ) as folder:
            scratch = Path(folder)
            modules = self._coursework.modules
            submission = Submission(modules, scratch, self._open_worker(scratch))
            self._started = time.monotonic()
            yield submission
            submission.end_worker()

    def grant(self, seconds: float) -> None:
        """Add time on the clock: what the kit itself takes is not the student's."""
        self._started += seconds

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

    def choose(self, items: list[pytest.Item], tasks: Sequence[str]) -> None:
        """Leave the checks of some tasks among what was collected, in this order.

        Hidden checks stay last, as in `_place`.

        Args:
            items: What pytest is about to run; it is changed.
            tasks: Ids of the tasks.
        """
        checks = self._checks
        kept = {node: checks[node] for node in checks if checks[node].task.id in tasks}
        items[:] = [item for item in items if item.nodeid in kept]
        places = {task: place for place, task in enumerate(tasks)}
        found = kept.items()
        order = {node: (check.hidden, places[check.task.id]) for node, check in found}
        items.sort(key=lambda item: order[item.nodeid])
        self._checks = {item.nodeid: kept[item.nodeid] for item in items}

    def _loose_rungs(self) -> list[str]:
        """Return the checks that name, in ``after``, none that comes before them."""
        before: set[tuple[str, str]] = set()
        loose = []
        for check in self._checks.values():
            needed = {(check.task.id, name) for name in check.after}
            loose += [check.id] if needed - before else []
            before.add((check.task.id, check.name))
        return loose

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember a suite that cannot be collected."""
        if report.failed:
            self._faults.append(f"{report.nodeid}: {report.longreprtext}")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember a check that could not begin, or not end."""
        if report.failed and report.when != "call":
            self._faults.append(f"{report.nodeid}: {report.longreprtext}")

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Let ``pytest -k`` find a check by its task's id and function."""
        marker = _marker(item)
        named = marker.args[0] if marker and marker.args else None
        for task in self._coursework.tasks:
            if task.id == named:
                item.extra_keyword_matches.update((task.id, task.function))

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Read the checks and put them in order, other tests first."""
        checks = {item.nodeid: self._read(item) for item in items if _marker(item)}
        wanted = [
            item
            for item in items
            if item.nodeid in checks
            and (not self._tasks or checks[item.nodeid].task.id in self._tasks)
        ]
        wanted.sort(key=lambda item: self._place(checks[item.nodeid]))
        self._checks = {item.nodeid: checks[item.nodeid] for item in wanted}
        items[:] = [item for item in items if item.nodeid not in checks] + wanted
        if not self._is_by_hand and (loose := self._loose_rungs()):
            fault = f"These checks wait for checks that are not there: {loose}"
            self._faults.append(fault)
            raise pytest.UsageError(fault)

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
        if result.status in self._skipped():
            # Else pytest would name this line as the place of the check.
            reason = " ".join(result.message.partition("\n\n")[0].split())
            raise pytest.skip.Exception(reason, _use_item_location=True)
        if result.status is not Status.PASSED:
            pytest.fail(result.message, pytrace=False)
        return True

    def _skipped(self) -> tuple[Status, ...]:
        by_hand = (Status.NOT_STARTED,) if self._is_by_hand else ()
        return (Status.NOT_CHECKED, *by_hand)

    def _place(self, check: Check) -> tuple[bool, int, int]:
        """Return where a check comes: hidden checks last, module by module.

        What a submission's code has seen in a hidden check it can tell in no
        public one, whose messages show what it returns.
        """
        module = self._coursework.modules.index(check.task.module)
        return check.hidden, module, self._coursework.tasks.index(check.task)

    def _read(self, item: pytest.Item) -> Check:
        try:
            return self._read_marker(item)
        except (LookupError, TypeError, ValueError, UsageError) as error:
            self._faults.append(f"{item.nodeid}: its marker: {error!r}")
            raise pytest.UsageError(self._faults[-1]) from error

    def _read_marker(self, item: pytest.Item) -> Check:
        marker = _marker(item)
        assert marker is not None, item.nodeid
        if "submission" not in getattr(item, "fixturenames", ()):
            raise LookupError("a check takes the fixture submission")
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
        reason = self.refusal or self._blocked_by(check)
        if reason:
            message = write_not_checked(check.task, check.title, reason)
            return _result(check, Status.NOT_CHECKED, message, started)
        submission = cast(Submission, item.funcargs["submission"])
        error, call = self._attempt(check, item, submission)
        if error is None:
            return _result(check, Status.PASSED, "", started)
        message = write_message(
            check.task, check.title, error, call=call, hidden=check.hidden
        )
        if status_of(error) is Status.KIT_FAULT:
            self._faults.append(f"{check.id}: {type(error).__name__}: {error}")
        elif self.until_failure:
            self.refusal = "A check before it did not pass."
        return _result(check, status_of(error), message, started)

    def _attempt(
        self, check: Check, item: pytest.Function, submission: Submission
    ) -> tuple[BaseException | None, str]:
        """Run a check, if need be again with stand-ins.

        Returns:
            What ended it with the student's own functions, unless it then passed;
            and the last call of one of them.
        """
        if time.monotonic() - self._started > self._total_seconds:
            limit = f"{self._total_seconds:g} seconds for all checks together"
            return TimedOut(limit), ""
        stand_ins = self._stand_ins(check.task)
        if stand_ins and check.task.id in self._needing_stand_ins:
            # Another check of the task did: to try the student's own first would
            # only cost another worker, and time where they hang.
            if self._try(check, item, submission, stand_ins) is None:
                return None, submission.last_call
            return self._try(check, item, submission, ()), submission.last_call
        error, call = self._try(check, item, submission, ()), submission.last_call
        if error and stand_ins and not self._try(check, item, submission, stand_ins):
            self._needing_stand_ins.add(check.task.id)
            return None, call
        return error, call

    def _try(
        self,
        check: Check,
        item: pytest.Function,
        submission: Submission,
        stand_ins: tuple[str, ...],
    ) -> BaseException | None:
        """Run a check; return what ended it, if anything did.

        All tasks share a worker as long as all goes well. A check that does not pass
        there may have met what another task's code did to a library or to the
        process, so it is run again in a worker where only its own task's checks run;
        from then on all checks of that task are. A stub that says so itself has
        certainly not been started.
        """
        task = check.task.id
        if task in self._alone and not submission.is_alone(task):
            submission.end_worker()
        error = _call(item, submission, task, stand_ins)
        if not error or isinstance(error, NotStarted) or submission.is_alone(task):
            return error
        self._alone.add(task)
        submission.end_worker()
        return _call(item, submission, task, stand_ins)

    def _stand_ins(self, task: Task) -> tuple[str, ...]:
        if self._is_practice and all(map(self._has_passed, task.needs)):
            return ()
        needed = map(self._coursework.task, task.needs)
        return tuple(f"{need.module}.{need.function}" for need in needed)

    def _has_passed(self, task_id: str) -> bool:
        """Return whether a task's checks have all run and passed."""
        checks = self._checks.items()
        nodes = [node for node, check in checks if check.task.id == task_id]
        results = [self._results[node] for node in nodes if node in self._results]
        is_complete = 0 < len(nodes) == len(results)
        return is_complete and all(each.status is Status.PASSED for each in results)

    def _blocked_by(self, check: Check) -> str:
        """Return why a check cannot be run, or nothing."""
        for node, other in self._checks.items():
            same_task = other.task.id == check.task.id
            if same_task and other.name in check.after and other is not check:
                result = self._results.get(node)
                # A fault of the kit costs no marks, nor do checks that rest on it.
                fine = (None, Status.PASSED, Status.KIT_FAULT)
                if (result and result.status) not in fine:
                    return f'It needs "{other.title}" to pass first.'
        return ""

    def _fault(self, check: Check) -> CheckResult:
        """Return the result of a check that never ran: the kit's fault."""
        error = KitFault("the check could not be run")
        message = write_message(check.task, check.title, error, hidden=check.hidden)
        return _result(check, Status.KIT_FAULT, message, time.monotonic())


def mark(
    marking: Marking,
    coursework: Coursework,
    examples: int,
    *,
    hidden: bool = True,
    plugins: Sequence[object] = (),
) -> None:
    """Run a coursework's suites with ``marking`` as the only judge.

    Args:
        marking: The plugin that runs the checks and keeps their results.
        coursework: The coursework whose suites run.
        examples: How many examples Hypothesis tries a property with.
        hidden: Whether the hidden suite runs too, if it is there.
        plugins: Further plugins of pytest's.

    Raises:
        KitFault: A suite cannot be collected or run.
        KeyboardInterrupt: Somebody wants it to end.
    """
    load_profile(examples)
    suites = [coursework.public_suite, *([coursework.hidden_suite] if hidden else [])]
    if not any(suite.is_dir() for suite in suites):
        raise KitFault(f"There is no suite: {coursework.public_suite} is missing.")
    if not (coursework.root / SETTINGS).is_file():
        raise KitFault(
            f"{coursework.root} has no {SETTINGS}. Make one with pytest's settings, "
            "[tool.pytest]; it may hold nothing else."
        )
    os.environ.pop("PYTEST_ADDOPTS", None)  # for tests one runs by hand
    arguments = pytest_arguments(coursework, suites)
    code = pytest.main(arguments, plugins=[marking, *plugins])
    if code == pytest.ExitCode.INTERRUPTED and not marking.faults:
        raise KeyboardInterrupt
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        details = "\n".join(marking.faults) or f"pytest ended with {code!r}"
        raise KitFault(f"The suites cannot be run.\n{details}")


def assign(
    coursework: Coursework,
    folder: Path,
    scratch: Path,
    stand_ins: tuple[str, ...],
    uid: int | None = None,
) -> Assignment:
    """Say what a worker for the submission in ``folder`` needs to know."""
    return Assignment(
        folder=str(folder.resolve()),
        modules=coursework.modules,
        stubs=str(coursework.stubs),
        support=str(coursework.support),
        scratch=str(scratch),
        stand_ins=stand_ins,
        inputs=tuple(map(str, coursework.inputs)),
        secrets=(str(coursework.solutions), str(coursework.hidden_suite)),
        uid=uid,
    )


def load_profile(examples: int) -> None:
    """Make Hypothesis deterministic, and independent of the machine's speed.

    It tells of one mistake at a time, and does not search for explanations that
    no message shows.
    """
    phases = [phase for phase in hypothesis.Phase if phase.name != "explain"]
    settings = hypothesis.settings(
        max_examples=examples,
        phases=phases,
        report_multiple_bugs=False,
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
    unwanted = ["terminal", "cacheprovider"]
    # They collect garbage five times at the end, which takes long with TensorFlow.
    unwanted += ["unraisableexception", "threadexception"]
    # They look at each check three times, for nothing that a mark depends on.
    unwanted += ["logging", "warnings"]
    return [
        *(str(suite) for suite in suites if suite.is_dir()),
        f"--rootdir={coursework.root}",
        f"--config-file={coursework.root / SETTINGS}",
        # What else is installed here must not decide a mark.
        *("--disable-plugin-autoload", "-p", "reelmark.marking.fixture"),
        *(option for plugin in unwanted for option in ("-p", f"no:{plugin}")),
    ]


def _marker(item: pytest.Item) -> pytest.Mark | None:
    return item.get_closest_marker("check")


def _call(
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
        if str(error.filename).startswith(str(submission.scratch)):
            return Crashed("the folder it may write to is damaged")
        return error
    except (*_OUTCOMES, Exception, TimedOut) as error:
        return _cause_of(error)
    return None


# pytest's own; they are no exceptions of the common kind.
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
