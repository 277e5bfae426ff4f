"""To do: what is in the list, and what comes next."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.engine.practice.test_progress import result_of
from kit.stage import mini
from reelmark.manifest import Coursework
from reelmark.practice.progress import FILE, note_results
from reelmark.practice.tasks import list_tasks
from reelmark.results import Status

Text = pytest.CaptureFixture[str]


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A student's folder."""
    return mini.write_modules(tmp_path / "work", mini.HONEST)


def rows(coursework: Coursework, work: Path, capsys: Text) -> dict[str, str]:
    """Print the list; return its lines by their first word."""
    list_tasks(coursework, work)
    lines = capsys.readouterr().out.splitlines()
    return {line.split()[0]: line for line in lines if line}


def test_task_that_was_never_checked_says_so(
    coursework: Coursework, work: Path, capsys: Text
) -> None:
    """Before any check the list has marks and minutes, and the first task is next."""
    found = rows(coursework, work, capsys)
    assert found["1a"].split() == ["1a", "double", "5", "2", *["no", "check", "yet"]]
    assert "together" in found
    assert found["So"] == "So far: nothing has been checked yet."
    assert found["Next:"].startswith("Next: 1a,")
    assert "15 minutes" in found["About"]


def test_state_and_marks_are_those_of_the_last_check(
    coursework: Coursework, work: Path, capsys: Text
) -> None:
    """Passed tasks are done; failed ones are next."""
    results = [result_of("1a", Status.PASSED), result_of("1b", Status.FAILED)]
    note_results(coursework, work, results)
    found = rows(coursework, work, capsys)
    assert found["1a"].endswith("2/2    passed")
    assert found["1b"].endswith("0/2    failed")
    assert found["Next:"].startswith("Next: 1b,")
    assert "10 minutes" in found["About"]
    assert "2 of 4 marks" in found["So"]


def test_changed_module_is_marked(
    coursework: Coursework, work: Path, capsys: Text
) -> None:
    """A task whose module was saved since says that its state is an old one."""
    note_results(coursework, work, [result_of("1a", Status.PASSED)])
    (work / "doubling.py").write_text("# another\n", encoding="utf-8")
    assert rows(coursework, work, capsys)["1a"].endswith("passed, changed since")


def test_everything_passed(coursework: Coursework, work: Path, capsys: Text) -> None:
    """At the end nothing is next, unless a module has changed since."""
    passed = [result_of(task.id, Status.PASSED) for task in coursework.tasks]
    note_results(coursework, work, passed)
    found = rows(coursework, work, capsys)
    assert "Every" in found
    assert "About" not in found
    (work / "chains.py").unlink()
    assert "chains.py" in rows(coursework, work, capsys)


def test_broken_progress_is_told(
    coursework: Coursework, work: Path, capsys: Text
) -> None:
    """The list appears all the same, with a sentence."""
    (work / FILE).write_text("[]", encoding="utf-8")
    list_tasks(coursework, work)
    printed = " ".join(capsys.readouterr().out.split())
    assert "no check yet" in printed
    assert "it is ignored" in printed
