"""Recordings: the reference's answers in a check, to be replayed or changed.

A worker is asked in frames and answers in frames. With both recorded, its answers can
be replayed thousands of times a second, without TensorFlow. The files that a worker
leaves in its folder belong to its answers, because a check may look at them, too.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from reelmark.checks.requests import WorkerLink
from reelmark.wire.codec import pack, unpack

MAX_FILE = 2**20
"""The most bytes of a file that are kept; no check reads a larger one."""

# Names of temporary folders, which differ every time; all have the same length.
_TEMPORARY = re.compile(rb"(?:tmp|reelmark-)[a-z0-9_]{8}")


@dataclass(frozen=True)
class Exchange:
    """A request, its answer, and the files that the worker wrote in between.

    Attributes:
        request: The frame that was sent.
        answer: The frame that came back.
        files: What it wrote, by the path in its folder.
    """

    request: bytes
    answer: bytes
    files: Mapping[str, bytes] = field(default_factory=dict)

    @cached_property
    def label(self) -> str:
        """What is asked, in a few words: the same for all requests of one kind."""
        request = unpack(self.request)
        if request["do"] == "call":
            return f"{request['module']}.{request['function']}"
        return str(request.get("question", request["do"]))


class Recorder:
    """A link to a worker that records everything sent over it.

    Args:
        link: The link.
        scratch: The worker's folder.
    """

    def __init__(self, link: WorkerLink, scratch: Path) -> None:
        self._link = link
        self._scratch = scratch
        self.exchanges: list[Exchange] = []

    @property
    def is_alive(self) -> bool:
        """Whether the worker can still be asked."""
        return self._link.is_alive

    def begin_check(self) -> None:
        """Start measuring against the limits afresh."""
        self._link.begin_check()

    def end_check(self) -> None:
        """Measure what a check has left behind against the limits."""
        self._link.end_check()

    def exchange(self, frame: bytes) -> bytes:
        """Send a request and return the answer."""
        before = _look(self._scratch)
        answer = self._link.exchange(frame)
        written = _look(self._scratch).items() - before.items()
        files = {
            str(path.relative_to(self._scratch)): path.read_bytes()
            for path, (size, _) in sorted(written)
            if size <= MAX_FILE
        }
        self.exchanges.append(Exchange(frame, answer, files))
        return answer

    def close(self) -> Any:
        """End the worker."""
        return self._link.close()


class Recording:
    """Everything recorded in a check, by what was asked.

    Args:
        exchanges: The exchanges, in order.

    Attributes:
        exchanges: As given.
    """

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        self.exchanges = tuple(exchanges)
        self._same: dict[bytes, list[Exchange]] = defaultdict(list)
        self._alike: dict[str, list[Exchange]] = defaultdict(list)
        for exchange in exchanges:
            self._same[_plain_key(exchange.request)].append(exchange)
            self._alike[exchange.label].append(exchange)

    def find(self, key: bytes, label: str) -> list[Exchange]:
        """Return the exchanges for a request, or else for requests of its kind.

        After a lie, a check may ask something that was never asked.
        """
        return self._same.get(key) or self._alike.get(label, [])


class Script:
    """Replays a recording, in its order.

    Args:
        recording: The recording.
        scratch: The folder that files are put back into.
    """

    def __init__(self, recording: Recording, scratch: Path) -> None:
        self._recording = recording
        self._scratch = scratch
        self._counts: Counter[bytes] = Counter()
        self._names: dict[bytes, bytes] = {}

    def find(self, frame: bytes) -> Exchange | None:
        """Return what was recorded for a request; None if nothing like it was."""
        key, label = _plain_key(frame), Exchange(frame, b"").label
        exchanges = self._recording.find(key, label)
        if not exchanges:
            return None
        found = exchanges[min(self._counts[key], len(exchanges) - 1)]
        self._counts[key] += 1
        self._learn(found.request, frame)
        return found

    def rename(self, frame: bytes) -> bytes:
        """Return an answer with the current names of folders."""
        return _TEMPORARY.sub(lambda m: self._names.get(m[0], m[0]), frame)

    def put_files(self, exchange: Exchange) -> None:
        """Write the files that were there when it was recorded."""
        for name, content in exchange.files.items():
            path = self._scratch / self.rename(name.encode()).decode()
            if path.parent.is_dir():
                path.write_bytes(content)

    def _learn(self, recorded: bytes, frame: bytes) -> None:
        """Remember which folder has replaced which."""
        names = (_TEMPORARY.findall(each) for each in (recorded, frame))
        self._names.update(zip(*names, strict=False))


def pack_exchanges(exchanges: Sequence[Exchange]) -> bytes:
    """Return the bytes that `unpack_exchanges` reads."""
    return pack([[e.request, e.answer, dict(e.files)] for e in exchanges])


def read_recording(data: bytes) -> Recording:
    """Return the recording of the exchanges that `pack_exchanges` packed."""
    return Recording([Exchange(*parts) for parts in unpack(data)])


def _plain_key(frame: bytes) -> bytes:
    return _TEMPORARY.sub(lambda m: m[0][:-8] + b"_" * 8, frame)


def _look(folder: Path) -> dict[Path, tuple[int, int]]:
    """Return the size of each file, and when it was last written."""
    states = {path: path.stat() for path in folder.rglob("*") if path.is_file()}
    return {path: (one.st_size, one.st_mtime_ns) for path, one in states.items()}
