"""Packets: a submission on its way to a node, and its result on the way back.

They hold everything marking needs, as bytes: the machines share no disk.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from reelmark.errors import KitFault
from reelmark.intake.kinds import write_files
from reelmark.marking.jobs import Job, pack_job, read_job
from reelmark.wire.codec import WireError, pack, unpack


def pack_work(job: Job) -> bytes:
    """Return a job with the contents of its files.

    Raises:
        KitFault: It is too large for one message.
    """
    snapshot = Path(job.snapshot)
    files = [
        (list(path.relative_to(snapshot).parts), path.read_bytes())
        for path in sorted(snapshot.rglob("*"))
        if path.is_file()
    ]
    settled = Path(job.settled).read_bytes() if job.settled else b""
    bare = replace(job, snapshot="", result="", scratch="", settled="", uid=None)
    try:
        return pack({"job": pack_job(bare), "files": files, "settled": settled})
    except WireError as error:
        raise KitFault(f"The submission {error}") from error


def unpack_work(packed: bytes, folder: Path) -> Job:
    """Write a packet's contents to an empty folder, and return the job for it."""
    work = unpack(packed)
    snapshot, scratch = folder / "snapshot", folder / "scratch"
    scratch.mkdir()
    write_files({tuple(parts): text for parts, text in work["files"]}, snapshot)
    settled = folder / "settled.json"
    if work["settled"]:
        settled.write_bytes(work["settled"])
    return replace(
        read_job(work["job"]),
        snapshot=str(snapshot),
        scratch=str(scratch),
        result=str(folder / "result.json"),
        settled=str(settled) if work["settled"] else "",
    )


def expect_answer(answer: bytes, job: Job) -> None:
    """Expect an answer to be the result of a job.

    Raises:
        KitFault: It is something else.
    """
    try:
        result: Any = json.loads(answer)
        found = result["student"], result["fingerprint"]
    except (ValueError, KeyError, TypeError) as error:
        raise KitFault(f"A node answered with what is no result: {error!r}") from error
    if found != (job.student, job.fingerprint):
        raise KitFault("A node answered with the result of something else.")
