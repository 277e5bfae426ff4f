"""Requests: what is sent to a worker, and what its answers mean."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from reelmark.checks.kinds import expect_kind
from reelmark.checks.observations import Observation, expect_whole
from reelmark.checks.student import StudentFunction
from reelmark.errors import Crashed, Frame, NotStarted, OutOfMemory, StudentError
from reelmark.text import show_controls
from reelmark.wire.assignment import (
    MAX_ERROR_TEXT,
    MAX_PRINTED_LINES,
    MAX_PRINTED_WIDTH,
    MAX_WHOLE_TEXT,
)
from reelmark.wire.bounds import Bounds, Tally, TooMuch
from reelmark.wire.codec import (
    Build,
    FunctionName,
    Table,
    Tensor,
    WireError,
    pack,
    unpack,
)
from reelmark.wire.tables import take_apart


class WorkerLink(Protocol):
    """What a submission needs from a worker, wherever it runs."""

    @property
    def is_alive(self) -> bool:
        """Whether the worker can still be asked."""

    def begin_check(self) -> None:
        """Start measuring against the limits afresh."""

    def end_check(self) -> None:
        """Measure what a check has left behind against the limits."""

    def exchange(self, frame: bytes) -> bytes:
        """Send a request and return the answer."""

    def close(self) -> Any:
        """End the worker."""


def describe_call(function: str, args: Sequence[Any], kwargs: dict[str, Any]) -> str:
    """Return a call as one would type it, with long arguments abbreviated."""
    named = [f"{name}={_describe(value)}" for name, value in kwargs.items()]
    return f"{function}({', '.join([*map(_describe, args), *named])})"


def _describe(value: Any) -> str:
    if isinstance(value, Tensor):
        return _describe(value.array)
    if isinstance(value, np.ndarray):
        shape = " x ".join(map(str, value.shape))
        return (
            f"<{value.dtype} {shape}>" if value.dtype != object else f"<{shape} texts>"
        )
    if isinstance(value, Observation):
        return f"<{type(value).__name__}>"
    if isinstance(value, list | tuple | dict) and len(value) > 4:
        return f"<{len(value)} items>"
    if isinstance(value, Path):
        return repr(value.name)
    text = repr(value)
    return text if len(text) <= 32 and "\n" not in text else f"<{type(value).__name__}>"


def encode(value: Any) -> Any:
    """Turn an argument that a check wrote into what the wire carries."""
    if isinstance(value, Observation):
        return value.reference()
    if isinstance(value, StudentFunction):
        return FunctionName(value.module, value.name)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, tuple):
        return tuple(encode(item) for item in value)
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    if type(value).__name__ == "DataFrame":
        return Table(*map(encode, take_apart(value)))
    return value


def mentions_student_work(value: Any) -> bool:
    """Return whether an argument contains something that a student's function made."""
    if isinstance(value, Observation | StudentFunction):
        return True
    if isinstance(value, dict):
        return mentions_student_work(list(value.values()))
    return isinstance(value, list | tuple) and any(map(mentions_student_work, value))


def as_it_is(part: Any) -> Any:
    """Return a part of an answer as it came, where nobody looks at it."""
    return part


MOST = Bounds(
    items=500_000,
    records=5_000,
    characters=2_000_000,
    breaks=5_000,
    numbers=16_000_000,
    text=20_000,
    lines=500,
    array=16_000_000,
)
"""In one answer: over ten times what correct work sends in the checks on films. A
full batch of posters at their original size is nine million numbers."""

MOST_ANSWERS = 8
"""How many times `MOST` one check may receive: it may try many examples."""


class Prints:
    """What student code printed in a check: the last lines, and how many there were."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=MAX_PRINTED_LINES)
        self._count = 0

    def add(self, printed: Any) -> None:
        """Add what a worker tells.

        Raises:
            Crashed: It is not of the form that a worker gives.
        """
        try:
            count, text = printed
            start = _bounded(text, MAX_PRINTED_LINES * (MAX_PRINTED_WIDTH + 1))
            lines = show_controls(start, keep="\n").split("\n")
            self._count += max(int(count), len(lines))
        except Exception as malformed:
            raise Crashed(f"its answer is malformed: {malformed}") from None
        self._lines.extend(lines)

    def tell(self) -> str:
        """Return the lines, below one that says how many there were before them."""
        left_out = self._count - len(self._lines)
        above = [f"... ({left_out:,} lines above)"] if left_out else []
        return "\n".join([*above, *self._lines])


def ask_worker(
    link: WorkerLink,
    request: dict[str, Any],
    build: Build,
    kind: Any = Any,
    tally: Tally | None = None,
    prints: Prints | None = None,
) -> Any:
    """Send a request; return the value, or raise the error, that the worker answers.

    Args:
        link: The worker.
        request: What it is asked.
        build: Turns its answer into what a check sees.
        kind: The type that the value must have.
        tally: Counts what all answers in a check hold.
        prints: Keeps what the student's code printed on the way.

    Raises:
        Crashed: Something that students' functions returned earlier cannot be passed
            on, or the answer is not one that a worker gives.
    """
    try:
        frame = pack(request)
    except WireError as error:
        raise Crashed(f"an argument {error}") from None
    own = Tally(MOST)
    try:
        answer = unpack(link.exchange(frame), build, own)
        if type(answer) is dict and "printed" in answer:
            (prints or Prints()).add(answer.pop("printed"))
        value = _value_of(answer)
        if tally:
            tally.add(own)
        expect_whole(value)
        expect_kind(value, kind)
        return value
    except TooMuch as error:
        link.close()
        raise Crashed(f"all its answers in a check hold {error}") from None
    except WireError as error:
        link.close()
        raise Crashed(f"its answer cannot be used: {error}") from None


_ERRORS: dict[str, type[Exception]] = {
    "not started": NotStarted,
    "out of memory": OutOfMemory,
}


def _value_of(answer: Any) -> Any:
    """Return the value of an answer, or raise the error that it reports.

    Raises:
        Crashed: The answer does not have the form of a worker's answers.
    """
    if type(answer) is dict and answer.keys() == {"value"}:
        return answer["value"]
    try:
        error = dict(answer["error"])
        kind, text, type_name = (
            _bounded(error[k]) for k in ("kind", "text", "type_name")
        )
        frames = tuple(_frame(*frame) for frame in error["frames"])
        module = None if error["module"] is None else _bounded(error["module"])
        whole = _bounded(error["whole"], 2 * MAX_WHOLE_TEXT)
    except Exception as malformed:
        raise Crashed(f"its answer is malformed: {malformed}") from None
    if kind in _ERRORS:
        raise _ERRORS[kind](text)
    raise StudentError(type_name, text, frames, module, whole)


def _frame(file: Any, line: Any, function: Any, text: Any) -> Frame:
    return Frame(_bounded(file), int(line), _bounded(function), _bounded(text))


def _bounded(value: Any, most: int = MAX_ERROR_TEXT) -> str:
    if type(value) is not str:
        raise TypeError(f"{type(value).__name__} for a text")
    return value[:most]
