"""Worker: whatever a student's function does, a request has an answer."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kit.stage.mini import HONEST, STUBS, SUPPORT, write_modules
from reelmark.wire.assignment import Assignment
from reelmark.wire.codec import (
    FunctionName,
    Record,
    Reference,
    Table,
    Tensor,
    pack,
    unpack,
)
from reelmark.wire.tables import table_of
from reelmark.worker.runner import Worker

Ask = Callable[..., Any]


@pytest.fixture
def open_worker(tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Opens a worker: modules by name, honest ones by default."""
    opened: list[Worker] = []
    stubs = write_modules(tmp_path / "stubs", STUBS)
    support = write_modules(tmp_path / "support", SUPPORT)

    def open_one(*stand_ins: str, **modules: str) -> Worker:
        folder = write_modules(tmp_path / "own", {**HONEST, **modules})
        places = {"stubs": str(stubs), "support": str(support)}
        assignment = Assignment(
            folder=str(folder),
            modules=tuple(STUBS),
            scratch=str(tmp_path),
            stand_ins=stand_ins,
            **places,
        )
        opened.append(Worker(assignment))
        return opened[-1]

    yield open_one
    for worker in opened:
        worker.close()


@pytest.fixture
def run(open_worker: Callable[..., Worker]) -> Ask:
    """Calls ``double(...)`` of a module ``doubling`` with the given source."""

    def call_double(source: str, *args: Any) -> Any:
        return call(open_worker(doubling=source), "doubling", "double", *args)

    return call_double


def send(worker: Worker, **request: Any) -> Any:
    """Send a request; return the answer."""
    return unpack(worker.answer(pack(request)))


def call(worker: Worker, module: str, function: str, *args: Any) -> Any:
    """Call a function; return the answer."""
    target = {"module": module, "function": function}
    return send(worker, do="call", args=list(args), kwargs={}, **target)


class TestCalls:
    """Calls that return."""

    def test_value_is_answered(self, run: Ask) -> None:
        """What a function returns is the answer's value."""
        assert run("def double(x): return [x, x]", 3) == {"value": [3, 3]}

    def test_functions_of_siblings_are_used(
        self, open_worker: Callable[..., Worker]
    ) -> None:
        """Modules work together as the student wrote them."""
        assert call(open_worker(), "chains", "quadruple", 3) == {"value": 12}

    def test_object_is_kept_and_passed_back(
        self, open_worker: Callable[..., Worker]
    ) -> None:
        """A returned object is an argument of a later call, the same object."""
        worker = open_worker(
            doubling="KEPT = object()\n"
            "def double(x=None): return KEPT if x is None else x is KEPT"
        )
        record = call(worker, "doubling", "double")["value"]
        assert type(record) is Record
        answer = call(worker, "doubling", "double", Reference(record.handle))
        assert answer == {"value": True}

    @pytest.mark.parametrize(
        ("argument", "seen"),
        [
            (FunctionName("doubling", "halve"), "function"),
            ([{"a": (FunctionName("doubling", "halve"),)}], "list"),
            (Table(["a"], ["x"], [[1.5]]), "DataFrame"),
            (np.zeros(2, np.float32), "ndarray"),
        ],
        ids=["function", "nested", "table", "array"],
    )
    def test_arguments_are_put_together(
        self, run: Ask, argument: Any, seen: str
    ) -> None:
        """What stands for an object in an argument becomes the object."""
        source = "def double(x): return type(x).__name__\ndef halve(x): pass"
        assert run(source, argument) == {"value": seen}

    def test_table_is_a_frame_with_its_labels(self, run: Ask) -> None:
        """A data frame arrives with columns, rows and twins among them."""
        source = (
            "def double(x): return list(x.columns), list(x.index), x.values.tolist()"
        )
        table = Table(["a", "a"], ["x"], [[1], [2]])
        assert run(source, table) == {"value": (["a", "a"], ["x"], [[1, 2]])}

    def test_tensor_is_a_tensor(self, run: Ask) -> None:
        """An argument marked as a tensor is one."""
        source = "def double(x): return x.dtype.name, (x + x).numpy()"
        dtype, value = run(source, Tensor(np.ones(1, np.float32)))["value"]
        assert (dtype, value.tolist()) == ("float32", [2.0])

    def test_random_numbers_repeat(self, open_worker: Callable[..., Worker]) -> None:
        """A new check begins with the same random numbers."""
        source = (
            "import random, numpy\n"
            "def double(): return random.random(), float(numpy.random.rand())"
        )
        worker = open_worker(doubling=source)
        drawn = []
        state = random.getstate()
        for _ in range(2):
            send(worker, do="begin", seed=5)
            drawn.append(call(worker, "doubling", "double"))
        random.setstate(state)
        assert drawn[0] == drawn[1]


RAISES = "def double(*_):\n    {}\n"
ODD = """
class Odd(BaseException):
    {}
def double(*_):
    raise Odd
"""


class TestErrors:
    """Calls that raise."""

    def test_error_is_told_with_the_students_lines(self, run: Ask) -> None:
        """Class, text and the student's own lines are told, outermost first."""
        source = (
            "def double(x):\n    return inner(x)\ndef inner(x):\n    return x['a']\n"
        )
        error = run(source, 5)["error"]
        assert (error["kind"], error["type_name"]) == ("raised", "TypeError")
        assert error["text"] == "'int' object is not subscriptable"
        assert error["frames"] == [
            ["doubling.py", 2, "double", "return inner(x)"],
            ["doubling.py", 4, "inner", "return x['a']"],
        ]
        assert error["module"] is None

    @pytest.mark.parametrize(
        ("statement", "type_name", "text"),
        [
            ("exit()", "SystemExit", "the code ended the program with exit()"),
            ("raise GeneratorExit", "GeneratorExit", ""),
            ("import asyncio; raise asyncio.CancelledError", "CancelledError", ""),
            ("double()", "RecursionError", "maximum recursion depth exceeded"),
            ("raise ExceptionGroup('g', [ValueError(1)])", "ExceptionGroup", "g "),
            ("raise ValueError('x' * 10_000)", "ValueError", "x" * 500),
            (r"raise ValueError('\ud800')", "ValueError", r"\ud800"),
            ("raise ValueError('a', object)", "ValueError", "('a', <class 'object'>)"),
        ],
        ids=[
            *("exit", "generator-exit", "cancelled", "recursion", "group", "long"),
            *("surrogate", "two-arguments"),
        ],
    )
    def test_every_exception_is_told(
        self, run: Ask, statement: str, type_name: str, text: str
    ) -> None:
        """Whatever is raised, and whatever its text, comes as an error."""
        error = run(RAISES.format(statement))["error"]
        assert error["type_name"] == type_name
        assert error["text"].startswith(text)

    @pytest.mark.parametrize(
        "body",
        [
            "def __str__(self): raise SystemExit",
            "def __str__(self): return 5",
            "def __str__(self): return type('S', (str,), {'__getitem__': None})('x')",
            "__class__ = property(lambda self: 1 / 0)",
            "__traceback__ = property(lambda self: 1 / 0)",
            "__module__ = 5",
        ],
        ids=["exits", "number", "text-of-a-kind", "class", "traceback", "module"],
    )
    def test_exception_that_resists_is_told(self, run: Ask, body: str) -> None:
        """An exception that cannot be looked at is an error all the same."""
        assert run(ODD.format(body)).keys() == {"error"}

    def test_deep_recursion_tells_its_last_lines(self, run: Ask) -> None:
        """Of a thousand frames, the last ones are sent."""
        frames = run(RAISES.format("double()"))["error"]["frames"]
        assert len(frames) == 20

    @pytest.mark.parametrize(
        "source", [STUBS["doubling"], "def double(*_): raise NotImplementedError()"]
    )
    def test_stub_is_not_started(self, run: Ask, source: str) -> None:
        """The stub's own line shows that the task is not started."""
        assert run(source, 1)["error"]["kind"] == "not started"

    def test_librarys_refusal_is_an_error(self, run: Ask) -> None:
        """A NotImplementedError with a reason, from a library, is a mistake."""
        source = "import logging\ndef double(x): logging.Handler().emit(x)"
        error = run(source, 1)["error"]
        assert error["kind"] == "raised"
        assert error["text"].startswith("emit must be implemented")

    @pytest.mark.parametrize(
        "statement",
        ["raise MemoryError", "raise type('ResourceExhaustedError', (Exception,), {})"],
        ids=["python", "tensorflow"],
    )
    def test_lack_of_memory_is_told_apart(self, run: Ask, statement: str) -> None:
        """Python's and TensorFlow's lack of memory is a state of its own."""
        assert run(RAISES.format(statement))["error"]["kind"] == "out of memory"

    @pytest.mark.parametrize(
        ("expression", "reason"),
        [
            ("'\\ud800'", "surrogates not allowed"),
            ("10 ** 5000", "int is not plain data"),
            ("bytes(70 * 2**20)", "is too large to send: 73,4"),
        ],
        ids=["surrogate", "long-number", "megabytes"],
    )
    def test_value_that_cannot_be_sent_is_an_error(
        self, run: Ask, expression: str, reason: str
    ) -> None:
        """A value that cannot be sent is the student's error, with the reason."""
        error = run(f"def double(): return {expression}")["error"]
        assert error["type_name"] == "ValueError"
        assert error["text"].startswith("what was returned ")
        assert reason in error["text"]

    @pytest.mark.parametrize(
        ("request_", "type_name"),
        [
            ({"do": "ask", "handle": 99, "question": "look", "args": []}, "IndexError"),
            ({"do": "ask", "handle": 99, "question": "eval", "args": []}, "KeyError"),
            ({"do": "eval", "text": "1"}, "KeyError"),
        ],
        ids=["handle", "question", "request"],
    )
    def test_senseless_request_is_an_error(
        self, open_worker: Callable[..., Worker], request_: Any, type_name: str
    ) -> None:
        """A request that cannot be carried out breaks no worker."""
        assert send(open_worker(), **request_)["error"]["type_name"] == type_name


class TestModules:
    """Modules that cannot be used."""

    @pytest.mark.parametrize(
        ("source", "type_name", "frames"),
        [
            (
                "x = 1\ndef double(x)\n",
                "SyntaxError",
                [["doubling.py", 2, "", "def double(x)"]],
            ),
            (
                "x = 1\n1 / 0\n",
                "ZeroDivisionError",
                [["doubling.py", 2, "<module>", "1 / 0"]],
            ),
            ("exit()\n", "SystemExit", [["doubling.py", 1, "<module>", "exit()"]]),
        ],
        ids=["syntax", "error", "exit"],
    )
    def test_import_error_names_module_and_line(
        self, run: Ask, source: str, type_name: str, frames: Any
    ) -> None:
        """A module that cannot be imported is named, with the student's line."""
        error = run(source, 1)["error"]
        assert (error["module"], error["type_name"]) == ("doubling", type_name)
        assert error["frames"] == frames

    def test_broken_module_of_an_argument_is_named(
        self, open_worker: Callable[..., Worker]
    ) -> None:
        """A function that cannot be passed because its module is broken is told."""
        worker = open_worker(doubling="def double(x)", chains="def quadruple(f): pass")
        argument = FunctionName("doubling", "double")
        error = call(worker, "chains", "quadruple", argument)["error"]
        assert (error["module"], error["type_name"]) == ("doubling", "SyntaxError")

    def test_missing_function_is_told_apart(self, run: Ask) -> None:
        """A missing function is not an AttributeError of the student's."""
        error = run("x = 1")["error"]
        assert error["type_name"] == "MissingFunction"
        assert error["text"] == "doubling.py has no function double()"

    def test_missing_module_is_told_apart(
        self, open_worker: Callable[..., Worker], tmp_path: Path
    ) -> None:
        """A module that was not handed in says so."""
        worker = open_worker()
        (tmp_path / "own" / "chains.py").unlink()
        error = call(worker, "chains", "quadruple", 1)["error"]
        assert error["type_name"] == "MissingModule"
        assert error["text"] == "chains.py was not found"


class TestSupport:
    """What a suite brings into the worker."""

    def test_ingredient_is_made_in_the_worker(
        self, open_worker: Callable[..., Worker]
    ) -> None:
        """Kit-made objects live next to the student's code."""
        answer = call(open_worker(), "ingredients", "make_pair", 3)
        assert answer == {"value": [3, 3]}

    @pytest.mark.parametrize(
        "chains",
        [
            "from doubling import double\ndef quadruple(x): return double(double(x))",
            "import doubling as d\ndef quadruple(x): return d.double(d.double(x))",
            "import doubling\ndouble = doubling.double\n"
            "def quadruple(x): return double(double(x))",
        ],
        ids=["from", "import", "alias"],
    )
    @pytest.mark.parametrize(
        "doubling",
        ["def double(x): return 0", "def double(x): return missing", "def double(x)"],
        ids=["wrong", "raises", "syntax"],
    )
    def test_stand_in_takes_the_place_of_a_function(
        self, open_worker: Callable[..., Worker], chains: str, doubling: str
    ) -> None:
        """However a function is imported, the kit's version is what is called."""
        worker = open_worker("doubling.double", doubling=doubling, chains=chains)
        assert call(worker, "chains", "quadruple", 1) == {"value": 2001}

    def test_other_functions_of_that_name_stay(
        self, open_worker: Callable[..., Worker]
    ) -> None:
        """A function of the same name that is another's is left alone."""
        chains = "def double(x): return 7\ndef quadruple(x): return double(x)"
        worker = open_worker("doubling.double", chains=chains)
        assert call(worker, "chains", "quadruple", 1) == {"value": 7}


def test_closed_worker_leaves_room_for_the_next(
    open_worker: Callable[..., Worker],
) -> None:
    """Two submissions can be looked at in one process, one after the other."""
    first = open_worker(doubling="def double(): return 'first'")
    assert call(first, "doubling", "double") == {"value": "first"}
    first.close()
    second = open_worker(doubling="def double(): return 'second one'")
    assert call(second, "doubling", "double") == {"value": "second one"}


def test_table_with_labels_that_are_none_is_refused() -> None:
    """A label that no data frame can look up is refused."""
    with pytest.raises(TypeError):
        table_of(Table([["a"]], [0], [[1]]))


def test_table_keeps_the_order_of_twins() -> None:
    """Columns of the same name keep their own values."""
    frame = table_of(Table(["a", "a"], [0], [[1], [2]]))
    pd.testing.assert_frame_equal(frame, pd.DataFrame([[1, 2]], columns=["a", "a"]))
