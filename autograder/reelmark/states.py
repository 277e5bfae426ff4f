"""States: how each status is shown and what it means, in one set of words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reelmark.results import Result, Status


@dataclass(frozen=True)
class State:
    """How a status is shown: its sign and letter, its meaning, and what to do.

    ``letter`` is for a narrow cell of the class page, ``colour`` is the colour of the
    sign in a terminal; the word for the status is always nearby.
    """

    sign: str
    letter: str
    colour: str
    meaning: str
    advice: str


NOT_MARKED = (
    "This submission could not be marked yet. Nothing is decided, and nobody has lost "
    "marks: your instructor is told, and will look at it."
)
KIT_FAULT = "This is a fault in the checker, not in your work. No marks are lost."
NEEDS_A_LOOK = "Not decided yet; nobody has lost marks."

STATES: Mapping[Status, State] = {
    Status.PASSED: State(
        sign="✓",
        letter="",
        colour="green",
        meaning="Your code does what this check expects.",
        advice="Nothing is left to do here.",
    ),
    Status.FAILED: State(
        sign="✗",
        letter="F",
        colour="red",
        meaning="Your code does something else than this check expects.",
        advice="Compare what was expected with what your code gave.",
    ),
    Status.NOT_STARTED: State(
        sign="○",
        letter="S",
        colour="dim",
        meaning="The function still raises NotImplementedError, as in its stub.",
        advice="Write the function in place of the NotImplementedError.",
    ),
    Status.UNFINISHED: State(
        sign="◐",
        letter="U",
        colour="blue",
        meaning="Of a submission: what was started passed, the rest is not started.",
        advice="Go on with the next task.",
    ),
    Status.NOT_CHECKED: State(
        sign="⊘",
        letter="N",
        colour="dim",
        meaning="What it needs failed, so it could not be checked.",
        advice="Fix what it needs first; then it is checked as well.",
    ),
    Status.TIMED_OUT: State(
        sign="◷",
        letter="T",
        colour="magenta",
        meaning="Your code ran longer than the limit allows and was stopped.",
        advice="Look for a loop that does not end, or for work that is repeated.",
    ),
    Status.OUT_OF_MEMORY: State(
        sign="▣",
        letter="M",
        colour="magenta",
        meaning="Your code asked for more memory than the limit allows.",
        advice="Look for data that is held all at once or that grows in a loop.",
    ),
    Status.CRASHED: State(
        sign="↯",
        letter="C",
        colour="magenta",
        meaning="The process that ran your code ended without an answer.",
        advice="Look for a call that ends Python, and run the function by itself.",
    ),
    Status.NEEDS_A_LOOK: State(
        sign="?",
        letter="L",
        colour="yellow",
        meaning=f"{NEEDS_A_LOOK} The checker could not cope with what your code "
        "returned, so your instructor looks at it and decides.",
        advice="There is nothing to do until your instructor has decided.",
    ),
    Status.DECIDED: State(
        sign="§",
        letter="D",
        colour="cyan",
        meaning="The checker could not decide; your instructor did, and says why.",
        advice="The reason is above. Ask your instructor if anything is unclear.",
    ),
    Status.KIT_FAULT: State(
        sign="!",
        letter="K",
        colour="yellow",
        meaning=KIT_FAULT,
        advice="There is nothing for you to change. Tell your instructor.",
    ),
}


def describe_submission(result: Result, *, is_narrow: bool = False) -> str:
    """Return the state of a submission as a whole.

    *Failed* is only for checks: with 59 of 60 marks it would be misleading.

    Args:
        result: Its result.
        is_narrow: Whether there is little room, below a heading that mentions tasks.
    """
    if result.status not in _IN_PART:
        return str(result.status)
    left = sum(task.status not in _COMPLETE for task in result.tasks)
    if is_narrow:
        return f"{left} missed"
    return f"{left} task{'s' if left != 1 else ''} not complete"


_COMPLETE = (Status.PASSED, Status.DECIDED)
_IN_PART = (
    *(Status.TIMED_OUT, Status.OUT_OF_MEMORY, Status.CRASHED, Status.FAILED),
    Status.NOT_CHECKED,
)


def sign(status: Status) -> tuple[str, str]:
    """Return a status's sign and its colour."""
    return STATES[status].sign, STATES[status].colour
