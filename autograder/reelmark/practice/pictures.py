"""Pictures: what a student's functions do, in one image to look at.

The coursework says what there is to see: a function in
``tests/support/worker/looks.py`` has the name of the function that it shows, gets that
function as its argument, and returns a matplotlib figure; its docstring is the caption.
It runs where student code runs. If there is no figure, words say why.
"""

from __future__ import annotations

import ast
import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reelmark.checks.observations import Figure
from reelmark.errors import (
    Crashed,
    Mismatch,
    ReelmarkError,
    TimedOut,
    UsageError,
)
from reelmark.files import read_text, write_whole
from reelmark.manifest import Coursework, Task
from reelmark.marking.messages import write_message
from reelmark.wire.assignment import LOOKS

if TYPE_CHECKING:
    from PIL.Image import Image

    from reelmark.checks.submission import Submission

MARGIN, GAP, LINE, LETTERS = 24, 16, 22, 100
LEAST_WIDTH = 1000
INK, PAPER, GREY = "#1a1a1a", "white", "#d0d0d0"


@dataclass(frozen=True)
class Look:
    """What there is to see of a task: a caption, and a PNG or words in its place."""

    task: Task
    caption: str
    png: bytes
    words: str = ""


def find_looks(coursework: Coursework) -> dict[str, str]:
    """Return the functions that can be shown, and their captions."""
    file = coursework.worker_support / f"{LOOKS}.py"
    if not file.is_file():
        return {}
    found = ast.parse(read_text(file)).body
    return {
        each.name: (ast.get_docstring(each) or "").partition("\n")[0]
        for each in found
        if isinstance(each, ast.FunctionDef) and not each.name.startswith("_")
    }


def choose_looks(coursework: Coursework, task_ids: Sequence[str]) -> list[Task]:
    """Return the tasks to show: all that can be shown, or the named ones among them.

    Raises:
        UsageError: There is nothing to see.
    """
    looks = find_looks(coursework)
    seen = [task for task in coursework.tasks if task.function in looks]
    chosen = [task for task in seen if not task_ids or task.id in task_ids]
    if not chosen:
        known = ", ".join(task.id for task in seen) or "none of this coursework's"
        raise UsageError(f"There is no picture of these tasks, but of: {known}.")
    return chosen


def look_at(submission: Submission, task: Task, caption: str) -> Look:
    """Let a task's figure be drawn, or say in words why there is none."""
    function = getattr(getattr(submission, task.module), task.function)
    try:
        submission.begin_check(task.id)
        png = _paint(getattr(submission.looks, task.function)(function))
    except (ReelmarkError, Mismatch, TimedOut) as error:
        words = write_message(task, "The picture can be drawn.", error)
        return Look(task, caption, b"", words)
    return Look(task, caption, png)


def _paint(figure: Any) -> bytes:
    if not isinstance(figure, Figure):
        got = "nothing" if figure is None else type(figure).__name__
        raise Mismatch("returned no figure.", expected="a matplotlib figure", got=got)
    png = figure.paint()
    if not isinstance(png, bytes):
        raise Crashed("the figure cannot be painted")
    return png


def write_sheet(looks: Sequence[Look], path: Path) -> None:
    """Write all looks to one image, one below the other.

    Raises:
        UsageError: The file's name is not that of an image.
    """
    from PIL import Image

    parts = [part for look in looks for part in _draw(look)]
    width = 2 * MARGIN + max(LEAST_WIDTH, *(part.width for part in parts))
    height = 2 * MARGIN + sum(part.height + GAP for part in parts)
    sheet = Image.new("RGB", (width, height), PAPER)
    top = MARGIN
    for part in parts:
        sheet.paste(part, (MARGIN, top))
        top += part.height + GAP
    write_whole(path, _encode(sheet, path))


def _encode(sheet: Image, path: Path) -> bytes:
    """Return the bytes of an image in the format of its file name."""
    from PIL import Image

    form = Image.registered_extensions().get(path.suffix.casefold())
    if not path.parent.is_dir() or form not in Image.SAVE:
        raise UsageError(
            f"The picture cannot be written to {path}. Name a file in a folder that is "
            "there, ending in .png, with --picture-to."
        )
    buffer = io.BytesIO()
    sheet.save(buffer, form)
    return buffer.getvalue()


def _draw(look: Look) -> list[Image]:
    from PIL import Image

    head = f"{look.task.id}  {look.task.function}(): {look.caption}"
    parts = [_write(head, is_head=True)]
    if look.png:
        return [*parts, Image.open(io.BytesIO(look.png)).convert("RGB")]
    return [*parts, _write(look.words)]


def _write(text: str, *, is_head: bool = False) -> Image:
    """Return lines of text as an image, with a rule above if it is a heading."""
    from matplotlib import get_data_path
    from PIL import Image, ImageDraw, ImageFont

    name = "DejaVuSans-Bold.ttf" if is_head else "DejaVuSansMono.ttf"
    font = ImageFont.truetype(str(Path(get_data_path(), "fonts", "ttf", name)), 15)
    lines = [
        part
        for line in text.splitlines()
        for part in textwrap.wrap(line, LETTERS, drop_whitespace=False) or [""]
    ]
    image = Image.new("RGB", (LEAST_WIDTH, LINE * len(lines) + GAP), PAPER)
    pen = ImageDraw.Draw(image)
    if is_head:
        pen.line((0, 2, LEAST_WIDTH, 2), GREY)
    for number, line in enumerate(lines):
        pen.text((0, GAP // 2 + LINE * number), line, INK, font)
    return image
