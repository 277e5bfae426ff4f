"""Oversight: a check that costs the judge too much costs that check, and no more."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kit.stage import mini
from reelmark.confinement.privileges import worker_uid
from reelmark.manifest import Coursework
from reelmark.marking import oversight
from reelmark.marking.jobs import Job, Judge, fork_judge
from reelmark.marking.oversight import oversee
from reelmark.processes.forked import Zygote
from reelmark.processes.limits import GIGABYTE, Limits
from reelmark.results import Result, Status, read_result

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="judges are forked on Linux"),
]

SUITE = """
import os, re, time
import numpy as np

@pytest.mark.check("1a", marks=0.5)
def test_answers(submission):
    '''It answers.'''
    expect.kind(submission.doubling.double(1), str, "a text")

@pytest.mark.check("1a", marks=0.5, after="test_answers")
def test_reads(submission):
    '''The answer is read.'''
    answer = submission.doubling.double(1)
    if answer == "loop":
        while True:
            pass
    if answer == "sleep":
        time.sleep(99)
    if answer == "exit":
        os._exit(0)
    if answer == "memory":
        held = [np.zeros(2**28, np.int8) for _ in range(40)]
    if answer == "hold":
        held = memoryview(bytearray(4 * 2**30))
    re.search("(1+)+$", answer)

@pytest.mark.check("1a", marks=0.5)
def test_reads_again(submission):
    '''The answer is read again.'''
    expect.kind(submission.doubling.double(1), str, "a text")

@pytest.mark.check("1b", marks=2)
def test_halves(submission):
    '''It halves.'''
    expect.equal(submission.doubling.halve(3), 1.5, "half of 3")
"""
WORK = "def double(x):\n    return {!r}\n\n\ndef halve(x):\n    return x / 2\n"
SECONDS = 300.0


@pytest.fixture(scope="module")
def coursework(tmp_path_factory: pytest.TempPathFactory) -> Coursework:
    """A coursework whose judge can be stalled, filled and ended by an answer."""
    folder = tmp_path_factory.mktemp("oversight")
    folder.chmod(0o755)
    written = mini.write_coursework(folder / "coursework")
    mini.write_suite(written, SUITE)
    return written


@pytest.fixture(scope="module")
def judge(coursework: Coursework) -> Iterator[Judge]:
    """A judge that has collected that suite."""
    with Judge(coursework) as process:
        process.start()
        process.wait_until_ready()
        yield process


@pytest.fixture
def mark_work(
    judge: Judge, zygote: Zygote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Marks work that answers with a text."""
    monkeypatch.setattr(oversight, "CPU_SECONDS", 1.0)
    monkeypatch.setattr(oversight, "PATIENCE", 1)

    def mark_one(
        answer: str, limits: Limits | None = None, tell: Any = None, **options: Any
    ) -> Result:
        tmp_path.chmod(0o755)
        (tmp_path / "scratch").mkdir()
        modules = {**mini.HONEST, "doubling": WORK.format(answer)}
        mini.write_modules(tmp_path / "snapshot", modules)
        job = Job(
            student="ada",
            snapshot=str(tmp_path / "snapshot"),
            notes=(),
            refusal="",
            fingerprint="",
            confinement="",
            result=str(tmp_path / "result.json"),
            scratch=str(tmp_path / "scratch"),
            uid=worker_uid(0),
            limits=limits or Limits(),
            **options,
        )
        with judge.connect() as judges, zygote.connect() as workers:
            start = partial(fork_judge, judge=judges, workers=workers)
            oversee(job, start, SECONDS, tell)
        return read_result(Path(job.result))

    return mark_one


def ends(result: Result) -> dict[str, str]:
    """Return how each check ended, by name: its fault if it has one."""
    checks = [check for task in result.tasks for check in task.checks]
    return {
        check.id.partition("::")[2]: check.fault.partition(": ")[2] or check.status
        for check in checks
    }


@pytest.mark.parametrize(
    ("answer", "end"),
    [
        ("loop", "judge out of time"),
        ("1" * 60 + "x", "judge out of time"),
        ("exit", "judge ended"),
        ("memory", "MemoryError"),
        ("hold", "MemoryError"),
    ],
    ids=["loop", "expression", "exit", "memory", "at-once"],
)
def test_judge_that_is_stopped_costs_one_task(
    mark_work: Callable[..., Result], answer: str, end: str
) -> None:
    """A loop, code in C, and the judge's own end cost no other tasks."""
    result = mark_work(answer)
    found = ends(result)
    is_stopped = end.startswith("judge")
    assert found["test_answers"] == "passed"
    assert found["test_reads"] == end
    assert found["test_reads_again"] == (end if is_stopped else "passed")
    assert found["test_halves"] == "passed"
    assert result.total + result.open == result.max
    assert result.status is Status.NEEDS_A_LOOK


def test_judge_that_waits_is_stopped(mark_work: Callable[..., Result]) -> None:
    """A judge that uses no processor time is ended by wall time."""
    result = mark_work("sleep", Limits(wall_seconds=3.0))
    assert ends(result)["test_reads"] == "judge out of time"


def test_judge_that_grows_is_stopped(
    mark_work: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the kernel does not bound its memory, oversight does."""
    monkeypatch.setattr(oversight, "MEMORY_BYTES", GIGABYTE // 100)
    # Of the check that lasts until then: a short one may be over before a look.
    assert ends(mark_work("loop"))["test_reads"] == "judge out of memory"


def test_what_honest_work_earns_is_told_once(
    mark_work: Callable[..., Result],
) -> None:
    """Each check is reported once, as it ends, by whichever judge."""
    told: list[dict[str, Any]] = []
    result = mark_work("exit", tell=told.append)
    names = [each["id"] for each in told]
    assert sorted(names) == sorted(c.id for t in result.tasks for c in t.checks)
    assert len(set(names)) == len(names)


def test_fault_of_the_reference_too_costs_nothing(
    mark_work: Callable[..., Result],
) -> None:
    """A check at which the reference stops the judge is the kit's own fault."""
    result = mark_work("exit", faulty=("public/numbers::test_reads",))
    assert (result.total, result.status) == (3.5, Status.KIT_FAULT)
