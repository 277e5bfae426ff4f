"""Pictures: what a student's functions do, or words instead of a picture."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import pytest
from PIL import Image

from kit.stage import mini
from reelmark.errors import UsageError
from reelmark.manifest import Coursework, Task, load_coursework
from reelmark.practice.check import draw_picture
from reelmark.practice.in_process import InProcess, prepare_marking
from reelmark.practice.pictures import (
    Look,
    choose_looks,
    find_looks,
    look_at,
    write_sheet,
)
from sample_class import ROOT

LOOKS = '''
from matplotlib.figure import Figure


def double(function):
    """Doubles of the first numbers.

    More words.
    """
    figure = Figure(figsize=(4, 2))
    figure.subplots().plot([function(x) for x in range(3)])
    return figure


def quadruple(function):
    """What comes back."""
    return function(1)


def _unseen(function):
    pass
'''

NOISE = '''
import numpy as np
from matplotlib.figure import Figure


def double(function):
    """Noise, which no PNG makes small."""
    figure = Figure(figsize=(4, 2))
    figure.figimage(np.random.default_rng(1).random((200, 400, 3)))
    return figure
'''


@pytest.fixture
def seen(coursework: Coursework) -> Coursework:
    """The tiny coursework, with something to see of two tasks."""
    mini.write_modules(coursework.worker_support, {"looks": LOOKS})
    return coursework


@pytest.fixture
def look(seen: Coursework, tmp_path: Path) -> Iterator[object]:
    """Looks at a task of some modules."""

    def look_at_task(task: str, **modules: str) -> Look:
        work = mini.write_modules(tmp_path / "work", {**mini.HONEST, **modules})
        with prepare_marking(seen, work).open_submission() as submission:
            return look_at(submission, seen.task(task), "A caption.")

    yield look_at_task
    mpl.use("Agg")


def test_coursework_says_what_there_is_to_see(seen: Coursework) -> None:
    """Looks are named like functions; the first line of a docstring is a caption."""
    assert find_looks(seen) == {
        "double": "Doubles of the first numbers.",
        "quadruple": "What comes back.",
    }
    assert [task.id for task in choose_looks(seen, [])] == ["1a", "2a"]
    assert [task.id for task in choose_looks(seen, ["2a", "1b"])] == ["2a"]


def test_nothing_to_see_is_a_usage_error(coursework: Coursework) -> None:
    """If there is no picture, the message names the tasks that have one."""
    with pytest.raises(UsageError, match="none of this coursework's"):
        choose_looks(coursework, [])


def test_films_can_be_looked_at() -> None:
    """Every look of this coursework is one of a task's function, and has a caption."""
    coursework = load_coursework(ROOT)
    looks = find_looks(coursework)
    assert set(looks) <= {task.function for task in coursework.tasks}
    assert all(looks.values())


def test_figure_becomes_a_picture(look) -> None:  # type: ignore[no-untyped-def]
    """A figure is painted where the student's code runs, and comes as a PNG."""
    seen = look("1a")
    assert Image.open(io.BytesIO(seen.png)).size == (400, 200)
    assert seen.words == ""


def test_large_picture_arrives_whole(seen: Coursework, look) -> None:  # type: ignore[no-untyped-def]
    """What a worker answers is bounded, and a picture is longer than any text."""
    mini.write_modules(seen.worker_support, {"looks": NOISE})
    png = look("1a").png
    assert len(png) > 50_000
    assert Image.open(io.BytesIO(png)).size == (400, 200)


@pytest.mark.parametrize(
    ("task", "source", "words"),
    [
        ("1a", {"doubling": mini.STUBS["doubling"]}, "not started"),
        ("1a", {"doubling": "def double(x):\n    return 1 / 0\n"}, "division by zero"),
        ("1a", {"doubling": "def double(x:\n"}, "cannot be imported"),
        ("2a", {"chains": "def quadruple(x): pass\n"}, "returned no figure"),
        ("2a", {}, "int"),
    ],
    ids=["not-started", "raises", "syntax-error", "nothing", "number"],
)
def test_words_take_the_place_of_a_picture(look, task, source, words) -> None:  # type: ignore[no-untyped-def]
    """If a task is not started, or fails, words say so."""
    seen = look(task, **source)
    assert seen.png == b""
    assert words in seen.words


def test_sheet_holds_everything(seen: Coursework, tmp_path: Path) -> None:
    """All pictures and words go into one image, one below the other."""
    work = mini.write_modules(tmp_path / "work", mini.HONEST)
    for name, tasks in (("one", ["1a"]), ("two", [])):
        with InProcess(seen, work, hidden=False).open_submission() as submission:
            draw_picture(seen, submission, tasks, tmp_path / f"{name}.png")
    with (
        Image.open(tmp_path / "one.png") as one,
        Image.open(tmp_path / "two.png") as two,
    ):
        assert one.width == two.width
        assert two.height > one.height > 200


@pytest.mark.parametrize("name", ["none/here.png", "sheet.docx"])
def test_place_that_takes_no_picture_is_a_usage_error(
    seen: Coursework, tmp_path: Path, name: str
) -> None:
    """The message says where, why, and what to type."""
    task: Task = seen.task("1a")
    with pytest.raises(UsageError, match="--picture-to"):
        write_sheet([Look(task, "A caption.", b"", "Words.")], tmp_path / name)
