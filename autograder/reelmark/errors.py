"""What can go wrong, as one tree of exceptions; and how commands end.

::

    Exception
    +-- ReelmarkError
    |   +-- UsageError         a command was called wrongly           (exit code 2)
    |   +-- KitFault           the checker itself is at fault         (exit code 3)
    |   |   +-- CannotMark     ... so that nobody at all can be marked
    |   +-- UnforeseenEnd      a command's process was ended from inside (exit code 3)
    |   +-- MachineFault       the machine refuses: disk, lock, memory (exit code 4)
    |   +-- RefusedSubmission  an upload that must not be opened or unpacked
    |   +-- NeedsALook         a check broke on what a worker answered
    |   +-- NotStarted         the stub still raises NotImplementedError
    |   +-- StudentError       the student's code raised an exception
    |   +-- OutOfMemory        a limit on memory was reached
    |   +-- Crashed            the worker process died, or sent nonsense
    +-- AssertionError
        +-- Mismatch           the student's work is not what was expected
    BaseException
    +-- TimedOut               a limit on time was reached

``TimedOut`` is not an ``Exception``, so Hypothesis ends at once: shrinking an
example that times out would wait for the limit again and again.

How a command ends:

====  =====================================================================
code  meaning
====  =====================================================================
0     It did what it was asked to.
1     Some checks failed: what was checked is not (yet) right. Nothing else
      ends with 1, so a script may rely on it.
2     The command, an option, or a file that was named cannot be used.
3     The kit itself failed, or something ended it. No marks are lost.
4     The machine refused: no room on the disk, no permission, a file or
      database that another program has locked, no memory. No marks are lost,
      and the same command can be run again.
130   It was interrupted (Ctrl-C).
====  =====================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reelmark.text import both_ends

FINE, CHECKS_FAILED, USAGE, KIT_FAILED, MACHINE_FAILED, INTERRUPTED = 0, 1, 2, 3, 4, 130
"""Exit codes of the commands."""

MOST_OF_ERROR = 146
"""How many characters of an exception's text are shown."""


class ReelmarkError(Exception):
    """Base class of everything the kit raises on purpose."""


class UsageError(ReelmarkError):
    """A command or an option cannot be carried out as given."""


class KitFault(ReelmarkError):
    """The checker failed, not the student. Never costs marks."""


class CannotMark(KitFault):
    """Nothing can be marked on this machine, or with these suites."""


class NeedsALook(ReelmarkError):
    """A check broke on a worker's answer. Its marks are open until decided.

    Attributes:
        kind: How it ended, in a word or two, the same for everybody who met it.
        detail: What happened, for an instructor.
    """

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(kind)
        self.kind = kind
        self.detail = detail


class UnforeseenEnd(ReelmarkError):
    """The process of a command ended before the command was done."""


class MachineFault(ReelmarkError):
    """The machine refused something; the message says how to go on."""


class RefusedSubmission(ReelmarkError):
    """A submission that is not opened; the message says why, for its author."""


class NotStarted(ReelmarkError):
    """The function still raises the ``NotImplementedError`` of its stub."""


class OutOfMemory(ReelmarkError):
    """The student's code asked for more memory than the limit allows."""


class Crashed(ReelmarkError):
    """The worker ended without an answer, sent nonsense, or broke what checks use."""


@dataclass(frozen=True)
class Frame:
    """One line of the student's own code in a traceback."""

    file: str
    line: int
    function: str
    text: str


class TimedOut(BaseException):
    """The student's code ran longer than the limit allows.

    Args:
        limit: The limit, in words.
        is_verdict: As below.

    Attributes:
        is_verdict: Whether it has used the processor for so long. On the clock alone
            a machine that has much to do can make anybody's code slow.
        frames: The student's lines that it was in, outermost first, if it is known.
    """

    def __init__(self, limit: str = "", *, is_verdict: bool = True) -> None:
        super().__init__(limit)
        self.is_verdict = is_verdict
        self.frames: tuple[Frame, ...] = ()

    @property
    def module(self) -> str | None:
        """The student's module that was being imported, if one was."""
        imports = [frame.file for frame in self.frames if frame.function == "<module>"]
        return imports[-1].removesuffix(".py") if imports else None


class StudentError(ReelmarkError):
    """The student's code raised an exception.

    Attributes:
        type_name: Name of the exception's class, such as ``"ValueError"``.
        text: The exception's own message.
        frames: The lines of student code on the way to it, outermost first,
            without those of the kit and of libraries.
        module: Name of the student's module that could not be imported, if the
            exception was raised by importing it.
    """

    def __init__(
        self,
        type_name: str,
        text: str,
        frames: tuple[Frame, ...] = (),
        module: str | None = None,
    ) -> None:
        super().__init__(f"{type_name}: {text}")
        self.type_name = type_name
        self.text = text
        self.frames = frames
        self.module = module

    @property
    def in_short(self) -> str:
        """The exception's class and message, in at most two lines of a message."""
        told = f"{self.type_name}: {self.text}".rstrip(": ")
        return both_ends(told, MOST_OF_ERROR)


class Mismatch(AssertionError):
    """The student's work did not give what the brief asks for.

    Attributes:
        summary: One clause that completes the sentence ``build_cnn(): ...``.
        expected: What the brief asks for, one or more lines; None to leave it out.
        got: What was got instead, in the same form; None to leave it out.
        why: What the check proved about the cause; empty if it proved nothing.
        advice: Where to look next, without handing over the code.
        rows: Instead of expected and got: both, one row per quantity, where one of
            several differs. The message shows the first that does.
    """

    def __init__(
        self,
        summary: str,
        *,
        expected: str | None = None,
        got: str | None = None,
        why: str = "",
        advice: str = "",
        rows: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(summary)
        self.summary = summary
        self.expected = expected
        self.got = got
        self.why = why
        self.advice = advice
        self.rows = tuple(rows)
