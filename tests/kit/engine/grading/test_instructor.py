"""The instructor's page of a student: code, messages at its lines, hidden checks."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from reelmark.grading.instructor import find_function, write_instructor_page
from reelmark.grading.looks import Picture
from reelmark.manifest import Coursework, Task
from reelmark.results import CheckResult, Result, Status, summarise, summarise_task

HOSTILE = """<script>alert(1)</script>"'><img src=x onerror=alert(1)>"""
TASKS = (
    Task("1a", "Weigh", "1", "dough", "weigh", 4, 10, (), ()),
    Task("2", "Bake", "2", "oven", "bake", 4, 10, (), ()),
)
COURSEWORK = Coursework(Path("nowhere"), "Bread", TASKS)
DOUGH = """\
import math

def weigh(flour):
    return math.floor(flour)
"""
RAISED = """\
1a  weigh(0.5): raised TypeError.

  got       TypeError: no flour
  at        dough.py, line 4:  return math.floor(flour)
"""
WRONG = "1a  weigh(7): the flour is not enough.\n\n  expected  500\n  got       50\n"

Render = Callable[..., str]


def make_result(*checks: CheckResult, student: str = "Ada") -> Result:
    """Return a submission with these checks of the first task."""
    return summarise(student, [summarise_task("1a", "Weigh", checks)], notes=())


def missed(detail: str, message: str = "It does not hold.") -> CheckResult:
    """Return a hidden check that failed."""
    failed = Status.FAILED
    return CheckResult(
        "hidden/t", "It weighs.", True, failed, 0, 2, message, 0, detail=detail
    )


@pytest.fixture
def render(tmp_path: Path) -> Render:
    """Writes the page of a result and some sources; returns it."""

    def write(
        result: Result,
        sources: dict[str, str] | None = None,
        pictures: Sequence[Picture] = (),
        *,
        is_anonymous: bool = False,
    ) -> str:
        folder, path = tmp_path / "sources", tmp_path / "page.html"
        folder.mkdir(exist_ok=True)
        for name, text in (sources or {"dough.py": DOUGH}).items():
            (folder / name).write_text(text, encoding="utf-8")
        write_instructor_page(
            result,
            COURSEWORK,
            folder,
            path,
            pictures=pictures,
            is_anonymous=is_anonymous,
        )
        return path.read_text(encoding="utf-8")

    return write


def find_lines(page: str) -> list[str]:
    """Return what stands in the code, line by line: numbers, code and remarks."""
    _, _, code = page.partition('<div class="code">')
    code, _, _ = code.partition("</details>")
    return [
        " ".join(html.unescape(re.sub(r"<[^>]+>", " ", line)).split())
        for line in code.splitlines()
        if line.startswith(("<div><b>", "<p class"))
    ]


def test_message_stands_at_the_line_it_names(render: Render) -> None:
    """What was raised on line 4 is told below line 4."""
    lines = find_lines(render(make_result(missed(RAISED))))
    place = lines.index("4 return math.floor(flour)")
    assert lines[place + 1] == "✗ failed 1a TypeError: no flour hidden"


def test_message_without_a_line_stands_at_the_function(render: Render) -> None:
    """If no line is to blame, the message is where the function begins."""
    lines = find_lines(render(make_result(missed(WRONG))))
    place = lines.index("3 def weigh(flour):")
    assert "The flour is not enough. Got 50" in lines[place + 1]


def test_hidden_check_is_shown_with_what_it_saw(render: Render) -> None:
    """The instructor reads the call, what was expected, and what came."""
    page = html.unescape(render(make_result(missed(WRONG))))
    assert "weigh(7): the flour is not enough." in page
    assert "expected  500" in page


def test_missing_module_is_named(render: Render) -> None:
    """What was not handed in is said."""
    assert "<code>oven.py</code> is not among it." in render(make_result())


@pytest.mark.parametrize(
    "text", ["", "\x00\ufffd", "x" * 100_000, "x = 1\n" * 10_000, HOSTILE]
)
def test_any_text_can_be_shown(render: Render, text: str) -> None:
    """Whatever was handed in, the page is there, bounded, and runs nothing."""
    page = render(make_result(missed(RAISED)), {"dough.py": text})
    assert len(page) < 1_000_000
    assert "<script" not in page
    assert "<img" not in page


def test_line_beyond_the_file_is_shown_at_its_end(render: Render) -> None:
    """A nonexistent line (a student can claim one) loses no remark."""
    page = render(make_result(missed(RAISED.replace("line 4", "line 4000"))))
    assert "no flour" in find_lines(page)[-1]


def test_pictures_are_in_the_page(render: Render) -> None:
    """Pictures come with the page; where there is none, words say why."""
    pictures = [
        Picture("1a", "Flour before and after", "aGVsbG8="),
        Picture("2", "A loaf", "", "It burnt."),
    ]
    page = render(make_result(), pictures=pictures)
    assert 'src="data:image/png;base64,aGVsbG8="' in page
    assert "It burnt." in page
    assert "img-src data:" in page


def test_anonymous_page_leads_to_no_name(render: Render) -> None:
    """A page that shows a code has no link that contains a name."""
    open_page, hidden = (
        render(make_result(student="K7QXM"), is_anonymous=flag)
        for flag in (False, True)
    )
    assert "feedback/" in open_page
    assert "feedback/" not in hidden
    assert "results/" not in hidden


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        (["def weigh(x):", "    pass"], 1),
        (["x = 1", "async def weigh():"], 2),
        (["def weigh(): pass", "def weigh(): pass"], 2),
        (["", "weigh = lambda flour: 0"], 2),
        (["weigh: Callable = make()"], 1),
        (["def weighs():", "weigh == 3"], 1),
        ([], 1),
    ],
)
def test_function_is_found(lines: list[str], number: int) -> None:
    """However a function is defined, its line is found; otherwise, the first."""
    assert find_function(lines, "weigh") == number
