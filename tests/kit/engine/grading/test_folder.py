"""The folder of results: kept apart from submissions, without withdrawn students."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kit.stage import mini
from kit.stage.classes import OTHER_COURSEWORK
from kit.stage.quick import QuickBackend
from reelmark.cli import app
from reelmark.errors import MachineFault, UsageError
from reelmark.grading import run as grading_run
from reelmark.grading.folder import expect_apart
from reelmark.intake.submissions import MARKS
from reelmark.marking.workspace import Workspace
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


class TestApart:
    """Results and submissions, neither of which may lie in the other."""

    @pytest.mark.parametrize("out", ["class", "class/marks", "class/ada/marks", "."])
    def test_one_in_the_other_is_refused(
        self, class_folder: Path, tmp_path: Path, out: str
    ) -> None:
        """Results would become a student, or be overwritten; nothing is made."""
        with pytest.raises(UsageError, match=r"results alone, such as --out .*marks"):
            _grade(class_folder, tmp_path / out)
        assert {path.name for path in class_folder.iterdir()} == EVERYBODY
        assert [*tmp_path.iterdir()] == [class_folder]

    @pytest.mark.parametrize("out", [".", "download.zip", "download.zip/marks"])
    def test_download_that_is_a_zip_is_kept_apart_too(
        self, class_folder: Path, tmp_path: Path, out: str
    ) -> None:
        """Results go neither beside a zip of the class, nor in its place."""
        zipped = Path(shutil.make_archive(str(tmp_path / "download"), "zip", tmp_path))
        before = zipped.read_bytes()
        with pytest.raises(UsageError, match="results alone"):
            _grade(zipped, tmp_path / out)
        assert zipped.read_bytes() == before
        assert {*tmp_path.iterdir()} == {class_folder, zipped}

    def test_mark_of_results_hides_no_student(
        self, class_folder: Path, tmp_path: Path
    ) -> None:
        """A submission that holds the marker file of results is marked all the same."""
        (class_folder / "ada" / MARKS).touch()
        _grade(class_folder, tmp_path / "marks")
        assert _students(tmp_path / "marks") == EVERYBODY

    def test_link_to_the_folder_is_seen_through(
        self, class_folder: Path, tmp_path: Path
    ) -> None:
        """Another name of the same place is the same place."""
        link = tmp_path / "link"
        link.symlink_to(class_folder)
        with pytest.raises(UsageError, match="would be taken for submissions"):
            expect_apart(class_folder, link)

    def test_results_are_not_marked(self, class_folder: Path, tmp_path: Path) -> None:
        """If results are given as submissions, the message says so."""
        _grade(class_folder, tmp_path / "marks")
        with pytest.raises(UsageError, match="holds results of an earlier run"):
            _grade(tmp_path / "marks", tmp_path / "again")


class TestWithdrawn:
    """Students who are no longer among the submissions."""

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
        """If somebody's result was removed, their page is not handed back."""
        (out / "results" / "ben.json").unlink()
        _grade(class_folder, out)
        assert _students(out, "feedback") == {"ada", "cleo"}

    def test_files_of_the_instructor_stay(self, class_folder: Path, out: Path) -> None:
        """What is no page of a student's is not touched."""
        notes = out / "feedback" / "notes.txt"
        notes.write_text("mine", encoding="utf-8")
        _grade(class_folder, out)
        assert notes.read_text("utf-8") == "mine"


def test_second_run_changes_nothing(class_folder: Path, tmp_path: Path) -> None:
    """While a run is going on, another in its folder is refused before it writes."""
    out = tmp_path / "marks"
    _grade(class_folder, out)
    shutil.move(class_folder / "ben", tmp_path / "ben")
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    with (
        Workspace(out).open(),
        pytest.raises(MachineFault, match="Another run is writing"),
    ):
        _grade(class_folder, out)
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


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
    assert told.count("0/5  1 task not complete") == 4
    assert "\u2026" not in told


def test_failed_marking_leaves_the_earlier_result(
    class_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A result stays until the next one exists, even if marking is interrupted."""
    _grade(class_folder, tmp_path / "marks")
    before = (tmp_path / "marks" / "results" / "ada.json").read_bytes()
    mini.write_files(class_folder / "ada", {"words.py": "x = 1\n"})

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(QuickBackend, "mark", fail)
    _grade(class_folder, tmp_path / "marks")
    assert (tmp_path / "marks" / "results" / "ada.json").read_bytes() == before
