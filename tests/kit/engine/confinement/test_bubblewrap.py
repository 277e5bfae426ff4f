"""The wall: what can be seen behind bubblewrap, and what is said without it."""

from __future__ import annotations

import contextlib
import errno
import functools
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.stage import mini
from reelmark.checks.submission import Submission
from reelmark.confinement import bubblewrap
from reelmark.confinement.bubblewrap import Wall, Walls
from reelmark.confinement.level import Level
from reelmark.confinement.policy import find_python
from reelmark.errors import TimedOut, UsageError
from reelmark.manifest import Coursework, load_coursework
from reelmark.marking.jobs import assign
from reelmark.processes.forked import SealedWorker, Zygote
from reelmark.processes.forkserver import find_pid, open_process
from reelmark.processes.limits import Limits

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="bubblewrap exists on Linux only"
)

REFUSES = "#!/bin/sh\necho 'bwrap: No permissions to create namespace' >&2\nexit 1\n"


@functools.cache
def find_obstacle() -> str:
    """Return why there cannot be a wall here; else an empty text."""
    try:
        Wall((), ()).require()
    except UsageError as error:
        return str(error)
    return ""


@pytest.fixture
def _needs_bubblewrap() -> None:
    if find_obstacle():
        pytest.skip(find_obstacle())


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of programs."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def _lacking(_: int) -> int:
    raise OSError(errno.ENOSYS, "there is no such call")


def binds_of(command: list[str]) -> dict[str, str]:
    """Return what a command binds: option by path; each at its own place."""
    words = command[: command.index("--")]
    found = [i for i, word in enumerate(words) if word.endswith(("bind", "bind-try"))]
    assert all(words[i + 1] == words[i + 2] for i in found)
    return {words[i + 1]: words[i] for i in found}


class TestCommand:
    """The command, without running it."""

    def test_only_the_workspace_can_be_written_to(self, coursework: Coursework) -> None:
        """Stubs, support and Python are bound to be read, the workspace to be used."""
        built = Walls(coursework, coursework.root / "marks").build()
        binds = binds_of(built.wrap(["python"]))
        writable = [path for path, how in binds.items() if how == "--bind"]
        readable = [path for path, how in binds.items() if how == "--ro-bind"]
        assert writable == [str(coursework.root / "marks")]
        assert readable == [str(coursework.stubs), str(coursework.worker_support)]

    def test_all_else_is_what_workers_read_anyway(self, coursework: Coursework) -> None:
        """Beside those there is Python, and what the policy lists of the system."""
        built = Walls(coursework, coursework.root / "m").build()
        binds = binds_of(built.wrap(["python"]))
        rest = {path for path, how in binds.items() if how == "--ro-bind-try"}
        python = {sys.executable, os.path.realpath(sys.executable)}
        python |= {str(Path(sys.prefix, "pyvenv.cfg")), *map(str, find_python())}
        assert rest == python | {
            path for path in bubblewrap.SYSTEM if not path.startswith(("/proc", "/dev"))
        }

    def test_every_namespace_is_new(self) -> None:
        """Nothing but files is shared with the outside, and those as listed."""
        command = Wall((), ()).wrap(["python"])
        for name in ("pid", "ipc", "net", "uts", "cgroup-try", "user-try"):
            assert f"--unshare-{name}" in command
        assert "--die-with-parent" in command

    def test_temporary_files_come_before_what_lies_among_them(self) -> None:
        """A folder in /tmp is bound after the new, empty /tmp, or it would be gone."""
        command = Wall((), (Path("/tmp/marks"),)).wrap(["python"])
        assert command.index("/tmp") < command.index("/tmp/marks")

    def test_wrapped_command_is_unchanged(self) -> None:
        """What runs behind the wall is the command that was given."""
        command = Wall((), ()).wrap(["python", "--", "-x"])
        assert command[0] == "bwrap"
        assert command[-4:] == ["--", "python", "--", "-x"]


class TestRefusal:
    """Sentences where there can be no wall."""

    def test_missing_program_is_named(self, programs: Path) -> None:
        """If bubblewrap is not installed, the sentence says how to get it."""
        assert list(programs.iterdir()) == []
        with pytest.raises(UsageError, match="apt install bubblewrap"):
            Wall((), ()).require()

    def test_bubblewraps_own_reason_is_told(self, programs: Path) -> None:
        """If it may not make namespaces, the reason and a way forward are given."""
        (programs / "bwrap").write_text(REFUSES, encoding="utf-8")
        (programs / "bwrap").chmod(0o755)
        with pytest.raises(UsageError, match=r"No permissions .* leave --wall out"):
            Wall((), ()).require()

    def test_forbidding_setting_is_named(
        self, programs: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A setting of the kernel that forbids namespaces is named, with its cure."""
        (programs / "setting").write_text("0\n", encoding="ascii")
        switch = (str(programs / "setting"), "0", "be 1")
        monkeypatch.setattr(bubblewrap, "_SWITCHES", (switch,))
        assert "setting would have to be 1" in bubblewrap._explain("")

    def test_wall_that_hides_workers_from_measuring_is_refused(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """If a worker's id could not be translated, its limits would not hold."""
        monkeypatch.setattr(bubblewrap.shutil, "which", lambda _: "bwrap")
        monkeypatch.setattr(bubblewrap.os, "pidfd_open", _lacking)
        with pytest.raises(UsageError, match="measured on this kernel"):
            Wall((), ()).require()

    @pytest.mark.usefixtures("_needs_bubblewrap")
    def test_open_secret_is_found(self, tmp_path: Path) -> None:
        """A wall behind which a secret can be seen does not stand."""
        secret = tmp_path / "hidden"
        secret.mkdir()
        with pytest.raises(UsageError, match=str(secret)):
            Wall((tmp_path,), (), (secret,)).require()

    def test_refused_wall_starts_nothing(self, programs: Path) -> None:
        """If a wall is asked for but impossible, no warm parent starts without it."""
        assert list(programs.iterdir()) == []
        with Zygote(Wall((), ())) as parent:
            with pytest.raises(UsageError):
                parent.start()
            assert not parent.is_alive()


def test_process_is_known_by_its_id_here() -> None:
    """An open process leads to the id by which this process knows it."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    descriptor = os.pidfd_open(child.pid)
    assert find_pid(descriptor) == child.pid
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)
    child.communicate(b"\n")


def test_older_kernel_does_without_open_processes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without open processes there is no wall, and ids are the same."""
    monkeypatch.setattr(bubblewrap.os, "pidfd_open", _lacking)
    assert open_process(os.getpid()) == ()


LOOK = """
import json, os, socket, sys
def attempt(act):
    try:
        return act()
    except OSError as error:
        return type(error).__name__
given, secret, scratch, port = sys.argv[1:]
print(json.dumps({
    "given": open(given).read(),
    "secret": attempt(lambda: open(secret).read()),
    "users": attempt(lambda: open("/etc/passwd").read()),
    "beside": os.listdir(os.path.dirname(given)),
    "write": attempt(lambda: open(given, "w")),
    "scratch": attempt(lambda: open(scratch + "/made", "w").write("x")),
    "parent": attempt(lambda: os.listdir(f"/proc/{os.getppid()}/root/home")),
    "processes": [name for name in os.listdir("/proc") if name.isdigit()],
    "network": attempt(lambda: socket.create_connection(("127.0.0.1", int(port)), 5)),
}))
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a process without any confinement of its own finds behind the wall."""
    if find_obstacle():
        pytest.skip(find_obstacle())
    folder = tmp_path_factory.mktemp("outside")
    given, secret, scratch = (folder / name for name in ("given", "secret", "scratch"))
    given.write_text("a film", encoding="utf-8")
    secret.write_text("the answer", encoding="utf-8")
    scratch.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        words = [sys.executable, "-c", LOOK, str(given), str(secret), str(scratch)]
        command = Wall((given,), (scratch,)).wrap([*words, port])
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(ran.stdout)
    return {**found, "made": (scratch / "made").exists()}


class TestInside:
    """Behind the wall, with every hole in Landlock and seccomp one can think of."""

    def test_what_was_given_is_there(self, seen: dict[str, Any]) -> None:
        """A file that was given can be read; its neighbours are those given too."""
        assert seen["given"] == "a film"
        assert sorted(seen["beside"]) == ["given", "scratch"]

    def test_what_was_not_given_does_not_exist(self, seen: dict[str, Any]) -> None:
        """Other files are not refused: there are none."""
        assert (seen["secret"], seen["users"]) == ("FileNotFoundError",) * 2

    def test_what_was_given_cannot_be_changed(self, seen: dict[str, Any]) -> None:
        """What is given to be read is on a read-only mount, for root too."""
        assert seen["write"] == "OSError"

    def test_scratch_folder_is_the_one_outside(self, seen: dict[str, Any]) -> None:
        """What is written to a writable folder arrives outside."""
        assert (seen["scratch"], seen["made"]) == (1, True)

    def test_no_process_outside_has_a_name(self, seen: dict[str, Any]) -> None:
        """There is bubblewrap's own process and this one; neither leads outside."""
        assert seen["processes"] == ["1", "2"]
        assert seen["parent"] in ("FileNotFoundError", "PermissionError")

    def test_no_server_outside_is_reached(self, seen: dict[str, Any]) -> None:
        """This machine's own servers are not on the loopback behind the wall."""
        assert seen["network"] == "ConnectionRefusedError"


def find_processes(word: str) -> list[str]:
    """Return the processes whose command line holds a word."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if word.encode() in (entry / "cmdline").read_bytes():
                found.append(entry.name)
    return found


@pytest.mark.usefixtures("_needs_bubblewrap")
def test_all_behind_the_wall_dies_with_it(tmp_path: Path) -> None:
    """When the process that was started is killed, so is what it started."""
    code = "import time; print('up', flush=True); time.sleep(60)"
    command = Wall((), ()).wrap([sys.executable, "-c", code, str(tmp_path)])
    with subprocess.Popen(command, stdout=subprocess.PIPE) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == b"up\n"
        assert len(find_processes(str(tmp_path))) > 1
        started.kill()
    deadline = time.monotonic() + 10
    while find_processes(str(tmp_path)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not find_processes(str(tmp_path))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a coursework and a workspace are, and a solution that nobody may see."""
    folder = tmp_path_factory.mktemp("run")
    coursework = mini.write_coursework(folder / "coursework")
    mini.write_files(coursework.solutions, {"doubling.py": "the answer"})
    (folder / "work" / "scratch").mkdir(parents=True)
    return folder


@pytest.fixture(scope="module")
def parent(folder: Path) -> Iterator[Zygote]:
    """A warm parent behind a wall."""
    if find_obstacle():
        pytest.skip(find_obstacle())
    coursework = load_coursework(folder / "coursework")
    with Zygote(Walls(coursework, folder / "work").build()) as parent:
        parent.start()
        parent.wait_until_ready()
        yield parent


class TestWorkers:
    """The whole of it: workers forked behind the wall."""

    @pytest.fixture
    def open_walled(self, folder: Path, parent: Zygote) -> Iterator[Callable[..., Any]]:
        """Opens a submission behind the wall."""
        coursework = load_coursework(folder / "coursework")
        with contextlib.ExitStack() as stack:

            def open_submission(doubling: str, limits: Limits | None = None) -> Any:
                modules = {"doubling": doubling}
                own = mini.write_modules(folder / "work" / "own", modules)
                sealed = mini.sealed(parent, coursework, own, limits or Limits())
                home, open_worker = folder / "work/scratch", stack.enter_context(sealed)
                home.mkdir(exist_ok=True)
                return Submission(coursework.modules, home, open_worker, {})

            yield open_submission

    def test_level_names_the_wall(self, parent: Zygote) -> None:
        """The canary sings behind the wall too; the level's words name all three."""
        assert (parent.level, parent.findings) == (Level.WALLED, ())
        assert "Landlock, seccomp, bubblewrap" in parent.level.value

    def test_answers_come_through(self, open_walled: Callable[..., Any]) -> None:
        """A call behind the wall answers as it does without one."""
        submission = open_walled("def double(x): return 2 * x")
        assert submission.doubling.double(21) == 42
        submission.end_worker()

    def test_processor_time_is_the_workers(
        self, open_walled: Callable[..., Any]
    ) -> None:
        """A loop is ended by the worker's own processor time, not another process's."""
        loop = "def double(x):\n    while True: pass"
        submission = open_walled(loop, Limits(cpu_seconds=0.3, wall_seconds=20))
        with pytest.raises(TimedOut, match="processor time"):
            submission.doubling.double(1)

    def test_id_inside_is_not_the_id_outside(
        self, folder: Path, parent: Zygote
    ) -> None:
        """Workers are numbered anew inside; they are measured by their number here."""
        coursework = load_coursework(folder / "coursework")
        work = assign(coursework, coursework.stubs, folder / "work" / "scratch", ())
        connection = parent.connect()
        worker = SealedWorker(connection, work, Limits())
        outside, inside = worker._meter._pid, worker._pid
        status = Path(f"/proc/{outside}/status").read_text(encoding="utf-8")
        numbers = re.findall(r"^NSpid:\t(.*)$", status, re.MULTILINE)[0].split()
        assert (numbers[0], numbers[-1]) == (str(outside), str(inside))
        assert outside != inside
        worker.close()
        connection.close()

    def test_solutions_are_not_there(
        self, open_walled: Callable[..., Any], folder: Path
    ) -> None:
        """Confinement holds as well: what is not there is not even looked for."""
        source = "def double(x):\n    return open(x).read()"
        submission = open_walled(source)
        with pytest.raises(Exception, match=r"PermissionError|FileNotFoundError"):
            submission.doubling.double(str(folder / "coursework/solutions/doubling.py"))
        submission.end_worker()


@pytest.mark.parametrize(
    ("level", "expected"),
    [(Level.LANDLOCK_SECCOMP, Level.WALLED), (Level.PROCESS, Level.PROCESS)],
)
def test_wall_makes_no_open_level_good(level: Level, expected: Level) -> None:
    """A wall adds to confinement; it does not stand in for it."""
    assert level.behind_wall() is expected
