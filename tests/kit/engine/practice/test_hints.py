"""Hints: one more each time, and none is lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.stage import mini
from reelmark.errors import UsageError
from reelmark.manifest import Coursework
from reelmark.practice.hints import give_hint
from reelmark.practice.progress import FILE

Text = pytest.CaptureFixture[str]


@pytest.fixture
def hinting(coursework: Coursework) -> Coursework:
    """The tiny coursework, with two hints for its first task."""
    first, *others = coursework.tasks
    first = replace(first, hints=("Think of two.", "Think of [2] times."))
    return replace(coursework, tasks=(first, *others))


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A student's folder."""
    return mini.write_modules(tmp_path / "work", mini.STUBS)


def ask(capsys: Text, coursework: Coursework, work: Path, *, again: bool) -> str:
    """Ask for a hint; return what is printed."""
    give_hint(coursework, work, "1a", again=again)
    return capsys.readouterr().out


def test_each_time_shows_one_more(
    hinting: Coursework, work: Path, capsys: Text
) -> None:
    """The first hint comes first, then the second, then there is none."""
    first, second, third = (ask(capsys, hinting, work, again=False) for _ in range(3))
    assert "hint 1 of 2" in first
    assert "Think of two." in first
    assert "1 hint is left" in first
    assert "Think of [2] times." in second
    assert "Think" not in third
    assert "No hint is left" in third


def test_again_shows_those_already_seen(
    hinting: Coursework, work: Path, capsys: Text
) -> None:
    """`--again` repeats what was seen, and uses nothing up."""
    assert "no hint of 1a yet" in ask(capsys, hinting, work, again=True)
    ask(capsys, hinting, work, again=False)
    seen = ask(capsys, hinting, work, again=True)
    assert "Think of two." in seen
    assert "Think of [2]" not in seen
    assert "Think of [2]" in ask(capsys, hinting, work, again=False)


def test_broken_progress_starts_with_the_first_hint(
    hinting: Coursework, work: Path, capsys: Text
) -> None:
    """A file that cannot be read costs what was seen, not the hint."""
    (work / FILE).write_text("{", encoding="utf-8")
    assert "hint 1 of 2" in ask(capsys, hinting, work, again=False)
    assert "hint 2 of 2" in ask(capsys, hinting, work, again=False)


def test_unknown_task_is_a_usage_error(hinting: Coursework, work: Path) -> None:
    """There are hints for tasks that exist."""
    with pytest.raises(UsageError, match="no task '9z'"):
        give_hint(hinting, work, "9z", again=False)


def test_without_a_name_it_is_the_next_task(
    hinting: Coursework, work: Path, capsys: Text
) -> None:
    """Nothing has passed yet, so the first task comes next."""
    give_hint(hinting, work, "", again=False)
    assert "Think of two." in capsys.readouterr().out


def test_module_names_its_first_task(
    hinting: Coursework, work: Path, capsys: Text
) -> None:
    """If several tasks match, it is the first that has not passed."""
    give_hint(hinting, work, f"{hinting.tasks[0].module}.py", again=False)
    assert "Think of two." in capsys.readouterr().out
