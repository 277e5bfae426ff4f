"""Formats: what programs read of a check."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from kit.stage import mini
from reelmark.handout.bundle import TEMPLATES
from reelmark.manifest import Coursework
from reelmark.practice.copies import Found
from reelmark.practice.form import Form
from reelmark.practice.formats import format_found
from reelmark.results import CheckResult, Status, summarise_task

MESSAGES = {
    Status.FAILED: "1a  double(2): wrong, by 50%.\n\n  expected  4\n  got       3",
    Status.CRASHED: "1a  double(2): raised.\n\n  at        helping.py, line 7:  1 / 0",
    Status.NOT_STARTED: "1a  double(2): not started.",
    Status.KIT_FAULT: "1a  double(2): a fault.",
    Status.PASSED: "",
    Status.NOT_CHECKED: "1a  double(): not checked",
}


@pytest.fixture
def coursework(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Coursework:
    """A coursework that one works in."""
    monkeypatch.chdir(tmp_path)
    return mini.write_coursework(tmp_path)


@pytest.fixture
def found(tmp_path: Path) -> Found:
    """A check of each state."""
    checks = [
        CheckResult(
            id=f"public/{status}",
            title=f"Two, doubled: {status}",
            hidden=False,
            status=status,
            marks=float(status is Status.PASSED),
            max=1.0,
            message=message,
            seconds=0.0,
        )
        for status, message in MESSAGES.items()
    ]
    return Found((summarise_task("1a", "Doubles", checks),), ("A note.",), tmp_path)


def lines_of(form: Form, coursework: Coursework, found: Found) -> list[str]:
    """Return the lines of findings."""
    return list(format_found(form, coursework, coursework.stubs, found))


def test_every_problem_is_an_annotation(coursework: Coursework, found: Found) -> None:
    """Passed and waiting checks are left out; lines are named, or the function's."""
    lines = lines_of(Form.GITHUB, coursework, found)
    place = "file=assignment/doubling.py,line=1,title=1a Two%2C doubled%3A"
    assert lines[:5] == [
        f"::error {place} failed::1a  double(2): wrong, by 50%25.%0A%0A  "
        "expected  4%0A  got       3",
        f"::error {place} crashed::".replace("doubling.py,line=1", "helping.py,line=7")
        + MESSAGES[Status.CRASHED].replace("\n", "%0A"),
        f"::notice {place} not started::1a  double(2): not started.",
        f"::warning {place} kit fault::1a  double(2): a fault.",
        "::warning::A note.",
    ]
    assert lines[5] == "Public checks: 1 of 6 passed, 1 of 6 marks."


def test_editors_find_annotations(coursework: Coursework, found: Found) -> None:
    """The task in the bundle's settings of VS Code reads the same lines."""
    tasks = json.loads((TEMPLATES / "vscode" / "tasks.json").read_text("utf-8"))
    pattern = tasks["tasks"][0]["problemMatcher"]["pattern"]
    first = lines_of(Form.GITHUB, coursework, found)[0]
    match = re.match(pattern["regexp"], first)
    assert match is not None
    assert match[pattern["file"]] == "assignment/doubling.py"
    assert match[pattern["line"]] == "1"


def test_json_names_file_and_line(coursework: Coursework, found: Found) -> None:
    """Everything known about a check, and where it is."""
    (text,) = lines_of(Form.JSON, coursework, found)
    data: dict[str, Any] = json.loads(text)
    assert data["notes"] == ["A note."]
    (task,) = data["tasks"]
    assert (task["id"], task["function"], task["marks"]) == ("1a", "double", 1.0)
    places = [(check["file"], check["line"]) for check in task["checks"]]
    assert places[:2] == [("assignment/doubling.py", 1), ("assignment/helping.py", 7)]
