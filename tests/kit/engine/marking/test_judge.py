"""The judge: suites are collected once, and a child marks each submission."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from kit.stage.classes import OTHER_COURSEWORK
from reelmark.confinement.privileges import worker_uid
from reelmark.errors import KitFault
from reelmark.manifest import load_coursework
from reelmark.marking.jobs import Job, Judge, fork_judge, pack_job, read_job
from reelmark.marking.oversight import oversee
from reelmark.processes.forked import Zygote
from reelmark.processes.forkserver import is_answering
from reelmark.processes.limits import Limits
from reelmark.results import Status, read_result

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="sealed mode is for Linux"),
]

COURSEWORK = load_coursework(OTHER_COURSEWORK)
RIGHT = {
    "words.py": "def count_words(text):\n    return len(text.split())\n",
    "numbers_of_words.py": (
        "from words import count_words\n"
        "def count_all(texts):\n    return [count_words(text) for text in texts]\n"
    ),
}
WAITS = {**RIGHT, "words.py": "import time\ndef count_words(text): time.sleep(99)\n"}
SECONDS = 60.0


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """A judge that has collected the suites."""
    with Judge(COURSEWORK) as process:
        process.start()
        process.wait_until_ready()
        yield process


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """A job for right work."""
    tmp_path.chmod(0o755)
    for name in ("snapshot", "scratch"):
        (tmp_path / name).mkdir()
    write(tmp_path / "snapshot", RIGHT)
    return Job(
        student="ada",
        snapshot=str(tmp_path / "snapshot"),
        notes=("A note.",),
        refusal="",
        fingerprint="abc",
        confinement="in words",
        result=str(tmp_path / "result.json"),
        scratch=str(tmp_path / "scratch"),
        uid=worker_uid(0),
        limits=Limits(),
    )


def write(folder: Path, files: dict[str, str]) -> None:
    """Write what a student handed in."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def run(job: Job, judge: Judge, parent: Zygote, seconds: float = SECONDS) -> None:
    """Have a job done."""
    with judge.connect() as judges, parent.connect() as workers:
        start = partial(fork_judge, judge=judges, workers=workers)
        oversee(job, start, seconds)


def run_both_phases(job: Job, judge: Judge, parent: Zygote) -> None:
    """Have the public checks run, then the hidden ones."""
    settled = replace(job, result=f"{job.result}.settled")
    run(settled, judge, parent)
    run(replace(job, hidden=True, settled=settled.result), judge, parent)


def test_job_arrives_as_it_was_sent(job: Job) -> None:
    """A job is plain data on its way: limits, absent users, what is settled."""
    known = {"settled": "a.json", "stopped": ("a",), "faulty": ("d",)}
    job = replace(job, uid=None, limits=Limits(cpu_seconds=0.5), **known)
    assert read_job(pack_job(job)) == job


def test_result_carries_what_the_job_says(
    job: Job, judge: Judge, zygote: Zygote
) -> None:
    """Name, notes, fingerprint and confinement come from the job."""
    run_both_phases(job, judge, zygote)
    result = read_result(Path(job.result))
    assert (result.student, result.total, result.status) == ("ada", 5, Status.PASSED)
    assert (result.notes, result.fingerprint) == (("A note.",), "abc")
    assert result.confinement == "in words"


def test_phase_runs_its_own_checks(job: Job, judge: Judge, zygote: Zygote) -> None:
    """A job for public checks runs no hidden one, and says nothing of any."""
    run(job, judge, zygote)
    tasks = read_result(Path(job.result)).tasks
    assert not any(check.hidden for task in tasks for check in task.checks)


def test_children_know_nothing_of_each_other(
    job: Job, judge: Judge, zygote: Zygote
) -> None:
    """One submission's results do not affect the next."""
    refused = replace(job, refusal="No files.", result=job.result + ".refused")
    for each in (refused, job):
        run_both_phases(each, judge, zygote)
    found = [read_result(Path(each.result)).total for each in (refused, job)]
    assert found == [0, 5]


def test_marking_without_end_is_ended(job: Job, judge: Judge, zygote: Zygote) -> None:
    """When a submission's time is over, all remaining checks need a look."""
    write(Path(job.snapshot), WAITS)
    run(job, judge, zygote, seconds=1.0)
    result = read_result(Path(job.result))
    assert (result.total, result.open) == (0, 2.5)
    assert {task.status for task in result.tasks} == {Status.NEEDS_A_LOOK}


def test_marker_outlives_those_it_marks(job: Job, judge: Judge, zygote: Zygote) -> None:
    """Killing a child affects nothing else."""
    write(Path(job.snapshot), WAITS)
    run(job, judge, zygote, seconds=0.5)
    assert judge.is_alive()


def test_no_result_without_workers(job: Job, judge: Judge) -> None:
    """Without a warm parent only faults would be found: nothing is written."""
    gone, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    theirs.close()
    with judge.connect() as judges, gone:
        oversee(job, partial(fork_judge, judge=judges, workers=gone), SECONDS)
    assert not Path(job.result).exists()


def test_marker_that_is_gone_is_a_fault(job: Job, zygote: Zygote) -> None:
    """Without a judge nothing can be marked, which is a fault of the kit."""
    with Judge(COURSEWORK) as process:
        process.start()
        process.wait_until_ready()
        judges = process.connect()
    with judges, zygote.connect() as workers:
        assert not is_answering(judges)
        with pytest.raises(KitFault, match="is gone"):
            oversee(job, partial(fork_judge, judge=judges, workers=workers), SECONDS)


def test_marker_never_imports_tensorflow(judge: Judge) -> None:
    """The process that decides marks has not even the library loaded."""
    assert judge._process is not None
    maps = Path(f"/proc/{judge._process.pid}/maps").read_text(encoding="utf-8")
    assert "tensorflow" not in maps
