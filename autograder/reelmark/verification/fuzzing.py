"""Fuzzing: what happens to the checks when a worker lies to them.

``reelmark verify --fuzz MINUTES``. The reference is marked once, and its answers are
recorded; then each check is run again and again against a worker that gives the same
answers except for one lie (`liar`). A check has a fault if it does not end as passed,
failed or with an error of the student's; or if it passes although something that it
looks at was changed.

Findings are kept: the next run continues where this one stopped, unless a check, the
engine or the seed has changed.
"""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from reelmark.confinement.privileges import worker_uid
from reelmark.errors import Crashed, OutOfMemory, TimedOut
from reelmark.files import open_temporary, remove_tree, write_rows, write_whole
from reelmark.grading.dependencies import fingerprint_kit
from reelmark.grading.fingerprint import hash_texts
from reelmark.grading.reference import copy_reference
from reelmark.grading.run import available_cores
from reelmark.grading.terminal import make_bar
from reelmark.manifest import Coursework
from reelmark.marking.jobs import assign
from reelmark.marking.oversight import limit_judge
from reelmark.processes.forked import Zygote
from reelmark.processes.forkserver import ServerProcess, ask
from reelmark.processes.limits import Limits, Meter
from reelmark.results import Status
from reelmark.wire import frames
from reelmark.wire.codec import pack, unpack

CHUNK = 200
"""Lies that one process tells before its findings are kept."""

MAX_DETAIL = 1_500
MAX_EXAMPLES = 3

FORESEEN = frozenset(Status) - {Status.KIT_FAULT, Status.NEEDS_A_LOOK}
"""States in which a check may end after a lie."""


@dataclass
class Broken:
    """An unforeseen end of a check.

    Attributes:
        check: The check.
        end: What ended it.
        lies: Some of the lies that caused it.
        count: How many lies caused it.
    """

    check: str
    end: str
    lies: list[str] = field(default_factory=list)
    count: int = 0


@dataclass
class Spot:
    """A place in the answers to a check, and what happened when it was changed.

    Attributes:
        passed: By change, how often the check passed with a wrong value.
        failed: By change, how often it did not.
        lies: An example of each change that passed.
    """

    passed: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    lies: dict[str, str] = field(default_factory=dict)


@dataclass
class Tried:
    """What is known about a check.

    Attributes:
        number: How many lies it was told.
        of: How many lies there are.
        ends: How often it ended in each way.
        broken: The unforeseen ends, by what ended it.
        spots: The places where wrong values were put.
        fault: Why it cannot be lied to, if it cannot.
    """

    number: int = 0
    of: int = 0
    ends: dict[str, int] = field(default_factory=dict)
    broken: dict[str, Broken] = field(default_factory=dict)
    spots: dict[str, Spot] = field(default_factory=dict)
    fault: str = ""

    @property
    def is_done(self) -> bool:
        """Whether it was told every lie, or cannot be told any."""
        return bool(self.fault) or (0 < self.of <= self.number)


@dataclass(frozen=True)
class Unnoticed:
    """A wrong value with which a check passes, though it looks at that place.

    Attributes:
        check: The check.
        place: Where the value is.
        change: How the right value was changed.
        passed: How often the check passed with it.
        failed: How often it did not with other wrong values there.
        lie: An example.
    """

    check: str
    place: str
    change: str
    passed: int
    failed: int
    lie: str


class LiarProcess(ServerProcess):
    """The process that lies, as seen by its starter."""

    def __init__(self, coursework: Coursework) -> None:
        module = "reelmark.verification.liar"
        super().__init__(module, (str(coursework.root.resolve()),))


class Fuzzer:
    """Lies to every check of a coursework.

    Args:
        coursework: The coursework.
        out: The folder in which recordings and findings are kept.
        seed: Decides which lies are told, and in which order.
        console: Where to show the progress.

    Attributes:
        seed: As given.
        tried: What is known about each check, by its id.
    """

    def __init__(
        self, coursework: Coursework, out: Path, seed: int, console: Console
    ) -> None:
        self._coursework = coursework
        self._out = out
        self.seed = seed
        self._console = console
        self._kit = hash_texts([fingerprint_kit(coursework), str(seed)])
        self.tried: dict[str, Tried] = {}

    def run(self, *, seconds: float = 0.0, lies: int = 0) -> None:
        """Lie for some time, or a number of times to each check; continue the last run.

        Args:
            seconds: How long, if no number of lies is given.
            lies: How many lies each check is told.

        Raises:
            KitFault: The suites cannot be collected, or workers do not start.
        """
        if not self._read():
            remove_tree(self._out)
            self._record()
        deadline = time.monotonic() + seconds
        with LiarProcess(self._coursework) as liar:
            liar.start()
            liar.wait_until_ready()
            while work := self._next_work(lies):
                self._lie(liar, work, None if lies else deadline)
                self._write()
                if not lies and time.monotonic() > deadline:
                    return

    def broken(self) -> list[Broken]:
        """Return the unforeseen ends, the most frequent first."""
        found = [end for tried in self.tried.values() for end in tried.broken.values()]
        return sorted(found, key=lambda end: -end.count)

    def unnoticed(self) -> list[Unnoticed]:
        """Return the wrong values that passed where other wrong values did not."""
        return [
            Unnoticed(check, place, change, passed, sum(spot.failed.values()), lie)
            for check, tried in self.tried.items()
            for place, spot in tried.spots.items()
            if spot.failed
            for change, passed in spot.passed.items()
            for lie in [spot.lies[change]]
        ]

    def write_tables(self) -> tuple[Path, Path]:
        """Write the findings as two tables; return their paths."""
        broken, unnoticed = self._out / "broken.csv", self._out / "unnoticed.csv"
        rows = [(e.check, e.end, e.count, " | ".join(e.lies)) for e in self.broken()]
        write_rows([("check", "end", "count", "lies"), *rows], broken)
        heading = ("check", "place", "change", "passed", "others failed", "example")
        lines = [tuple(vars(each).values()) for each in self.unnoticed()]
        write_rows([heading, *lines], unnoticed)
        return broken, unnoticed

    def _next_work(self, lies: int) -> list[tuple[str, int, int]]:
        """Return the next lies for each check: its id, the first, how many."""
        work = []
        for check, tried in self.tried.items():
            left = lies - tried.number if lies else CHUNK
            if left > 0 and not tried.is_done:
                work.append((check, tried.number, min(CHUNK, left)))
        return work

    def _lie(
        self,
        liar: ServerProcess,
        work: Sequence[tuple[str, int, int]],
        deadline: float | None,
    ) -> None:
        """Tell each check some lies, several checks at a time."""
        with (
            ThreadPoolExecutor(available_cores()) as slots,
            make_bar(self._console) as bar,
        ):
            task = bar.add_task("lying to checks", total=len(work))
            running = [
                slots.submit(self._lie_to, liar, *each, deadline) for each in work
            ]
            for done in as_completed(running):
                done.result()
                bar.advance(task)

    def _lie_to(
        self,
        liar: ServerProcess,
        check: str,
        first: int,
        count: int,
        deadline: float | None,
    ) -> None:
        """Tell a check lies, in a process that continues as long as it can."""
        end = first + count
        exchanges = (self._out / _file_name(check)).read_bytes()
        tried = self.tried[check]
        while first < end and not tried.is_done:
            if deadline is not None and time.monotonic() > deadline:
                return
            work: dict[str, Any] = {"do": "lie", "checks": [check], "first": first}
            work |= {"exchanges": exchanges, "seed": f"{self.seed}/{check}"}
            self._listen(liar, {**work, "count": end - first}, tried, check)
            first = tried.number

    def _listen(
        self, liar: ServerProcess, work: dict[str, Any], tried: Tried, check: str
    ) -> None:
        """Record how the check ends, until the process ends or must be stopped."""
        with _fork(liar) as (line, pid):
            frames.send_frame(line, pack(work))
            meter = Meter(pid, None, limit_judge(Limits()))
            begun: dict[str, Any] | None = None

            def watch() -> None:
                if limit := meter.exceeded():
                    raise limit

            kind = ""
            try:
                while True:
                    told = unpack(frames.receive_frame(line, watch))
                    if "trouble" in told:
                        tried.fault = told["trouble"]
                    elif begun := told.get("begun"):
                        meter.restart()
                    else:
                        how = told["status"], told["detail"]
                        _note(tried, check, told["ended"], *how)
            except frames.Closed:
                kind = "the judge ended"
            except (TimedOut, OutOfMemory, Crashed) as limit:
                kind = f"the judge is out of {type(limit).__name__}: {limit}"
            if begun and not tried.fault:
                _note(tried, check, begun, Status.KIT_FAULT.value, kind)
            elif not (tried.of or tried.fault):
                tried.fault = "the process that lies ended before it began"

    def _record(self) -> None:
        """Record the reference's answers in every check."""
        self._out.mkdir(parents=True, exist_ok=True)
        with (
            LiarProcess(self._coursework) as liar,
            Zygote() as parent,
            open_temporary() as folder,
            make_bar(self._console) as bar,
        ):
            for server in (parent, liar):
                server.start()
            for server in (parent, liar):
                told = server.wait_until_ready()
            task = bar.add_task("recording the reference", total=told["checks"])
            own = copy_reference(self._coursework, folder / "reference").path
            uid = worker_uid(0)
            assignment = assign(self._coursework, own, folder, (), uid=uid, hidden=True)
            with _fork(liar, parent) as (line, _):
                work = {"do": "record", "assignment": asdict(assignment)}
                frames.send_frame(line, pack({**work, "checks": None}))
                with contextlib.suppress(frames.Closed):
                    while True:
                        self._keep(unpack(frames.receive_frame(line)))
                        bar.advance(task)
        self._write()

    def _keep(self, told: dict[str, Any]) -> None:
        check = told["recorded"]
        self.tried[check] = Tried()
        if told["failed"]:
            self.tried[check].fault = f"the reference does not pass: {told['failed']}"
        write_whole(self._out / _file_name(check), told["exchanges"])

    def _read(self) -> bool:
        """Read the findings of an earlier run; return whether they still hold."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            kept = json.loads((self._out / "state.json").read_text("utf-8"))
            if kept["kit"] == self._kit:
                self.tried = {name: _tried_of(t) for name, t in kept["tried"].items()}
                return bool(self.tried)
        return False

    def _write(self) -> None:
        tried = {name: asdict(each) for name, each in self.tried.items()}
        state = {"kit": self._kit, "tried": tried}
        write_whole(self._out / "state.json", json.dumps(state))


def _note(
    tried: Tried, check: str, about: dict[str, Any], status: str, detail: str
) -> None:
    """Record how a check ended after a lie."""
    tried.of = about["of"]
    if about["number"] < 0:
        if status != Status.PASSED:
            tried.fault = f"told the truth, it does not pass: {status} {detail}"
        return
    tried.number = about["number"] + 1
    _count(tried.ends, status)
    if Status(status) not in FORESEEN:
        end = detail[:MAX_DETAIL]
        broken = tried.broken.setdefault(end, Broken(check, end))
        broken.count += 1
        broken.lies += [about["lie"]] if len(broken.lies) < MAX_EXAMPLES else []
    elif about["is_wrong"]:
        spot = tried.spots.setdefault(about["place"], Spot())
        change = about["lie"].removeprefix(f"{about['place']}: ").rpartition(" (")[0]
        is_passed = status == Status.PASSED
        _count(spot.passed if is_passed else spot.failed, change)
        if is_passed:
            spot.lies.setdefault(change, about["lie"])


def _count(counts: dict[str, int], name: str) -> None:
    counts[name] = counts.get(name, 0) + 1


def _tried_of(kept: dict[str, Any]) -> Tried:
    spots = {place: Spot(**each) for place, each in kept["spots"].items()}
    broken = {end: Broken(**each) for end, each in kept["broken"].items()}
    return Tried(**{**kept, "broken": broken, "spots": spots})


def _file_name(check: str) -> str:
    return f"{hash_texts([check])[:16]}.recording"


@contextlib.contextmanager
def _fork(
    liar: ServerProcess, *workers: ServerProcess
) -> Iterator[tuple[socket.socket, int]]:
    """Fork a child of the process that lies; yield its line and its process id.

    Args:
        liar: The process.
        workers: A connection over which the child can get workers, if it needs any.
    """
    line, theirs = socket.socketpair()
    with contextlib.ExitStack() as stack:
        stack.enter_context(line)
        connection, *hired = [
            stack.enter_context(server.connect()) for server in (liar, *workers)
        ]
        with theirs:
            opened = (theirs.fileno(), *(sock.fileno() for sock in hired))
            answer = ask(connection, {"do": "spawn"}, *opened)
        yield line, answer["outside"]
