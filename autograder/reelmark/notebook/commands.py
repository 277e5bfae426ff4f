"""Commands: what follows ``%reelmark`` in a cell."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from reelmark.errors import UsageError

USAGE = """\
%reelmark check: checks all tasks. %reelmark check 1a-i: shows all failures of one.
%reelmark list: all tasks, and how each stood when it was last checked.
%reelmark hint: a hint for the next task, one more each time; with --again those before.
%reelmark hint 1a-i: the same for one task.
%reelmark picture 4a-i: draws what a function does; without a task, all there is to see.
%%module NAME, as the first line of a cell: writes the cell to NAME.py, and checks the
tasks whose functions it defines."""

NAMES = ("check", "list", "hint", "picture", "help")


@dataclass(frozen=True)
class Command:
    """What is wanted.

    Attributes:
        name: One of `NAMES`.
        tasks: The ids that were given.
        is_again: Whether to show hints that were shown before.
    """

    name: str
    tasks: tuple[str, ...] = ()
    is_again: bool = False


def read_command(line: str) -> Command:
    """Read the words of a line.

    Raises:
        UsageError: There is no such command; the message lists the commands.
    """
    try:
        name, *words = shlex.split(line) or ["help"]
    except ValueError as error:
        raise UsageError(f"{line!r} cannot be read: {error}.\n{USAGE}") from error
    options = [word for word in words if word.startswith("-")]
    tasks = tuple(word for word in words if word not in options)
    if name in ("-h", "--help"):
        return Command("help")
    if name not in NAMES:
        raise UsageError(f"There is no %reelmark {name}.\n{USAGE}")
    allowed = ["--again"] if name == "hint" else []
    if strange := [option for option in options if option not in allowed]:
        raise UsageError(f"%reelmark {name} has no option {strange[0]}.\n{USAGE}")
    if name == "hint" and len(tasks) > 1:
        raise UsageError("Name one task, or none for the next: %reelmark hint 1a-i.")
    if name == "list" and tasks:
        raise UsageError("%reelmark list shows all tasks; name none.")
    return Command(name, tasks, is_again=bool(options))
