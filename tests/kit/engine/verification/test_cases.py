"""Cases: styles and mistakes are read, completed and kept as they should be."""

from __future__ import annotations

import math
import runpy
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reelmark.handout.stubs import cut_stub
from reelmark.manifest import Coursework, Task
from reelmark.verification import cases, golden
from reelmark.verification.cases import Mistake

REFERENCE = '''"""The reference."""

from __future__ import annotations

import math


def area(radius: float) -> float:
    return math.pi * _square(radius)


def perimeter(radius: float) -> float:
    return 2 * math.pi * radius


### BEGIN SOLUTION
def _square(value: float) -> float:
    return value**2


### END SOLUTION
'''
OWN = """from __future__ import annotations
from math import tau

perimeter = lambda radius: tau * radius
"""


def _write_modules(folder: Path, texts: Mapping[str, str]) -> None:
    folder.mkdir(parents=True)
    for module, text in texts.items():
        (folder / f"{module}.py").write_bytes(text.encode())


@pytest.fixture
def circles(tmp_path: Path) -> Coursework:
    """A coursework of two modules and three tasks, without any cases."""
    task = Task("1", "", "", "circles", "area", 1, 1, (), ())
    other = replace(task, id="2", function="perimeter")
    volume = replace(task, id="3", module="spheres", function="volume")
    spheres = "def volume(radius):\n    return 4\n"
    _write_modules(tmp_path / "solutions", {"circles": REFERENCE, "spheres": spheres})
    stubs = {"circles": cut_stub(REFERENCE), "spheres": spheres}
    _write_modules(tmp_path / "assignment", stubs)
    return Coursework(tmp_path, "Circles", (task, other, volume))


def _write_style(
    coursework: Coursework, tmp_path: Path, **modules: str
) -> tuple[cases.Style, Path]:
    """Write a style; return it, and the submission that it and the reference make."""
    _write_modules(coursework.solutions / "accepted" / "mine", modules)
    (style,) = cases.read_styles(coursework)
    cases.write_style(style, coursework, tmp_path / "made")
    return style, tmp_path / "made"


def _run(path: Path) -> dict[str, Any]:
    return runpy.run_path(str(path))


def test_style_writes_functions_another_way(
    circles: Coursework, tmp_path: Path
) -> None:
    """What a style defines replaces the reference's, whatever kind of name it is."""
    style, made = _write_style(circles, tmp_path, circles=OWN)
    assert [task.id for task in style.tasks] == ["2"]
    assert _run(made / "circles.py")["perimeter"].__name__ == "<lambda>"


def test_function_that_is_left_out_is_the_references(
    circles: Coursework, tmp_path: Path
) -> None:
    """A function that a style leaves out works, with what it uses."""
    _, made = _write_style(circles, tmp_path, circles=OWN)
    assert _run(made / "circles.py")["area"](1.0) == pytest.approx(math.pi)


def test_module_that_is_left_out_is_the_references(
    circles: Coursework, tmp_path: Path
) -> None:
    """A module that a style leaves out is handed in as the reference has it."""
    _, made = _write_style(circles, tmp_path, circles=OWN)
    expected = (circles.solutions / "spheres.py").read_bytes()
    assert (made / "spheres.py").read_bytes() == expected


@pytest.mark.parametrize(
    "text", [OWN, "\ufeff" + OWN.replace("\n", "\r\n")], ids=["plain", "windows"]
)
def test_style_that_leaves_nothing_out_stays_as_it_is(
    text: str, circles: Coursework, tmp_path: Path
) -> None:
    """A module with all functions is handed in byte for byte."""
    text += "area = lambda radius: 3 * radius**2"
    _, made = _write_style(circles, tmp_path, circles=text)
    assert (made / "circles.py").read_bytes() == text.encode()


def test_module_made_of_two_is_written_as_the_style_is(
    circles: Coursework, tmp_path: Path
) -> None:
    """A byte order mark and the line endings of Windows stay, in all of the module."""
    _, made = _write_style(
        circles, tmp_path, circles="\ufeff" + OWN.replace("\n", "\r\n")
    )
    written = (made / "circles.py").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.count(b"\xef\xbb\xbf") == 1
    assert written.count(b"\n") == written.count(b"\r\n") > REFERENCE.count("\n")
    assert _run(made / "circles.py")["area"](1.0) == pytest.approx(math.pi)


@pytest.mark.parametrize(
    ("modules", "told"),
    [
        ({"circles": "perimetre = len"}, "circles.py defines none of area, perimeter"),
        ({"circles": "def area(:"}, "circles.py cannot be parsed"),
        ({"helpers": "x = 1"}, "mine is no style"),
    ],
)
def test_style_that_proves_nothing_is_refused(
    modules: dict[str, str], told: str, circles: Coursework, tmp_path: Path
) -> None:
    """A style that would equal the reference is refused, with the reason."""
    with pytest.raises(cases.UsageError, match=told):
        _write_style(circles, tmp_path, **modules)


@pytest.mark.parametrize(
    ("other", "agree"),
    [
        ("loss 0.24567 of 3", True),
        ("loss 0.24571 of 3", True),
        ("loss 0.34567 of 3", False),
        ("loss 0.24567 of 4", False),
        ("rate 0.24567 of 3", False),
    ],
)
def test_messages_agree_but_for_last_digits(other: str, agree: bool) -> None:
    """Machines round differently: words and counts are exact, digits to 1 in 1000."""
    assert golden.agree("loss 0.24567 of 3", other) is agree


@pytest.mark.parametrize(
    ("other", "agree"),
    [("a.py, line 7:  x", True), ("b.py, line 41:  x", False), ("a.py:  x", False)],
)
def test_messages_agree_wherever_the_line_is(other: str, agree: bool) -> None:
    """A mistake comes after the reference, which grows with every task."""
    assert golden.agree("a.py, line 41:  x", other) is agree


def test_messages_agree_however_much_is_left_out() -> None:
    """What is left out of a long text may hold the path of the kit itself."""
    kept = "TypeError: ... (623 characters) ... an element of shape (65,)"
    assert golden.agree(kept, kept.replace("623", "1,024"))
    assert not golden.agree(kept, kept.replace("65", "66"))


def _write_mistakes(coursework: Coursework, task: str, *names: str) -> list[Mistake]:
    folder = coursework.solutions / "mistakes" / task
    _write_modules(folder, dict.fromkeys(names, '"""Is\nwrong."""\n\narea = None\n'))
    return cases.read_mistakes(coursework)


def test_mistake_is_read_from_the_folder_of_its_task(circles: Coursework) -> None:
    """The folder says which task it is a mistake in, the manifest which module."""
    (mistake,) = _write_mistakes(circles, "3", "one")
    assert (mistake.task, mistake.module) == ("3", "spheres")
    assert (mistake.name, mistake.about) == ("3/one", "Is wrong.")


def test_mistake_in_no_task_is_refused(circles: Coursework) -> None:
    """A folder that is named after no task is refused, with the tasks there are."""
    with pytest.raises(cases.UsageError, match=r"mistake in no task.* 1, 2, 3"):
        _write_mistakes(circles, "circles", "one")


def test_mistake_without_a_docstring_is_refused(circles: Coursework) -> None:
    """A mistake says what is wrong, or nobody can judge what its author is told."""
    _write_modules(circles.solutions / "mistakes" / "1", {"one": "area = None"})
    with pytest.raises(cases.UsageError, match="does not say what is wrong"):
        cases.read_mistakes(circles)


def test_messages_of_a_task_are_in_one_file(circles: Coursework) -> None:
    """A task's messages are read side by side, in the order of its mistakes' names."""
    two, one = reversed(_write_mistakes(circles, "1", "one", "two"))
    assert golden.update({two: "[b]\ntwo", one: "[a]\none\n\n[b]\none"}) == [two, one]
    text = (one.path.parent / golden.FILE).read_text("utf-8")
    assert text == ("=== one ===\n\n[a]\none\n\n[b]\none\n\n=== two ===\n\n[b]\ntwo\n")
    assert golden.is_expected(one, "[a]\none\n\n[b]\none")
    assert not golden.is_expected(one, "[b]\ntwo")


def test_update_leaves_what_agrees(circles: Coursework) -> None:
    """Digits that differ only by rounding are not a change."""
    (one,) = _write_mistakes(circles, "1", "one")
    golden.update({one: "[a]\nloss 0.24567"})
    assert golden.update({one: "[a]\nloss 0.24568"}) == []
    assert golden.read(one.path.parent) == {"one": "[a]\nloss 0.24567"}


def test_update_drops_what_is_of_no_mistake(circles: Coursework) -> None:
    """Messages of a removed mistake are removed."""
    one, two = _write_mistakes(circles, "1", "one", "two")
    golden.update({one: "[a]\nx", two: "[a]\ny"})
    assert golden.update({two: "[a]\ny"}) == []
    assert golden.read(one.path.parent) == {"two": "[a]\ny"}
