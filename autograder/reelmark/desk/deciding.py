"""Deciding: what an instructor does about checks that need a look, in one command."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from reelmark.errors import UsageError
from reelmark.grading.folder import read_own_rulings
from reelmark.grading.publishing import reopen_publisher
from reelmark.grading.terminal import print_broken, print_troubles
from reelmark.manifest import Coursework
from reelmark.marking.workspace import Workspace
from reelmark.results import Result, Status, find_results, read_result
from reelmark.rulings.decisions import (
    NAME,
    Decision,
    Decisions,
    choose_fault,
    list_met,
    parse_marks,
)


@dataclass(frozen=True)
class Wish:
    """What an instructor types: which fault, how many marks, and why.

    Attributes:
        check: The id of the check that broke; empty to list them.
        marks: ``full``, ``none`` or a number.
        because: The reason, for those who met it.
        end: How the check ended, if it ended in more than one way.
    """

    check: str = ""
    marks: str = ""
    because: str = ""
    end: str = ""


def decide(
    coursework: Coursework, out: Path, wish: Wish, console: Console, command: str
) -> None:
    """Write a decision, and every page and table that it changes.

    Args:
        coursework: The coursework of the class.
        out: The folder of marks.
        wish: What is decided; without a check, what needs a decision is printed.
        console: Where to print.
        command: The start of the command for decisions.

    Raises:
        UsageError: There is no such fault, or the decision is not clear.
    """
    found = _read_results(out)
    if not wish.check:
        _show_open(coursework, out, found, console, command)
        return
    faults = list_met(found, Status.NEEDS_A_LOOK)
    fault = choose_fault(faults, wish.check, wish.end)
    decision = _make(fault, wish)
    names = [result.student for result in found]
    with Workspace(out).open():
        Decisions(out / NAME).add(decision, found)
        publisher = reopen_publisher(coursework, out, names)
        publisher.publish_class([publisher.publish(result) for result in found])
    students = next(each.students for each in faults if each.fault == fault)
    console.print(
        f"Decided for {len(students)}: {', '.join(students)}\n"
        f"Written: {out / NAME}, their pages, the class page, the grades.",
        soft_wrap=True,
    )
    print_troubles(console, publisher.troubles)


def _show_open(
    coursework: Coursework,
    out: Path,
    found: Sequence[Result],
    console: Console,
    command: str,
) -> None:
    rulings = read_own_rulings(out, tasks=coursework.tasks)
    results = [rulings.apply(result) for result in found]
    print_broken(console, results, command)
    if not any(result.open for result in results):
        console.print("Nothing needs a look.")


def _make(fault: str, wish: Wish) -> Decision:
    if not wish.because.strip():
        raise UsageError(
            'Say why, with --because "...". Those who met the fault read it.'
        )
    try:
        return Decision(fault, parse_marks(wish.marks), wish.because.strip())
    except ValueError as error:
        raise UsageError(
            f"Marks are full, none or a number, and not {wish.marks!r}."
        ) from error


def _read_results(out: Path) -> list[Result]:
    paths = find_results(out)
    if not paths:
        raise UsageError(
            f"{out} holds no results. Name the folder that `reelmark grade` wrote to "
            "with --out."
        )
    return sorted(_read(paths), key=lambda result: result.student)


def _read(paths: Iterable[Path]) -> list[Result]:
    try:
        return [read_result(path) for path in paths]
    except (OSError, ValueError) as error:
        raise UsageError(f"{error} Grade the class again first.") from error
