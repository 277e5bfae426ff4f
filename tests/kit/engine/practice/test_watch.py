"""Watch: whatever is saved is checked, and only Ctrl-C ends it.

One watch serves the tests of the whole, each of which saves something and reads the
round that follows; the others lead rounds and the board without any process.
"""

from __future__ import annotations

import io
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from kit.stage import mini
from reelmark.errors import CannotMark, KitFault
from reelmark.manifest import Coursework, load_coursework
from reelmark.marking.jobs import Job, describe_check
from reelmark.practice.progress import read_progress
from reelmark.practice.rounds import Found, Rounds
from reelmark.practice.screen import Board, first_messages
from reelmark.practice.watch import choose_tasks
from reelmark.results import (
    CheckResult,
    Status,
    TaskResult,
    summarise,
    summarise_task,
    write_result,
)

pytestmark = pytest.mark.slow

WAITING = "Waiting until you save"
SECONDS = 120.0
SUITE = '''
@pytest.mark.check("1a", marks=2)
def test_doubles(submission):
    """Two becomes four."""
    expect.equal(submission.doubling.double(2), 4, "the double of 2")

@pytest.mark.check("1b", marks=2)
def test_halves(submission):
    """Two becomes one."""
    assert submission.doubling.halve(2) == 1

@pytest.mark.check("2a", marks=2)
def test_quadruples(submission):
    """Two becomes eight."""
    assert submission.chains.quadruple(2) == 8
'''


class Watch:
    """A watch of a tiny coursework, in a process of its own."""

    def __init__(self, root: Path) -> None:
        mini.write_suite(mini.write_coursework(root / "coursework"), SUITE)
        self.work = mini.write_modules(root / "work", mini.HONEST)
        options = ("--coursework", root / "coursework", "--folder", self.work)
        command = [sys.executable, "-u", "-m", "reelmark", "watch", *options]
        self.process = subprocess.Popen(
            list(map(str, command)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def save(self, module: str, text: str) -> None:
        """Save a module as an editor does: a new file takes the old one's place."""
        new = self.work / f".{module}.new"
        new.write_text(text, encoding="utf-8")
        new.replace(self.work / f"{module}.py")

    def read_until(self, part: str) -> str:
        """Return what it prints until a line holds ``part``, that line included."""
        lines = []
        while not lines or part not in lines[-1]:
            lines.append(self._lines.get(timeout=SECONDS))
        return "".join(lines)

    def round_after(self, module: str, text: str) -> str:
        """Save a module; return what the round prints that follows."""
        self.save(module, text)
        self.read_until(f"{module}.py saved")
        return self.read_until(WAITING)

    def end(self) -> None:
        """End it, and read what it has printed to its end."""
        self.process.kill()
        self.process.wait()
        self._reader.join(SECONDS)

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self._lines.put(line)


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watch]:
    """A watch that has carried out its first round."""
    if sys.platform != "linux":
        pytest.skip("elsewhere a round takes seconds")
    watching = Watch(tmp_path_factory.mktemp("watch"))
    try:
        assert "3 of 3 tasks passed" in watching.read_until(WAITING)
        yield watching
    finally:
        watching.end()


def test_tasks_of_the_saved_module_are_checked(watch: Watch) -> None:
    """A save is answered by the lines of its module's tasks, and by no others."""
    text = mini.HONEST["doubling"].replace("2 * x", "3 * x")
    printed = watch.round_after("doubling", text)
    assert "1a     double                   ✗" in printed
    assert "1b     halve                    ✓" in printed
    assert "quadruple" not in printed
    assert "1a  double(2): " in printed
    assert "4 of 6 marks" in printed


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("def double(x:\n", "SyntaxError"),
        ("import os\nos._exit(3)\n", "crashed"),
        ("", "has no function double()"),
        ("raise KeyboardInterrupt\n", "KeyboardInterrupt"),
    ],
    ids=["syntax-error", "exit", "half-saved", "interrupt"],
)
def test_broken_file_is_told_and_the_watch_goes_on(
    watch: Watch, text: str, told: str
) -> None:
    """What cannot be imported costs its own tasks; the next save is checked again."""
    assert told in watch.round_after("doubling", text)
    assert "3 of 3 tasks" in watch.round_after("doubling", mini.HONEST["doubling"])


def test_missing_file_is_told(watch: Watch) -> None:
    """A module that is gone is named, and checked when it is back."""
    (watch.work / "chains.py").unlink()
    assert "chains.py was not found" in watch.read_until(WAITING)
    assert "3 of 3 tasks" in watch.round_after("chains", mini.HONEST["chains"])


def test_save_ends_an_endless_loop(watch: Watch) -> None:
    """Nobody waits for a limit: the next save ends the current round."""
    watch.save("doubling", "while True: pass\n")
    watch.read_until("doubling.py saved")
    printed = watch.round_after("doubling", mini.HONEST["doubling"])
    assert "3 of 3 tasks" in printed
    assert "timed out" not in printed


def test_own_helper_concerns_all_tasks(watch: Watch) -> None:
    """A file that is no module of the coursework's may matter everywhere."""
    printed = watch.round_after("helper", "ONE = 1\n")
    assert all(f"{task}     " in printed for task in ("1a", "1b", "2a"))


def test_progress_is_kept(watch: Watch) -> None:
    """`reelmark list` knows what the watch has seen."""
    progress, trouble = read_progress(watch.work)
    assert trouble == ""
    assert set(progress.standings) == {"1a", "1b", "2a"}


def test_ctrl_c_ends_it_with_all_its_processes(watch: Watch) -> None:
    """Ctrl-C in the middle of a round ends it at once, and nothing stays."""
    psutil = pytest.importorskip("psutil")
    watch.save("doubling", "while True: pass\n")
    watch.read_until("doubling.py saved")
    children = psutil.Process(watch.process.pid).children(recursive=True)
    assert children
    watch.process.send_signal(signal.SIGINT)
    assert watch.process.wait(SECONDS) == 0
    watch.read_until("The watch has ended.")
    assert psutil.wait_procs(children, timeout=SECONDS)[1] == []


# --- rounds, with a backend that only pretends -------------------------------------


class FakeBackend:
    """Passes every task; or does what it is told to instead.

    Attributes:
        jobs: The tasks of each job.
    """

    findings = ()

    def __init__(self, *, is_warm: bool = True, error: Exception | None = None) -> None:
        self.is_warm = is_warm
        self.error = error
        self.jobs: list[tuple[str, ...]] = []
        self.may_end = threading.Event()
        self.may_end.set()

    def __enter__(self) -> FakeBackend:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Be ready."""

    def mark(self, job: Job, slot: int, tell: Any) -> None:  # noqa: ARG002
        """Pass the tasks, when that may end."""
        self.jobs.append(job.tasks)
        if self.error:
            raise self.error
        self.may_end.wait(SECONDS)
        results = [passed(task) for task in job.tasks]
        for result in results:
            tell(describe_check(result.id, result.checks[0]))
        write_result(summarise("", results), Path(job.result))

    def stop(self) -> None:
        """Let go of what goes on."""
        self.may_end.set()

    def go_on(self) -> None:
        """Do nothing."""


def passed(task: str) -> TaskResult:
    """Return a task whose one check passed."""
    return summarise_task(task, "Works", [check_of(Status.PASSED)])


def check_of(status: Status, message: str = "") -> CheckResult:
    """Return a check."""
    return CheckResult("public/x", "It works", False, status, 2.0, 2.0, message, 0.1)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A student's folder."""
    return mini.write_modules(tmp_path / "work", mini.HONEST)


def lead(
    coursework: Coursework, work: Path, backend: Any, *begun: Sequence[str]
) -> tuple[str, Rounds]:
    """Begin rounds, one as soon as the other goes on; return what is printed."""
    out = io.StringIO()
    board = Board(coursework, work, ["1a", "1b", "2a"], "", Console(file=out, width=88))
    scratch = work.parent / "scratch"
    with Rounds(coursework, work, backend, board, scratch) as rounds:
        for saved in begun:
            rounds.begin(saved, [] if saved else ["1a", "1b", "2a"])
        rounds.wait()
    return out.getvalue(), rounds


def test_first_round_goes_module_by_module(coursework: Coursework, work: Path) -> None:
    """A save in the first round need not wait for all of it."""
    backend = FakeBackend()
    printed, _ = lead(coursework, work, backend, ())
    assert backend.jobs == [("1a", "1b"), ("2a",)]
    assert "3 of 3 tasks passed" in printed


def test_slow_processes_are_started_once_a_round(
    coursework: Coursework, work: Path
) -> None:
    """Where each job imports TensorFlow, one job checks everything."""
    backend = FakeBackend(is_warm=False)
    lead(coursework, work, backend, ())
    assert backend.jobs == [("1a", "1b", "2a")]


def test_interrupted_round_is_made_up_for(coursework: Coursework, work: Path) -> None:
    """Interrupted tasks are checked after the saved ones."""
    backend = FakeBackend()
    backend.may_end.clear()
    printed, _ = lead(coursework, work, backend, (), ["2a"])
    assert backend.jobs[-2:] == [("2a",), ("1a", "1b")]
    assert printed.count(WAITING) == 1


def test_fault_of_the_kit_is_told(coursework: Coursework, work: Path) -> None:
    """A round that cannot be carried out says so; the next save tries again."""
    backend = FakeBackend(error=KitFault("no process"))
    printed, rounds = lead(coursework, work, backend, (), ["1a"])
    assert "The kit itself failed; no marks are lost. no process" in printed
    assert backend.jobs[-1][0] == "1a"
    assert not rounds.is_over.is_set()


def test_machine_that_cannot_check_ends_the_watch(
    coursework: Coursework, work: Path
) -> None:
    """Without TensorFlow there is nothing to wait for."""
    _, rounds = lead(coursework, work, FakeBackend(error=CannotMark("no")), ())
    assert rounds.is_over.is_set()
    assert str(rounds.fault) == "no"


@pytest.mark.parametrize(
    ("saved", "tasks"),
    [
        ({"doubling"}, ["1a", "1b"]),
        ({"chains"}, ["2a"]),
        ({"helper"}, ["1a", "1b", "2a"]),
    ],
)
def test_saved_files_choose_tasks(
    coursework: Coursework, saved: set[str], tasks: list[str]
) -> None:
    """A module's own tasks are checked; a helper's are all."""
    wanted = [task.id for task in coursework.tasks]
    assert choose_tasks(coursework, wanted, frozenset(saved)) == tasks
    assert choose_tasks(coursework, ["2a"], frozenset({"doubling"})) == []


def test_messages_that_say_the_same_appear_once() -> None:
    """That a module cannot be imported is said once, not for each task."""
    tasks = [
        summarise_task(
            task,
            "Works",
            [check_of(Status.FAILED, f"{task}  f{task}(): cannot be imported.")],
        )
        for task in ("1a", "1b")
    ]
    assert list(first_messages(tasks)) == ["1a"]


def test_messages_fit_on_the_screen(tmp_path: Path) -> None:
    """If there is no room for all messages, the last are only named."""
    coursework = load_coursework(mini.write_coursework(tmp_path / "c").root)
    work = mini.write_modules(tmp_path / "work", mini.HONEST)
    out = io.StringIO()
    console = Console(file=out, width=88, height=20, force_terminal=True)
    board = Board(coursework, work, ["1a", "1b", "2a"], "", console)
    tasks = [
        summarise_task(
            task, "Works", [check_of(Status.FAILED, f"{task}  f(): {task}" + "\n." * 6)]
        )
        for task in ("1a", "1b", "2a")
    ]
    board.begin(["1a", "1b", "2a"])
    board.take(Found(tuple(tasks), (), work))
    board.end()
    assert "More: `reelmark check 1b 2a`." in out.getvalue()
