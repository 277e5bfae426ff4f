"""The submission: how checks reach a student's work.

A check asks for the fixture ``submission`` and writes what a student would::

    model = submission.cnn.build_cnn(25)
    model.layer("Conv0").output_shape

Every call runs in a worker and returns an observation (`observations`).
``submission.ingredients`` gives kit-made objects that live in the same worker,
``submission.looks`` figures of what a function does (`pictures`).
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from reelmark.checks.observations import Observation, build_observation
from reelmark.errors import (
    Crashed,
    Frame,
    KitFault,
    NotStarted,
    OutOfMemory,
    StudentError,
    TimedOut,
)
from reelmark.wire.codec import (
    Build,
    FunctionName,
    Record,
    Table,
    Tensor,
    WireError,
    pack,
    unpack,
)
from reelmark.worker.runner import INGREDIENTS, LOOKS, table_of

SEED = 20_240_501
"""Seed of every check, so that marking twice gives the same marks."""

MAX_TEXT = 2_000
"""Characters of a text that a worker tells of an error."""


class WorkerLink(Protocol):
    """What a submission needs of a worker, wherever it runs."""

    @property
    def is_alive(self) -> bool:
        """Whether the worker can still be asked."""

    def begin_check(self) -> None:
        """Start measuring limits anew."""

    def end_check(self) -> None:
        """Hold what a check has left behind against the limits."""

    def exchange(self, frame: bytes) -> bytes:
        """Send a request and return the answer."""

    def close(self) -> Any:
        """End the worker."""


OpenWorker = Callable[[tuple[str, ...], bool], WorkerLink]
"""Opens a worker: with these stand-ins; True for one without student code."""


class Submission:
    """One student's work, as checks see it.

    Args:
        modules: The names of the coursework's modules.
        scratch: A folder that both the checks and the worker may write to.
        open_worker: Opens a worker for this submission.
    """

    def __init__(
        self, modules: Sequence[str], scratch: Path, open_worker: OpenWorker
    ) -> None:
        self._modules = frozenset(modules)
        self._open_worker = open_worker
        self._link: WorkerLink | None = None
        self._stand_ins: tuple[str, ...] = ()
        self._generation = 0
        self._seen: set[str] = set()
        self._remembered: dict[Any, tuple[int, Any, BaseException | None, str]] = {}
        self._scratch = scratch
        self._last_call = ""

    @property
    def scratch(self) -> Path:
        """A folder for files that the student's code reads or writes."""
        return self._scratch

    def new_folder(self) -> Path:
        """Make a new folder in `scratch` that both sides can read and write."""
        folder = Path(tempfile.mkdtemp(dir=self._scratch))
        # The worker may be another user, of the group that scratch hands down.
        folder.chmod(0o770)
        return folder

    def __getattr__(self, name: str) -> StudentModule:
        # Before ``__init__``, or in a copy, there is no ``_modules`` to look into.
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._modules or name in (INGREDIENTS, LOOKS):
            return StudentModule(self, name)
        known = ", ".join(sorted(self._modules))
        raise AttributeError(f"a submission has no {name!r}; its modules are {known}")

    def begin_check(self, task: str, stand_ins: tuple[str, ...] = ()) -> None:
        """Prepare for one check of a task (called by the plugin)."""
        if stand_ins != self._stand_ins:
            self.end_worker()
        self._stand_ins = stand_ins
        self._last_call = ""
        self._worker().begin_check()
        self._seen.add(task)
        self.request({"do": "begin", "seed": SEED})

    def end_check(self) -> None:
        """Conclude one check (called by the plugin)."""
        if self._link is not None:
            self._link.end_check()

    def is_alone(self, task: str) -> bool:
        """Return whether no other task's checks ran in the worker there is."""
        return self._seen <= {task}

    def end_worker(self) -> None:
        """End the worker; the next check gets a new one (called by the plugin).

        Nothing that it wrote is there for the next one to read.
        """
        if self._link is not None and self._link.is_alive:
            self._link.close()
        self._link = None
        self._seen.clear()
        self._remembered.clear()
        # A tree deeper than Python can follow may stay.
        with contextlib.suppress(OSError, RecursionError):
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch.mkdir(mode=0o700, exist_ok=True)

    @property
    def last_call(self) -> str:
        """The last call of a student's function, as one would type it."""
        return self._last_call

    def call(self, module: str, function: str, args: Any, kwargs: Any) -> Any:
        """Call a function in the worker (called by the proxies).

        Raises:
            NotStarted, StudentError, TimedOut, OutOfMemory, Crashed: What became
                of the call.
        """
        if module not in (INGREDIENTS, LOOKS):
            self._last_call = describe_call(function, args, kwargs)
        target = {"module": module, "function": function}
        arguments = {"args": list(map(_encode, args)), "kwargs": _encode(kwargs)}
        request = {"do": "call", **target, **arguments}
        if module == INGREDIENTS and not _mentions_student_work([args, kwargs]):
            return self._request_ingredient(request)
        return self.request(request)

    def request(self, request: dict[str, Any]) -> Any:
        """Send one request to the worker; return the value it answers with."""
        return _ask_worker(self._worker(), request, self._build)

    def remember(self, key: Any, make: Callable[[], Any]) -> Any:
        """Return what ``make`` returned, or raise what it raised, the first time.

        What lives in a worker is made again when the worker has been replaced. The
        last call is the one that it was made by, whichever check made it.
        """
        never = (-1, None, None, "")
        generation, value, error, call = self._remembered.get(key, never)
        if error is not None:
            self._last_call = call
            # Without what earlier checks added to it: frames, and their examples.
            error.__notes__ = []
            raise error.with_traceback(None)
        if generation != self._generation or not self._has_worker():
            try:
                value = make()
            except (Exception, TimedOut) as raised:
                made = (self._generation, None, raised, self._last_call)
                self._remembered[key] = made
                raise
            call = self._last_call
            self._remembered[key] = (self._generation, value, None, call)
        self._last_call = call
        return value

    def _has_worker(self) -> bool:
        return self._link is not None and self._link.is_alive

    def _worker(self) -> WorkerLink:
        if self._link is None or not self._link.is_alive:
            self._scratch.mkdir(exist_ok=True)
            self._link = self._open_worker(self._stand_ins, False)
            self._seen.clear()
            self._generation += 1
        return self._link

    def _request_ingredient(self, request: dict[str, Any]) -> Any:
        """Make an ingredient; if that fails, find out whose fault it is.

        A clean worker meets nothing that the submission left behind, no file either.
        """
        try:
            return self.request(request)
        except (StudentError, OutOfMemory, NotStarted) as error:
            self.end_worker()
            clean = self._open_worker((), True)
            try:
                _ask_worker(clean, request, _describe_only)
            except (Exception, TimedOut) as fault:
                name = request["function"]
                raise KitFault(f"the ingredient {name}() failed: {fault}") from fault
            finally:
                clean.close()
            raise Crashed(
                f"with this submission loaded, ordinary code fails: {error}"
            ) from error

    def _build(self, part: Any) -> Any:
        if isinstance(part, Record):
            return build_observation(part, self._ask)
        if isinstance(part, Table):
            return table_of(part)
        raise WireError(f"a {type(part).__name__} is not an answer")

    def _ask(self, handle: int, question: str, args: tuple[Any, ...]) -> Any:
        arguments = {"question": question, "args": list(map(_encode, args))}
        return self.request({"do": "ask", "handle": handle, **arguments})


class StudentModule:
    """One module of the student's, or the ingredients."""

    def __init__(self, submission: Submission, name: str) -> None:
        self._submission = submission
        self._name = name

    def __getattr__(self, name: str) -> StudentFunction:
        # Tools that look for private hooks (Hypothesis, pytest) must not find
        # them in the student's module.
        if name.startswith("_"):
            raise AttributeError(name)
        return StudentFunction(self._submission, self._name, name)


class StudentFunction:
    """One function of the student's; calling it runs it in the worker."""

    def __init__(self, submission: Submission, module: str, name: str) -> None:
        self._submission = submission
        self.module = module
        self.name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the function; return an observation of what it returned."""
        return self._submission.call(self.module, self.name, args, kwargs)


def shared(make: Callable[..., Any]) -> Callable[..., Any]:
    """Let many checks share one result: ``make(submission, ...)`` runs once.

    An exception is shared too, so that a function that hangs does so once.
    """

    @wraps(make)
    def remembered(submission: Submission, *args: Any) -> Any:
        key = (make.__module__, make.__qualname__, args)
        return submission.remember(key, lambda: make(submission, *args))

    return remembered


def tensor(values: Any) -> Tensor:
    """Mark an argument that the student's function gets as a TensorFlow tensor."""
    return Tensor(np.asarray(values))


def describe_call(function: str, args: Sequence[Any], kwargs: dict[str, Any]) -> str:
    """Return a call as one would type it, with long arguments in short."""
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


def _encode(value: Any) -> Any:
    """Turn an argument as a check writes it into what the wire carries."""
    if isinstance(value, Observation):
        return value.reference()
    if isinstance(value, StudentFunction):
        return FunctionName(value.module, value.name)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, list):
        return [_encode(item) for item in value]
    if isinstance(value, tuple):
        return tuple(_encode(item) for item in value)
    if isinstance(value, dict):
        return {key: _encode(item) for key, item in value.items()}
    if type(value).__name__ == "DataFrame":
        columns = [value.iloc[:, i].tolist() for i in range(value.shape[1])]
        parts = (value.columns.tolist(), value.index.tolist(), columns)
        return Table(*(_encode(part) for part in parts))
    return value


def _mentions_student_work(value: Any) -> bool:
    if isinstance(value, Observation | StudentFunction):
        return True
    if isinstance(value, dict):
        return _mentions_student_work(list(value.values()))
    return isinstance(value, list | tuple) and any(map(_mentions_student_work, value))


def _describe_only(part: Any) -> Any:
    return part


def _ask_worker(link: WorkerLink, request: dict[str, Any], build: Build) -> Any:
    """Send a request; return the value, or raise the error, that is the answer.

    Raises:
        Crashed: What students' functions returned before cannot be passed on, or
            the answer is not one that a worker gives.
    """
    try:
        frame = pack(request)
    except WireError as error:
        raise Crashed(f"an argument {error}") from None
    try:
        return _value_of(unpack(link.exchange(frame), build))
    except WireError as error:
        link.close()
        raise Crashed(f"its answer cannot be used: {error}") from None


_ERRORS: dict[str, type[Exception]] = {
    "not started": NotStarted,
    "out of memory": OutOfMemory,
}


def _value_of(answer: Any) -> Any:
    """Return the value of an answer, or raise the error it tells of.

    Raises:
        Crashed: The answer is not of the form that a worker gives.
    """
    if type(answer) is dict and answer.keys() == {"value"}:
        return answer["value"]
    try:
        error = dict(answer["error"])
        kind, text, type_name = (_text(error[k]) for k in ("kind", "text", "type_name"))
        frames = tuple(_frame(*frame) for frame in error["frames"])
        module = None if error["module"] is None else _text(error["module"])
    except Exception as malformed:
        raise Crashed(f"its answer is malformed: {malformed}") from None
    if kind in _ERRORS:
        raise _ERRORS[kind](text)
    raise StudentError(type_name, text, frames, module)


def _frame(file: Any, line: Any, function: Any, text: Any) -> Frame:
    return Frame(_text(file), int(line), _text(function), _text(text))


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError(f"{type(value).__name__} for a text")
    return value[:MAX_TEXT]
