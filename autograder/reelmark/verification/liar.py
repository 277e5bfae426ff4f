"""The liar: a worker that answers as the reference did, except for one lie at a time.

It is at the other end of a real connection: frames, codec and everything that examines
an arriving answer are the same as for students. The process that holds it collects the
suites once and forks a child for each piece of work, as a judge does; a child that is
stopped by a lie is replaced.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis.configuration import set_hypothesis_home_dir

from reelmark.checks.requests import WorkerLink
from reelmark.checks.submission import Submission
from reelmark.confinement.rlimits import Ceilings, lower
from reelmark.errors import Crashed, KitFault
from reelmark.manifest import Coursework, load_coursework
from reelmark.marking.attempts import call_check
from reelmark.marking.check import Check, find_marker, read_check
from reelmark.marking.faults import describe, is_fault
from reelmark.marking.judge import MAX_FAULT
from reelmark.marking.messages import status_of
from reelmark.marking.oversight import MEMORY_BYTES
from reelmark.marking.session import Marking
from reelmark.marking.suites import mark
from reelmark.processes.forked import SealedWorker
from reelmark.processes.forkserver import Child, ForkServer, begin, send_message
from reelmark.processes.limits import Limits
from reelmark.results import Status
from reelmark.verification.lies import Lie, Lies
from reelmark.verification.recordings import (
    Recorder,
    Recording,
    Script,
    pack_exchanges,
    read_recording,
)
from reelmark.wire import frames
from reelmark.wire.assignment import Assignment
from reelmark.wire.codec import pack, unpack

EXAMPLES = 4
"""Examples tried for each property: a lie is told in one of them, or in all."""

PATIENT = Limits(cpu_seconds=60, wall_seconds=600)
"""Limits for the reference, which is not marked here."""


class LyingLink:
    """A link to a worker that replays a recording, with a lie in it.

    Args:
        script: What was recorded.
        lie: What to change; None to tell the truth.
    """

    def __init__(self, script: Script, lie: Lie | None) -> None:
        self._script = script
        self._lie = lie
        self._counts: dict[str, int] = {}
        self._sock, theirs = socket.socketpair()
        self.is_alive = True
        thread = threading.Thread(target=self._serve, args=(theirs,), daemon=True)
        thread.start()

    def begin_check(self) -> None:
        """Do nothing: nobody's time is measured here."""

    def end_check(self) -> None:
        """Do nothing, as at the beginning."""

    def exchange(self, frame: bytes) -> bytes:
        """Send a request and return the answer, over a real connection."""
        try:
            frames.send_frame(self._sock, frame)
            return frames.receive_frame(self._sock)
        except frames.Closed:
            raise Crashed("the process ended itself with exit code 0") from None

    def close(self) -> None:
        """End the worker."""
        self.is_alive = False
        self._sock.close()

    def _serve(self, sock: socket.socket) -> None:
        with sock, contextlib.suppress(frames.Closed):
            while True:
                frames.send_frame(sock, self._answer(frames.receive_frame(sock)))

    def _answer(self, frame: bytes) -> bytes:
        exchange = self._script.find(frame)
        if exchange is None:
            return _UNKNOWN
        self._script.put_files(exchange)
        answer = self._script.rename(exchange.answer)
        number = self._counts.get(exchange.label, 0)
        self._counts[exchange.label] = number + 1
        lie = self._lie
        if lie and lie.label == exchange.label and lie.occurrence in (None, number):
            return lie.tell(answer)
        return answer


_UNKNOWN = pack(
    {
        "error": {
            "kind": "raised",
            "module": None,
            "type_name": "LookupError",
            "text": "nothing like it was asked of the reference",
            "whole": "",
            "frames": [],
        }
    }
)


class LiarServer:
    """A plugin that serves pieces of work when pytest would run what it collected.

    ``{"do": "record", "folder", "scratch", "uid", "checks"}``
        Send what the reference answers in each check, then end.
    ``{"do": "lie", "check", "exchanges", "seed", "first", "count"}``
        Run a check ``count`` times, with a different lie each time.

    Args:
        coursework: The coursework whose suites are collected.
        control: The server's end of its control socket.
    """

    def __init__(self, coursework: Coursework, control: socket.socket) -> None:
        self._coursework = coursework
        self._control = control
        self._line: socket.socket | None = None
        self._workers: Any = None
        self._work: dict[str, Any] = {}
        self._link: Recorder | None = None
        self._recording = Recording([])
        self._lie: Lie | None = None
        self.marking = Marking(coursework, self._open_worker, is_practice=True)

    def collect(self) -> None:
        """Let pytest collect the suites, and then ask this plugin what to do."""
        mark(self.marking, self._coursework, EXAMPLES, shrinks=False, plugins=[self])

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Serve until the starter is gone; in a child, let pytest run the checks."""
        if self._line is not None or session.testsfailed or not session.items:
            return None

        def prepare(_: dict[str, Any], descriptors: list[int]) -> Child:
            return lambda: self._take_work(session, *descriptors)

        send_message(self._control, {"checks": len(session.items)})
        ForkServer(self._control, prepare).serve()
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        """Record a check, or lie to it, instead of marking it."""
        check = read_check(pyfuncitem, self._coursework)
        submission = cast(Submission, pyfuncitem.funcargs["submission"])
        do = self._record if self._work["do"] == "record" else self._lie_to
        try:
            do(check, pyfuncitem, submission)
        except Exception:
            # This is not the check's end, but this program's.
            self._send({"trouble": traceback.format_exc()})
        return True

    def _take_work(
        self, session: pytest.Session, line: int, workers: int | None = None
    ) -> None:
        with socket.socket(fileno=line) as self._line:
            self._workers = workers and socket.socket(fileno=workers)
            self._work = unpack(frames.receive_frame(self._line))
            if self._work["do"] == "lie":
                lower(Ceilings(data_bytes=MEMORY_BYTES))
                self._recording = read_recording(self._work["exchanges"])
            wanted = self._work["checks"]
            session.items[:] = [
                item
                for item in session.items
                if find_marker(item) and (not wanted or self._name(item) in wanted)
            ]
            session.config.hook.pytest_runtestloop(session=session)

    def _name(self, item: pytest.Item) -> str:
        return read_check(item, self._coursework).id

    def _record(
        self, check: Check, item: pytest.Function, submission: Submission
    ) -> None:
        """Send what the reference answers in a check, from its first request on."""
        submission.end_worker()
        error = call_check(item, submission, check.task.id, ())
        failed = "" if error is None else f"{status_of(error)}: {error}"
        exchanges = self._link.exchanges if self._link else []
        told = {"recorded": check.id, "failed": failed}
        self._send({**told, "exchanges": pack_exchanges(exchanges)})

    def _lie_to(
        self, check: Check, item: pytest.Function, submission: Submission
    ) -> None:
        """Run a check with one lie after another, and send how each run ended."""
        lies = Lies(self._recording.exchanges, self._work["seed"])
        first, count = self._work["first"], self._work["count"]
        self._run(check, item, submission, None, -1, len(lies))
        for number in range(first, min(first + count, len(lies))):
            self._run(check, item, submission, lies[number], number, len(lies))

    def _run(
        self,
        check: Check,
        item: pytest.Function,
        submission: Submission,
        lie: Lie | None,
        number: int,
        total: int,
    ) -> None:
        self._lie = lie
        about = {"number": number, "of": total, "lie": str(lie or "")}
        about["place"] = lie.place if lie else ""
        about["is_wrong"] = bool(lie and lie.change.keeps_kind)
        self._send({"begun": about})
        submission.end_worker()
        error = call_check(item, submission, check.task.id, ())
        status = Status.PASSED if error is None else status_of(error)
        detail = ""
        if error is not None and is_fault(error):
            detail = describe(error, self._coursework.root) + _last_line(error)
        self._send({"ended": about, "status": status.value, "detail": detail})

    def _send(self, told: dict[str, Any]) -> None:
        assert self._line is not None, "there is nothing to tell without work"
        frames.send_frame(self._line, pack(told))

    def _open_worker(
        self, scratch: Path, _stand_ins: tuple[str, ...], is_clean: bool
    ) -> WorkerLink:
        if self._work["do"] == "record":
            assignment = Assignment(**self._work["assignment"])
            worker = SealedWorker(
                self._workers, replace(assignment, scratch=str(scratch)), PATIENT
            )
            self._link = Recorder(worker, scratch)
            return self._link
        script = Script(self._recording, scratch)
        return LyingLink(script, None if is_clean else self._lie)


def _last_line(error: BaseException) -> str:
    """Return the line of the engine or a library that raised an exception."""
    frames_of_it: Sequence[Any] = traceback.extract_tb(error.__traceback__)
    if not frames_of_it:
        return ""
    last = frames_of_it[-1]
    return f"\n(raised in {Path(last.filename).name}, line {last.lineno})"


def main() -> None:
    """Collect the suites, say so, and serve until the starter is gone."""
    control = begin()
    # Hypothesis would leave a folder wherever the run is started.
    set_hypothesis_home_dir(Path(os.devnull, "nowhere"))
    server = LiarServer(load_coursework(Path(sys.argv[2])), control)
    try:
        server.collect()
    except KitFault as fault:
        send_message(control, {"fault": str(fault)[:MAX_FAULT]})


if __name__ == "__main__":
    main()
