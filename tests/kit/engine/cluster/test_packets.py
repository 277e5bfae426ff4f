"""Packets: a job arrives as it was sent, and its answer is examined."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reelmark.cluster.packets import expect_answer, pack_work, unpack_work
from reelmark.errors import KitFault
from reelmark.marking.jobs import Job
from reelmark.processes.limits import Limits
from reelmark.results import summarise, write_result

JOB = Job(
    student="ada",
    snapshot="",
    notes=("a note",),
    refusal="",
    fingerprint="f1",
    confinement="",
    result="",
    scratch="",
    uid=None,
    limits=Limits(cpu_seconds=3),
    tasks=("1",),
    faulty=("c",),
)


def send(job: Job, folder: Path) -> Job:
    """Return a job as it arrives in a folder."""
    folder.mkdir()
    return unpack_work(pack_work(job), folder)


def test_submission_arrives_whole(tmp_path: Path) -> None:
    """Every file is there, in its folder, byte for byte."""
    snapshot = tmp_path / "snapshot"
    (snapshot / "parts").mkdir(parents=True)
    (snapshot / "words.py").write_bytes(b"\xff\r\n")
    (snapshot / "parts" / "inner.py").write_bytes(b"")
    there = Path(send(replace(JOB, snapshot=str(snapshot)), tmp_path / "node").snapshot)
    found = {path.relative_to(there).as_posix() for path in there.rglob("*.py")}
    assert found == {"words.py", "parts/inner.py"}
    assert (there / "words.py").read_bytes() == b"\xff\r\n"


def test_job_arrives_but_for_its_places(tmp_path: Path) -> None:
    """The job is the same; only the folders are the node's own."""
    snapshot = tmp_path / "snapshot"
    snapshot.mkdir()
    there = send(replace(JOB, snapshot=str(snapshot)), tmp_path / "node")
    bare = replace(there, snapshot="", scratch="", result="")
    assert bare == JOB
    assert Path(there.scratch).is_dir()


def test_settled_checks_travel_along(tmp_path: Path) -> None:
    """What the public checks found is there for the hidden ones."""
    settled = tmp_path / "settled.json"
    settled.write_bytes(b"{}")
    (tmp_path / "snapshot").mkdir()
    job = replace(JOB, snapshot=str(tmp_path / "snapshot"), settled=str(settled))
    there = send(replace(job, hidden=True), tmp_path / "node")
    assert Path(there.settled).read_bytes() == b"{}"
    assert there.hidden


def test_result_of_the_job_is_taken(tmp_path: Path) -> None:
    """A result under the right name and fingerprint is an answer."""
    write_result(summarise("ada", [], fingerprint="f1"), tmp_path / "result.json")
    expect_answer((tmp_path / "result.json").read_bytes(), JOB)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[]",
        b"5",
        b"\xff",
        b'{"student": "ben", "fingerprint": "f1"}',
        b'{"student": "ada", "fingerprint": "f2"}',
    ],
)
def test_other_answers_are_faults(answer: bytes) -> None:
    """An answer that is not a result, or somebody else's, is a fault of the kit."""
    with pytest.raises(KitFault, match="A node answered"):
        expect_answer(answer, JOB)
