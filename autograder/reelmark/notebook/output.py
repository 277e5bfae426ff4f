"""Output: what a cell shows, as a small page in the style of the feedback, and as text.

The notebook's own theme decides whether its colours are light or dark. If HTML cannot
be shown, the text is what a terminal would print.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from reelmark.grading.pages import environment
from reelmark.manifest import Coursework
from reelmark.practice.check import print_found, tell_total
from reelmark.practice.copies import Found
from reelmark.practice.pictures import Look
from reelmark.practice.progress import read_progress
from reelmark.practice.tasks import has_changed, print_tasks, tell_rest
from reelmark.practice.work import find_printed, told_messages
from reelmark.terminal.console import make_console

TEMPLATES = Path(__file__).parent / "templates"
COLUMNS = 88

_COMMAND = re.compile(r"`reelmark (check|hint|list)\b")


@dataclass(frozen=True, repr=False)
class Output:
    """What a cell shows; IPython asks for one of the two.

    Attributes:
        text: As text.
        html: As a part of a page.
    """

    text: str
    html: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html


def show_text(text: str, *, is_problem: bool = False) -> Output:
    """Return an output that is a few sentences, or lines."""
    told = _call_magics(text.strip("\n"))
    return Output(told, _render("text", text=told, is_problem=is_problem))


def show_found(
    coursework: Coursework,
    found: Found,
    *,
    every: bool,
    before: Sequence[str] = (),
    after: Sequence[str] = (),
) -> Output:
    """Return what checking found.

    Args:
        coursework: What was checked.
        found: The findings.
        every: Whether all messages are shown, not just the first of each task.
        before: Sentences above it.
        after: Sentences below it.
    """

    def print_all(console: Console) -> None:
        for line in before:
            console.print(line, soft_wrap=True)
        print_found(console, coursework, found, every=every)
        for line in after:
            console.print(line, soft_wrap=True)

    rows = []
    for task in found.results:
        told = list(map(_call_magics, told_messages(task)))
        shown, spec = (told if every else told[:1]), coursework.task(task.id)
        rows.append((task, spec, shown, told, find_printed(task)))
    total = [_call_magics(line) for line, _ in tell_total(found.results)]
    html = _render(
        "found",
        coursework=coursework,
        rows=rows,
        total=total,
        before=before,
        after=[*found.notes, *after],
    )
    return Output(_call_magics(capture(print_all)), html)


def show_tasks(coursework: Coursework, work: Path) -> Output:
    """Return all tasks, and how each stood when it was last checked."""
    progress, trouble = read_progress(work)
    rows = [
        (task, standing, has_changed(task, standing, work))
        for task in coursework.tasks
        for standing in [progress.standings.get(task.id)]
    ]
    told = [*tell_rest(coursework, progress, work), *filter(None, [trouble])]
    html = _render(
        "tasks", coursework=coursework, rows=rows, told=list(map(_call_magics, told))
    )
    text = capture(lambda console: print_tasks(console, coursework, work))
    return Output(_call_magics(text), html)


def show_looks(looks: Sequence[Look]) -> Output:
    """Return pictures of what functions do, or words where there is none."""
    rows = [(look, base64.b64encode(look.png).decode()) for look in looks]
    lines = [
        f"{look.task.id}  {look.task.function}(): {look.caption}\n"
        + (look.words or "(a picture, which cannot be shown as text)")
        + (f"\nYour code printed:\n{look.printed}" if look.printed else "")
        for look in looks
    ]
    return Output("\n".join(lines), _render("looks", rows=rows))


def capture(print_it: Callable[[Console], None]) -> str:
    """Return what a command prints, as a terminal of 88 columns would show it."""
    file = io.StringIO()
    print_it(make_console(file=file, width=COLUMNS))
    return file.getvalue().rstrip("\n")


def _call_magics(text: str) -> str:
    """Name commands as they are typed in a notebook."""
    return _COMMAND.sub(r"`%reelmark \1", text)


def _render(template: str, **values: Any) -> str:
    page = environment(TEMPLATES).get_template(f"{template}.html.jinja")
    return page.render(values)
