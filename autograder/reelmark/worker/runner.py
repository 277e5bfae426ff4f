"""The worker: runs a student's functions and answers with observations.

One worker serves one submission. In student mode it lives in the same process as
the tests; in sealed mode it has its own process, at the other end of a socket.
Requests and answers are bytes in the format of `codec`:

``{"do": "call", "module", "function", "args", "kwargs"}``
    Call a function of the student's, or of the suite's ingredients or looks.
``{"do": "ask", "handle", "question", "args"}``
    Ask something about an object that an earlier answer described.
``{"do": "begin", "seed", "broken"}``
    Begin a new check: seed every generator, close forgotten figures. Modules known
    to be broken are not imported: their siblings get stubs instead.

The answer is ``{"value": ...}`` or ``{"error": {...}}``, and ``"printed"`` where
the student's code has printed something: how many lines, and the last of them.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import random
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import numpy as np

from reelmark.errors import TimedOut
from reelmark.text import both_ends, both_halves
from reelmark.wire.assignment import (
    INGREDIENTS,
    LOOKS,
    MAX_ERROR_TEXT,
    MAX_WHOLE_LINES,
    MAX_WHOLE_TEXT,
    PACKAGES,
    STAND_INS,
    Assignment,
)
from reelmark.wire.codec import (
    FunctionName,
    Reference,
    Table,
    Tensor,
    WireError,
    pack,
    unpack,
)
from reelmark.wire.tables import table_of
from reelmark.worker import figures, keras, tracebacks
from reelmark.worker.modules import StudentModules
from reelmark.worker.observe import class_name, clean_text, observe
from reelmark.worker.prints import Prints

MAX_FRAMES = 20

MOST_READ = 100_000
"""Characters that are read of an exception's text: what matters may be at its end."""


NOT_FOR_STUDENTS = (KeyboardInterrupt, TimedOut)
"""Exceptions that end a call in student mode; student code never sees them."""


class Worker:
    """Answers requests about one submission.

    Args:
        assignment: Whose code it is, and what may help.
        prints: Keeps what that code prints, if its author is to be shown it.

    Attributes:
        prints: As given.
    """

    def __init__(self, assignment: Assignment, prints: Prints | None = None) -> None:
        self._assignment = assignment
        self.prints = prints
        self._objects: list[Any] = []
        self._is_seeded = False
        self._support: dict[str, ModuleType] = {}
        stubs = Path(assignment.stubs)
        folder = Path(assignment.folder).resolve()
        self._modules = StudentModules(folder, assignment.modules, stubs)
        self._modules.install()

    def close(self) -> None:
        """Forget the submission, so that another can be loaded in this process."""
        self._objects.clear()
        self._modules.remove()

    def answer(self, frame: bytes) -> bytes:
        """Carry out one request; never raises because of what a student did."""
        try:
            request = self._rebuild(unpack(frame))
            handler: Callable[..., Any] = self._HANDLERS[request.pop("do")]
            value = observe(handler(self, **request), self._keep)
            return _pack({"value": value, **self._take_prints()})
        except NOT_FOR_STUDENTS:
            raise
        except BaseException as error:
            return self.explain(error)

    def explain(self, error: BaseException) -> bytes:
        """Return the answer that reports an exception."""
        try:
            told = {"error": self._describe_error(error)}
            return pack({**told, **self._take_prints()})
        except NOT_FOR_STUDENTS:
            raise
        except BaseException:
            # The exception is built so that not even looking at it works.
            return pack({"error": {**_NO_DETAILS, "type_name": "an exception"}})

    def _take_prints(self) -> dict[str, Any]:
        count, text = self.prints.take() if self.prints else (0, "")
        return {"printed": [count, self._without_scratch(text)]} if count else {}

    def _rebuild(self, part: Any) -> Any:
        """Turn an argument into what a student's function expects."""
        if type(part) in _PLAIN:
            return part
        if isinstance(part, list | tuple):
            return type(part)(map(self._rebuild, part))
        if isinstance(part, dict):
            return {key: self._rebuild(item) for key, item in part.items()}
        if isinstance(part, Reference):
            return self._objects[part.handle]
        if isinstance(part, FunctionName):
            return self._function(part.module, part.name)
        if isinstance(part, Tensor):
            return _tensor(part.array)
        if isinstance(part, Table):
            return table_of(Table(*map(self._rebuild, vars(part).values())))
        return part

    def _call(self, module: str, function: str, args: Any, kwargs: Any) -> Any:
        return self._function(module, function)(*args, **kwargs)

    def _ask(self, handle: int, question: str, args: Any) -> Any:
        return QUESTIONS[question](self._objects[handle], *args)

    def _begin(self, seed: int, broken: Sequence[str] = ()) -> None:
        for module in broken:
            self._modules.blame(module, ImportError("it does not end"))
        random.seed(seed)
        np.random.seed(seed)
        # Keras draws its seeds from the generators above. TensorFlow drops every kernel
        # it has built whenever it is seeded, so it is seeded once only.
        if (tensorflow := sys.modules.get("tensorflow")) and not self._is_seeded:
            tensorflow.random.set_seed(seed)
            self._is_seeded = True
        if pyplot := sys.modules.get("matplotlib.pyplot"):
            pyplot.close("all")

    _HANDLERS: ClassVar[dict[str, Any]] = {
        "call": _call,
        "ask": _ask,
        "begin": _begin,
    }

    def _function(self, module: str, name: str) -> Any:
        if module in (INGREDIENTS, LOOKS):
            return getattr(self._load_support(module), name)
        if f"{module}.{name}" in self._assignment.stand_ins:
            # Even if the student's module cannot be imported.
            return getattr(self._load_support(STAND_INS), name)
        loaded = self._load(module)
        self._put_stand_ins()
        try:
            return getattr(loaded, name)
        except AttributeError:
            raise MissingFunction(f"{module}.py has no function {name}()") from None

    def _load(self, module: str) -> ModuleType:
        try:
            return self._modules.load(module)
        except NOT_FOR_STUDENTS:
            raise
        except BaseException as error:
            raise ImportFailed(module) from error

    def _put_stand_ins(self) -> None:
        """Replace functions of the student's by the kit's, wherever they are used."""
        for stand_in in self._assignment.stand_ins:
            module, name = stand_in.split(".")
            kit_made = getattr(self._load_support(STAND_INS), name)
            own = getattr(sys.modules.get(module), name, None)
            for other in self._assignment.modules:
                names = vars(sys.modules[other]) if other in sys.modules else {}
                # ``from callbacks import scheduler`` creates a second name for it.
                if other == module or (name in names and names[name] is own):
                    names[name] = kit_made

    def _load_support(self, name: str) -> ModuleType:
        if name not in self._support:
            file = Path(self._assignment.support) / f"{name}.py"
            spec = importlib.util.spec_from_file_location(f"_reelmark_{name}", file)
            assert spec is not None, file
            assert spec.loader is not None, file
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            self._support[name] = module
        return self._support[name]

    def _keep(self, value: Any) -> int:
        self._objects.append(value)
        return len(self._objects) - 1

    def _describe_error(self, error: BaseException) -> dict[str, Any]:
        module = error.module if isinstance(error, ImportFailed) else None
        if module is not None and error.__cause__ is not None:
            error = error.__cause__
        frames = [
            [Path(frame.filename).name, frame.lineno or 0, frame.name, frame.line or ""]
            for frame in _frames_of(error)
            if self._is_own(frame.filename)
        ]
        text = self._without_scratch(_text_of(error))
        frames += [
            [Path(traced.file).name, traced.line, traced.name, traced.text]
            for traced in tracebacks.read_frames(text)
            if self._is_own(traced.file)
        ]
        if isinstance(error, SyntaxError) and self._is_own(error.filename or ""):
            line = (error.text or "").strip()
            frames = [[Path(str(error.filename)).name, error.lineno or 0, "", line]]
        message, most = tracebacks.read_message(text, class_name(error)), MAX_ERROR_TEXT
        whole = tracebacks.without_styles(text)
        return {
            "kind": _kind_of(error, frames) if module is None else "raised",
            "module": module,
            "type_name": class_name(error),
            "text": message if len(message) <= most else both_ends(message, most),
            "whole": both_halves(whole, MAX_WHOLE_TEXT, MAX_WHOLE_LINES),
            "frames": frames[-MAX_FRAMES:],
        }

    def _without_scratch(self, text: str) -> str:
        """Return a text without the scratch folder's path, which always differs."""
        scratch = re.escape(self._assignment.scratch)
        return re.sub(rf"{scratch}/(tmp\w{{8}}/)?", "", text)

    def _is_own(self, filename: str) -> bool:
        path = Path(filename)
        return path.is_relative_to(self._modules.folder) or path.is_relative_to(
            self._assignment.stubs
        )


_PLAIN = frozenset({type(None), bool, int, float, str, bytes, np.ndarray})
"""Types that need no rebuilding; lists of thousands of them are common."""


class ImportFailed(Exception):
    """One of the student's modules cannot be imported; its cause says why."""

    def __init__(self, module: str) -> None:
        super().__init__(module)
        self.module = module


class MissingFunction(AttributeError):
    """The student's module lacks a function that the coursework asks for."""


QUESTIONS: dict[str, Callable[..., Any]] = {
    "call": keras.call_layer,
    "activation": keras.apply_activation,
    "compute": keras.compute,
    "weights": keras.get_weights,
    "loss": keras.loss_value,
    "metrics": keras.metric_values,
    "batches": keras.list_batches,
    "schedule": keras.call_schedule,
    "look": lambda value: value,
    "paint": figures.paint,
}


def warm_up() -> None:
    """Import what students' code needs, before any time limit applies.

    Matplotlib uses Agg: otherwise figures would depend on the machine's screen.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import matplotlib as mpl

    mpl.use("Agg")
    for name in (*PACKAGES, "matplotlib.font_manager", "matplotlib.pyplot"):
        importlib.import_module(name)


def _tensor(array: Any) -> Any:
    import tensorflow as tf

    return tf.constant(array)


def _kind_of(error: BaseException, frames: list[list[Any]]) -> str:
    if isinstance(error, NotImplementedError) and _says_not_implemented(error, frames):
        return "not started"
    if (
        isinstance(error, MemoryError)
        or type(error).__name__ == "ResourceExhaustedError"
    ):
        return "out of memory"
    return "raised"


def _says_not_implemented(error: BaseException, frames: list[list[Any]]) -> bool:
    """Tell a stub's own NotImplementedError from a library's.

    For a function that ``tf.data`` traced, the line is in the error's text.
    """
    last_line = frames[-1][3] if frames else ""
    return "NotImplementedError" in last_line + str(error) or not str(error)


def _frames_of(error: BaseException) -> traceback.StackSummary:
    """Return an exception's frames, without reading their files yet."""
    walk = traceback.walk_tb(error.__traceback__)
    return traceback.StackSummary.extract(walk, lookup_lines=False)


def _text_of(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return "the code ended the program with exit()"
    try:
        return clean_text(str(error), MOST_READ)
    except NOT_FOR_STUDENTS:
        raise
    except BaseException:
        return "(the exception's text could not be read)"


_NO_DETAILS: dict[str, Any] = {
    "kind": "raised",
    "module": None,
    "text": "",
    "whole": "",
    "frames": [],
}


def _pack(answer: dict[str, Any]) -> bytes:
    try:
        return pack(answer)
    except WireError as refusal:
        text = f"what was returned {refusal}"
        return pack({"error": {**_NO_DETAILS, "type_name": "ValueError", "text": text}})
