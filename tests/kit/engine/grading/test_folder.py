"""The folder of results: told from submissions, and without who has withdrawn."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kit.stage import mini
from kit.stage.classes import OTHER_COURSEWORK
from kit.stage.quick import QuickBackend
from reelmark.cli import app
from reelmark.errors import UsageError
from reelmark.grading import run as grading_run
from reelmark.grading.folder import expect_apart
from reelmark.results import read_result

WORK = {"words.py": "def count_words(text):\n    return len(text.split())\n"}


@pytest.fixture
def class_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three submissions; marking them takes no time."""
    monkeypatch.setattr(grading_run, "choose_backend", lambda *_, **__: QuickBackend())
    monkeypatch.setattr(grading_run.ClassRun, "_accepts", lambda *_: True)
    for student in ("ada", "ben", "cleo"):
        mini.write_files(tmp_path / "class" / student, WORK)
    return tmp_path / "class"


def _grade(submissions: Path, out: Path) -> str:
    """Grade as the command does; return what it printed."""
    words = [str(submissions), "--out", str(out), "--coursework", str(OTHER_COURSEWORK)]
    ran = CliRunner().invoke(app, ["grade", *words])
    if ran.exception and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran.output


def _students(out: Path, part: str = "results") -> set[str]:
    return {path.stem for path in (out / part).iterdir()}


EVERYBODY = {"ada", "ben", "cleo"}


class TestAmongSubmissions:
    """Results in the folder of submissions."""

    @pytest.mark.parametrize("is_made_before", [False, True])
    def test_marks_become_no_student(
        self, class_folder: Path, is_made_before: bool
    ) -> None:
        """Grading twice marks the same students, and says what is passed over."""
        out = class_folder / "marks"
        if is_made_before:
            out.mkdir()
        _grade(class_folder, out)
        told = _grade(class_folder, out)
        assert _students(out) == EVERYBODY
        assert "Ignored: marks (results of an earlier run)" in told

    def test_marks_under_another_name_become_no_student(
        self, class_folder: Path
    ) -> None:
        """Results of an earlier run are known whatever they are called."""
        _grade(class_folder, class_folder / "first")
        shutil.move(class_folder / "first", class_folder / "zoe")
        _grade(class_folder, class_folder / "second")
        assert _students(class_folder / "second") == EVERYBODY

    def test_interrupted_run_becomes_no_student(
        self, class_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Results are known as such from the beginning of a run on."""

        def fail(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(QuickBackend, "mark", fail)
            _grade(class_folder, class_folder / "marks")
        _grade(class_folder, class_folder / "marks")
        assert _students(class_folder / "marks") == EVERYBODY

    def test_folder_of_submissions_takes_no_results(self, class_folder: Path) -> None:
        """Results beside the submissions would be submissions."""
        with pytest.raises(UsageError, match="inside of what is marked"):
            _grade(class_folder, class_folder)
        assert {path.name for path in class_folder.iterdir()} == EVERYBODY

    @pytest.mark.parametrize("name", ["ada/marks", "new/marks", "ada/a/b"])
    def test_submission_takes_no_results(self, class_folder: Path, name: str) -> None:
        """Results deeper than right among the submissions belong to a student."""
        with pytest.raises(UsageError, match="inside of what is marked"):
            _grade(class_folder, class_folder / name)

    def test_work_of_a_student_is_not_written_to(self, class_folder: Path) -> None:
        """A name that is a student's is not taken for the results."""
        with pytest.raises(UsageError, match="may be somebody's work"):
            _grade(class_folder, class_folder / "ada")
        assert list((class_folder / "ada").iterdir()) == [
            class_folder / "ada" / "words.py"
        ]

    def test_link_to_the_folder_is_seen_through(
        self, class_folder: Path, tmp_path: Path
    ) -> None:
        """Another name of the same place is the same place."""
        link = tmp_path / "link"
        link.symlink_to(class_folder)
        with pytest.raises(UsageError, match="inside of what is marked"):
            expect_apart(class_folder, link)

    def test_results_are_not_marked(self, class_folder: Path, tmp_path: Path) -> None:
        """Who names the results in place of the submissions is told so."""
        _grade(class_folder, tmp_path / "marks")
        with pytest.raises(UsageError, match="holds results of an earlier run"):
            _grade(tmp_path / "marks", tmp_path / "again")


class TestWithdrawn:
    """Students who are not among the submissions any more."""

    @pytest.fixture
    def out(self, class_folder: Path, tmp_path: Path) -> Path:
        """The results of a class that Ben has left since."""
        _grade(class_folder, tmp_path / "marks")
        shutil.move(class_folder / "ben", tmp_path / "ben")
        return tmp_path / "marks"

    def test_nothing_of_theirs_is_handed_back(
        self, class_folder: Path, out: Path
    ) -> None:
        """Feedback and results hold those who are there; it is said who is gone."""
        told = _grade(class_folder, out)
        assert _students(out) == _students(out, "feedback") == {"ada", "cleo"}
        assert "No longer among the submissions: ben." in told

    def test_nothing_of_theirs_is_lost(self, class_folder: Path, out: Path) -> None:
        """What was marked is kept, where nobody hands it back."""
        page = (out / "feedback" / "ben.html").read_bytes()
        result = read_result(out / "results" / "ben.json")
        _grade(class_folder, out)
        kept = out / "withdrawn"
        assert (kept / "feedback" / "ben.html").read_bytes() == page
        assert read_result(kept / "results" / "ben.json") == result

    def test_who_comes_back_is_not_marked_again(
        self, class_folder: Path, out: Path, tmp_path: Path
    ) -> None:
        """What was set aside is taken back, and is unchanged."""
        _grade(class_folder, out)
        shutil.move(tmp_path / "ben", class_folder / "ben")
        told = _grade(class_folder, out)
        assert told.count("(unchanged)") == 3
        assert _students(out) == _students(out, "feedback") == EVERYBODY
        assert not list((out / "withdrawn" / "feedback").iterdir())

    def test_page_without_a_result_is_set_aside(
        self, class_folder: Path, out: Path
    ) -> None:
        """A page of somebody whose result was removed is handed back to nobody."""
        (out / "results" / "ben.json").unlink()
        _grade(class_folder, out)
        assert _students(out, "feedback") == {"ada", "cleo"}

    def test_files_of_the_instructor_stay(self, class_folder: Path, out: Path) -> None:
        """What is no page of a student's is not touched."""
        notes = out / "feedback" / "notes.txt"
        notes.write_text("mine", encoding="utf-8")
        _grade(class_folder, out)
        assert notes.read_text("utf-8") == "mine"


def test_long_names_are_told_apart(class_folder: Path, tmp_path: Path) -> None:
    """The line of a student shows the whole name, however long."""
    names = [f"{'a-name-that-goes-on-and-on-' * 3}{number}" for number in (1, 2)]
    for name in names:
        mini.write_files(class_folder / name, WORK)
    told = _grade(class_folder, tmp_path / "marks")
    assert all(f"{name} " in told for name in names)


@pytest.mark.parametrize("columns", ["1", "20", "40", "79"])
def test_narrow_terminal_keeps_every_sign(
    class_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    columns: str,
) -> None:
    """Names may be folded there; signs, totals and states are whole."""
    monkeypatch.setenv("COLUMNS", columns)
    mini.write_files(class_folder / ("x" * 60), WORK)
    told = _grade(class_folder, tmp_path / "marks")
    assert told.count("0/5   failed") == 4
    assert "\u2026" not in told


def test_failed_marking_leaves_the_earlier_result(
    class_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A result is there until the next one is: also where marking is interrupted."""
    _grade(class_folder, tmp_path / "marks")
    before = (tmp_path / "marks" / "results" / "ada.json").read_bytes()
    mini.write_files(class_folder / "ada", {"words.py": "x = 1\n"})

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(QuickBackend, "mark", fail)
    _grade(class_folder, tmp_path / "marks")
    assert (tmp_path / "marks" / "results" / "ada.json").read_bytes() == before
