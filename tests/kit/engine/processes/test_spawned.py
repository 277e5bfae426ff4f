"""Marking where nothing can be forked: newly started processes."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from kit.stage import mini
from kit.stage.classes import OTHER_COURSEWORK
from reelmark.confinement.advice import explain_open_level
from reelmark.confinement.bubblewrap import Wall
from reelmark.confinement.level import Level
from reelmark.errors import CannotMark, Crashed, KitFault, UsageError
from reelmark.files import PACKAGE
from reelmark.grading.run import ClassRun
from reelmark.intake.submissions import find_uploads
from reelmark.manifest import Coursework, load_coursework
from reelmark.marking import spawned_judge
from reelmark.marking.backend import (
    Backend,
    ForkingBackend,
    SpawningBackend,
    choose_backend,
)
from reelmark.marking.jobs import assign
from reelmark.marking.spawned_judge import OneMarking
from reelmark.processes import spawned
from reelmark.processes.limits import GIGABYTE, Limits
from reelmark.processes.spawned import SpawnedProcess, SpawnedWorker
from reelmark.results import Result, Status
from reelmark.wire import frames
from sample_class import ROOT

COURSEWORK = load_coursework(OTHER_COURSEWORK)
SMALL = Limits(cpu_seconds=1, wall_seconds=30, memory_bytes=GIGABYTE)

CLASS = {
    "prints": {
        "words.py": (
            "import os\nprint('{\"total\": 5.0}')\n"
            "BESIDE = os.path.join(os.path.dirname(__file__), 'texts.txt')\n"
            "open(BESIDE, 'w').write('none yet')\n"
            "def count_words(text):\n"
            "    assert os.path.getsize(BESIDE) > 0\n"
            "    open('last.txt', 'w').write(text)\n"
            "    print('x' * 100_000)\n    os.write(1, b'x' * 100_000)\n"
            "    return len(text.split())\n"
        ),
        "numbers_of_words.py": (
            "from words import count_words\n"
            "def count_all(texts):\n    return [count_words(text) for text in texts]\n"
        ),
    },
    "misbehaves": {
        "words.py": (
            "import os\n"
            "def count_words(text):\n"
            "    if not text: os._exit(3)\n"
            "    while 'c r e t' in text: pass\n"
            "    return len(text.split())\n"
        ),
        "numbers_of_words.py": (
            "import time\n"
            "def count_all(texts):\n"
            "    if texts: return [7]\n"
            "    held = [bytearray(2**26) for _ in range(60)]\n"
            "    time.sleep(30)\n"
        ),
    },
}
"""Right work that prints much and keeps files; and work that does all that is wrong."""

STATES = {
    "public/words::test_counts": Status.PASSED,
    "public/words::test_nothing_is_no_word": Status.CRASHED,
    "hidden/words_hidden::test_blanks_are_no_words": Status.TIMED_OUT,
    "public/words::test_counts_all": Status.FAILED,
    "hidden/words_hidden::test_no_texts_have_no_counts": Status.OUT_OF_MEMORY,
}
"""The outcome of the latter."""


def write_class(folder: Path) -> Path:
    """Write what the class hands in."""
    for student, files in CLASS.items():
        mini.write_files(folder / student, files)
    return folder


def spawned_processes(of: psutil.Process) -> list[psutil.Process]:
    """Return the processes that a process has spawned, and that are no zombies."""
    found = []
    for process in of.children(recursive=True):
        try:
            command = " ".join(process.cmdline())
        except psutil.Error:
            continue
        if ".spawned_" in command:
            found.append(process)
    return found


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Result]]:
    """The class, marked by this system's best and by processes started anew."""
    submissions = write_class(tmp_path_factory.mktemp("class"))
    ways: dict[str, Backend] = {"spawned": SpawningBackend(COURSEWORK)}
    if sys.platform == "linux":
        ways["sealed"] = ForkingBackend(COURSEWORK)
    results = {}
    for name, backend in ways.items():
        out = tmp_path_factory.mktemp(name)
        run = ClassRun(COURSEWORK, out, limits=SMALL, is_unsafe=True, backend=backend)
        outcomes = run.mark_class(find_uploads(submissions))
        results[name] = {each.result.student: each.result for each in outcomes}
    return results


def verdicts(result: Result) -> dict[str, tuple[Status, float]]:
    """Return state and marks by check."""
    return {c.id: (c.status, c.marks) for task in result.tasks for c in task.checks}


@pytest.mark.parametrize("student", CLASS)
def test_marks_are_those_of_sealed_marking(
    graded: dict[str, dict[str, Result]], student: str
) -> None:
    """Every check ends in the same state, with the same marks, in both ways."""
    if "sealed" not in graded:
        pytest.skip("sealed marking is for Linux")
    spawned_ones, sealed = graded["spawned"][student], graded["sealed"][student]
    assert verdicts(spawned_ones) == verdicts(sealed)
    assert spawned_ones.total == sealed.total


def test_output_changes_nothing(graded: dict[str, dict[str, Result]]) -> None:
    """Whatever right work prints, it earns all its marks."""
    result = graded["spawned"]["prints"]
    assert (result.total, result.status) == (5, Status.PASSED)


def test_every_end_has_its_own_state(graded: dict[str, dict[str, Result]]) -> None:
    """A loop, an exit, a wrong answer and too much memory are told apart."""
    checks = verdicts(graded["spawned"]["misbehaves"])
    states = {name: status for name, (status, _) in checks.items()}
    assert states == STATES


def test_crash_names_the_exit_code(graded: dict[str, dict[str, Result]]) -> None:
    """How a process ended is known, though nobody forked it."""
    tasks = graded["spawned"]["misbehaves"].tasks
    messages = {c.id: c.message for task in tasks for c in task.checks}
    assert "exit code 3" in messages["public/words::test_nothing_is_no_word"]


def test_result_says_that_nothing_was_closed(
    graded: dict[str, dict[str, Result]],
) -> None:
    """Every result tells how it came about."""
    told = {result.confinement for result in graded["spawned"].values()}
    assert told == {Level.PROCESS.value}


@pytest.mark.usefixtures("graded")
def test_no_process_is_left_after_a_run() -> None:
    """Judges and workers have ended when a class is marked."""
    assert spawned_processes(psutil.Process()) == []


@pytest.mark.usefixtures("graded")
def test_no_file_is_left_where_a_judge_begins() -> None:
    """Judges begin in the engine's folder, whose files tell if work is marked again."""
    assert not (PACKAGE / ".hypothesis").exists()


GRADE = """
import signal, sys
from pathlib import Path
from reelmark.marking.backend import SpawningBackend
from reelmark.grading.run import ClassRun
from reelmark.intake.submissions import find_uploads
from reelmark.manifest import load_coursework
# Where the tests run in the background, a shell lets nobody hear Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
coursework, submissions, out = map(Path, sys.argv[1:])
backend = SpawningBackend(load_coursework(coursework))
backend._is_proved = True  # saves the test some seconds
run = ClassRun(load_coursework(coursework), out, is_unsafe=True, backend=backend)
list(run.mark_class(find_uploads(submissions)))
"""


@pytest.fixture
def run_at_work(tmp_path: Path) -> Iterator[tuple[Any, list[psutil.Process]]]:
    """A run of `grade` in the midst of a student's endless loop; its processes."""
    files = {"words.py": "def count_words(text):\n    while True: pass\n"}
    mini.write_files(tmp_path / "submissions" / "hangs", files)
    folders = (OTHER_COURSEWORK, tmp_path / "submissions", tmp_path / "marks")
    command = [sys.executable, "-c", GRADE, *map(str, folders)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as run:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            processes = spawned_processes(psutil.Process(run.pid))
            # A worker that is ready has moved into its scratch folder.
            if any(str(tmp_path) in process.cwd() for process in processes):
                break
            time.sleep(0.1)
        yield run, processes
        run.kill()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_processes_end_with_the_run(
    run_at_work: tuple[subprocess.Popen[bytes], list[psutil.Process]], number: int
) -> None:
    """After Ctrl-C, and after SIGKILL, judges and workers are gone within seconds."""
    run, processes = run_at_work
    assert len(processes) == 2
    run.send_signal(number)
    _, running = psutil.wait_procs(processes, timeout=10)
    assert running == []
    assert run.wait(timeout=10) != 0


def proved_backend(coursework: Coursework) -> SpawningBackend:
    """Return a backend that has seen TensorFlow start, which takes seconds."""
    backend = SpawningBackend(coursework)
    backend._is_proved = True
    return backend


def test_class_with_hidden_checks_is_refused(tmp_path: Path) -> None:
    """Nothing is marked, and no result removed, until somebody says --unsafe."""
    submissions = find_uploads(write_class(tmp_path / "submissions"))
    run = ClassRun(COURSEWORK, tmp_path / "marks", backend=proved_backend(COURSEWORK))
    with pytest.raises(UsageError) as refusal:
        list(run.mark_class(submissions))
    assert str(refusal.value) == explain_open_level(Level.PROCESS)
    assert not list((tmp_path / "marks").rglob("*.json"))


def test_coursework_without_hidden_checks_is_not_refused(
    coursework: Coursework, tmp_path: Path
) -> None:
    """If nothing is hidden, nothing has to be accepted."""
    run = ClassRun(coursework, tmp_path, backend=SpawningBackend(coursework))
    run._refuse_open_secrets()


def test_broken_suite_ends_the_run(tmp_path: Path) -> None:
    """A suite that cannot be run is reported at once, and nobody gets a result."""
    broken = tmp_path / "coursework"
    shutil.copytree(OTHER_COURSEWORK, broken)
    (broken / "tests" / "public" / "test_words.py").write_text("import nothing_here")
    coursework = load_coursework(broken)
    backend = proved_backend(coursework)
    run = ClassRun(coursework, tmp_path / "marks", is_unsafe=True, backend=backend)
    submissions = find_uploads(write_class(tmp_path / "submissions"))
    with pytest.raises(CannotMark, match="nothing_here"):
        list(run.mark_class(submissions))
    assert not list((tmp_path / "marks").rglob("*.json"))


@pytest.fixture
def open_spawned(
    coursework: Coursework, tmp_path: Path
) -> Iterator[Callable[..., Any]]:
    """Opens a submission in a process that is started anew: modules by name."""
    with ExitStack() as stack:

        def open_submission(**modules: str) -> Any:
            folder = mini.write_modules(tmp_path / "own", modules)

            def open_worker(
                scratch: Path, _: tuple[str, ...], _is_clean: bool
            ) -> SpawnedWorker:
                return SpawnedWorker(assign(coursework, folder, scratch, ()), Limits())

            submission = mini.opened(coursework, open_worker, tmp_path / "scratch")
            return stack.enter_context(submission)

        yield open_submission


@pytest.mark.skipif(sys.platform == "win32", reason="nothing can be forked there")
def test_crash_is_told_though_a_fork_lives_on(open_spawned: Callable[..., Any]) -> None:
    """Code that forks and exits has ended, whoever still holds its connection."""
    # Not `os.fork`, which is refused: nothing closes the system's own off here.
    forks = (
        "import ctypes, os, time\ndef double(x):\n"
        "    os._exit(3) if ctypes.PyDLL(None).fork() else 0\n"
    )
    submission = open_spawned(doubling=forks + "    time.sleep(60)\n")
    started = time.monotonic()
    with pytest.raises(Crashed, match="exit code 3"):
        submission.doubling.double(1)
    assert time.monotonic() - started < 45


def test_end_after_an_answer_is_a_crash_of_the_next_call(
    open_spawned: Callable[..., Any],
) -> None:
    """A worker that ends itself between two checks is not a fault of the kit."""
    source = (
        "import os, threading\ndef double(x):\n"
        "    threading.Timer(0.2, os._exit, [3]).start()\n    return 2 * x\n"
    )
    submission = open_spawned(doubling=source)
    assert submission.doubling.double(1) == 2
    time.sleep(1)
    submission.end_check()
    with pytest.raises(Crashed, match="exit code 3"):
        submission.doubling.double(1)


def test_starting_a_worker_is_not_the_students_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock for all checks stands still while TensorFlow is imported."""
    ours, theirs = socket.socketpair()
    known = {"settled": (), "stopped": (), "faulty": (), "is_over": False}
    job: Any = SimpleNamespace(
        scratch=str(tmp_path),
        refusal="",
        limits=Limits(),
        until_failure=False,
        **known,
    )
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(spawned_judge, "SpawnedWorker", lambda *_: time.sleep(0.1))
    with ours, theirs:
        marking = OneMarking(COURSEWORK, job, ours, is_practice=False)
        started = marking.marking._started
        marking._start_worker(assign(COURSEWORK, tmp_path, tmp_path, ()), job)
        assert marking.marking._started >= started + 0.1


def test_process_that_does_not_start_is_a_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A process that ends before it joins is not a submission's crash."""
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(KitFault, match="did not start"):
        SpawnedProcess("reelmark.nothing", b"")


def test_tensorflow_that_does_not_import_says_what_to_try(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where no worker could start, nobody is marked, with advice."""
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(CannotMark, match="import tensorflow"):
        SpawningBackend(COURSEWORK).start()


class TestGreeting:
    """Whoever connects must know the token."""

    @pytest.fixture
    def ends(self) -> Iterator[tuple[socket.socket, socket.socket]]:
        """The two ends of a connection over the loopback network."""
        with socket.create_server((spawned.LOOPBACK, 0)) as listener:
            theirs = socket.create_connection(listener.getsockname())
            ours, _ = listener.accept()
        with ours, theirs:
            yield ours, theirs

    @pytest.mark.parametrize(
        ("told", "pid"),
        [
            (b"token 17", 17),
            (b"guess 17", 0),
            (b"token", 0),
            (b"token many", 0),
            (b"\xff 17", 0),
        ],
        ids=["right", "wrong", "without-id", "no-id", "noise"],
    )
    def test_token_is_asked_for(
        self, ends: tuple[socket.socket, socket.socket], told: bytes, pid: int
    ) -> None:
        """A stranger is sent away; the process that was started is recognised."""
        ours, theirs = ends
        frames.send_frame(theirs, told)
        assert spawned._recognise(ours, "token") == pid

    def test_silence_is_not_waited_for(
        self,
        ends: tuple[socket.socket, socket.socket],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """A stranger who says nothing does not keep the others waiting."""
        monkeypatch.setattr(spawned, "GREETING_SECONDS", 0.2)
        assert spawned._recognise(ends[0], "token") == 0


def test_end_of_input_ends_the_process() -> None:
    """When the starter is gone, its end of the input closes, and that is heard."""
    ended = threading.Event()
    parts = iter([b"x", b""])
    spawned._end_with(0, lambda _descriptor, _size: next(parts), lambda _: ended.set())
    assert ended.is_set()


@pytest.mark.parametrize(
    ("system", "kind"),
    [
        ("linux", ForkingBackend),
        ("darwin", SpawningBackend),
        ("win32", SpawningBackend),
    ],
)
def test_system_decides_the_way(
    monkeypatch: pytest.MonkeyPatch, system: str, kind: Callable[..., Any]
) -> None:
    """Processes are forked on Linux, and started anew elsewhere."""
    monkeypatch.setattr(sys, "platform", system)
    assert type(choose_backend(COURSEWORK, None)) is kind


def test_wall_is_refused_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """If a wall is asked for, there are no marks without one."""
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(UsageError, match="--wall"):
        choose_backend(COURSEWORK, Wall((), ()))


FOREIGN = """
import importlib, os, signal, socket, sys
for library in {libraries}:
    importlib.import_module(library)
sys.platform = "win32"
for name in ("fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules[name] = None
for module, names in {{
    os: ["fork", "getuid", "geteuid", "setsid", "pidfd_open", "sched_getaffinity"],
    socket: ["AF_UNIX", "SOCK_SEQPACKET", "send_fds", "recv_fds"],
    signal: ["SIGKILL", "SIGALRM", "setitimer"],
}}.items():
    for name in names:
        delattr(module, name)
import reelmark.cli, reelmark.grading.terminal, reelmark.doctor
import reelmark.marking.spawned_judge, reelmark.processes.spawned_worker
from reelmark.marking.backend import SpawningBackend
from pathlib import Path
from reelmark.grading.run import ClassRun
from reelmark.manifest import load_coursework
run = ClassRun(load_coursework(Path(sys.argv[1])), Path(sys.argv[2]))
assert type(run._backend) is SpawningBackend
print("imported")
"""
LIBRARIES = (
    *("asyncio", "concurrent.futures.process", "hypothesis", "jinja2"),
    *("matplotlib.pyplot", "msgpack"),
    *("multiprocessing.heap", "multiprocessing.synchronize", "numpy", "pandas"),
    *("pytest", "rich.progress", "typeguard", "typer"),
)


def test_everything_can_be_imported_elsewhere(tmp_path: Path) -> None:
    """Nothing that `grade` imports needs Linux."""
    code = FOREIGN.format(libraries=LIBRARIES)
    ran = subprocess.run(
        [sys.executable, "-c", code, str(OTHER_COURSEWORK), str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert ran.stdout == "imported\n", ran.stderr
