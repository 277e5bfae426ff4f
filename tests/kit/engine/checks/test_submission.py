"""Submission: a check's calls reach the worker, and answers come back."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reelmark.checks.observations import Opaque
from reelmark.checks.requests import Prints, describe_call
from reelmark.checks.submission import Submission, shared, tensor
from reelmark.errors import (
    Crashed,
    Frame,
    KitFault,
    NotStarted,
    StudentError,
    TimedOut,
)
from reelmark.wire.codec import FunctionName, Reference, Table, Tensor, pack, unpack

Open = Callable[..., Any]


class Link:
    """A worker that gives prepared answers, and remembers what it was asked."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.requests: list[Any] = []
        self.is_alive = True

    def begin_check(self) -> None:
        """Do nothing."""

    def end_check(self) -> None:
        """Do nothing."""

    def exchange(self, frame: bytes) -> bytes:
        """Answer, or raise."""
        self.requests.append(unpack(frame))
        if isinstance(self.answer, BaseException):
            raise self.answer
        return pack(self.answer)

    def close(self) -> None:
        """End."""
        self.is_alive = False


@pytest.fixture
def answering(tmp_path: Path) -> Callable[..., tuple[Submission, list[Link]]]:
    """Opens a submission whose workers, and then clean workers, give these answers."""

    def open_submission(
        answer: Any, clean: Any = None
    ) -> tuple[Submission, list[Link]]:
        links: list[Link] = []

        def open_worker(_: Path, _stand_ins: tuple[str, ...], is_clean: bool) -> Link:
            links.append(Link(clean if is_clean else answer))
            return links[-1]

        return Submission(["doubling"], tmp_path, open_worker, {}), links

    return open_submission


def error(**parts: Any) -> dict[str, Any]:
    """Return an answer that tells of an exception."""
    told = {"kind": "raised", "module": None, "text": "no", "frames": []}
    told["whole"] = "no"
    return {"error": {**told, "type_name": "ValueError", **parts}}


class TestNames:
    """What a check may write."""

    def test_unknown_module_lists_the_known(self, open_local: Open) -> None:
        """A mistyped module is answered with the names there are."""
        with pytest.raises(AttributeError, match="are chains, doubling"):
            open_local().halving  # noqa: B018 (asking for it is the test)

    @pytest.mark.parametrize("name", ["_repr_pretty_", "__wrapped__", "_x"])
    def test_private_names_are_refused(self, open_local: Open, name: str) -> None:
        """Tools that look for hooks find none, and so call nothing in the worker."""
        submission = open_local()
        assert not hasattr(submission, name)
        assert not hasattr(submission.doubling, name)

    def test_submission_can_be_copied_by_tools(self, open_local: Open) -> None:
        """A tool that copies what it is given does not hang."""
        assert isinstance(copy.copy(open_local()), Submission)


class TestArguments:
    """What is sent."""

    @pytest.mark.parametrize(
        ("argument", "sent"),
        [
            (Path("a/b.jpg"), "a/b.jpg"),
            ([Path("a"), (Path("b"),)], ["a", ("b",)]),
            ({"k": Path("a")}, {"k": "a"}),
            (pd.DataFrame({"a": [1]}, ["x"]), Table(["a"], ["x"], [[1]])),
        ],
        ids=["path", "nested", "dict", "frame"],
    )
    def test_argument_is_plain(
        self, answering: Callable[..., Any], argument: Any, sent: Any
    ) -> None:
        """Paths become texts, frames are taken apart, containers are kept."""
        submission, links = answering({"value": None})
        submission.doubling.double(argument, named=argument)
        request = links[0].requests[-1]
        assert (request["args"], request["kwargs"]) == ([sent], {"named": sent})

    def test_function_stands_for_the_students(
        self, answering: Callable[..., Any]
    ) -> None:
        """A function of the student's can be passed to another."""
        submission, links = answering({"value": None})
        submission.doubling.double(submission.doubling.halve)
        assert links[0].requests[-1]["args"] == [FunctionName("doubling", "halve")]

    def test_object_stands_for_itself(self, answering: Callable[..., Any]) -> None:
        """An observation is sent as the number of its object."""
        submission, links = answering({"value": None})
        thing = Opaque("object", "")
        thing._handle = 4
        submission.doubling.double([thing])
        assert links[0].requests[-1]["args"] == [[Reference(4)]]

    def test_tensor_is_marked(self, answering: Callable[..., Any]) -> None:
        """An array that the student gets as a tensor is sent as one."""
        submission, links = answering({"value": None})
        submission.doubling.double(tensor([1.0, 2.0]))
        (sent,) = links[0].requests[-1]["args"]
        assert type(sent) is Tensor
        assert sent.array.tolist() == [1.0, 2.0]

    def test_argument_that_cannot_be_sent_is_a_crash(
        self, answering: Callable[..., Any]
    ) -> None:
        """A student's value that cannot be sent is not a fault of the kit."""
        submission, _ = answering({"value": None})
        with pytest.raises(Crashed, match="an argument cannot be sent: set is not"):
            submission.doubling.double({1})


class TestPrints:
    """What student code prints, as a worker tells it."""

    def test_last_lines_are_told(self) -> None:
        """Of the prints of several calls the last lines are told, and how many more."""
        prints = Prints()
        for number in range(3):
            prints.add([10, "\n".join(f"{number} {line}" for line in range(10))])
        above, *lines = prints.tell().splitlines()
        assert (above, lines[-1]) == ("... (18 lines above)", "2 9")

    def test_nothing_of_it_commands_a_terminal(self) -> None:
        """Whatever a worker sends, controls are shown, not obeyed."""
        prints = Prints()
        prints.add([1, "\x1b[2Jgone"])
        assert prints.tell() == r"\x1b[2Jgone"

    @pytest.mark.parametrize("told", [None, 7, [1], ["x", 2], [1, None], [1, b"x"]])
    def test_malformed_prints_are_refused(self, told: Any) -> None:
        """What is not of the form that a worker gives ends the check as a crash."""
        with pytest.raises(Crashed, match="malformed"):
            Prints().add(told)


class TestAnswers:
    """What comes back."""

    @pytest.mark.parametrize(
        ("kind", "raised"),
        [("raised", StudentError), ("not started", NotStarted), ("odd", StudentError)],
    )
    def test_error_becomes_its_exception(
        self, answering: Callable[..., Any], kind: str, raised: type[Exception]
    ) -> None:
        """An error is raised where the check called the function."""
        submission, _ = answering(error(kind=kind))
        with pytest.raises(raised):
            submission.doubling.double(1)

    def test_students_error_keeps_its_parts(
        self, answering: Callable[..., Any]
    ) -> None:
        """Class, text, lines and module of an exception are attributes."""
        frame = ["doubling.py", 3, "double", "1 / 0"]
        submission, _ = answering(error(frames=[frame], module="doubling"))
        with pytest.raises(StudentError, match="ValueError: no") as caught:
            submission.doubling.double(1)
        assert caught.value.module == "doubling"
        assert caught.value.frames[0].line == 3

    def test_long_text_is_cut(self, answering: Callable[..., Any]) -> None:
        """A long text is not passed on."""
        submission, _ = answering(error(text="x" * 15_000))
        with pytest.raises(StudentError) as caught:
            submission.doubling.double(1)
        assert len(caught.value.text) == 2_000

    @pytest.mark.parametrize(
        "answer",
        [
            *(None, [], "value", {}, {"values": 1}, {"value": 1, "error": 2}),
            *(np.zeros(2), {"error": 5}, {"error": {}}, error(text=None)),
            *(error(frames=5), error(frames=[[1]]), error(module=3), error(kind={})),
            error(frames=[["a", float("nan"), "b", "c"]]),
            error(frames=[["a", float("inf"), "b", "c"]]),
        ],
        ids=str,
    )
    def test_malformed_answer_is_a_crash(
        self, answering: Callable[..., Any], answer: Any
    ) -> None:
        """An answer of the wrong form is the worker's doing, never the kit's fault."""
        submission, _ = answering(answer)
        with pytest.raises(Crashed, match="malformed"):
            submission.doubling.double(1)

    def test_unusable_answer_ends_the_worker(
        self, answering: Callable[..., Any]
    ) -> None:
        """A worker that sends what nobody can read is not asked again."""
        submission, links = answering({"value": Reference(1)})
        with pytest.raises(Crashed, match="a Reference is not an answer"):
            submission.doubling.double(1)
        assert not links[0].is_alive


class TestLastCall:
    """The call that a message restates."""

    @pytest.mark.parametrize(
        ("args", "kwargs", "text"),
        [
            ((3, 0.5), {}, "f(3, 0.5)"),
            ((), {"training": True}, "f(training=True)"),
            ((np.zeros((2, 3), np.uint8),), {}, "f(<uint8 2 x 3>)"),
            ((tensor(np.zeros(4)),), {}, "f(<float64 4>)"),
            ((np.array(["a"], object),), {}, "f(<1 texts>)"),
            ((list(range(5)), {}), {}, "f(<5 items>, {})"),
            ((Path("/tmp/secret/a.jpg"),), {}, "f('a.jpg')"),
            (("x" * 40,), {}, "f(<str>)"),
            ((Opaque("object", ""),), {}, "f(<Opaque>)"),
        ],
    )
    def test_call_is_written_as_one_would_type_it(
        self, args: Any, kwargs: Any, text: str
    ) -> None:
        """Short arguments are shown, long ones abbreviated."""
        assert describe_call("f", args, kwargs) == text

    def test_last_call_is_the_students(self, open_local: Open) -> None:
        """Ingredients do not count as calls."""
        submission = open_local()
        submission.doubling.double(3)
        submission.ingredients.make_pair(1)
        assert submission.last_call == "double(3)"

    def test_new_check_has_no_last_call(self, open_local: Open) -> None:
        """A check that called nothing restates nothing."""
        submission = open_local()
        submission.doubling.double(3)
        submission.begin_check("1a")
        assert submission.last_call == ""


COUNTS = "SEEN = []\ndef double(x):\n    SEEN.append(x)\n    return len(SEEN)\n"


@shared
def double(submission: Any, x: int) -> Any:
    """Return what the student's function makes of a number, once."""
    return submission.doubling.double(x)


class TestSharing:
    """Results that several checks share."""

    def test_shared_call_is_made_once(self, open_local: Open) -> None:
        """The second check gets what the first one got."""
        submission = open_local(doubling=COUNTS)
        assert [double(submission, 5), double(submission, 5)] == [1, 1]

    def test_other_arguments_are_another_call(self, open_local: Open) -> None:
        """What is shared is shared for the same arguments."""
        submission = open_local(doubling=COUNTS)
        assert [double(submission, 5), double(submission, 6)] == [1, 2]

    def test_error_is_shared_too(self, open_local: Open) -> None:
        """A function that fails does so once."""
        source = COUNTS.replace("return len(SEEN)", "raise ValueError(len(SEEN))")
        submission = open_local(doubling=source)
        for _ in range(2):
            with pytest.raises(StudentError, match="ValueError: 1"):
                double(submission, 5)

    @pytest.mark.parametrize(
        "source",
        [COUNTS, "def double(x): raise ValueError(x)"],
        ids=["value", "error"],
    )
    def test_shared_call_is_restated_by_each_check(
        self, open_local: Open, source: str
    ) -> None:
        """A check that gets what another one got names the call that made it."""
        submission = open_local(doubling=source)
        for _ in range(2):
            submission.begin_check("1a")
            with contextlib.suppress(StudentError):
                double(submission, 5)
            assert submission.last_call == "double(5)"

    def test_time_out_is_shared_too(self, answering: Callable[..., Any]) -> None:
        """A function that hangs does so once."""
        submission, links = answering(TimedOut("10 seconds"))
        for _ in range(2):
            with pytest.raises(TimedOut):
                double(submission, 5)
        assert len(links[0].requests) == 1

    @pytest.mark.parametrize(("is_verdict", "asked"), [(True, 1), (False, 2)])
    def test_import_that_hangs_costs_its_time_once(
        self, answering: Callable[..., Any], is_verdict: bool, asked: int
    ) -> None:
        """If only wall time ran out, it is tried again: the machine may be slow."""
        limit = TimedOut("10 seconds", is_verdict=is_verdict)
        limit.frames = (Frame("doubling.py", 1, "<module>", "wait()"),)
        submission, links = answering(limit)
        for number in range(5):
            with pytest.raises(TimedOut):
                submission.doubling.double(number)
        assert len(links[0].requests) == asked

    def test_module_that_hangs_is_not_imported_by_others(
        self, answering: Callable[..., Any]
    ) -> None:
        """The next worker is told; siblings get the stub in its place."""
        limit = TimedOut("10 seconds")
        limit.frames = (Frame("doubling.py", 1, "<module>", "wait()"),)
        submission, links = answering(limit)
        with pytest.raises(TimedOut):
            submission.doubling.double(1)
        with pytest.raises(TimedOut):
            submission.begin_check("1a")
        assert links[-1].requests[-1]["broken"] == ["doubling"]

    def test_shared_error_forgets_where_it_was(
        self, answering: Callable[..., Any]
    ) -> None:
        """Hypothesis's notes on one check do not appear in another."""
        submission, _ = answering(error())
        with pytest.raises(StudentError) as caught:
            double(submission, 5)
        caught.value.add_note("Falsifying example: test_other(x=3)")
        with pytest.raises(StudentError) as again:
            double(submission, 5)
        assert again.value.__notes__ == []

    def test_shared_object_of_a_dead_worker_is_made_again(
        self, open_sealed: Open
    ) -> None:
        """After a crash, a shared object is made again in the new worker."""
        source = (
            "import os\n"
            "def double(x): return object()\n"
            "def halve(x): return x or os._exit(1)\n"
        )
        submission = open_sealed(doubling=source)
        double(submission, 1)
        with pytest.raises(Crashed):
            submission.doubling.halve(0)
        thing = double(submission, 1)
        assert submission.doubling.halve(thing).type_name == "object"

    def test_next_worker_shares_nothing_with_the_last(self, open_local: Open) -> None:
        """When a worker is ended, what it made is made again."""
        submission = open_local(doubling=COUNTS)
        double(submission, 5)
        submission.end_worker()
        submission.doubling.double(0)
        assert double(submission, 5) == 2


class TestIngredients:
    """Whose fault it is when a kit-made object cannot be made."""

    def test_ingredient_that_fails_anywhere_is_a_fault(self, open_local: Open) -> None:
        """An ingredient that fails without student code too is the kit's fault."""
        with pytest.raises(KitFault, match=r"break_down\(\) failed: ValueError"):
            open_local().ingredients.break_down()

    def test_ingredient_that_times_out_anywhere_is_a_fault(
        self, answering: Callable[..., Any]
    ) -> None:
        """An ingredient that takes too long without student code is a fault."""
        submission, links = answering(error(), clean=TimedOut("10 seconds"))
        with pytest.raises(KitFault, match=r"make\(\) failed: 10 seconds"):
            submission.ingredients.make()
        assert not links[-1].is_alive

    def test_tampering_is_not_the_kits_fault(self, open_sealed: Open) -> None:
        """An ingredient that fails because of the student's code costs them."""
        source = "import statistics\nstatistics.mean = None\ndef double(x): return x"
        submission = open_sealed(doubling=source)
        submission.doubling.double(1)
        with pytest.raises(Crashed, match="with this submission loaded"):
            submission.ingredients.average([1, 2])

    def test_ingredient_of_students_work_is_theirs(self, open_local: Open) -> None:
        """An ingredient that fails over a student's object is an error of theirs."""
        submission = open_local(doubling="def double(x): return object()")
        thing = submission.doubling.double(1)
        with pytest.raises(StudentError, match="TypeError"):
            submission.ingredients.average(thing)

    def test_clean_worker_meets_nothing_left_behind(self, open_local: Open) -> None:
        """Whose fault it is gets decided after the submission's worker is gone."""
        submission = open_local(doubling=COUNTS)
        submission.doubling.double(0)
        (submission.scratch / "trap").touch()
        with pytest.raises(KitFault):
            submission.ingredients.break_down()
        assert not (submission.scratch / "trap").exists()
        assert submission.doubling.double(0) == 1


class TestScratch:
    """The folder that checks and student code share."""

    def test_files_reach_the_students_code(self, open_local: Open) -> None:
        """A file that a check writes can be read by the student's function."""
        reads = "import pathlib\ndef double(x): return pathlib.Path(x).read_text()"
        submission = open_local(doubling=reads)
        path = submission.scratch / "note.txt"
        path.write_text("written by a check", encoding="utf-8")
        assert submission.doubling.double(path) == "written by a check"

    def test_ended_worker_leaves_no_files(self, open_local: Open) -> None:
        """The next worker cannot read what the one before it wrote."""
        submission = open_local()
        (submission.scratch / "folder").mkdir()
        (submission.scratch / "folder" / "note").write_text("seen", encoding="utf-8")
        submission.end_worker()
        assert list(submission.scratch.iterdir()) == []

    def test_every_worker_has_a_new_folder(self, open_local: Open) -> None:
        """No two workers of a submission have ever had one folder."""
        submission = open_local()
        seen = set()
        for _ in range(3):
            seen.add(submission.scratch)
            submission.end_worker()
        assert len(seen) == 3

    def test_dead_worker_leaves_no_files(self, open_sealed: Open) -> None:
        """Code that runs again after a crash does not find what it wrote."""
        source = (
            "import os\ndef double(x):\n    open('left', 'w').close()\n"
            "    os._exit(0)\ndef halve(x): return os.listdir()"
        )
        submission = open_sealed(doubling=source)
        with pytest.raises(Crashed):
            submission.doubling.double(1)
        assert "left" not in submission.doubling.halve(1)

    def test_folder_that_cannot_be_removed_meets_nobody(
        self, open_local: Open, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Even if removal fails, the next worker finds nothing."""
        monkeypatch.setattr("reelmark.checks.submission.remove_tree", lambda _: None)
        submission = open_local()
        (submission.scratch / "left").touch()
        submission.end_worker()
        assert list(submission.scratch.iterdir()) == []

    def test_removed_folder_is_made_again(self, open_local: Open) -> None:
        """Code that removes its folder does not affect other workers."""
        submission = open_local()
        submission.scratch.rmdir()
        submission.end_worker()
        assert submission.scratch.is_dir()
