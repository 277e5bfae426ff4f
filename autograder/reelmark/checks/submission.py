"""The submission: how checks get at a student's work.

A check asks for the fixture ``submission`` and writes what a student would::

    model = submission.cnn.build_cnn(25)
    model.layer("Conv0").output_shape

Every call runs in a worker and returns an observation (`observations`).
``submission.ingredients`` makes the kit's own objects in the same worker,
``submission.looks`` makes figures of what a function does (`pictures`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

import numpy as np

from reelmark.checks.observations import build_observation, expect_whole
from reelmark.checks.requests import (
    MOST,
    MOST_ANSWERS,
    Prints,
    WorkerLink,
    as_it_is,
    ask_worker,
    describe_call,
    encode,
    mentions_student_work,
)
from reelmark.checks.student import StudentModule
from reelmark.errors import (
    Crashed,
    KitFault,
    NotStarted,
    OutOfMemory,
    StudentError,
    TimedOut,
)
from reelmark.files import remove_tree
from reelmark.wire.assignment import INGREDIENTS, LOOKS
from reelmark.wire.bounds import Tally
from reelmark.wire.codec import (
    Record,
    Table,
    Tensor,
    WireError,
)
from reelmark.wire.tables import table_of

SEED = 20_240_501
"""Seed of every check, so that marking twice gives the same marks."""


OpenWorker = Callable[[Path, tuple[str, ...], bool], WorkerLink]
"""Opens a worker in a scratch folder, which is new and only for this worker, with
these stand-ins; True for one without student code."""


class Submission:
    """One student's work, as checks see it.

    Args:
        modules: The names of the coursework's modules.
        home: A folder in which every worker gets a scratch folder of its own.
        open_worker: Opens a worker for this submission.
        kinds: What each ingredient returns (`checks.kinds`).

    Attributes:
        home: As given.
        has_heard: Whether a worker has answered a call or a question: from then on, a
            failure may be due to what it answered.
    """

    def __init__(
        self,
        modules: Sequence[str],
        home: Path,
        open_worker: OpenWorker,
        kinds: Mapping[str, Any],
    ) -> None:
        self._kinds = kinds
        self._tally = Tally(MOST)
        self._prints = Prints()
        self._modules = frozenset(modules)
        self._open_worker = open_worker
        self._link: WorkerLink | None = None
        self._stand_ins: tuple[str, ...] = ()
        self._generation = 0
        self._seen: set[str] = set()
        self._remembered: dict[Any, tuple[int, Any, BaseException | None, str]] = {}
        self.home = home
        self._scratch: Path | None = None
        self._waiting: set[str] = set()
        self._hanging: dict[str, TimedOut] = {}
        self._last_call = ""
        self.has_heard = False

    @property
    def scratch(self) -> Path:
        """The folder for files that student code reads or writes.

        It is removed along with the worker.
        """
        self._worker()
        assert self._scratch is not None, "every worker has one"
        return self._scratch

    def new_folder(self) -> Path:
        """Make a new folder in `scratch` that both sides can read and write."""
        folder = Path(tempfile.mkdtemp(dir=self.scratch))
        # The worker may run as another user, in the group that scratch passes on.
        folder.chmod(0o770)
        return folder

    def __getattr__(self, name: str) -> StudentModule:
        # Before ``__init__``, or in a copy, there is no ``_modules`` to look into.
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._modules or name in (INGREDIENTS, LOOKS):
            return StudentModule(self.call, name)
        known = ", ".join(sorted(self._modules))
        raise AttributeError(f"a submission has no {name!r}; its modules are {known}")

    def begin_check(self, task: str, stand_ins: tuple[str, ...] = ()) -> None:
        """Prepare for one check of a task (called by the plugin)."""
        if stand_ins != self._stand_ins:
            self.end_worker()
        self._stand_ins = stand_ins
        self._last_call = ""
        self._tally = Tally(MOST.times(MOST_ANSWERS))
        self._prints = Prints()
        self._worker().begin_check()
        self._seen.add(task)
        broken = list(self._hanging)
        self.request({"do": "begin", "seed": SEED, "broken": broken})

    def end_check(self) -> None:
        """Finish one check (called by the plugin)."""
        if self._link is not None:
            self._link.end_check()

    def is_alone(self, task: str) -> bool:
        """Return whether the current worker has run no other task's checks."""
        return self._seen <= {task}

    def end_worker(self) -> None:
        """End the worker; the next check gets a new one (called by the plugin).

        The next one cannot read anything that it wrote.
        """
        if self._link is not None and self._link.is_alive:
            self._link.close()
        self._link = None
        self._seen.clear()
        self._remembered.clear()
        self._remove_scratch()

    @property
    def last_call(self) -> str:
        """The last call of a student's function, as one would type it."""
        return self._last_call

    @property
    def printed(self) -> str:
        """What the student's code has printed in this check: its last lines."""
        return self._prints.tell()

    def call(self, module: str, function: str, args: Any, kwargs: Any) -> Any:
        """Call a function in the worker (called by the proxies).

        Raises:
            NotStarted, StudentError, TimedOut, OutOfMemory, Crashed: How the call
                ended.
        """
        if module not in (INGREDIENTS, LOOKS):
            self._last_call = describe_call(function, args, kwargs)
            self._expect_import(module, function)
        target = {"module": module, "function": function}
        arguments = {"args": list(map(encode, args)), "kwargs": encode(kwargs)}
        request = {"do": "call", **target, **arguments}
        kind = self._kinds.get(function, Any) if module == INGREDIENTS else Any
        if module == INGREDIENTS and not mentions_student_work([args, kwargs]):
            return self._request_ingredient(request, kind)
        return self.request(request, kind)

    def request(self, request: dict[str, Any], kind: Any = Any) -> Any:
        """Send one request to the worker; return the value that it answers.

        Args:
            request: What it is asked.
            kind: The type that the value must have.
        """
        self.has_heard |= request["do"] != "begin"
        try:
            return ask_worker(
                self._worker(), request, self._build, kind, self._tally, self._prints
            )
        except TimedOut as limit:
            if limit.printed:
                self._prints.add([0, limit.printed])
            self._note_import(limit)
            raise

    def _note_import(self, limit: TimedOut) -> None:
        """Remember a module whose import does not end, so that it costs time only once.

        If only wall time ran out, the machine may have been busy: it gets another try.
        """
        module = limit.module
        if module in self._modules:
            if limit.is_verdict or module in self._waiting:
                self._hanging[module] = limit
            self._waiting.add(module)

    def _expect_import(self, module: str, function: str) -> None:
        """Expect that a function's module is not known to hang on import.

        Raises:
            TimedOut: It is.
        """
        limit = self._hanging.get(module)
        if limit and f"{module}.{function}" not in self._stand_ins:
            raise limit.with_traceback(None)

    def remember(self, key: Any, make: Callable[[], Any]) -> Any:
        """Return what ``make`` returned, or raise what it raised, the first time.

        What lives in a worker is made again when the worker has been replaced. The last
        call becomes the one that made it, whichever check that was in.
        """
        never = (-1, None, None, "")
        generation, value, error, call = self._remembered.get(key, never)
        if error is not None:
            self._last_call = call
            # Without what earlier checks added to it: frames and notes of examples.
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
            self._link = self._open(self._stand_ins)
            self._seen.clear()
            self._generation += 1
        return self._link

    def _open(
        self, stand_ins: tuple[str, ...], *, is_clean: bool = False
    ) -> WorkerLink:
        """Open a worker that finds nothing written by the one before it."""
        self._remove_scratch()
        self._scratch = Path(tempfile.mkdtemp(dir=self.home))
        return self._open_worker(self._scratch, stand_ins, is_clean)

    def _remove_scratch(self) -> None:
        if self._scratch is not None:
            remove_tree(self._scratch)
        self._scratch = None

    def _request_ingredient(self, request: dict[str, Any], kind: Any) -> Any:
        """Make an ingredient; if that fails, find out whose fault it is.

        A clean worker finds nothing that the submission left behind, not even a file.
        """
        try:
            return self.request(request, kind)
        except (StudentError, OutOfMemory, NotStarted) as error:
            self.end_worker()
            clean = self._open((), is_clean=True)
            try:
                ask_worker(clean, request, as_it_is)
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
            expect_whole([part.columns, part.index, part.data])
            return table_of(part)
        raise WireError(f"a {type(part).__name__} is not an answer")

    def _ask(self, handle: int, question: str, args: tuple[Any, ...], kind: Any) -> Any:
        arguments = {"question": question, "args": list(map(encode, args))}
        return self.request({"do": "ask", "handle": handle, **arguments}, kind)


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
