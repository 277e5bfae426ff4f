"""The class in a terminal: the progress of marking, and the results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from rich import box
from rich.console import Console, ConsoleOptions, RenderResult
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from reelmark.grading.changes import Change, describe_changes
from reelmark.grading.run import ClassRun, Outcome
from reelmark.grading.trouble import describe_error, show_each
from reelmark.intake.submissions import Upload
from reelmark.manifest import Coursework
from reelmark.results import Result, Status
from reelmark.rulings.decisions import list_met
from reelmark.states import STATES, describe_submission, sign

NAME_WIDTH = 29
"""Columns for a student's name; a longer name pushes the rest of its line."""


WIDE = 1000
"""A width into which any table fits."""


def print_broken(console: Console, results: Sequence[Result], decide: str) -> None:
    """Print who met a fault of the kit, and what an instructor has to decide.

    Args:
        console: Where to print.
        results: The results of the class.
        decide: The start of the command for decisions.
    """
    faulty = [r.student for r in results if r.status is Status.KIT_FAULT]
    if faulty:
        console.print(f"Kit fault, no marks lost: {', '.join(faulty)}")
    faults = list_met(results, Status.NEEDS_A_LOOK)
    if not faults:
        return
    console.print("Needs a look: the checker broke, and these marks are open.")
    for fault in faults:
        console.print(
            f"  {fault.fault}  ({fault.marks:g} marks; {', '.join(fault.students)})",
            soft_wrap=True,
        )
    console.print(
        "Read in the class page what happened, then decide once for all who met it:\n"
        f'  {decide} CHECK full|none|MARKS --because "..."',
        soft_wrap=True,
    )


def print_remarks(console: Console, results: Sequence[Result]) -> None:
    """Print whose work an instructor should read before trusting the marks."""
    if found := [result.student for result in results if result.remarks]:
        console.print(
            f"Uses the checker's own modules: {', '.join(found)}. Read why; the class "
            "page says where.",
            soft_wrap=True,
        )


def print_troubles(console: Console, troubles: Mapping[str, str]) -> None:
    """Print whose work has to be looked at, and what happened."""
    for student, words in sorted(troubles.items()):
        told = f"{student} could not be marked or shown; nothing is decided: {words}"
        console.print(told, soft_wrap=True)


def print_class(
    console: Console, coursework: Coursework, results: list[Result]
) -> dict[str, str]:
    """Print the class, and what its signs mean.

    Returns:
        By student, why a result could not be shown.
    """
    whole, troubles = show_each(partial(_tabulate, coursework), results)
    console.print(whole, crop=False)
    console.print(_legend(results), style="dim", soft_wrap=True)
    return troubles


def _tabulate(coursework: Coursework, results: Sequence[Result]) -> _Whole:
    nameless = [replace(result, student="") for result in results]
    return _Whole(*(_class_table(coursework, each) for each in (results, nameless)))


@dataclass(frozen=True)
class _Whole:
    """A table that wraps in a narrow terminal, where rich would cut off its signs.

    ``signs`` is the same table without names, which can be folded.
    """

    table: Table
    signs: Table

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> RenderResult:
        roomy = options.update_width(WIDE)
        least = console.measure(self.signs, options=roomy).maximum
        width = max(options.max_width, least)
        yield from console.render(self.table, options.update_width(width))


def mark_with_bar(
    console: Console,
    run: ClassRun,
    found: Sequence[Upload],
    *,
    title: str = "marking",
    is_quiet: bool = False,
) -> dict[str, Result]:
    """Mark submissions; show how many are done and, unless quiet, one line for each.

    Returns:
        The results, by student.
    """
    results: dict[str, Result] = {}
    with make_bar(console, lambda: run.workers) as bar:
        public = bar.add_task(f"{title}: public checks", total=len(found))
        all_checks = bar.add_task(f"{title}: all checks", total=len(found))
        settled = set()

        def settle(submission: Upload) -> None:
            settled.add(submission)
            bar.advance(public)

        for outcome in run.mark_class(found, settle):
            results[outcome.result.student] = outcome.result
            if not is_quiet:
                bar.console.print(_try_line(outcome, run), soft_wrap=True)
            bar.advance(public, int(outcome.submission not in settled))
            bar.advance(all_checks)
    return results


def _try_line(outcome: Outcome, run: ClassRun) -> Text:
    try:
        return _line(outcome)
    except Exception as error:
        run.troubles[outcome.result.student] = describe_error(error)
        return Text(outcome.result.student)


def make_bar(console: Console, tell: Callable[[], str] = lambda: "") -> Progress:
    """Return a bar that shows how many of several things are done.

    Args:
        console: Where it is shown.
        tell: Returns the current text to show after it.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _RateColumn(),
        TimeRemainingColumn(),
        _ToldColumn(tell),
    )
    return Progress(*columns, console=console, transient=True)


class _RateColumn(ProgressColumn):
    """How many are done per minute."""

    max_refresh = 1.0

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{60 * speed:.1f} a minute" if speed else "", "dim")


class _ToldColumn(ProgressColumn):
    """A text from elsewhere.

    Args:
        tell: Returns the current text.
    """

    max_refresh = 1.0

    def __init__(self, tell: Callable[[], str]) -> None:
        super().__init__()
        self._tell = tell

    def render(self, task: Task) -> Text:  # noqa: ARG002 (the same for all)
        return Text(self._tell(), "dim")


def _line(outcome: Outcome) -> Text:
    """Return a student's marks and state in one line; the name is never cut."""
    result = outcome.result
    line = Text(result.student)
    line.append(" " * max(1, NAME_WIDTH - line.cell_len))
    line.append(f"{result.total:>5g}/{result.max:g}{tell_open(result.open)}  ")
    line.append(describe_submission(result), STATES[result.status].colour)
    return line.append("  (unchanged)" if outcome.was_kept else "", "dim")


def tell_open(marks: float) -> str:
    """Return what follows a total if some of its marks are open."""
    return f", {marks:g} open" if marks else ""


def _class_table(coursework: Coursework, results: Sequence[Result]) -> Table:
    """Return the class: one line per student, one sign per task, grouped by module."""
    count = f"{len(results)} submission{'s' if len(results) != 1 else ''}"
    table = Table(title=f"{coursework.title}: {count}", box=box.SIMPLE_HEAD)
    table.add_column("student", overflow="fold", min_width=NAME_WIDTH // 2)
    table.add_column(_group_names(coursework), no_wrap=True)
    table.add_column("total", justify="right", no_wrap=True)
    table.add_column("tasks", no_wrap=True)
    for result in results:
        total = f"{result.total:g}/{result.max:g}{tell_open(result.open)}"
        words = describe_submission(result, is_narrow=True)
        status = Text(words, STATES[result.status].colour)
        signs = _signs(coursework, result)
        table.add_row(Text(result.student), signs, total, status)
    return table


def _groups(coursework: Coursework) -> list[list[str]]:
    """Return the ids of the tasks, module by module."""
    return [
        [task.id for task in coursework.tasks_of(module)]
        for module in coursework.modules
    ]


def _group_names(coursework: Coursework) -> str:
    """Return a heading for the signs: the common start of each module's task ids."""
    names = [(ids[0].split("-")[0], len(ids)) for ids in _groups(coursework)]
    return " ".join(f"{name[:width]:<{width}}" for name, width in names)


def _signs(coursework: Coursework, result: Result) -> Text:
    states = {task.id: task.status for task in result.tasks}
    modules = [
        Text.assemble(*(sign(states.get(i, Status.NOT_CHECKED)) for i in ids))
        for ids in _groups(coursework)
    ]
    return Text(" ").join(modules)


def _legend(results: Sequence[Result]) -> str:
    shown = {task.status for result in results for task in result.tasks}
    return "  ".join(
        f"{STATES[state].sign} {state}" for state in Status if state in shown
    )


def print_places(console: Console, out: Path) -> None:
    """Print where to find everything."""
    console.print(
        f"The class at a glance   {out / 'index.html'}\n"
        f"Your page per student   {out / 'instructor'}\n"
        f"Feedback per student    {out / 'feedback'}\n"
        f"Marks                   {out / 'grades.csv'}\n"
        f"Results as JSON         {out / 'results'}",
        soft_wrap=True,
    )


def print_changes(console: Console, changes: Sequence[Change], *, what: str) -> None:
    """Print whose marks changed, by how much and why.

    Args:
        console: Where to print.
        changes: What changed; if empty, nothing is printed.
        what: The first word, such as ``Marks``.
    """
    if changes:
        console.print(f"{what} that changed since the last run:")
        for line in describe_changes(changes):
            console.print(f"  {line}", soft_wrap=True)
