"""Sealed mode: workers in processes of their own, and how they end."""

from __future__ import annotations

import os
import socket
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kit.stage import mini
from reelmark.confinement.level import Level
from reelmark.errors import Crashed, KitFault, OutOfMemory, StudentError, TimedOut
from reelmark.manifest import Coursework
from reelmark.marking.jobs import assign
from reelmark.processes.forked import SealedWorker, Zygote
from reelmark.processes.forkserver import (
    ForkServer,
    is_answering,
    receive_message,
    send_message,
)
from reelmark.processes.limits import Limits, is_running
from reelmark.processes.zygote import prepare_worker
from reelmark.wire import frames
from reelmark.wire.assignment import Assignment
from reelmark.worker.lookout import SECONDS

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="sealed mode is for Linux"
)

Open = Callable[..., Any]

PID = "import os\ndef double(x): return os.getpid()"
QUICK = Limits(cpu_seconds=0.3, wall_seconds=20)
SHORT = Limits(cpu_seconds=20, wall_seconds=1)


def ends_soon(pid: int) -> bool:
    """Return whether a process ends within ten seconds."""
    deadline = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not is_running(pid)


def body(text: str) -> str:
    """Return a module whose double() has this body."""
    return "def double(x):\n" + textwrap.indent(textwrap.dedent(text), "    ")


class TestWorkers:
    """Calls in a worker."""

    def test_code_runs_in_another_process(self, open_sealed: Open) -> None:
        """Student code never runs in the process of the checks."""
        assert open_sealed(doubling=PID).doubling.double(1) != os.getpid()

    def test_worker_shares_no_memory_it_can_write_to(self, open_sealed: Open) -> None:
        """Nothing that the parent shares with its children can be written by them."""
        maps = "def double(x): return open('/proc/self/maps').read().splitlines()"
        lines = open_sealed(doubling=maps).doubling.double(1)
        assert len(lines) > 100
        assert [line for line in lines if line.split()[1][1::2] == "ws"] == []

    def test_threads_of_libraries_are_waited_for(self, open_sealed: Open) -> None:
        """A library that waits for the end of its thread waits, and not for ever."""
        source = """
            import ctypes, time
            libc = ctypes.CDLL(None)
            ended = []
            @ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
            def run(_):
                time.sleep(0.1)
                ended.append(x)
            thread = ctypes.c_ulong()
            assert libc.pthread_create(ctypes.byref(thread), None, run, None) == 0
            assert libc.pthread_join(thread, None) == 0
            return ended
        """
        assert open_sealed(doubling=body(source)).doubling.double(3) == [3]

    def test_garbage_is_collected(self, open_sealed: Open) -> None:
        """The parent collects none while it imports; its workers do."""
        collecting = "import gc\ndef double(x): return gc.isenabled()"
        assert open_sealed(doubling=collecting).doubling.double(1) is True

    def test_worker_remembers(self, open_sealed: Open) -> None:
        """All calls of one worker meet the same modules and objects."""
        source = "SEEN = []\ndef double(x):\n    SEEN.append(x)\n    return list(SEEN)"
        submission = open_sealed(doubling=source)
        submission.doubling.double(1)
        assert submission.doubling.double(2) == [1, 2]

    def test_models_live_in_the_worker(self, open_sealed: Open) -> None:
        """A model is described here, lives there, and can be passed back."""
        source = """
            import keras
            if isinstance(x, keras.Model):
                return len(x.layers)
            return keras.Sequential([keras.Input((2,)), keras.layers.Dense(x)])
            """
        submission = open_sealed(doubling=body(source))
        model = submission.doubling.double(3)
        assert model.output_shape == (None, 3)
        assert model.predict([[1.0, 2.0]]).shape == (1, 3)
        assert submission.doubling.double(model) == 1

    def test_two_workers_share_nothing(
        self, coursework: Coursework, tmp_path: Path, zygote: Zygote
    ) -> None:
        """What one submission does to a library, another does not see."""
        sources = {
            "first": "import math\ndef double(x): math.pi = 3\n",
            "second": "import math\ndef double(x): return math.pi\n",
        }
        seen = []
        for name, source in sources.items():
            folder = mini.write_modules(tmp_path / name, {"doubling": source})
            scratch = tmp_path / "scratch"
            with (
                mini.sealed(zygote, coursework, folder, Limits()) as open_worker,
                mini.opened(coursework, open_worker, scratch) as submission,
            ):
                seen.append(submission.doubling.double(1))
        assert seen == [None, 3.141592653589793]

    @pytest.mark.parametrize(
        "statement",
        [
            "print('x' * 100_000)",
            "import os; os.write(1, b'x' * 100_000); os.write(2, b'x')",
            "import sys; sys.stdout.close(); sys.stderr = None",
            "import os; os.close(1); os.close(2)",
        ],
        ids=["print", "write", "close", "close-descriptors"],
    )
    def test_output_does_not_matter(self, open_sealed: Open, statement: str) -> None:
        """Whatever is printed, or done to the streams, the value arrives."""
        submission = open_sealed(doubling=body(f"{statement}\nreturn 2 * x"))
        assert submission.doubling.double(2) == 4

    def test_nothing_waits_for_input(self, open_sealed: Open) -> None:
        """A program that reads the keyboard finds no input."""
        submission = open_sealed(doubling=body("return input('number? ')"))
        with pytest.raises(StudentError, match="EOFError"):
            submission.doubling.double(1)

    @pytest.mark.parametrize(
        ("statement", "type_name"),
        [
            ("raise KeyboardInterrupt", "KeyboardInterrupt"),
            ("exit()", "SystemExit"),
            ("import reelmark.errors as e; raise e.TimedOut('0 seconds')", "TimedOut"),
            ("import reelmark.errors as e; raise e.KitFault('free')", "KitFault"),
            ("import pytest; pytest.exit('done', 0)", "Exit"),
            ("import pytest; pytest.skip('done')", "Skipped"),
        ],
        ids=["interrupt", "exit", "time-out", "kit-fault", "pytest-exit", "skip"],
    )
    def test_every_exception_is_the_students(
        self, open_sealed: Open, statement: str, type_name: str
    ) -> None:
        """No exception has its special meaning from the process of the checks."""
        submission = open_sealed(doubling=body(statement))
        with pytest.raises(StudentError) as caught:
            submission.doubling.double(1)
        assert caught.value.type_name == type_name


class TestEnds:
    """Workers that end before they answer."""

    @pytest.mark.parametrize(
        ("statement", "end"),
        [
            ("import os; os._exit(0)", "ended itself with exit code 0"),
            ("import os; os._exit(3)", "ended itself with exit code 3"),
            ("import os; os.abort()", "ended by SIGABRT"),
            ("import ctypes; ctypes.string_at(0)", "ended by SIGSEGV"),
            ("import os; os.kill(os.getpid(), 9)", "ended by SIGKILL"),
            ("import os; os.kill(os.getpid(), 40)", "ended by signal 40"),
        ],
        ids=["exit-0", "exit-3", "abort", "segfault", "kill", "real-time-signal"],
    )
    def test_death_is_told_with_its_cause(
        self, open_sealed: Open, statement: str, end: str
    ) -> None:
        """A worker that dies has crashed; the message gives the cause."""
        submission = open_sealed(doubling=body(statement))
        with pytest.raises(Crashed, match=end):
            submission.doubling.double(1)

    def test_worker_that_closes_its_socket_is_ended(self, open_sealed: Open) -> None:
        """A worker that closes its connection but goes on is killed after a moment."""
        loop = "import os\nos.close(3)\nwhile True: pass"
        with pytest.raises(Crashed, match="ended by SIGKILL"):
            open_sealed(doubling=body(loop)).doubling.double(1)

    def test_next_call_gets_a_new_worker(self, open_sealed: Open) -> None:
        """After a crash the same submission can be asked again."""
        source = body("if x:\n    import os; os._exit(1)\nreturn 'alive'")
        submission = open_sealed(doubling=source)
        with pytest.raises(Crashed):
            submission.doubling.double(1)
        assert submission.doubling.double(0) == "alive"

    @pytest.mark.parametrize(
        "loop",
        [
            "while True: pass",
            "import signal\n"
            "for number in (2, 15, 26, 27): signal.signal(number, signal.SIG_IGN)\n"
            "while True:\n    try:\n        while True: pass\n"
            "    except BaseException: pass",
        ],
        ids=["plain", "stubborn"],
    )
    def test_endless_loop_times_out(self, open_sealed: Open, loop: str) -> None:
        """An endless loop is ended by its processor time, whatever it ignores."""
        submission = open_sealed(QUICK, doubling=body(loop))
        with pytest.raises(TimedOut, match=r"0\.3 seconds of processor time"):
            submission.doubling.double(1)

    def test_module_that_never_ends_times_out(self, open_sealed: Open) -> None:
        """A loop outside of every function counts too."""
        submission = open_sealed(QUICK, doubling="while True: pass")
        with pytest.raises(TimedOut):
            submission.doubling.double(1)

    def test_ended_call_is_found_where_it_was(self, open_sealed: Open) -> None:
        """When a worker is killed, the line of student code it was in is known."""
        slow = Limits(cpu_seconds=SECONDS + 1)
        submission = open_sealed(slow, doubling=body("while True:\n    x += 1"))
        with pytest.raises(TimedOut) as caught:
            submission.doubling.double(1)
        assert caught.value.frames[-1].file == "doubling.py"
        assert caught.value.frames[-1].function == "double"
        assert caught.value.module is None

    def test_many_short_calls_count_together(self, open_sealed: Open) -> None:
        """A check's limit is for all of its calls."""
        source = """
            import time
            started = time.process_time()
            while time.process_time() < started + 0.05:
                pass
            """
        submission = open_sealed(QUICK, doubling=body(source))

        def call_often() -> None:
            for _ in range(20):
                submission.doubling.double(1)

        with pytest.raises(TimedOut):
            call_often()

    def test_waiting_times_out(self, open_sealed: Open) -> None:
        """A call that sleeps is ended by the clock."""
        submission = open_sealed(SHORT, doubling=body("import time; time.sleep(99)"))
        with pytest.raises(TimedOut, match=r"^1 seconds$"):
            submission.doubling.double(1)

    def test_timed_out_worker_is_gone(self, open_sealed: Open) -> None:
        """A worker that was ended by a limit does not run on."""
        source = (
            "import os, time\ndef double(x): return os.getpid()\n"
            "def halve(x): time.sleep(99)"
        )
        submission = open_sealed(SHORT, doubling=source)
        pid = submission.doubling.double(1)
        with pytest.raises(TimedOut):
            submission.doubling.halve(1)
        assert not is_running(pid)

    def test_memory_beyond_the_limit_is_refused(self, open_sealed: Open) -> None:
        """A call that asks for more memory than there is has its own state."""
        submission = open_sealed(doubling=body("return bytearray(100 * 2**30)"))
        with pytest.raises(OutOfMemory):
            submission.doubling.double(1)

    def test_worker_survives_a_lack_of_memory(self, open_sealed: Open) -> None:
        """After a refusal the same worker goes on."""
        source = (
            "import os\ndef double(x): return bytearray(x)\n"
            "def halve(x): return os.getpid()"
        )
        submission = open_sealed(doubling=source)
        pid = submission.doubling.halve(1)
        with pytest.raises(OutOfMemory):
            submission.doubling.double(100 * 2**30)
        assert submission.doubling.halve(1) == pid


ANSWERS = """
import os, struct
import numpy
from reelmark.wire.codec import Record, pack
def frame(answer):
    data = pack(answer)
    return struct.pack('!I', len(data)) + data
def error(**parts):
    parts = dict(kind='', text='', type_name='', frames=[], module=None) | parts
    return frame({{'error': parts}})
def record(*parts):
    return frame({{'value': Record(*parts)}})
def double(x):
    for descriptor in range(3, 256):
        try:
            os.write(descriptor, {})
        except OSError:
            pass
    os._exit(0)
"""


class TestLies:
    """Workers that answer with something other than an answer."""

    @pytest.mark.parametrize(
        "frame",
        [
            r"b'\xff' * 100",
            "struct.pack('!I', 10) + b'x' * 10",
            "struct.pack('!I', 2**31)",
            "frame(None)",
            "frame({})",
            "frame('value')",
            "frame(['value'])",
            "frame(numpy.zeros(3))",
            "frame({'error': None})",
            "frame({'error': {'kind': 'raised'}})",
            "error(kind=[])",
            "error(frames=[['a', float('inf'), 'b', 'c']])",
            "error(text=5)",
            "record('Model', {}, None)",
            "record('Opaque', {'type_name': 'x', 'text': ''}, None)",
            "record(['Opaque'], 5, 'x')",
        ],
        ids=[
            *("noise", "no-message", "gigabytes", "none", "empty", "text", "list"),
            *("array", "no-error", "half-an-error", "odd-kind", "odd-line", "odd-text"),
            *("empty-model", "no-handle", "odd-record"),
        ],
    )
    def test_nonsense_is_a_crash(self, open_sealed: Open, frame: str) -> None:
        """An answer that no worker would give counts as a crash, not a fault."""
        submission = open_sealed(doubling=ANSWERS.format(frame))
        with pytest.raises(Crashed):
            submission.doubling.double(1)

    def test_trickle_times_out(self, open_sealed: Open) -> None:
        """An answer that comes a byte at a time is not waited for for ever."""
        source = """
            import os, struct, time
            os.write(3, struct.pack("!I", 1_000_000))
            while True:
                os.write(3, b"x")
                time.sleep(0.01)
            """
        submission = open_sealed(SHORT, doubling=body(source))
        with pytest.raises(TimedOut):
            submission.doubling.double(1)

    def test_lying_handle_is_the_workers_affair(self, open_sealed: Open) -> None:
        """Asking for a missing object is an error of the worker."""
        source = """
            import gc
            from reelmark.worker.runner import Worker
            if x == "make":
                return object()
            for found in gc.get_objects():
                if isinstance(found, Worker):
                    found._objects.clear()
            """
        submission = open_sealed(doubling=body(source))
        lost = submission.doubling.double("make")
        submission.doubling.double("forget")
        with pytest.raises(StudentError, match="IndexError"):
            submission.doubling.double(lost)


class TestLifetimes:
    """No worker outlives those it works for."""

    @pytest.fixture
    def open_worker(
        self, coursework: Coursework, tmp_path: Path
    ) -> Callable[[socket.socket], SealedWorker]:
        """Opens a worker over a connection."""
        folder = mini.write_modules(tmp_path / "own", mini.HONEST)
        (tmp_path / "scratch").mkdir()
        assignment = assign(coursework, folder, tmp_path / "scratch", ())
        return lambda connection: SealedWorker(connection, assignment, Limits())

    def test_worker_that_cannot_be_set_up_is_a_fault(
        self, coursework: Coursework, tmp_path: Path, zygote: Zygote
    ) -> None:
        """What ends a worker before it has seen student code is no crash of theirs."""
        work = assign(coursework, tmp_path / "own", tmp_path / "missing", ())
        with zygote.connect() as connection, pytest.raises(KitFault):
            SealedWorker(connection, work, Limits())

    def test_closed_worker_is_gone(self, open_sealed: Open) -> None:
        """Ending a worker leaves no process behind."""
        submission = open_sealed(doubling=PID)
        pid = submission.doubling.double(1)
        submission.end_worker()
        assert not is_running(pid)

    def test_closed_connection_takes_its_workers_along(
        self,
        open_worker: Callable[[socket.socket], SealedWorker],
        zygote: Zygote,
    ) -> None:
        """When a process that marks is gone, so are its workers, and only they."""
        with zygote.connect() as mine, zygote.connect() as others:
            first, second = open_worker(mine), open_worker(others)
            mine.close()
            assert ends_soon(first._meter._pid)
            assert is_running(second._meter._pid)
            second.close()
            first._sock.close()

    def test_ending_a_strangers_worker_does_nothing(
        self,
        open_worker: Callable[[socket.socket], SealedWorker],
        zygote: Zygote,
    ) -> None:
        """A connection ends workers that it asked for, and no others."""
        with zygote.connect() as own, zygote.connect() as other:
            worker = open_worker(own)
            pid = worker._meter._pid
            send_message(other, {"do": "end", "pid": pid})
            receive_message(other)
            assert is_running(pid)
            worker.close()

    def test_death_of_the_parent_ends_workers_and_is_a_fault(
        self, open_worker: Callable[[socket.socket], SealedWorker]
    ) -> None:
        """Without the warm parent there is no worker: a fault, not a crash."""
        with Zygote() as parent:
            parent.start()
            parent.wait_until_ready()
            connection = parent.connect()
            worker = open_worker(connection)
            assert is_answering(connection)
        with connection, worker._sock:
            assert ends_soon(worker._meter._pid)
            assert not is_answering(connection)
            with pytest.raises(KitFault, match="the server that forks is gone"):
                open_worker(connection)

    def test_parent_that_cannot_start_says_what_to_try(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A parent that dies while it starts is a fault with advice."""
        monkeypatch.setattr(sys, "executable", "/bin/false")
        with Zygote() as parent:
            parent.start()
            with pytest.raises(KitFault, match="import tensorflow"):
                parent.wait_until_ready()

    def test_parent_that_ran_an_operation_refuses_to_fork(self) -> None:
        """A fork that would hang is refused with the reason."""
        import tensorflow as tf

        tf.add(1, 1)
        assignment = Assignment("own", (), "stubs", "support", "scratch")
        with pytest.raises(KitFault, match="has run a TensorFlow operation"):
            prepare_worker(assignment, Level.PROCESS, 3)


def test_messages_of_a_closed_end_are_told() -> None:
    """Talking to a parent that is gone raises an error."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    theirs.close()
    with pytest.raises(frames.Closed):
        send_message(ours, {})
    with pytest.raises(frames.Closed):
        receive_message(ours)
    ours.close()


def test_server_keeps_no_files_of_whom_it_cannot_answer() -> None:
    """What came with a request is closed, even where nobody waits for an answer."""
    control, starter = socket.socketpair()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    reading, writing = os.pipe()
    send_message(ours, {"do": "end", "pid": 0}, reading)
    os.close(reading)
    ours.close()
    server = ForkServer(control, lambda *_: pytest.fail("nothing is forked"))
    with control, starter, theirs, os.fdopen(writing, "wb", buffering=0) as pipe:
        server._children[theirs] = set()
        with pytest.raises(frames.Closed):
            server._answer(theirs)
        with pytest.raises(BrokenPipeError):
            pipe.write(b"nobody reads this")
