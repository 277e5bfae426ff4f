"""Messages: ten lines that a student can use, with nothing they must not see."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.stage.properties import STEADY
from reelmark.errors import (
    Crashed,
    Frame,
    KitFault,
    Mismatch,
    NotStarted,
    OutOfMemory,
    StudentError,
    TimedOut,
)
from reelmark.manifest import Task
from reelmark.marking.messages import (
    status_of,
    write_message,
    write_not_checked,
)
from reelmark.results import Status

TASK = Task("2a-i", "Builds", "2.a.i", "cnn", "build_cnn", 4, 30, (), ())
TITLE = "Conv0 halves height and width."
SHAPE = Mismatch(
    'layer "Conv0" has the wrong output shape.',
    expected="(batch, 32, 32, 16)",
    got="(batch, 31, 31, 16)",
    why="A 3 x 3 kernel with stride 2 fits 31 times along 64 pixels.",
    advice="Compare the output shapes in section 2.a of the brief.",
)
IMPORT = StudentError(
    "SyntaxError",
    "expected ':'",
    (Frame("cnn.py", 12, "", "def build_cnn()"),),
    module="cnn",
)
RAISED = StudentError(
    "KeyError",
    "'Drama'",
    (
        Frame("cnn.py", 3, "build_cnn", "return helper()"),
        Frame("cnn.py", 9, "helper", "genres['Drama']"),
    ),
)
WAITING = TimedOut("60 seconds", is_verdict=False)
WAITING.frames = (Frame("SECRET.py", 4, "<module>", "SECRET()"),)
ERRORS = [
    SHAPE,
    IMPORT,
    RAISED,
    AssertionError("assert 1 == 2"),
    NotStarted(""),
    TimedOut("10 seconds"),
    OutOfMemory(""),
    Crashed("the process was ended by SIGSEGV"),
    KitFault("the ingredient failed"),
    KeyError("secret"),
]


def write(error: BaseException, **options: Any) -> str:
    """Write the message for an error."""
    return write_message(TASK, TITLE, error, **options)


class TestLayout:
    """What a message looks like."""

    def test_mismatch_is_laid_out_in_three_blocks(self) -> None:
        """Summary, facts and words, expected before got."""
        assert write(SHAPE) == (
            '2a-i  build_cnn(): layer "Conv0" has the wrong output shape.\n\n'
            "  expected  (batch, 32, 32, 16)\n"
            "  got       (batch, 31, 31, 16)\n\n"
            "  Why       A 3 x 3 kernel with stride 2 fits 31 times along 64 pixels.\n"
            "  Next      Compare the output shapes in section 2.a of the brief."
        )

    def test_parts_that_are_not_known_are_left_out(self) -> None:
        """A mismatch of one clause is one line."""
        assert write(Mismatch("is too slow.")) == "2a-i  build_cnn(): is too slow."

    @pytest.mark.parametrize(
        ("call", "shown"),
        [
            ("build_cnn(25)", "build_cnn(25): "),
            ("helper(25)", "build_cnn(): "),
            ("build_cnn_again(1)", "build_cnn(): "),
            (f"build_cnn({'1, ' * 20})", "build_cnn(): "),
            ("", "build_cnn(): "),
        ],
        ids=["own", "other", "longer-name", "long", "none"],
    )
    def test_own_short_call_is_restated(self, call: str, shown: str) -> None:
        """The call is restated if it is one of the task's function, and short."""
        assert write(SHAPE, call=call).startswith(f"2a-i  {shown}")

    def test_long_lines_are_wrapped_under_their_beginning(self) -> None:
        """A text of two lines is aligned."""
        lines = write(Mismatch("is wrong.", expected="word " * 20)).splitlines()
        assert [line[:14] for line in lines[2:]] == ["  expected  wo", " " * 12 + "wo"]

    def test_what_is_left_out_is_counted(self) -> None:
        """Nothing is cut in silence."""
        message = write(Mismatch("is wrong.", got="x" * 10_000))
        last = message.splitlines()[-1]
        assert last.endswith("characters more)")
        left_out = int(last.split("(")[1].split()[0].replace(",", ""))
        # The label "got" and the blanks after it count as characters of the line.
        assert message.count("x") + left_out == pytest.approx(10_000, abs=10)

    def test_many_parts_share_the_lines(self) -> None:
        """A long explanation does not push the advice out."""
        story = {part: f"{part} " * 40 for part in ("expected", "got", "why", "advice")}
        message = write(Mismatch("summary " * 40, **story))
        labels = [line.split()[0] for line in message.splitlines()]
        assert {"expected", "got", "Why", "Next"} <= set(labels)
        assert len(message.splitlines()) <= 10

    @STEADY
    @given(
        parts=st.fixed_dictionaries(
            {name: st.text(max_size=400) for name in ("why", "advice")}
            | {name: st.none() | st.text(max_size=400) for name in ("expected", "got")}
        ),
        summary=st.text(max_size=400),
        note=st.text(max_size=200),
        hidden=st.booleans(),
    )
    def test_every_message_fits_a_terminal(
        self, parts: Any, summary: str, note: str, hidden: bool
    ) -> None:
        """Ten lines of 88 columns are enough for anything."""
        error = Mismatch(summary, **parts)
        error.add_note(f"Falsifying example: f(\n    x={note},\n)")
        lines = write(error, hidden=hidden).split("\n")
        assert len(lines) <= 10
        assert max(map(len, lines)) <= 88
        assert all(line.isprintable() for line in lines)

    def test_text_of_megabytes_is_written_at_once(self) -> None:
        """What a worker sent may be long; wrapping it must not take minutes."""
        message = write(StudentError("ValueError", "word " * 10**6))
        assert "characters) ..." in message


class TestStories:
    """What a message says about each way to end."""

    @pytest.mark.parametrize(
        ("error", "summary"),
        [
            (RAISED, "raised KeyError."),
            (IMPORT, "cnn.py cannot be imported."),
            (NotStarted(""), "not started."),
            (TimedOut("10 seconds"), "timed out after 10 seconds."),
            (OutOfMemory(""), "ran out of memory."),
            (Crashed("the process was ended by SIGSEGV"), "crashed: the process was"),
            (AssertionError("assert 1 == 2"), f"this does not hold: {TITLE}"),
            (
                StudentError("MissingFunction", "cnn.py has no function build_cnn()"),
                "cnn.py has no function build_cnn().",
            ),
            (
                StudentError("MissingModule", "cnn.py was not found", module="cnn"),
                "cnn.py was not found.",
            ),
            (KeyError("x"), "This is a fault in the checker, not in your work."),
        ],
        ids=[
            *("raised", "import", "not-started", "timed-out", "memory", "crashed"),
            *("assertion", "missing-function", "missing-module", "fault"),
        ],
    )
    def test_summary_names_what_happened(
        self, error: BaseException, summary: str
    ) -> None:
        """The first line says what happened, in the words of the state."""
        assert write(error).startswith(f"2a-i  build_cnn(): {summary}")

    def test_exception_is_told_with_the_students_last_line(self) -> None:
        """The line where it happened is shown, with its file and number."""
        message = write(RAISED)
        assert "  got       KeyError: 'Drama'\n" in message
        assert "  at        cnn.py, line 9:  genres['Drama']\n" in message

    def test_import_error_shows_the_line(self) -> None:
        """A module that does not parse shows where."""
        message = write(IMPORT)
        assert "  got       SyntaxError: expected ':'\n" in message
        assert "  at        cnn.py, line 12:  def build_cnn()\n" in message

    def test_time_out_shows_the_line(self) -> None:
        """Code that does not end is found where it was when it was ended."""
        error = TimedOut("10 seconds of processor time")
        error.frames = (Frame("cnn.py", 9, "build_cnn", "while True: pass"),)
        assert "  at        cnn.py, line 9:  while True: pass\n" in write(error)

    def test_time_out_of_an_import_blames_the_module(self) -> None:
        """What a module does on import is not blamed on the function."""
        message = write(WAITING)
        assert "SECRET.py cannot be imported: timed out after 60 seconds." in message

    def test_debugger_is_named(self) -> None:
        """A forgotten breakpoint is called a breakpoint."""
        message = write(StudentError("BdbQuit", ""))
        assert message.startswith("2a-i  build_cnn(): stopped to wait for a debugger.")
        assert "Remove breakpoint()" in message

    def test_missing_package_is_missing_when_marked_too(self) -> None:
        """If a package is missing, the message lists those there are."""
        text = "No module named 'seaborn'"
        error = StudentError("ModuleNotFoundError", text, (), "cnn")
        message = " ".join(write(error).split())
        assert "not installed where work is marked. There are: keras," in message

    def test_long_error_keeps_both_ends(self) -> None:
        """The half of a library's message that says what is wrong is not cut off."""
        text = "Input 0 is incompatible. " + "word " * 90 + "found shape=(2,)"
        message = write(StudentError("ValueError", text))
        shown = " ".join(message.split())
        assert "ValueError: Input 0 is incompatible." in shown
        assert "characters) ... " in shown
        assert "found shape=(2,)" in shown

    def test_long_error_points_to_no_page(self) -> None:
        """Where room is short, a sentence that only names a page goes first."""
        text = (
            f"Failed to convert {'x ' * 150}to Tensor. Use a cast. See https://a.b/c."
        )
        message = write(StudentError("TypeError", text))
        assert "https" not in message
        assert "Use a cast." in " ".join(message.split())

    def test_no_line_is_pointed_at_where_there_is_none(self) -> None:
        """An exception without a line of the student's points to the docstring."""
        message = write(StudentError("ValueError", "no"))
        assert "Next      Read the docstring of build_cnn()." in message

    def test_advice_names_the_line(self) -> None:
        """What is shown alone, as the next thing to do, points to nothing above it."""
        frames = (Frame("cnn.py", 9, "build_cnn", "genres['Drama']"),)
        message = write(StudentError("KeyError", "'Drama'", frames))
        advice = "Read cnn.py, line 9, then the docstring of build_cnn()."
        assert f"Next      {advice}" in message

    def test_smallest_example_is_shown(self) -> None:
        """Hypothesis's example becomes a line, without what is not the student's."""
        error = Mismatch("is wrong.")
        error.add_note(
            "Falsifying example: test_x(\n    submission=<object at 0x7f>,\n"
            "    epoch=11,  # or any other generated value\n    lr=0.5,\n)"
        )
        assert write(error).endswith("\n\n  example   epoch=11, lr=0.5")

    def test_not_started_points_at_the_brief(self) -> None:
        """For an unstarted task, the message says where to read."""
        assert "section 2.a.i of the brief" in write(NotStarted(""))

    def test_not_checked_says_why(self) -> None:
        """A check that was not run tells what it waits for."""
        message = write_not_checked(TASK, TITLE, 'It needs "It is a model." first.')
        assert message == (
            f"2a-i  build_cnn(): not checked: {TITLE}\n\n"
            '  Why       It needs "It is a model." first.'
        )


class TestHiddenChecks:
    """What students must not learn from a hidden check."""

    @pytest.mark.parametrize(
        "error", ERRORS, ids=lambda error: type(error).__name__ + str(error)[:5]
    )
    def test_hidden_message_says_that_it_is_one(self, error: BaseException) -> None:
        """A student knows why a message is short."""
        message = write(error, hidden=True)
        assert "hidden check" in message
        assert "its inputs are not shown)" in message

    @pytest.mark.parametrize(
        "error",
        [
            Mismatch("got SECRET.", expected="SECRET", got="SECRET"),
            StudentError("SECRET", "SECRET", (Frame("SECRET", 1, "f", "SECRET"),)),
            StudentError("SECRET", "SECRET", (), module="SECRET"),
            StudentError("MissingFunction", "SECRET"),
            AssertionError("SECRET"),
            NotStarted("SECRET"),
            OutOfMemory("SECRET"),
            Crashed("SECRET"),
            WAITING,
            KitFault("SECRET"),
            ValueError("SECRET"),
        ],
        ids=[
            *("mismatch", "raised", "import", "missing", "assertion", "not-started"),
            *("memory", "crashed", "waiting", "fault", "other"),
        ],
    )
    def test_nothing_computed_is_shown(self, error: BaseException) -> None:
        """Values, texts, classes, lines and modules that a worker sent stay here."""
        error.add_note("Falsifying example: f(\n    x=SECRET,\n)")
        assert "SECRET" not in write(error, call="build_cnn(SECRET)", hidden=True)

    def test_words_of_the_author_are_shown(self) -> None:
        """Title, cause and advice are the author's, and may be read."""
        message = write(SHAPE, hidden=True)
        assert f"hidden check not passed: {TITLE}" in message
        assert SHAPE.why in message
        assert SHAPE.advice in message


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (SHAPE, Status.FAILED),
        (AssertionError(), Status.FAILED),
        (RAISED, Status.FAILED),
        (NotStarted(), Status.NOT_STARTED),
        (TimedOut(), Status.TIMED_OUT),
        (OutOfMemory(), Status.OUT_OF_MEMORY),
        (Crashed(), Status.CRASHED),
        (KitFault(), Status.KIT_FAULT),
        (TypeError(), Status.KIT_FAULT),
        (TimeoutError(), Status.KIT_FAULT),
        (MemoryError(), Status.KIT_FAULT),
        (NotImplementedError(), Status.KIT_FAULT),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_every_end_has_a_status(error: BaseException, status: Status) -> None:
    """What ended a check decides its state; anything unforeseen is a fault."""
    assert status_of(error) is status
