"""Limits: what a worker uses is measured from outside of it."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from reelmark import limits
from reelmark.limits import Limits, Stopwatch, cpu_seconds

linux_only = pytest.mark.skipif(
    sys.platform != "linux", reason="processor time is read from /proc"
)


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Processor time and clock, as the stopwatch reads them."""
    readings = {"cpu": 100.0, "clock": 1_000.0}
    monkeypatch.setattr(limits, "cpu_seconds", lambda _pid: readings["cpu"])
    clock = SimpleNamespace(monotonic=lambda: readings["clock"])
    monkeypatch.setattr(limits, "time", clock)
    return readings


@pytest.mark.parametrize(
    ("cpu", "clock", "expected"),
    [
        (2.0, 60.0, None),
        (2.1, 0.0, "2 seconds of processor time"),
        (0.0, 60.5, "60 seconds"),
        (9.0, 99.0, "2 seconds of processor time"),
    ],
    ids=["within", "processor", "clock", "both"],
)
def test_limit_is_told_in_words(
    used: dict[str, float], cpu: float, clock: float, expected: str | None
) -> None:
    """What was used since the check began is held against the limits."""
    stopwatch = Stopwatch(1, Limits(cpu_seconds=2, wall_seconds=60))
    used["cpu"] += cpu
    used["clock"] += clock
    assert stopwatch.exceeded() == expected


def test_new_check_begins_at_zero(used: dict[str, float]) -> None:
    """What an earlier check used does not count."""
    stopwatch = Stopwatch(1, Limits(cpu_seconds=2, wall_seconds=60))
    used["cpu"] += 50
    stopwatch.restart()
    assert stopwatch.exceeded() is None


@linux_only
def test_processor_time_of_a_process_is_read() -> None:
    """The processor time of this process is what it says itself."""
    user_and_system = sum(os.times()[:2])
    # /proc counts in clock ticks of a hundredth of a second.
    assert cpu_seconds(os.getpid()) == pytest.approx(user_and_system, abs=0.1)


@linux_only
def test_name_of_a_process_cannot_change_its_time() -> None:
    """A process that calls itself ") R 1 1 1" is measured like any other."""
    code = (
        "import pathlib, sys; p = pathlib.Path('/proc/self/comm');"
        "p.write_text(') R 9 9 9 9'); print(flush=True); sys.stdin.read()"
    )
    pipe = subprocess.PIPE
    command = [sys.executable, "-S", "-c", code]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as process:
        assert process.stdout is not None
        process.stdout.readline()
        seconds = cpu_seconds(process.pid)
        process.kill()
    assert 0 <= seconds < 5  # starting Python takes a fraction of a second


def test_process_that_is_gone_has_used_nothing() -> None:
    """A process that is not there is no reason to fail."""
    assert cpu_seconds(2**30) == 0.0
