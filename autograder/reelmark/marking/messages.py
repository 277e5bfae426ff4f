"""Messages: what a student reads when a check does not pass.

At most ten lines of 88 columns, expected before got, no frames of the kit::

    2a-i  build_cnn(): layer "Conv0" has the wrong output shape.

      expected  (batch, 32, 32, 16)
      got       (batch, 31, 31, 16)

      Why       A 3 x 3 kernel with stride 2 fits 31 times along 64 pixels.
      Next      Compare the output shapes in section 2.a of the brief.

The message of a hidden check consists only of its author's words: anything that the
code printed, raised or returned could carry the check's inputs to the student.
"""

from __future__ import annotations

import platform
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from reelmark.errors import (
    Crashed,
    Frame,
    KitFault,
    Mismatch,
    NeedsALook,
    NotStarted,
    OutOfMemory,
    StudentError,
    TimedOut,
)
from reelmark.manifest import Task
from reelmark.results import Status
from reelmark.states import KIT_FAULT
from reelmark.wire.assignment import PACKAGES

WIDTH = 88
MAX_LINES = 10
MAX_SHOWN = 2_000
LABEL = 10
SHOWN_ROWS = 3
HALF = 38

HIDDEN = "(hidden check: its inputs are not shown)"
NOT_SHOWN = "(its inputs are not shown)"


@dataclass(frozen=True)
class Story:
    """The parts of a message, before they are laid out."""

    summary: str
    expected: str | None = None
    got: str | None = None
    at: str | None = None
    example: str | None = None
    why: str = ""
    advice: str = ""
    rows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Told:
    """What a message says, read back from its layout.

    Attributes:
        summary: What is wrong, in a clause, without the call.
        got: What was got; if rows are compared, the first one that differs.
        why: What the check proved about the cause.
        advice: What to look at next.
        place: A file of the student's and a line number, if one is named.
    """

    summary: str
    got: str = ""
    why: str = ""
    advice: str = ""
    place: tuple[str, int] | None = None


def status_of(error: BaseException) -> Status:
    """Return the state of a check that ended with ``error``."""
    for kind, status in _STATUSES:
        if isinstance(error, kind):
            return status
    return Status.KIT_FAULT


_STATUSES: tuple[tuple[type[BaseException], Status], ...] = (
    (NeedsALook, Status.NEEDS_A_LOOK),
    (NotStarted, Status.NOT_STARTED),
    (TimedOut, Status.TIMED_OUT),
    (OutOfMemory, Status.OUT_OF_MEMORY),
    (Crashed, Status.CRASHED),
    (StudentError, Status.FAILED),
    (AssertionError, Status.FAILED),
)


def write_message(
    task: Task,
    title: str,
    error: BaseException,
    *,
    call: str = "",
    hidden: bool = False,
) -> str:
    """Write the message for a check that ended with ``error``.

    Args:
        task: The task that the check belongs to.
        title: The check's title: the fact that does not hold.
        error: What ended the check.
        call: The last call of the student's function, as one would type it.
        hidden: Whether the check's inputs must not be shown.
    """
    story = tell(task, title, error)
    if hidden:
        remark = NOT_SHOWN if isinstance(error, AssertionError) else HIDDEN
        hint = _hide(story, title, error)
        return _lay_out(task.id, f"{task.function}()", hint, remark)
    own_call = call.startswith(f"{task.function}(") and len(call) <= WIDTH // 2
    return _lay_out(task.id, call if own_call else f"{task.function}()", story)


def write_raised(error: BaseException | None) -> str:
    """Write all that an exception of the student's says, and where it was.

    Returns:
        Nothing where the message of the check has said it all.
    """
    if not isinstance(error, StudentError):
        return ""
    whole = f"{error.type_name}: {error.whole}".rstrip(": ")
    is_told = " ".join(whole.split()) == error.in_short
    if is_told and len(error.frames) < 2:
        return ""
    lines = [
        f"  {frame.file}, line {frame.line}, in {frame.function}:  {frame.text}"
        for frame in error.frames
    ]
    return "\n".join([*lines, *([""] if lines else []), whole])


def write_not_checked(task: Task, title: str, reason: str) -> str:
    """Write the message for a check that was not run, because of ``reason``."""
    story = Story(f"not checked: {title}", why=reason)
    return _lay_out(task.id, f"{task.function}()", story)


# A student's words are wrapped within one part (`_wrap`), so they never begin a line.
_PART = re.compile(
    r"^  (expected|got|at|example|Why|Next) +(\S.*(?:\n {12}\S.*)*)", re.MULTILINE
)
_FIRST_PART = re.compile(r"\n\n|\n(?=  (?:expected|got|at|example|Why|Next) )")
_ROW = re.compile(r"^  > +\d+  .*?  +(\S.*)$", re.MULTILINE)
_CALL = re.compile(r"\S+ +\w+\(.*?\): ")
_PLACE = re.compile(r"(\S+\.py), line (\d+)")


def read_message(message: str) -> Told:
    """Read what a message says; text that is not a message is all summary.

    Examples:
        >>> read_message("1a  weigh(): the flour is not enough.").summary
        'the flour is not enough.'
    """
    head = " ".join(_FIRST_PART.split(message)[0].replace(HIDDEN, "").split())
    parts = {label: " ".join(text.split()) for label, text in _PART.findall(message)}
    row, place = _ROW.search(message), _PLACE.search(parts.get("at", ""))
    return Told(
        summary=_CALL.sub("", head, count=1) if _CALL.match(head) else head,
        got=row[1] if row else parts.get("got", ""),
        why=parts.get("Why", ""),
        advice=parts.get("Next", ""),
        place=(place[1], int(place[2])) if place else None,
    )


def write_withheld(task: Task, title: str, reason: str) -> str:
    """Write the message for a check whose marks are open because of another check."""
    story = Story(f"not decided yet: {title}", why=f"{reason} {_NOBODY_LOST}")
    return _lay_out(task.id, f"{task.function}()", story)


def write_decided(task_id: str, title: str, marks: str, because: str) -> str:
    """Write the message for a check that an instructor has decided on.

    Args:
        task_id: The task that the check belongs to.
        title: The title of that task.
        marks: The marks earned, in words.
        because: The instructor's reason.
    """
    story = Story(f"your instructor decided: {marks}.", why=because)
    return _lay_out(task_id, title, story)


_NOBODY_LOST = "Nobody has lost marks; your instructor decides."


def tell(task: Task, title: str, error: BaseException) -> Story:
    """Turn what ended a check into the parts of a message."""
    if isinstance(error, Mismatch):
        return Story(
            error.summary,
            expected=error.expected,
            got=error.got,
            example=_example(error),
            why=error.why,
            advice=error.advice,
            rows=error.rows,
        )
    if isinstance(error, StudentError):
        return _tell_exception(task, error)
    if isinstance(error, AssertionError):
        return Story(f"this does not hold: {title}", example=_example(error))
    return _tell_state(task, error)


_ADVICE = {
    "EOFError": "Nobody answers input() where work is checked and marked. Let what you "
    "ask for be an argument, or a constant of the module.",
}
"""Advice for exceptions that have a special meaning here."""

_SYNTAX_ERRORS = ("SyntaxError", "IndentationError", "TabError")

_MISSING = {
    "MissingFunction": "Define it under exactly this name, as in the stub.",
    "MissingModule": "Hand in all modules, also those that you have not started.",
}


def _tell_exception(task: Task, error: StudentError) -> Story:
    if advice := _MISSING.get(error.type_name):
        return Story(f"{error.text}.", example=_example(error), advice=advice)
    file = f"{error.module}.py" if error.module else ""
    summary = f"{file} cannot be imported." if file else f"raised {error.type_name}."
    if error.type_name == "BdbQuit":
        summary = "stopped to wait for a debugger."
    at = _place(error.frames)
    advice = _advise(task, error, file)
    return Story(
        summary,
        got=error.in_short,
        at=at,
        example=_example(error),
        advice=advice,
    )


def _place(frames: Sequence[Frame]) -> str | None:
    """Return the innermost line of student code."""
    if not frames:
        return None
    return f"{_line_of(frames[-1])}:  {frames[-1].text}"


def _line_of(frame: Frame) -> str:
    return f"{frame.file}, line {frame.line}"


def _advise(task: Task, error: StudentError, file: str) -> str:
    """Return where to look after an exception."""
    if error.type_name == "BdbQuit":
        return "Remove breakpoint() or set_trace(): nobody answers a debugger here."
    if error.type_name in _ADVICE:
        return _ADVICE[error.type_name]
    if error.type_name == "ModuleNotFoundError":
        return (
            "It is not among your files, and not installed where work is marked. "
            f"There are: {', '.join(PACKAGES)}."
        )
    if file and error.type_name in _SYNTAX_ERRORS:
        python = ".".join(platform.python_version_tuple()[:2])
        return f"Fix {file}, as Python {python} reads it, then check again."
    if file:
        return f"Fix {file}, then check again."
    # Advice is shown alone, too: it names the line, and does not point to it.
    places = [_line_of(frame) for frame in error.frames[-1:]]
    return f"Read {', then '.join([*places, f'the docstring of {task.function}()'])}."


def _tell_state(task: Task, error: BaseException) -> Story:
    if isinstance(error, NeedsALook):
        why = _WHYS_OPEN.get(error.kind, _UNEXPECTED)
        return Story("not decided yet.", why=f"{why} {_NOBODY_LOST}")
    if isinstance(error, NotStarted):
        where = f"the docstring of {task.function}() in {task.module}.py"
        return Story(
            "not started.",
            advice=f"Read section {task.section} of the brief, and {where}.",
        )
    if isinstance(error, TimedOut):
        return _tell_time_out(error)
    if isinstance(error, OutOfMemory):
        return Story(
            "ran out of memory.", advice="Look for data that is copied or grows."
        )
    if isinstance(error, Crashed):
        return Story(f"crashed: {error}.", advice="Run the call by itself and see.")
    return Story(KIT_FAULT, got=f"{type(error).__name__}: {error}")


_UNEXPECTED = "The checker could not cope with what came back, which it did not expect."
_WHYS_OPEN = {
    TimedOut.__name__: "It waited until the time was over, and computed little: your "
    "code may wait for something, or the machine was too busy."
}


def _tell_time_out(error: TimedOut) -> Story:
    at = _place(error.frames)
    if error.module:
        return Story(
            f"{error.module}.py cannot be imported: timed out after {error}.",
            at=at,
            why="Importing a module runs all of it that stands in no function.",
            advice="A module that is imported must not train, wait or ask.",
        )
    advice = (
        "Look for a loop that does not end, or a dataset that repeats."
        if error.is_verdict
        else "Look for what it waits for: input(), sleep(), another thread, a download?"
    )
    why = "The check is small; right code needs a fraction of that."
    return Story(f"timed out after {error}.", at=at, why=why, advice=advice)


def _hide(story: Story, title: str, error: BaseException) -> Story:
    """Keep the words of the check's author; drop everything computed."""
    if isinstance(error, AssertionError):
        summary = f"hidden check not passed: {title}"
        return Story(summary, why=story.why, advice=story.advice)
    if isinstance(error, TimedOut):
        return _tell_time_out(TimedOut(str(error), is_verdict=error.is_verdict))
    if isinstance(error, StudentError) and error.module is None:
        return Story("raised an exception.", advice=f"This was checked: {title}")
    if isinstance(error, StudentError):
        return Story(
            "a module cannot be imported.",
            advice="The public checks of this task tell which one, and why.",
        )
    if isinstance(error, KitFault) or status_of(error) is Status.KIT_FAULT:
        return Story(KIT_FAULT)
    if isinstance(error, Crashed):
        return Story("crashed.", advice=story.advice)
    return story


def _example(error: BaseException) -> str | None:
    """Return Hypothesis's minimal example, which is in the exception's notes."""
    notes = "\n".join(getattr(error, "__notes__", ()))
    pairs = re.findall(r"^    (\w+)=(.*?),?(?:  # .*)?$", notes, re.MULTILINE)
    shown = [f"{name}={value}" for name, value in pairs if name != "submission"]
    return ", ".join(shown) or None


def _lay_out(task_id: str, about: str, story: Story, remark: str = "") -> str:
    """Lay a story out, shrinking its parts until all of them fit."""
    for most in (3, 2, 1):
        blocks = list(filter(None, _blocks(task_id, about, story, remark, most)))
        lines = [line for block in blocks for line in block]
        if len(lines) + len(blocks) - 1 <= MAX_LINES:
            return "\n\n".join("\n".join(block) for block in blocks)
        if len(lines) <= MAX_LINES:
            break
    return "\n".join(lines)


def _blocks(
    task_id: str, about: str, story: Story, remark: str, most: int
) -> tuple[list[str], list[str], list[str]]:
    """Return the lines of head, facts and words; each part has at most ``most``."""
    indent = " " * (len(task_id) + 2)
    head = _wrap(f"{task_id}  {about}: {story.summary}", indent, min(most, 2))
    if remark:
        head.append(indent + remark)
    facts = [
        *_compare(story.rows),
        *_field("expected", story.expected, min(most, 2)),
        *_field("got", story.got, min(most, 2)),
        *_field("at", story.at, min(most, 2)),
        *_field("example", story.example, 1),
    ]
    words = [
        *_field("Why", story.why, most),
        *_field("Next", story.advice, min(most, 2)),
    ]
    return head, facts, words


def _compare(rows: Sequence[tuple[str, str]]) -> list[str]:
    """Return the first row that differs, marked, between its neighbours."""
    if not rows:
        return []
    first = next(place for place, (one, other) in enumerate(rows) if one != other)
    start = max(0, min(first - 1, len(rows) - SHOWN_ROWS))
    shown = [
        (clip(expected), clip(got))
        for expected, got in rows[start : start + SHOWN_ROWS]
    ]
    width = max(len("expected"), *(len(expected) for expected, _ in shown))
    lines = [f"{'':<8}{'expected':<{width}}  got"]
    for place, (expected, got) in enumerate(shown, start):
        mark = ">" if place == first else " "
        lines.append(f"  {mark} {place + 1:>2}  {expected:<{width}}  {got}".rstrip())
    return lines


def clip(text: str) -> str:
    """Return as much as fits into half a line, without unprintable characters."""
    plain = "".join(c if c.isprintable() else " " for c in text[:MAX_SHOWN])
    return plain if len(plain) <= HALF else f"{plain[: HALF - 4]} ..."


def _field(label: str, text: str | None, most: int) -> list[str]:
    if not text:
        return []
    return _wrap(f"  {label:<{LABEL}}{text}", " " * (LABEL + 2), most)


def _wrap(text: str, indent: str, most: int) -> list[str]:
    """Wrap to the width; if it does not fit, say how much is left out."""
    # What a worker sent may be megabytes long; nobody reads more than a few lines.
    start = "".join(c if c.isprintable() else " " for c in text[:MAX_SHOWN])
    lines = textwrap.wrap(start, WIDTH, subsequent_indent=indent)
    if len(lines) <= most and len(text) <= MAX_SHOWN:
        return lines
    *kept, last = lines[:most] or [""]
    room = WIDTH - len(f" ... ({len(text):,} characters more)")
    kept.append(last[:room].rstrip())
    left_out = len(text.strip()) - sum(len(line.strip()) for line in kept)
    return [*kept[:-1], f"{kept[-1]} ... ({left_out:,} characters more)"]
