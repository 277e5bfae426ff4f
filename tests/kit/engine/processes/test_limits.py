"""Limits: what a worker uses is measured from outside."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from reelmark.errors import Crashed, OutOfMemory, TimedOut
from reelmark.files import remove_tree
from reelmark.processes import limits
from reelmark.processes.limits import (
    GIGABYTE,
    Limits,
    Meter,
    Usage,
    ask_system,
    measure_folder,
    measure_unlinked,
    read_proc,
    read_usage,
)

linux_only = pytest.mark.skipif(
    sys.platform != "linux", reason="what a process uses is read from /proc"
)

LIMITS = Limits(cpu_seconds=2, wall_seconds=60, scratch_entries=10, threads=8)


class Readings:
    """What a meter reads: the clock and the usage of a process."""

    def __init__(self) -> None:
        self.clock = 1_000.0
        self.usage = Usage(cpu_seconds=100.0)

    def use(self, seconds: float = 1.0, **more: Any) -> None:
        """Let some time go by, and the process use more."""
        self.clock += seconds
        cpu = self.usage.cpu_seconds + more.pop("cpu", 0.0)
        self.usage = replace(self.usage, cpu_seconds=cpu, **more)


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> Readings:
    """Clock and usage, as meters read them."""
    made = Readings()
    monkeypatch.setattr(limits, "read_usage", lambda _pid: made.usage)
    clock = SimpleNamespace(monotonic=lambda: made.clock)
    monkeypatch.setattr(limits, "time", clock)
    return made


@pytest.mark.parametrize(
    ("used", "kind", "words"),
    [
        ({"cpu": 2.1}, TimedOut, "2 seconds of processor time"),
        ({"seconds": 60.5}, TimedOut, "60 seconds"),
        ({"seconds": 99.0, "cpu": 9.0}, TimedOut, "2 seconds of processor time"),
        ({"memory_bytes": 4 * GIGABYTE}, OutOfMemory, "more than 3 GB"),
        ({"threads": 9}, Crashed, "it started more than 8 threads"),
    ],
    ids=["processor", "clock", "both", "memory", "threads"],
)
def test_limit_is_told_in_words(
    readings: Readings, tmp_path: Path, used: Any, kind: Any, words: str
) -> None:
    """Usage since the check began is compared with the limits."""
    meter = Meter(1, tmp_path, LIMITS)
    readings.use(**used)
    reached = meter.exceeded()
    assert (type(reached), str(reached)) == (kind, words)


def test_use_within_the_limits_is_nothing(readings: Readings, tmp_path: Path) -> None:
    """A worker that stays within its limits goes on."""
    meter = Meter(1, tmp_path, LIMITS)
    readings.use(60.0, cpu=2.0, memory_bytes=3 * GIGABYTE, threads=8)
    assert meter.exceeded() is None


def test_new_check_begins_at_zero(readings: Readings, tmp_path: Path) -> None:
    """What an earlier check used does not count."""
    meter = Meter(1, tmp_path, LIMITS)
    readings.use(50.0, cpu=50.0)
    meter.restart()
    readings.use(1.0)
    assert meter.exceeded() is None


def test_look_at_once_is_not_put_off(readings: Readings, tmp_path: Path) -> None:
    """At the end of a check everything is looked at, however short it was."""
    meter = Meter(1, tmp_path, LIMITS)
    (tmp_path / "large").write_bytes(b"x" * 2 * 2**20)
    readings.use(0.01)
    meter = Meter(1, tmp_path, replace(LIMITS, scratch_bytes=2**20))
    assert isinstance(meter.exceeded(at_once=True), Crashed)


def test_looks_are_spaced(readings: Readings, tmp_path: Path) -> None:
    """Between two calls that follow each other at once, nothing is measured."""
    meter = Meter(1, tmp_path, LIMITS)
    readings.use(0.01, cpu=50.0)
    assert meter.exceeded() is None


class TestScratch:
    """The folder that a worker may write to."""

    def test_many_files_are_told(self, readings: Readings, tmp_path: Path) -> None:
        """More files than the limit are a crash, in words."""
        meter = Meter(1, tmp_path, LIMITS)
        for number in range(11):
            (tmp_path / str(number)).touch()
        readings.use()
        assert str(meter.exceeded()) == "it made more than 10 files in its folder"

    def test_many_bytes_are_told(self, readings: Readings, tmp_path: Path) -> None:
        """More bytes than the limit are a crash, in words."""
        meter = Meter(1, tmp_path, replace(LIMITS, scratch_bytes=GIGABYTE // 1024))
        (tmp_path / "large").write_bytes(b"x" * 2 * 2**20)
        readings.use()
        words = "it wrote more than 0.000976562 GB to its folder"
        assert str(meter.exceeded()) == words

    def test_folders_are_measured_with_all_below(self, tmp_path: Path) -> None:
        """Bytes count wherever they lie."""
        deep = tmp_path / "a" / "b"
        deep.mkdir(parents=True)
        (deep / "file").write_bytes(b"x" * 2**20)
        assert measure_folder(tmp_path, 10) >= 2**20

    def test_holes_in_files_take_no_room(self, tmp_path: Path) -> None:
        """A sparse file counts with what it takes, not with what it claims."""
        with (tmp_path / "sparse").open("wb") as file:
            file.truncate(100 * GIGABYTE)
        assert measure_folder(tmp_path, 10) < GIGABYTE

    def test_links_are_not_followed(self, tmp_path: Path) -> None:
        """A link that leads out, or round in circles, is one entry."""
        (tmp_path / "loop").symlink_to(tmp_path)
        assert measure_folder(tmp_path, 1) >= 0

    def test_depth_without_end_is_told(self, tmp_path: Path) -> None:
        """Files too deep for any path could hide anything: that is a crash."""
        before = Path.cwd()
        try:
            os.chdir(tmp_path)
            for _ in range(30):
                Path("d" * 200).mkdir()
                os.chdir("d" * 200)
            with pytest.raises(Crashed, match="nested too deep to be seen"):
                measure_folder(tmp_path, 1_000)
        finally:
            os.chdir(before)
            remove_tree(tmp_path)

    def test_folder_that_is_gone_is_empty(self, tmp_path: Path) -> None:
        """A worker that removed its own folder is no reason to fail."""
        assert measure_folder(tmp_path / "gone", 10) == 0

    def test_system_without_blocks_counts_what_files_hold(self) -> None:
        """Windows does not report blocks: there a file counts with its length."""
        found: Any = SimpleNamespace(st_size=700)
        assert limits._room_of(found) == 700

    @linux_only
    def test_files_without_a_folder_are_measured(self, tmp_path: Path) -> None:
        """A file that is open and in no folder any more still takes room."""
        with (tmp_path / "file").open("wb") as file:
            file.write(b"x" * 2**20)
            file.flush()
            (tmp_path / "file").unlink()
            assert measure_unlinked(os.getpid()) >= 2**20


@pytest.fixture(params=["read_proc", "ask_system"])
def read(request: pytest.FixtureRequest) -> Callable[[int], Usage]:
    """A way to learn what a process uses: Linux's, and that of other systems."""
    if request.param == "read_proc" and sys.platform != "linux":
        pytest.skip("only Linux has /proc")
    way: Callable[[int], Usage] = getattr(limits, request.param)
    return way


class TestReading:
    """What the system says of a process, whichever way it is asked."""

    def test_processor_time_is_that_of_the_process(
        self, read: Callable[[int], Usage]
    ) -> None:
        """The processor time of this process is what it says itself."""
        user_and_system = sum(os.times()[:2])
        # /proc counts in clock ticks of a hundredth of a second.
        cpu_seconds = read(os.getpid()).cpu_seconds
        assert cpu_seconds == pytest.approx(user_and_system, abs=0.1)

    def test_memory_is_what_the_process_holds(
        self, read: Callable[[int], Usage]
    ) -> None:
        """Memory that is written to counts."""
        before = read(os.getpid()).memory_bytes
        held = b"x" * (64 * 2**20)
        assert read(os.getpid()).memory_bytes - before > 32 * 2**20
        del held

    def test_threads_are_counted(self, read: Callable[[int], Usage]) -> None:
        """Each new thread is counted."""
        before, done = read(os.getpid()).threads, threading.Event()
        thread = threading.Thread(target=done.wait)
        thread.start()
        assert read(os.getpid()).threads == before + 1
        done.set()
        thread.join()

    def test_process_that_is_gone_has_used_nothing(
        self, read: Callable[[int], Usage]
    ) -> None:
        """A process that is not there is no reason to fail."""
        assert read(2**30) == Usage()

    @pytest.mark.parametrize(
        ("has_proc", "way"), [(True, read_proc), (False, ask_system)]
    )
    def test_system_is_asked_where_there_is_no_proc(
        self, monkeypatch: pytest.MonkeyPatch, has_proc: bool, way: Any
    ) -> None:
        """If /proc is missing, limits are measured all the same."""
        monkeypatch.setattr(limits, "_HAS_PROC", has_proc)
        monkeypatch.setattr(limits, way.__name__, lambda pid: Usage(threads=pid))
        assert read_usage(7) == Usage(threads=7)

    @linux_only
    def test_name_of_a_process_cannot_change_its_time(self) -> None:
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
            seconds = read_proc(process.pid).cpu_seconds
            process.kill()
        assert 0 <= seconds < 5  # starting Python takes a fraction of a second
