"""Progress: one small file, never in the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit.stage import mini
from reelmark.intake.snapshots import take_snapshot
from reelmark.intake.submissions import Upload
from reelmark.manifest import Coursework
from reelmark.practice.progress import (
    FILE,
    Progress,
    Standing,
    note_results,
    read_progress,
    write_progress,
)
from reelmark.results import CheckResult, Status, TaskResult, summarise_task


def result_of(task: str, status: Status, *, hidden: bool = False) -> TaskResult:
    """Return a task with one check, of 2 marks."""
    marks = 2.0 if status is Status.PASSED else 0.0
    check = CheckResult("public/x", "It works", hidden, status, marks, 2.0, "", 0.1)
    return summarise_task(task, "Doubles", [check])


def test_progress_is_read_as_it_was_written(tmp_path: Path) -> None:
    """What is kept comes back."""
    kept = Progress({"1a": Standing(Status.FAILED, 0.5, 2.0, "abc")}, {"1a": 2})
    assert write_progress(tmp_path, kept) == ""
    assert read_progress(tmp_path) == (kept, "")


def test_no_file_is_no_trouble(tmp_path: Path) -> None:
    """Before the first check there is nothing to read, and nothing to say."""
    assert read_progress(tmp_path) == (Progress(), "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"schema": 0, "standings": {}, "hints": {}}',
        '{"schema": 1, "standings": {"1a": {"status": "great"}}, "hints": {}}',
        '{"schema": 1, "standings": [], "hints": {}}',
        '{"schema": 1, "standings": {}, "hints": {"1a": "many"}}',
        "[" * 100_000,
    ],
)
def test_broken_file_is_ignored_with_a_sentence(tmp_path: Path, text: str) -> None:
    """A file that means nothing ends no command; one sentence names it."""
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    progress, trouble = read_progress(tmp_path)
    assert progress == Progress()
    assert FILE in trouble
    assert trouble.endswith("written anew by the next check.")


def test_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """If nothing can be saved, a sentence says so."""
    (tmp_path / FILE).mkdir()
    assert "nothing is noted" in write_progress(tmp_path, Progress())


def test_other_tasks_and_hints_stay(coursework: Coursework, tmp_path: Path) -> None:
    """A check of one task forgets nothing of the others."""
    before = Progress({"1b": Standing(Status.PASSED, 1, 1, "")}, {"1b": 1})
    write_progress(tmp_path, before)
    progress, _ = note_results(coursework, tmp_path, [result_of("1a", Status.PASSED)])
    assert set(progress.standings) == {"1a", "1b"}
    assert progress.hints == before.hints
    assert read_progress(tmp_path)[0] == progress


def test_hidden_checks_are_not_noted(coursework: Coursework, tmp_path: Path) -> None:
    """What is kept is what a student can see again."""
    hidden = result_of("1a", Status.FAILED, hidden=True)
    assert note_results(coursework, tmp_path, [hidden])[0].standings == {}


def test_file_is_small_and_readable(tmp_path: Path) -> None:
    """It is JSON, with one fact per line."""
    write_progress(tmp_path, Progress(hints={"1a": 2}))
    text = (tmp_path / FILE).read_text("utf-8")
    kept = {"standings": {}, "hints": {"1a": 2}, "versions": ""}
    assert json.loads(text) == {"schema": 1, **kept}


def test_progress_is_no_part_of_what_is_handed_in(tmp_path: Path) -> None:
    """Intake neither copies the file nor mentions it."""
    mini.write_modules(tmp_path / "ada", mini.HONEST)
    write_progress(tmp_path / "ada", Progress())
    submission = Upload("ada", tmp_path / "ada")
    functions = dict.fromkeys(mini.HONEST, ())
    snapshot = take_snapshot(submission, functions, tmp_path / "snapshot")
    assert snapshot.notes == ()
    assert not (snapshot.folder / FILE).exists()
