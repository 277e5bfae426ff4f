"""Student mode: the same work and the same words, in the process of the checks."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import matplotlib as mpl
import pytest

from reelmark.errors import NotStarted, OutOfMemory, StudentError, TimedOut
from reelmark.processes.limits import Limits

Open = Callable[..., Any]

QUICK = Limits(cpu_seconds=0.2)
LOOP = "def double(x):\n    while True: pass\n"
needs_alarm = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="this system has no alarm"
)


def test_code_runs_in_this_process(open_local: Open) -> None:
    """A debugger can stop in the student's function."""
    submission = open_local(doubling="import os\ndef double(x): return os.getpid()")
    assert submission.doubling.double(1) == os.getpid()


def test_observations_are_no_objects(open_local: Open) -> None:
    """A check sees a copy, as it does in sealed mode."""
    source = "KEPT = [1]\ndef double(x):\n    return KEPT"
    submission = open_local(doubling=source)
    submission.doubling.double(0).append(2)
    assert submission.doubling.double(0) == [1]


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("raise NotImplementedError", NotStarted),
        ("raise MemoryError", OutOfMemory),
        ("exit()", StudentError),
        ("raise GeneratorExit", StudentError),
        ("return lambda: {}['x']()", None),
    ],
    ids=["not-started", "memory", "exit", "generator-exit", "function"],
)
def test_checks_go_on_whatever_is_raised(
    open_local: Open, statement: str, error: type[Exception] | None
) -> None:
    """No exception of a student's function ends the run."""
    submission = open_local(doubling=f"def double(x):\n    {statement}\n")
    if error is None:
        assert submission.doubling.double(1).type_name == "function"
    else:
        with pytest.raises(error):
            submission.doubling.double(1)


def test_ctrl_c_ends_the_run(open_local: Open) -> None:
    """A student can interrupt a run that takes too long."""
    source = "def double(x):\n    raise KeyboardInterrupt\n"
    submission = open_local(doubling=source)
    with pytest.raises(KeyboardInterrupt):
        submission.doubling.double(1)


@needs_alarm
@pytest.mark.parametrize(
    "source",
    [
        LOOP,
        "while True: pass",
        "def double(x):\n    try:\n        while True: pass\n"
        "    except BaseException:\n        pass\n    while True: pass\n",
    ],
    ids=["function", "module", "caught-once"],
)
def test_endless_loop_times_out(
    open_local: Open, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An endless loop is ended, even if the code catches everything once."""
    monkeypatch.setattr("reelmark.practice.local.AGAIN_SECONDS", 0.1)
    submission = open_local(QUICK, doubling=source)
    with pytest.raises(TimedOut, match=r"0\.2 seconds of processor time"):
        submission.doubling.double(1)


@needs_alarm
def test_code_that_waits_times_out(open_local: Open) -> None:
    """Code that sleeps is ended on the clock, and the line is named."""
    source = "import time\ndef double(x):\n    time.sleep(60)\n"
    limits = Limits(cpu_seconds=60, wall_seconds=0.2)
    submission = open_local(limits, doubling=source)
    with pytest.raises(TimedOut, match=r"0\.2 seconds") as caught:
        submission.doubling.double(1)
    assert not caught.value.is_verdict
    assert [frame.line for frame in caught.value.frames] == [3]


@needs_alarm
def test_debugger_is_given_time(
    open_local: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever stands at a line in a debugger is not timed out."""
    monkeypatch.setitem(sys.modules, "pydevd", ModuleType("pydevd"))
    source = "import time\ndef double(x):\n    time.sleep(0.4)\n    return 2 * x\n"
    limits = Limits(cpu_seconds=60, wall_seconds=0.1)
    assert open_local(limits, doubling=source).doubling.double(1) == 2


@needs_alarm
def test_alarm_is_put_back(open_local: Open) -> None:
    """After a call no alarm is left, and the signal means what it did before."""
    before = signal.getsignal(signal.SIGVTALRM)
    open_local().doubling.double(1)
    assert signal.getsignal(signal.SIGVTALRM) is before
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)


def test_figures_need_no_screen(open_local: Open) -> None:
    """Figures are drawn in memory: they look the same on every machine."""
    open_local()
    assert mpl.get_backend().lower() == "agg"


def test_libraries_are_imported_before_limits_count(open_local: Open) -> None:
    """Importing TensorFlow, which takes seconds, times nobody out."""
    open_local().doubling.double(1)
    assert {"tensorflow", "keras", "pandas"} <= set(sys.modules)


def test_closed_submission_leaves_no_modules(open_local: Open) -> None:
    """Another submission can be checked in the same process."""
    submission = open_local()
    submission.chains.quadruple(1)
    submission.end_worker()
    assert {"doubling", "chains"} & set(sys.modules) == set()
